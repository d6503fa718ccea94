"""The private folders of a speaker on a desk, and the lock by which one person runs one speaker."""

import fcntl
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO


class Taken(RuntimeError):
    """Another speaker of this person runs already."""


@dataclass(frozen=True)
class Places:
    """`keep` outlives a run: songs, settings, history, logs. `run` holds the sockets and goes with the run."""

    keep: Path
    run: Path

    @property
    def songs(self) -> Path:
        return self.keep / "songs"

    @property
    def log(self) -> Path:
        return self.keep / "log"

    @property
    def socket(self) -> Path:
        return self.run / "mpd" / "socket"

    def data(self, music: Path) -> Path:
        """What the music server keeps of this folder: each has its own, so that one which is played for once costs
        another neither its list nor its likes."""
        mark = "" if music == self.songs else f"-{hashlib.sha256(os.fsencode(music)).hexdigest()[:12]}"
        return self.keep / f"mpd{mark}"

    def environment(self) -> dict[str, str]:
        """What tells both halves, and every tool beside them, where this speaker lives."""
        return {
            "MIEN_ETC": str(self.keep / "etc"),
            "MIEN_STATE": str(self.keep / "state"),
            "MIEN_RUN": str(self.run),
            "MIEN_LOG": str(self.log),
        }

    def make(self) -> None:
        for folder in (self.keep / "etc", self.keep / "state", self.log):
            folder.mkdir(parents=True, exist_ok=True)


def places() -> Places:
    """Where the XDG variables say. Without them root's lie where MPD, as the ordinary user it is, can reach them."""
    root = os.geteuid() == 0
    cache = os.environ.get("XDG_CACHE_HOME") or ("/var/cache" if root else Path.home() / ".cache")
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    run = Path(runtime) / "mien" if runtime and not root else Path(f"/tmp/mien-{os.geteuid()}")
    return Places(Path(cache) / "mien", Path(os.environ.get("MIEN_RUN") or run))


class Lock:
    """Holds the run folder as long as it is open; closing it removes the folder with all sockets in it."""

    def __init__(self, where: Places) -> None:
        self._run = where.run
        self._run.mkdir(parents=True, exist_ok=True)
        owner = self._run.lstat()
        if self._run.is_symlink() or owner.st_uid != os.geteuid():
            raise Taken(f"{self._run} belongs to somebody else: set MIEN_RUN to a folder of your own")
        self._run.chmod(0o711 if os.geteuid() == 0 else 0o700)  # root's MPD, an ordinary user, must pass through
        self._file: IO[str] = (self._run / "lock").open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise Taken(f"a speaker of yours runs already (it holds {self._run}): end that one first") from None
        for left in self._run.iterdir():  # by a run that was killed
            if left.name != "lock":
                shutil.rmtree(left) if left.is_dir() else left.unlink()

    def close(self) -> None:
        shutil.rmtree(self._run, ignore_errors=True)  # what cannot be removed is cleared by the next run
        self._file.close()
