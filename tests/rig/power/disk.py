"""A disk that forgets what was not synced.

What it grants is what a journalling file system grants and no more. A file's bytes are safe once the file itself was
synced; before that each sector of each write may be there or not, whatever came before or after it. A folder's entries
(made, linked, renamed, removed) are safe once the folder was synced; before that the oldest may be there and the
youngest not, in their order. So a file may be in its place under its name with nothing in it.
"""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECTOR = 512


@dataclass(frozen=True)
class Write:
    """Bytes at a place in a file, or, with no bytes, the file's new length."""

    at: int
    data: bytes | None


@dataclass
class File:
    """What is surely on the disk, and what may be."""

    sure: bytes = b""
    loose: list[Write] = field(default_factory=list)

    def sync(self) -> None:
        self.sure, self.loose = self.now(), []

    def now(self) -> bytes:
        """As a running program reads it: all of it."""
        return laid(self.sure, self.loose)

    def after_a_cut(self, random: Random) -> bytes:
        """Most cuts lose a part of what was loose; some lose nothing, some all."""
        luck = random.choice((0.0, 0.2, 0.5, 0.8, 1.0))
        return laid(self.sure, [part for write in self.loose for part in sectors(write) if random.random() < luck])


def sectors(write: Write) -> list[Write]:
    if write.data is None:
        return [write]
    parts, at, data = [], write.at, write.data
    while data:
        size = SECTOR - at % SECTOR
        parts.append(Write(at, data[:size]))
        at, data = at + size, data[size:]
    return parts


def laid(under: bytes, writes: list[Write]) -> bytes:
    content = bytearray(under)
    for write in writes:
        if write.data is None:
            content = content[: write.at].ljust(write.at, b"\0")
        else:
            content = content.ljust(write.at, b"\0")  # what was never written reads as zeros
            content[write.at : write.at + len(write.data)] = write.data
    return bytes(content)


@dataclass(frozen=True)
class Entry:
    """A change in a folder: these names now lead to these files, or, with None, to nothing. One step, as rename is."""

    names: tuple[tuple[Path, File | None], ...]

    def __hash__(self) -> int:
        return id(self)


class Disk:
    """Told what a program did, in its order, it can be cut off from the mains as often as one likes."""

    def __init__(self) -> None:
        self._sure: dict[Path, File] = {}
        self._loose: list[Entry] = []

    def names(self) -> dict[Path, File]:
        found = dict(self._sure)
        for entry in self._loose:
            enter(found, entry)
        return found

    def make(self, path: Path) -> File:
        if (there := self.names().get(path)) is not None:
            return there
        fresh = File()
        self._loose.append(Entry(((path, fresh),)))
        return fresh

    def link(self, old: Path, new: Path) -> None:
        self._loose.append(Entry(((new, self.names()[old]),)))

    def rename(self, old: Path, new: Path) -> None:
        self._loose.append(Entry(((new, self.names()[old]), (old, None))))

    def unlink(self, path: Path) -> None:
        self._loose.append(Entry(((path, None),)))

    def sync_folder(self, folder: Path) -> None:
        """Every change in this folder up to now; those in others wait on, in their order."""
        waiting = []
        for entry in self._loose:
            if any(path.parent == folder for path, _ in entry.names):
                enter(self._sure, entry)
            else:
                waiting.append(entry)
        self._loose = waiting

    def after_a_cut(self, random: Random) -> dict[Path, bytes]:
        """What is found when the mains come back. The disk itself is not changed: it may be cut again elsewhere."""
        found = dict(self._sure)
        for entry in self._loose[: random.randint(0, len(self._loose))]:
            enter(found, entry)
        return {path: file.after_a_cut(random) for path, file in found.items()}


def enter(names: dict[Path, File], entry: Entry) -> None:
    for path, file in entry.names:
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file
