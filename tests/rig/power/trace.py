"""What strace tells of a program, as deeds on a disk.

Only files below the folder that is watched count. Python and SQLite write with these calls and no others; memory that
SQLite maps (its `-shm`) is its scratch and is made anew after a cut.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.rig.power.disk import Disk, File, Write

CALLS = (
    "open,openat,creat,close,write,writev,pwrite64,pwritev,pwritev2,lseek,dup,dup2,dup3,fsync,fdatasync,ftruncate,"
    "truncate,fallocate,rename,renameat,renameat2,link,linkat,unlink,unlinkat,sendfile,copy_file_range,execve"
)
LINE = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+)")
HALF = re.compile(r"^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$")
REST = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>(.*)$")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
BEYOND = frozenset(
    ("writev", "pwritev", "pwritev2", "dup", "dup2", "dup3", "truncate", "fallocate", "sendfile", "copy_file_range")
)
"""Ways to write that the box does not use: one that came to be used must be understood here first."""


class Untold(RuntimeError):
    """A call that would change the folder in a way that is not understood here: better to stop than to guess."""


@dataclass(frozen=True)
class Call:
    name: str
    words: str
    result: int

    def texts(self) -> list[bytes]:
        return [bytes.fromhex(found.replace("\\x", "")) for found in TEXT.findall(self.words)]

    def paths(self) -> list[Path]:
        return [Path(os.fsdecode(text)) for text in self.texts()]

    def number(self, place: int) -> int:
        return int(self.words.split(", ")[place])


def record(command: list[str], log: Path, cwd: Path) -> None:
    """Run it to its end under strace."""
    strace = ["strace", "-f", "--seccomp-bpf", "-xx", "-s", "16777216", "-o", str(log), "-e", f"trace={CALLS}"]
    done = subprocess.run([*strace, *command], cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise RuntimeError(f"the writer ended with {done.returncode}: {done.stderr[-2000:]}")


def own(lines: Sequence[str]) -> Iterator[str]:
    """Without those of the programs that it started, such as the reader of tags: their numbers of files are others."""
    started = {line.split()[0] for line in lines if line.split()[1].startswith("execve(")} - {lines[0].split()[0]}
    return (line for line in lines if line.split()[0] not in started)


def calls(lines: Iterator[str]) -> Iterator[Call]:
    """Whole calls in the order of their ends; one that another thread's interrupted is put together again."""
    begun: dict[str, str] = {}
    for line in lines:
        line = line.rstrip("\n")
        if half := HALF.match(line):
            begun[half[1]] = f"{half[1]} {half[2]}({half[3]}"
            continue
        if rest := REST.match(line):
            line = begun.pop(rest[1]) + rest[3]
        if (whole := LINE.match(line)) and int(whole[4]) >= 0:
            yield Call(whole[2], whole[3], int(whole[4]))


@dataclass
class Opened:
    path: Path
    file: File | None  # a folder has none
    at: int = 0
    append: bool = False


@dataclass
class Player:
    """Plays calls onto a disk; what is said to the file `acks` is heard, not written."""

    folder: Path
    acks: Path
    disk: Disk = field(default_factory=Disk)
    heard: list[str] = field(default_factory=list)
    _open: dict[int, Opened] = field(default_factory=dict)

    def play(self, call: Call) -> bool:
        """Whether the disk was told anything by it."""
        match call.name:
            case "open" | "openat" | "creat":
                return self._opens(call)
            case "close":
                self._open.pop(call.number(0), None)
                return False
            case "rename" | "renameat" | "renameat2" | "link" | "linkat" | "unlink" | "unlinkat":
                return self._names(call)
        there = self._open.get(int(re.split(r"\W", call.words)[0])) if call.words[:1].isdigit() else None
        if there is None:
            return False
        if there.path == self.acks:
            self.heard += b"".join(call.texts()).decode().splitlines()
            return False
        return self._writes(call, there)

    def _ours(self, path: Path) -> bool:
        if not path.is_absolute():
            raise Untold(f"a path that is not absolute: {path}")
        return path.is_relative_to(self.folder)

    def _opens(self, call: Call) -> bool:
        path = Path(os.fsdecode(call.texts()[0]))
        if not path.is_absolute() or not (self._ours(path) or path == self.acks):
            return False
        new = path not in self.disk.names()
        known = not new or call.name == "creat" or "O_CREAT" in call.words  # else nobody made a file of that name
        folder = "O_DIRECTORY" in call.words or not known
        if path == self.acks or folder:
            self._open[call.result] = Opened(path, None)
            return False
        file = self.disk.make(path)
        if "O_TRUNC" in call.words and file.now():
            file.loose.append(Write(0, None))
            new = True
        self._open[call.result] = Opened(path, file, append="O_APPEND" in call.words)
        return new

    def _names(self, call: Call) -> bool:
        paths = call.paths()
        if not any(path.is_absolute() and self._ours(path) for path in paths):
            return False
        match call.name.rstrip("2").removesuffix("at"):
            case "rename":
                self.disk.rename(*paths)
            case "link":
                self.disk.link(*paths)
            case _:
                self.disk.unlink(paths[0])
        return True

    def _writes(self, call: Call, there: Opened) -> bool:
        if call.name in ("fsync", "fdatasync"):
            if there.file is None:
                self.disk.sync_folder(there.path)
            else:
                there.file.sync()
            return True
        if there.file is None:
            return False
        match call.name:
            case "write":
                at = len(there.file.now()) if there.append else there.at
                there.file.loose.append(Write(at, call.texts()[0][: call.result]))
                there.at = at + call.result
            case "pwrite64":
                at = int(call.words.rsplit(", ", 1)[1])
                there.file.loose.append(Write(at, call.texts()[0][: call.result]))
            case "ftruncate":
                there.file.loose.append(Write(call.number(1), None))
            case "lseek":
                there.at = call.result
                return False
            case beyond:
                if beyond in BEYOND:
                    raise Untold(f"{beyond} on {there.path}")
                return False
        return True
