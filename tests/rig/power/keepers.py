"""Everything on the box that keeps something, each by its real code: how it is changed, and what it is found to hold.

Turns count from 1. `change(turn)` returns once the change is promised to be on the card; `found()` opens what lies
there as the box does at a start and names the turns that would leave it so.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from tests.rig.power import books, files


class Keeper(Protocol):
    trouble: str
    """What the box would tell its owner after the start; empty when all is well."""

    def change(self, turn: int) -> None: ...

    def found(self) -> set[int]: ...


KEEPERS: dict[str, Callable[[Path], Keeper]] = {
    "settings": files.Settings,
    "phones": files.Pairing,
    "shutter": files.ClosedOrOpen,
    "history": books.Diary,
    "lessons": books.Taught,
    "picker": files.Picker,
    "rules": files.Ruled,
    "catalogue": books.Corrected,
    "songs": files.Brought,
    "jukebox": files.Owed,
}
