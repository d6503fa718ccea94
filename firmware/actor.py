"""The actor: a room and a face drawn by code in place of a camera, and told what to play while it runs.

python -m firmware.actor happy            plays an expression
python -m firmware.actor leave | return | join | part | dark | light | cover | uncover | lose | find | hang
python -m firmware.actor turn 0.3         or distance 2, noise 6, glow 0.5
python -m firmware.actor press | double | long | very_long      the button, where pins are mock pins
"""

import dataclasses
import math
import os
import sys
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from firmware.camera import CameraLost, Grey, upright
from firmware.easel import SIDE, Shades
from firmware.portrait import LOOKS, draw
from firmware.settings import CameraSettings
from firmware.wire import EXPRESSIONS, Expression

WALL = 150
HEAD = 0.62  # of the picture's height, at distance 1


@dataclass(frozen=True)
class Scene:
    """All that the actor may be told."""

    expression: Expression = "neutral"
    turn: float = 0.0
    distance: float = 1.2
    glow: float = 1.0  # the room's light
    noise: float = 2.0
    here: bool = True
    company: bool = False  # a second person, who stays neutral
    covered: bool = False
    lost: bool = False  # unplugged
    hung: bool = False  # reads never end, as with a driver that is stuck; only a new process gets out of it


WORDS: dict[str, dict[str, object]] = {
    "leave": {"here": False, "company": False},
    "return": {"here": True},
    "join": {"company": True},
    "part": {"company": False},
    "dark": {"glow": 0.02},
    "light": {"glow": 1.0},
    "cover": {"covered": True},
    "uncover": {"covered": False},
    "lose": {"lost": True},
    "find": {"lost": False},
    "hang": {"hung": True},
    **{name: {"expression": name, "here": True} for name in EXPRESSIONS},
}
DIALS = {"turn": (-0.6, 0.6), "distance": (0.7, 4.0), "noise": (0.0, 30.0), "glow": (0.0, 1.5)}


def follow(scene: Scene, order: str) -> Scene:
    """The scene after an order. ValueError says what may be ordered."""
    match order.split():
        case [word] if word in WORDS:
            return dataclasses.replace(scene, **WORDS[word])  # type: ignore[arg-type]  # the table's values fit
        case [dial, number] if dial in DIALS:
            low, high = DIALS[dial]
            try:
                value = float(number)
            except ValueError:
                value = math.nan
            if not low <= value <= high:
                raise ValueError(f"{dial} goes from {low:g} to {high:g}, not {number}")
            return dataclasses.replace(scene, **{dial: value})  # type: ignore[arg-type]  # every dial is a float
    raise ValueError(f"'{order}' is no order; known are {', '.join([*WORDS, *(d + ' N' for d in DIALS)])}")


class Stage:
    """Where the scene stands while actors come and go. One thread orders, others read."""

    def __init__(self, scene: Scene | None = None) -> None:
        self.scene = scene or Scene()

    def order(self, line: str) -> str:
        self.scene = follow(self.scene, line)
        return f"plays {self.scene}"


class Actor:
    """A camera by contract. Each read draws the scene as it is then, swaying a little as people do."""

    def __init__(self, settings: CameraSettings, stage: Stage | None = None) -> None:
        self._settings = settings
        self._stage = stage or Stage()
        self._open = True
        self._count = 0
        self._random = np.random.default_rng(7)
        self._grain = self._random.standard_normal((settings.height + 64, settings.width + 64), np.float32)
        if self._stage.scene.lost:
            raise CameraLost("the actor has been told to be lost; `python -m firmware.actor find` brings it back")

    def read(self) -> Grey:
        scene = self._stage.scene
        if not self._open or scene.lost:
            raise CameraLost("the actor is lost" if scene.lost else "the actor was sent home")
        if scene.hung:
            threading.Event().wait()
        self._count += 1
        return upright(self._shot(scene), self._settings)

    def _shot(self, scene: Scene) -> Grey:
        wide, high = self._settings.width, self._settings.height
        if scene.covered:
            shades = np.full((high, wide), 34, np.float32)
        else:
            shades = _room(wide, high).copy()
            sway = math.sin(self._count * 0.7) * 0.006
            if scene.company:
                _place(shades, "neutral", 0.0, HEAD / max(scene.distance, 1.4), 0.8 - sway, 0.46)
            if scene.here:
                middle = 0.34 if scene.company else 0.5
                _place(shades, scene.expression, scene.turn, HEAD / scene.distance, middle + sway, 0.48)
            shades *= scene.glow
        y, x = (int(self._random.integers(0, 64)) for _ in range(2))
        shades += self._grain[y : y + high, x : x + wide] * scene.noise
        return np.clip(shades, 0, 255).astype(np.uint8)

    def close(self) -> None:
        self._open = False


@lru_cache(4)
def _room(wide: int, high: int) -> Shades:
    """A wall, a window, a shelf and a picture: things that are no faces."""
    room = np.full((high, wide), WALL, np.float32)
    room -= np.linspace(0, 40, high, dtype=np.float32)[:, None]
    corners = np.array([[0.03, 0.08, 0.2, 0.5, 215], [0.8, 0.12, 0.96, 0.3, 90], [0.78, 0.7, 1.0, 0.73, 60]])
    for left, top, right, bottom, shade in corners:
        cv2.rectangle(
            room, (int(left * wide), int(top * high)), (int(right * wide), int(bottom * high)), (float(shade),), -1
        )
    cv2.line(room, (int(0.115 * wide), int(0.08 * high)), (int(0.115 * wide), int(0.5 * high)), (120.0,), 4)
    return np.asarray(cv2.GaussianBlur(room, (0, 0), 1.5), np.float32)


@lru_cache(16)
def _head(expression: Expression, turn: float, side: int) -> tuple[Shades, Shades]:
    way = cv2.INTER_AREA if side < SIDE else cv2.INTER_LINEAR
    small = [cv2.resize(a.astype(np.float32), (side, side), interpolation=way) for a in draw(LOOKS[expression], turn)]
    return np.asarray(small[0], np.float32), np.asarray(small[1], np.float32)


def _place(shades: Shades, expression: Expression, turn: float, share: float, x: float, y: float) -> None:
    """Lay a head of `share` of the height into the room, its middle at (x, y), cut off at the picture's edge."""
    high, wide = shades.shape
    side = max(24, round(share * high / 0.95))
    face, mask = _head(expression, turn, side)
    left, top = round(x * wide - side / 2), round(y * high - side / 2)
    x0, y0, x1, y1 = max(0, left), max(0, top), min(wide, left + side), min(high, top + side)
    if x0 >= x1 or y0 >= y1:
        return
    cut = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    shades[y0:y1, x0:x1] += (face[cut] - shades[y0:y1, x0:x1]) * mask[cut]


def main(words: list[str]) -> int:
    from firmware.prompter import tell

    place = Path(os.environ.get("MIEN_RUN", "/run/mien")) / "actor.sock"
    if not words or words[0] in {"-h", "--help", "help"}:
        print(__doc__)
        return 0
    try:
        answer = tell(place, " ".join(words))
    except OSError as error:
        print(
            f"nobody takes orders at {place} ({error.strerror}): is an eye running with --camera actor?",
            file=sys.stderr,
        )
        return 1
    print(answer)
    return 2 if answer.startswith("no:") else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
