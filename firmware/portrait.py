"""A face drawn by code, well enough that the cascade finds it and the network reads it. Pure.

An expression is a few measures of brows, eyes and mouth. Turning the head slides the features over a round head.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firmware.easel import SIDE, UNIT, Easel, Shades, area, bow, line, oval, soft
from firmware.wire import Expression

Grey = NDArray[np.uint8]
EYES, NOSE, MOUTH = -0.12, 0.34, 0.7  # how far below the middle of the face


@dataclass(frozen=True)
class Look:
    """What an expression does to a face; all as shares of the most that a face can, zero at rest."""

    brow: float = 0.0  # brows up
    inner: float = 0.0  # inner ends of the brows further up (grief) or down (anger)
    eye: float = 0.0  # eyes wider or narrower
    droop: float = 0.0  # outer corners of the eyes down
    corners: float = 0.0  # mouth's corners up
    open: float = 0.0  # mouth open
    teeth: float = 0.0
    wide: float = 0.0  # mouth wider or narrower
    lip: float = 0.0  # upper lip raised
    cheeks: float = 0.0  # cheeks raised, with folds from nose to mouth
    wrinkle: float = 0.0  # of the nose and between the brows


LOOKS: dict[Expression, Look] = {
    "neutral": Look(),
    "happy": Look(eye=-0.25, corners=0.6, open=0.35, teeth=1.0, wide=0.45, cheeks=0.9),
    "surprise": Look(brow=0.9, eye=0.7, open=1.0, wide=-0.45),
    "sad": Look(inner=1.0, eye=-0.7, droop=0.2, corners=-0.62, open=0.47, wide=0.4, lip=-0.4, cheeks=0.64),
    "angry": Look(
        brow=-0.79, inner=-1.2, eye=-0.1, corners=-0.76, open=1.1, wide=-0.5, lip=0.5, cheeks=0.83, wrinkle=1
    ),
    "disgust": Look(
        brow=-0.36,
        inner=-0.38,
        eye=-1.38,
        droop=-1.5,
        corners=-0.89,
        open=0.69,
        teeth=1.06,
        wide=-0.54,
        lip=-0.23,
        cheeks=1.31,
        wrinkle=0.97,
    ),
    "fear": Look(
        brow=-0.32,
        inner=0.79,
        eye=1.11,
        droop=0.18,
        corners=-1.02,
        open=0.71,
        teeth=1.3,
        wide=0.16,
        lip=0.26,
        cheeks=0.52,
        wrinkle=0.83,
    ),
}


def draw(look: Look, turn: float = 0.0) -> tuple[Grey, Shades]:
    """The head and its outline as a mask of 0 to 1. `turn` is -1 (fully left) to 1; the cascade bears about a third."""
    sitter = _Sitter(look, turn)
    outline = sitter.head()
    sitter.cheeks()
    for side in (-1, 1):
        sitter.eye(side)
        sitter.brow(side)
    sitter.creases()
    sitter.nose()
    sitter.mouth()
    hair = sitter.hair()
    mask = soft(np.maximum(outline, hair), 1.2)
    return np.clip(sitter.easel.shades, 0, 255).astype(np.uint8), mask


class _Sitter:
    """One face while it is drawn, part by part."""

    def __init__(self, look: Look, turn: float) -> None:
        self.look, self.turn = look, turn
        self.shift = turn * 0.45  # of the features over the head
        self.easel = Easel()

    def _side(self, side: int) -> tuple[float, float]:
        """Where the eye of one side goes, and how much narrower it looks for being turned away."""
        away = max(0.0, side * self.turn)
        return self.shift + side * 0.4 * (1 - 0.35 * away), 1 - 0.3 * away

    def head(self) -> Shades:
        """Head, neck and shoulders, under a lamp from above and a little to one side."""
        head, neck = oval(0, 0, 1, 1.3), area(np.array([[-0.5, 1], [0.5, 1], [0.5, 1.4], [-0.5, 1.4]]))
        shoulders = oval(0, 1.39, 1.3, 0.35, start=180)
        self.easel.lay(neck, 128, 0.5)
        self.easel.lay(shoulders, 70, 2)
        self.easel.lay(head, 176, 0.5)
        down, across = (np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) - SIDE / 2) / UNIT
        away = np.clip((across - self.shift * 0.3 + 0.12) ** 2 + ((down + 0.2) / 1.35) ** 2, 0, 1.6)
        self.easel.shades -= np.asarray(head * away**1.5 * 46, np.float32)
        return np.maximum(head, np.maximum(neck, shoulders))

    def cheeks(self) -> None:
        up = self.look.cheeks
        for side in (-1, 1):
            x, narrow = self._side(side)
            self.easel.lay(oval(x + side * 0.12, 0.36 - 0.06 * up, 0.24 * narrow, 0.2), 200, 14, 0.35 + 0.3 * up)
            fold = bow(self.shift + side * 0.2, 0.3, self.shift + side * (0.46 + 0.1 * self.look.wide), 0.66, 0.06)
            self.easel.lay(line(fold, 5), 108, 3.5, 0.75 * up)
        self.easel.lay(oval(self.shift * 0.9, 1.08, 0.22, 0.12), 196, 9, 0.5)
        self.easel.lay(line(bow(self.shift - 0.16, 0.94, self.shift + 0.16, 0.94, 0.04), 6), 120, 6, 0.5)

    def eye(self, side: int) -> None:
        """A socket in shade, white and iris between the lids, lashes."""
        x, narrow = self._side(side)
        wide, high, droop = 0.2 * narrow, 0.088 * (1 + 0.75 * self.look.eye), side * 0.05 * self.look.droop
        self.easel.lay(oval(x, EYES - 0.06, 0.3 * narrow, 0.2), 118, 8, 0.75)
        over = bow(x - wide, EYES - droop, x + wide, EYES + droop, high)
        under = bow(x + wide, EYES + droop, x - wide, EYES - droop, -high)
        between = area(np.concatenate([over, under]))
        self.easel.lay(between, 214)
        self.easel.lay(oval(x + self.turn * 0.05, EYES, 0.094, 0.094) * between, 42, 1.2)
        self.easel.lay(oval(x - 0.03, EYES - 0.03, 0.02, 0.02), 240, 1, 0.8)
        lashes = bow(x - wide * 1.08, EYES - droop + 0.01, x + wide * 1.08, EYES + droop + 0.01, high * 1.1)
        self.easel.lay(line(lashes, 4), 52, strength=0.95)
        self.easel.lay(line(under, 2), 110, strength=0.8)
        if self.look.cheeks > 0.3:
            pouch = bow(x - wide, EYES + 0.13, x + wide, EYES + 0.13, -0.05)
            self.easel.lay(line(pouch, 4), 125, 3, 0.6 * self.look.cheeks)

    def brow(self, side: int) -> None:
        x, narrow = self._side(side)
        up, inner = EYES - 0.25 - 0.16 * self.look.brow, self.look.inner
        arch = 0.05 + 0.03 * self.look.brow - 0.02 * abs(inner)
        from_nose, to_temple = x - side * 0.25 * narrow, x + side * 0.27 * narrow
        brow = bow(from_nose, up - 0.14 * inner, to_temple, up + 0.04 + 0.08 * inner, arch)
        self.easel.lay(line(brow, 0.085 * UNIT), 48, 2.4, 0.9)

    def creases(self) -> None:
        """Raised brows crease the forehead, drawn ones the root of the nose."""
        raised = max(self.look.brow, self.look.inner)
        for y in (EYES - 0.56, EYES - 0.65, EYES - 0.74) if raised > 0.3 else ():
            self.easel.lay(line(bow(self.shift - 0.42, y, self.shift + 0.42, y, 0.04), 3), 128, 2.2, 0.6 * raised)
        for side in (-1, 1):
            x = self.shift + side * 0.06
            furrow = np.array([[x, EYES - 0.24], [x - side * 0.01, EYES - 0.05]])
            self.easel.lay(line(furrow, 4), 92, 2, 0.8 * self.look.wrinkle)
        for y in (EYES + 0.06, EYES + 0.14):
            crease = bow(self.shift - 0.1, y, self.shift + 0.1, y, 0.03)
            self.easel.lay(line(crease, 3), 112, 2, 0.6 * self.look.wrinkle)

    def nose(self) -> None:
        """A lit ridge between shaded flanks, and nostrils."""
        root, tip, y = self.shift * 1.1, self.shift * 1.3, NOSE - 0.03 * self.look.wrinkle
        self.easel.lay(line(np.array([[root, EYES], [self.shift * 1.35, y - 0.05]]), 0.12 * UNIT), 206, 6, 0.6)
        for side in (-1, 1):
            flank = np.array([[root + side * 0.12, EYES], [tip + side * 0.16, y]])
            self.easel.lay(line(flank, 0.07 * UNIT), 132, 6, 0.55)
            self.easel.lay(oval(tip + side * 0.085, y + 0.035, 0.055, 0.032), 62, 2.2)
        self.easel.lay(line(bow(tip - 0.18, y, tip + 0.18, y, -0.09), 3), 120, 2.5, 0.7)

    def mouth(self) -> None:
        look, half = self.look, 0.33 * (1 + 0.4 * self.look.wide)
        rise, gap = 0.16 * look.corners, 0.2 * look.open
        left = self.shift - half * (1 - 0.2 * max(0.0, -self.turn))
        right = self.shift + half * (1 - 0.2 * max(0.0, self.turn))
        corner = MOUTH - rise
        upper = bow(left, corner, right, corner, gap * 0.75 + 0.07 * look.lip - rise)
        lower = bow(left, corner, right, corner, -gap * 1.2 - rise)
        self.easel.lay(line(upper - np.array([0, 0.03]), 0.075 * UNIT), 118, 2.2, 0.85)
        self.easel.lay(line(lower + np.array([0, 0.045]), 0.086 * UNIT), 132, 2.4, 0.8)
        if look.open > 0.08:
            inside = area(np.concatenate([upper, lower[::-1]]))
            self.easel.lay(inside, 36)
            edge = upper + np.array([0, gap * (1.5 if look.corners > 0 else 1.0)])
            self.easel.lay(area(np.concatenate([upper, edge[::-1]])) * inside, 226, 1.4, look.teeth)
        else:
            self.easel.lay(line(upper, 4), 62, strength=0.95)
        for x in (left - 0.015, right + 0.015):
            self.easel.lay(oval(x, corner, 0.03, 0.03), 84, 3, 0.8)
        self.easel.lay(oval(self.shift, MOUTH + gap * 1.2 + 0.17, 0.18, 0.05), 124, 6, 0.45)

    def hair(self) -> Shades:
        """A cap of it, around the face."""
        around = soft(oval(self.shift * 0.6, 0.12, 0.93, 0.98), 4)
        hair = np.clip(oval(0, -0.1, 1.08, 1.3, start=180) - around, 0, 1)
        self.easel.lay(hair, 44, 2)
        return hair
