"""Install, for real: from a bare Debian; cut off at each of its steps and repeated; a second time."""

import time
from collections import Counter
from collections.abc import Iterator

from tests.rig.box.machine import Box
from tests.rig.table import Checked

INSTALL = "./setup.sh install --camera actor --music /srv/songs"

LONG = ("-> The release in", "-> Its Python packages", "-> A trial")


def installed(box: Box) -> Iterator[Checked]:
    """Cut off once while apt is at work, which is the longest of its steps; then whole; then again."""
    room = used(box)
    said = box.cut(f"cd /root/mien && {INSTALL}", lambda word: 20.0 if word.startswith("-> Debian packages") else None)
    yield Checked("install, killed while apt unpacks", "nothing of ours lives", "/opt/mien/releases" not in said)
    began = time.monotonic()
    said = box.says(f"cd /root/mien && {INSTALL} 2>&1")
    took = time.monotonic() - began
    yield Checked("the same, repeated", f"ends well in {took:.0f} s", "http://" in said)
    yield Checked("space that the box takes, Debian's packages included", f"{used(box) - room} MB")
    before = box.tree()
    said = box.says(f"cd /root/mien && {INSTALL} 2>&1")
    quiet = said.startswith("Nothing to do") and "\n" not in said and box.tree() == before
    yield Checked("install a second time", "one line, nothing changed" if quiet else said[-300:], quiet)


def used(box: Box) -> int:
    """MB that lie in it; counted, for the disk below it is also others'."""
    return int(box.says("du -sxm / | cut -f 1"))


def steps(said: str) -> list[str]:
    return [line for line in said.splitlines() if line.startswith("-> ")]


def times(step: str) -> int:
    """How often one is cut: the long ones, in which half a second is not yet the next one, twice."""
    return 2 if step.startswith(LONG) else 1


def interrupted(box: Box, whole: dict[str, str]) -> Iterator[Checked]:
    """Each call is killed as the first step begins at which none was killed before; a long one also in its midst."""
    line, cut = f"cd /root/mien && {INSTALL}", Counter[str]()

    def after(said: str) -> float | None:
        return 0.5 * cut[said] if said.startswith("-> ") and cut[said] < times(said) else None

    while (last := (steps(said := box.cut(line, after)) or [""])[-1]) and cut[last] < times(last):
        cut[last] += 1
    box.says(line)
    differ = {path for path, now in box.tree().items() if whole.get(path) != now} ^ (whole.keys() - box.tree().keys())
    found = f"{len(cut)} steps; " + ("the same tree as at one go" if not differ else f"differs: {sorted(differ)[:9]}")
    if "http://" not in said:
        found += f"; the last, not killed, said: {said[-300:]}"
    yield Checked("install, killed at each step and repeated", found, not differ and len(cut) > 8)
