"""How the rig makes dear things: once, beside their place and then moved there, so that none is ever half there."""

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class Absent(RuntimeError):
    """Something that a part needs is not on this machine; the message says how to get it."""


def cache() -> Path:
    """Where built things stay between runs."""
    place = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "mien" / "rig"
    place.mkdir(parents=True, exist_ok=True)
    return place


def need(**packages: str) -> None:
    """Programs by name (with _ for -), and the Debian package of each."""
    names = {program: program.replace("_", "-").replace("x86-64", "x86_64") for program in packages}
    if missing := [package for program, package in packages.items() if not shutil.which(names[program])]:
        raise Absent(f"this part needs more: sudo apt-get install {' '.join(sorted(set(missing)))}")


def need_root() -> None:
    if os.geteuid():
        raise Absent("this part makes a Debian in a folder, which only root may: sudo ./setup.sh rig")


def do(*words: str | Path, cwd: Path | None = None) -> str:
    """Run it, at a low priority; what it said, or a RuntimeError that holds the end of it."""
    command = ["nice", "-n", "10", *map(str, words)]
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stdout + done.stderr)[-3000:]
        raise RuntimeError(f"{' '.join(command[3:7])}... ended with {done.returncode}:\n{said}")
    return done.stdout


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Whoever else wants to make or change `place` waits: parts run beside each other."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_name(f".{place.name}.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def once(place: Path, make: Callable[[Path], object], words: str) -> Path:
    """`place`, made by `make(beside)` if it is not there. It may be a file or a folder."""
    if not place.exists():
        with alone(place):
            return place if place.exists() else made(place, make, words)
    return place


def clear(place: Path) -> None:
    """Away with what lies there, a file or a folder. Who was killed at work in it may have left things of this
    machine's own mounted there, which must outlive it."""
    real = place.resolve()
    for line in reversed(Path("/proc/self/mounts").read_text().splitlines()):
        at = Path(line.split()[1].replace("\\040", " "))
        if at.is_relative_to(real):
            do("umount", "--lazy", at)
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)


def made(place: Path, make: Callable[[Path], object], words: str) -> Path:
    print(f"   making {words}", flush=True)
    began = time.monotonic()
    beside = place.with_name(f"{place.name}.unfinished")
    clear(beside)
    make(beside)
    beside.replace(place)
    print(f"   made in {time.monotonic() - began:.0f} s", flush=True)
    return place
