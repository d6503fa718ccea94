"""Cutting the mains at random moments, and looking at what is left."""

import os
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.rig.power.keepers import KEEPERS
from tests.rig.power.trace import Player, calls, own, record

ROOT = Path(__file__).resolve().parents[3]
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""What is left after a cut is looked at in memory, where its reader's own syncs cost nothing."""


@dataclass(frozen=True)
class Outcome:
    """How one keeper came through one cut."""

    keeper: str
    step: int
    """After how many deeds on the disk the mains went."""
    began: int
    kept: int
    """The turn last promised to be kept."""
    found: frozenset[int]
    trouble: str

    @property
    def lost(self) -> bool:
        """Neither what was promised nor what was being written is there."""
        return not any(self.kept <= turn <= self.began for turn in self.found)

    def __str__(self) -> str:
        there = "what no turn left" if not self.found else f"turn {min(self.found)}"
        return f"{self.keeper}, cut after step {self.step}: kept {self.kept}, began {self.began}, found {there}"


@dataclass(frozen=True)
class Record:
    """A busy box's state folder, and what strace told of the box."""

    folder: Path
    lines: tuple[str, ...]

    def deeds(self) -> Iterator[Player]:
        """The disk after each deed: one and the same object. What comes before the first promise counts too."""
        player = Player(self.folder, self.folder.parent / "acks")
        for call in calls(iter(self.lines)):
            if player.play(call):
                yield player


def recorded(seed: int, changes: int, place: Path) -> Record:
    folder, log = place / "state", place / "strace"
    folder.mkdir(parents=True)
    writer = [sys.executable, "-m", "tests.rig.power.writer", str(folder), str(place / "acks"), str(seed), str(changes)]
    record(writer, log, ROOT)
    return Record(folder, tuple(own(log.read_text().splitlines())))


def cut(one: Record, seed: int, count: int) -> Iterator[list[Outcome]]:
    """So many cuts of one record, each at a moment of its own where there are enough; all from the seed."""
    random = Random(seed)
    steps = sum(1 for _ in one.deeds())
    moments = Counter(random.sample(range(steps), min(count, steps)))
    moments.update(random.choices(range(steps), k=max(0, count - steps)))
    for step, player in enumerate(one.deeds()):
        for _ in range(moments[step]):
            with tempfile.TemporaryDirectory(prefix="mien-cut-", dir=MEMORY) as left:
                lay(player.disk.after_a_cut(random), one.folder, Path(left))
                yield [outcome(keeper, step, player.heard, Path(left)) for keeper in KEEPERS]


def lay(files: dict[Path, bytes], folder: Path, left: Path) -> None:
    for path, content in files.items():
        there = left / path.relative_to(folder)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_bytes(content)


def outcome(name: str, step: int, heard: list[str], left: Path) -> Outcome:
    """The real reader's word, and a change after it: a box that starts but can keep no more has not survived."""
    began = max((int(line.split()[2]) for line in heard if line.startswith(f"begin {name} ")), default=0)
    kept = max((int(line.split()[2]) for line in heard if line.startswith(f"kept {name} ")), default=0)
    try:
        keeper = KEEPERS[name](left)
        found, trouble = keeper.found(), keeper.trouble
        keeper.change(began + 1 if began % 4 != 3 else began + 2)
    except (OSError, ValueError, LookupError, sqlite3.Error) as error:
        return Outcome(name, step, began, kept, frozenset(), f"it does not start: {error}")
    return Outcome(name, step, began, kept, frozenset(found), trouble or keeper.trouble)
