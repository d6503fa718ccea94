"""Where the faces are: Haar cascades on small pictures, and each face followed by a small number.

What is not searched is what is saved. A followed face is looked for near its last place, at about its last size. The
whole picture is searched when nobody is followed, when one is lost, and from time to time, and then by reaches: those
near, on a picture so small that it costs little; and those twice and four times as far, whose pictures would cost four
and sixteen times that, in one part each, of the same cost, which attention chooses. The cascade is told to be gullible
there, and each place where it fired is then looked at closely. Each search is of another scale, so that a face that
falls between the steps of one is found by the next. While nobody is to be seen the others have their say in every
second search, in place of the farther reaches and by turns: a head turned to one side, a head turned to the other, a
second opinion.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import sqrt

import cv2
import numpy as np

from firmware.attention import Attention, Part
from firmware.cascades import FRONT, LEAST, LEAST_OTHERS, SECOND, TURNED, TURNED_AWAY, Box, Cascades, Grey
from firmware.light import COLUMNS, ROWS, Light, measure
from firmware.settings import FacesSettings

SMALL = 160 * 120  # pixels of each picture that is searched
FINER = (1.0, 1.13, 1.06)  # how much finer the nearest reach is drawn, by turns: thirds of the cascade's step
TURNS = (None, TURNED, None, TURNED_AWAY, None, SECOND)  # who has a say in a search; None: the farther reaches
REACHES = (2, 4, 8)  # parts each way of the farther reaches
WHOLE = None  # instead of a part
BAND = 2.4  # the largest face of a farther reach, in the smallest's widths; the next nearer begins at twice that
OTHERS = (54, 1.1, 3)
CLOSE = ((40, 1.15, 1), OTHERS, OTHERS, OTHERS)  # by opinion: columns that a face is brought to; step; neighbours
PATIENCE = 3  # looks in a row without it, after which a face is gone


@dataclass(frozen=True)
class Face:
    """A square in pixels of the frame: centre and width; who found it; its number; looks it was found in, and missed
    in a row."""

    x: float
    y: float
    width: float
    by: int = FRONT
    number: int = 0
    found: int = 1
    missed: int = 0

    def near(self, other: "Face") -> bool:
        """Whether both can be the same face a moment apart."""
        return self.covers(other) and 0.5 < self.width / other.width < 2.0

    def covers(self, other: "Face") -> bool:
        """Whether there is no room for both: one's middle lies in the other's square."""
        reach = 0.5 * max(self.width, other.width)
        return abs(self.x - other.x) < reach and abs(self.y - other.y) < reach


class Faces:
    """Follows the faces of one camera. Frames go in in order; not for two threads."""

    def __init__(self, settings: FacesSettings) -> None:
        self._settings = settings
        self._cascades = Cascades()
        self._even = cv2.createCLAHE(2.0, (8, 8))
        self._attention: dict[int, Attention] = {}
        self._followed: tuple[Face, ...] = ()
        self._searched = float("-inf")
        self.searches = 0  # whole pictures searched so far

    def look(self, frame: Grey, now: float, light: Light | None = None, besides: int = 0) -> tuple[Face, ...]:
        """The faces followed after this frame, the largest first; a face with `missed` above 0 was not in this one.
        `light` is the frame's, where it has been measured already; `besides` are so many more than the settings say."""
        patches = (light or measure(frame)).patches
        for parts in _reaches(frame):
            self._attend(parts).see(patches)
        followed = [self._follow(frame, face) for face in self._followed]
        lost = any(face.missed for face in followed)
        if not followed or lost or now - self._searched >= self._settings.full_search:
            self._searched = now
            followed = _joined(followed, self.search(frame, followed, second=not followed or lost))
        followed = [face for face in _apart(followed) if face.missed < PATIENCE]
        self._followed = tuple(sorted(followed, key=lambda f: -f.width)[: self._settings.most + besides])
        return self._followed

    def forget(self, numbers: Iterable[int]) -> None:
        """Follow these no longer: the network says that they are no faces, or there are too many."""
        gone = set(numbers)
        self._followed = tuple(face for face in self._followed if face.number not in gone)

    def search(self, frame: Grey, known: Iterable[Face] = (), second: bool = True) -> list[Face]:
        """Faces that are not known yet: near ones anywhere, and far ones in the parts whose turn it is; with `second`,
        while nobody is there, in every second search one more opinion in place of the far ones."""
        self.searches += 1
        known = [face for face in known if not face.missed]
        found = self._confirmed(frame, self._fired(FRONT, frame, WHOLE, 1, 1), known)
        opinion = TURNS[self.searches % len(TURNS)]
        if opinion is not None and second and not known and not found:
            return self._fired(opinion, frame, WHOLE, 1, 4)
        places: list[Face] = []
        for parts in _reaches(frame):
            places += self._fired(FRONT, frame, self._attend(parts).part(), parts, 1)
        return found + self._confirmed(frame, places, [*known, *found])

    def survey(self, frame: Grey) -> list[Face]:
        """The faces of a picture of its own, whatever it costs: every reach whole, and every opinion."""
        found: list[Face] = []
        for _ in FINER:
            self.searches += 1
            found += self._confirmed(frame, self._fired(FRONT, frame, WHOLE, 1, 1), found)
        for parts in _reaches(frame):
            found += self._confirmed(frame, self._fired(FRONT, frame, WHOLE, parts, 1), found)
        for by in (SECOND, TURNED, TURNED_AWAY):
            found = found or self._fired(by, frame, WHOLE, 1, 4)
        return sorted(found, key=lambda face: -face.width)

    def _attend(self, parts: int) -> Attention:
        if parts not in self._attention:
            self._attention[parts] = Attention(parts, ROWS, COLUMNS)
        return self._attention[parts]

    def _follow(self, frame: Grey, face: Face) -> Face:
        """The face near its last place, or missed once more."""
        order = (FRONT, SECOND, *((face.by,) if face.by not in (FRONT, SECOND) else (TURNED, TURNED_AWAY)))
        found = self._closely(frame, face, order)
        if not found:
            return replace(face, missed=face.missed + 1)
        steady = (face.width + found.width) / 2  # heads grow slowly, boxes jump
        return replace(found, width=steady, number=face.number, found=face.found + 1)

    def _confirmed(self, frame: Grey, places: list[Face], known: list[Face]) -> list[Face]:
        """What a close look makes of each place that is not a known face's."""
        found: list[Face] = []
        for place in places:
            if not any(place.covers(face) for face in (*known, *found)):
                face = self._closely(frame, place, (FRONT,))
                found += [face] if face else []
        return found

    def _closely(self, frame: Grey, place: Face, order: tuple[int, ...]) -> Face | None:
        """The face at about this place and of about this size, asking cascades in this order."""
        reach = place.width * 0.8
        left, top = max(0, round(place.x - reach)), max(0, round(place.y - reach))
        window = frame[top : round(place.y + reach) + 1, left : round(place.x + reach) + 1]
        if min(window.shape) < place.width * 0.6:
            return None
        for by in order:
            columns, step, neighbours = CLOSE[by]
            scale = columns / place.width
            small = _sized(window, scale)
            if by != FRONT:  # an evened-out picture makes the other opinions more than the first one's echo
                small = np.asarray(self._even.apply(small), np.uint8)
            boxes = self._cascades.fired(by, small, step, neighbours, int(columns * 0.7), int(columns * 1.4))
            if boxes:
                found = [_face(box, scale, left, top, by) for box in boxes]
                return min(found, key=lambda f: abs(f.x - place.x) + abs(f.y - place.y) + abs(f.width - place.width))
        return None

    def _fired(self, by: int, frame: Grey, part: Part | None, parts: int, neighbours: int) -> list[Face]:
        """What a cascade sees of one reach, in a part of the picture or in the whole of it. Each part is drawn so small
        that it costs the same."""
        high, wide = frame.shape
        scale = sqrt(SMALL / frame.size) * (FINER[self.searches % len(FINER)] if (by, parts) == (FRONT, 1) else parts)
        least = max(LEAST if by == FRONT else LEAST_OTHERS, round(self._settings.smallest * high * scale))
        most = round(min(high, wide) * scale) if parts == 1 else round(LEAST * BAND)
        if least > most:
            return []
        left, top = (round(part[0] * wide), round(part[1] * high)) if part else (0, 0)
        window = frame[top : top + high // parts, left : left + wide // parts] if part else frame
        boxes = self._cascades.fired(by, _sized(window, scale), 1.2, neighbours, least, most)
        return [_face(box, scale, left, top, by) for box in boxes]


def _reaches(frame: Grey) -> list[int]:
    """In how many parts each way the farther reaches are searched that this frame has the pixels for."""
    return [parts for parts in REACHES if SMALL * parts**2 <= frame.size]


def _sized(picture: Grey, scale: float) -> Grey:
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size, interpolation=way), np.uint8)


def _face(box: Box, scale: float, left: int, top: int, by: int) -> Face:
    x, y, width = box
    return Face(left + (x + width / 2) / scale, top + (y + width / 2) / scale, width / scale, by)


def _joined(followed: list[Face], found: list[Face]) -> list[Face]:
    """Faces found anew, each given to the followed one that it is near, or the smallest free number."""
    joined = list(followed)
    for face in found:
        at = next((i for i, known in enumerate(joined) if known.near(face)), None)
        if at is None:
            taken = {known.number for known in joined}
            joined.append(replace(face, number=next(n for n in range(1, len(taken) + 2) if n not in taken)))
        elif joined[at].missed:
            joined[at] = replace(face, number=joined[at].number, found=joined[at].found + 1)
    return joined


def _apart(faces: list[Face]) -> list[Face]:
    """Where two have come to follow one face, the one longer known stays."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda f: (f.missed, -f.found)):
        if not any(face.covers(other) for other in kept):
            kept.append(face)
    return kept
