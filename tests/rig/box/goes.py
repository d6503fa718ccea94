"""The part `goes`: what is left of a box that was taken away, and what of an install that was cut short."""

from collections.abc import Iterator
from pathlib import Path

from tests.rig.box import change, coming, roots
from tests.rig.box.check import fresh, ready
from tests.rig.table import Checked


def check(cache: Path, suite: str = "bookworm") -> Iterator[Checked]:
    place, shared = cache / "box", ready(cache, suite)
    with fresh(roots.bare(cache, suite), place / "bare", shared) as box:
        bare = box.tree()
        box.says(f"cd /root/mien && {coming.INSTALL}")
        yield from change.uninstalled(box, bare)
    with fresh(roots.fed(cache, suite), place / "whole", shared) as box:
        before = box.tree()
        box.says(f"cd /root/mien && {coming.INSTALL}")
        whole = box.tree()
        yield from change.put_back(box, before)
    with fresh(roots.fed(cache, suite), place / "cut", shared) as box:
        yield from coming.interrupted(box, whole)
