"""From a frame to a glance: light, faces and expressions put together, and work that a still picture spares."""

from dataclasses import dataclass

from firmware import wire
from firmware.cascades import FRONT
from firmware.expression import Grey, Network, crop, sharpness
from firmware.faces import Face, Faces
from firmware.furniture import Furniture, Place
from firmware.light import COLUMNS, ROWS, Light, condition, measure, still
from firmware.settings import Settings

PROVEN = 2  # looks in which a face must be found before it is told of; chance alone seldom errs twice in one place
SURE = 0.1  # share of the belief that would refuse a face, below which it is told of at the first look
RECHECK = 5.0  # seconds after which even a still picture is searched again
DOUBTS = 3  # refusals in a row by the network, after which a face that was proven is followed no longer


class Glancer:
    """Judges the frames of one camera, in order. Holds no frame: of the last one it keeps 40 x 30 patches."""

    def __init__(self, settings: Settings, network: Network) -> None:
        self._settings = settings
        self._network = network
        self._faces = Faces(settings.faces)
        self._furniture = Furniture(settings.faces.unmoved)
        self._last: tuple[Light, wire.Glance] | None = None
        self._judged = float("-inf")
        self._doubts: dict[int, int] = {}
        self.unproven = False  # whether something that may be a face waits for a second look

    @property
    def searches(self) -> int:
        return self._faces.searches

    def judge(self, frame: Grey, now: float) -> wire.Glance:
        """What this frame tells. A frame in which nothing stirred tells the same as the last, at no cost."""
        light = measure(frame)
        if self._last and not self.unproven and now - self._judged < RECHECK and still(self._last[0], light):
            old = self._last[1]
            return wire.Glance(now, old.condition, old.brightness, old.faces)
        self._judged = now
        glance = self._judge(frame, light, now)
        self._last = (light, glance)
        return glance

    def _judge(self, frame: Grey, light: Light, now: float) -> wire.Glance:
        what = condition(light, self._settings.light)
        if what != "clear":
            self.unproven = False
            return wire.Glance(now, what, light.brightness)
        told: list[wire.Face] = []
        followed = self._faces.look(frame, now, light, self._furniture.known(now))  # a picture takes nobody's place
        found = [face for face in followed if not face.missed]
        unmoved = self._furniture.among([_place(frame, face) for face in found], light.patches, now)
        people = [face for face, still_there in zip(found, unmoved, strict=True) if not still_there]
        people, too_many = people[: self._settings.faces.most], people[self._settings.faces.most :]
        refused = [face.number for face in too_many]
        for face in people:
            read = read_face(frame, face, self._network)
            doubts = 0 if read else self._doubts.get(face.number, 0) + 1
            self._doubts[face.number] = doubts
            if doubts and (face.found < PROVEN or doubts >= DOUBTS):
                refused.append(face.number)
            elif read and (face.found >= PROVEN or read.sure):
                told.append(read.face)
        self._faces.forget(refused)
        self.unproven = any(face.found < PROVEN and face.number not in refused for face in people)
        self._doubts = {face.number: self._doubts[face.number] for face in people if face.number not in refused}
        return wire.Glance(now, "seen" if told else "nobody", light.brightness, tuple(told))


def _place(frame: Grey, face: Face) -> Place:
    high, wide = frame.shape
    return face.x / wide * COLUMNS, face.y / high * ROWS, face.width / wide * COLUMNS


@dataclass(frozen=True)
class Reading:
    """One face as the wire tells it, and whether one look at it is enough."""

    face: wire.Face
    sure: bool


def read_face(frame: Grey, face: Face, network: Network) -> Reading | None:
    """What the network makes of a face; None where it says that it is none."""
    square = crop(frame, face.x, face.y, face.width, network.contract)
    scores, none = network.weigh(square)
    if none > network.contract.refuse_above:
        return None
    high, wide = frame.shape
    neutral, happy, surprise, sad, angry, disgust, fear = (min(1.0, round(s, 4)) for s in scores)
    read = wire.Face(
        number=face.number,
        scores=(neutral, happy, surprise, sad, angry, disgust, fear),
        x=_share(face.x / wide),
        y=_share(face.y / high),
        size=_share(face.width / wide),
        sharpness=_share(sharpness(square)),
    )
    return Reading(read, face.by == FRONT and none <= SURE * network.contract.refuse_above)


def _share(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 4)
