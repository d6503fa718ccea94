"""The part `box`: a Debian from bare to nothing left but music; another whose install is cut at each step."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from songs.shelf import fill
from tests.rig.box import change, coming, life, roots
from tests.rig.box.machine import Box, boxes
from tests.rig.table import Checked

INSIDE = Path(__file__).parent / "inside"


def check(cache: Path, suite: str = "bookworm") -> Iterator[Checked]:
    place = cache / "box"
    shutil.rmtree(place / "tree", ignore_errors=True)
    roots.checkout(place / "tree")  # one for all boxes, whoever writes here meanwhile
    shared = {"/rig/wheels": roots.wheels(cache, suite), "/rig/inside": INSIDE, "/srv/songs": cache / "songs"}
    fill(cache / "songs")
    with fresh(roots.bare(cache, suite), place / suite, shared) as box:
        bare = box.tree()
        yield from coming.installed(box)
        yield from life.looked_at(box)
        yield from life.broken(box)
        yield from life.switched_off(box)
        yield from change.upgraded(box)
        yield from change.uninstalled(box, bare)
    with fresh(roots.fed(cache, suite), place / "whole", shared) as box:
        before = box.tree()
        box.says(f"cd /root/mien && {coming.INSTALL}")
        whole = box.tree()
        yield from change.put_back(box, before)
    with fresh(roots.fed(cache, suite), place / "cut", shared) as box:
        yield from coming.interrupted(box, whole)


@contextmanager
def fresh(below: Path, place: Path, shared: dict[str, Path]) -> Iterator[Box]:
    for box in boxes(below, place, shared):
        shutil.copytree(place.parent / "tree", box.root / "root" / "mien")
        yield box
