"""The same box on a machine of its own, driven to its limits: a half that stands still, one that eats memory."""

from collections.abc import Iterator
from pathlib import Path

from tests.rig.pi.check import check as walked
from tests.rig.table import Checked


def check(cache: Path) -> Iterator[Checked]:
    yield from walked(cache, "limits")
