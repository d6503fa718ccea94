"""The eye's camera sources behind real drivers: the same contract that holds for the drawn and recorded ones."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import cv2

from firmware.actor import Actor, Stage
from firmware.settings import CameraSettings
from tests.rig import faces
from tests.rig.box import roots
from tests.rig.cameras import root
from tests.rig.pi import kernel
from tests.rig.pi.machine import Machine
from tests.rig.table import Checked

TESTS = Path(__file__).resolve().parents[2]
FRAMES = 12
"""Of the drawn face, which the virtual camera shows over and over."""


def check(cache: Path) -> Iterator[Checked]:
    disk = root.disk(cache)
    (image,) = (root.debian(cache) / "boot").glob("vmlinuz-*")
    modules = root.debian(cache) / "lib" / "modules" / image.name.removeprefix("vmlinuz-")
    share = shared(cache / "cameras" / "share")
    machine = Machine(image, kernel.first_steps(cache, modules), disk, share, disk.with_suffix(".qcow2"))
    machine.prepare()
    console = share.with_name("console.log")
    for word in machine.run(console):
        if "end" in word:
            return
        yield Checked(**word)
    yield Checked("the cameras were all looked through", f"no: see {console}", good=False)


def shared(place: Path) -> Path:
    """The folder that the machine has at /rig: the tree, the cameras' tests, and what the virtual camera shows."""
    shutil.rmtree(place, ignore_errors=True)
    roots.checkout(place)
    for part in ("firmware", "rig"):
        shutil.copytree(TESTS / part, place / "tests" / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in TESTS.glob("*.py"):
        shutil.copy(file, place / "tests")
    order, said = [*faces.clear().items()][-1]
    stage = Stage()
    stage.order(order)
    actor = Actor(CameraSettings(), stage)
    (place / "frames").mkdir()
    for number in range(FRAMES):
        cv2.imwrite(str(place / "frames" / f"{number}.jpg"), actor.read())
    (place / "said.json").write_text(json.dumps({"order": order, "said": said}))
    return place
