"""The box installed on a whole machine: used there, cut off and booted again; or driven to its limits."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.rig import faces
from tests.rig.pi import disks, kernel
from tests.rig.pi.hearing import loudness, recognised, recorded
from tests.rig.pi.machine import Machine
from tests.rig.table import Checked

RIG = Path(__file__).resolve().parents[1]
SCENES = 3
BOOTS = {"life": 3, "limits": 1}
"""How often the mains come on each walk; all but the last time they are cut off."""
ALIKE = 0.7
"""So alike are a recording and the song that it is of; two of the songs are so never."""


def check(cache: Path, walk: str = "life") -> Iterator[Checked]:
    root = disks.debian(cache)
    (image,) = (kernel.image(cache) / "boot").glob("vmlinuz-*")
    disk = disks.system(cache)
    share = shared(disk.with_name(f"{walk}-share"), kernel.pins(cache), walk)
    first_steps = kernel.first_steps(cache, root / "lib" / "modules" / kernel.version())
    machine = Machine(image, first_steps, disk, share, disk.with_name(f"{walk}.qcow2"))
    machine.prepare()
    for boot in range(1, BOOTS[walk] + 1):
        console = disk.with_name(f"{walk}-{boot}.log")
        last = ""
        for word in machine.run(console, boot):
            last = next((end for end in ("cut", "end") if end in word), "")
            if last:
                break  # and with that the mains
            yield heard(share, cache / "songs", **word) if "heard" in word else Checked(**word)
        if last != ("end" if boot == BOOTS[walk] else "cut"):
            yield Checked(f"the walk after the mains' coming number {boot}", f"broke off: see {console}", good=False)
            return


def shared(place: Path, pins: Path, walk: str) -> Path:
    """The folder that the machine has at /rig: the walks and which it is, the pins' driver, what this PC sees in the
    drawn faces."""
    shutil.rmtree(place, ignore_errors=True)
    inside = place / "tests" / "rig" / "pi" / "inside"
    shutil.copytree(RIG / "pi" / "inside", inside)
    for folder in inside.parents[:3]:
        (folder / "__init__.py").touch()
    shutil.copy(pins, place / "mien-pins.ko")
    (place / "walk").write_text(walk)
    (place / "scenes.json").write_text(json.dumps(dict([*faces.clear().items()][-SCENES:])))
    return place


def heard(share: Path, shelf: Path, **word: Any) -> Checked:
    """A recording from the card, known by its sound, and whether it is what the music server said it played."""
    sound = recorded(share / word["heard"])
    if not sound.any():
        return Checked(word["what"], f"silence; to be played was {word['playing'] or 'nothing'}", good=False)
    name, alike, next_best = recognised(sound, shelf)
    found = f"{name}: alike by {alike:.2f}, the next by {next_best:.2f}; loudness {loudness(sound):.3f} of 1"
    return Checked(word["what"], found, name == word["playing"] and alike >= ALIKE)
