"""The box installed on a whole machine and used there: built, booted, walked through, cut off, and booted again."""

from collections.abc import Iterator
from pathlib import Path

from tests.rig.pi import disks, kernel
from tests.rig.pi.machine import Machine
from tests.rig.table import Checked


def check(cache: Path) -> Iterator[Checked]:
    root = disks.debian(cache)
    (image,) = (kernel.image(cache) / "boot").glob("vmlinuz-*")
    place = cache / "machine"
    place.mkdir(exist_ok=True)
    machine = Machine(image, kernel.first_steps(cache, root), disks.system(cache, place / "system.img"))
    machine.prepare()
    for boot in (1, 2):
        for word in machine.run(place / f"console-{boot}.log"):
            if "end" in word:
                return
            if "cut" in word:
                break
            yield Checked(**word)
    yield Checked("the walk came to its end", f"no: see {place}/console-*.log", good=False)
