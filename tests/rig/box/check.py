"""The part `box`: a Debian from bare to a box that was looked at, broken, mended and upgraded."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.rig.box import change, coming, home, life, roots
from tests.rig.box.machine import Box, boxes
from tests.rig.kitchen import need
from tests.rig.table import Checked

INSIDE = Path(__file__).parent / "inside"


def check(cache: Path, suite: str = "bookworm") -> Iterator[Checked]:
    need(mosquitto="mosquitto")
    with fresh(roots.bare(cache, suite), cache / "box" / suite, ready(cache, suite)) as box:
        yield from coming.installed(box)
        yield from life.heard(box)
        yield from life.looked_at(box)
        yield from home.told(box, cache / "box")
        yield from life.broken(box)
        yield from life.switched_off(box)
        yield from change.upgraded(box)


def ready(cache: Path, suite: str) -> dict[str, Path]:
    """What each box finds in it; and the tree that it installs, which is one for all, whoever writes here meanwhile."""
    tree = cache / "box" / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    roots.checkout(tree)
    return {"/rig/wheels": roots.wheels(cache, suite), "/rig/inside": INSIDE, "/srv/songs": roots.songs(cache)}


@contextmanager
def fresh(below: Path, place: Path, shared: dict[str, Path]) -> Iterator[Box]:
    for box in boxes(below, place, shared):
        shutil.copytree(place.parent / "tree", box.root / "root" / "mien")
        yield box
