"""Music that phones bring: pieces of a file in, a song in the music folder out, or a plain refusal.

* Only what is audio by its content is kept, under an ending that its content gives it; its name is made harmless.
* Everything lands in one folder inside the music folder, and nothing there is ever replaced.
* A song arrives in pieces, so that neither its size nor a broken connection matters: what has come is a hidden file
  until it is whole. The free space that the box needs for itself is never used up.
"""

import errno
import os
import shutil
import threading
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from appliance.library import tags
from appliance.store import sync
from appliance.web.words import word

FOLDER = "from-phones"
LARGEST = 1024 * 1024 * 1024
RESERVE = 200 * 1024 * 1024
"""Bytes of the card that stay free, for history, settings and logs."""
STALE = 24 * 3600.0
"""Seconds after which a file that was never finished is cleared away."""
LONGEST_NAME = 100
REMEMBERED = 64
LINKLESS = frozenset((errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS))
"""What a disk says on which a file can have one name alone."""
HEADS = (
    (0, b"ID3", ".mp3"),
    (0, b"fLaC", ".flac"),
    (0, b"wvpk", ".wv"),
    (8, b"WAVE", ".wav"),
    (8, b"AIFF", ".aiff"),
    (8, b"AIFC", ".aiff"),
    (4, b"ftypM4A", ".m4a"),
    (4, b"ftypM4B", ".m4a"),
)


class Refused(ValueError):
    """This cannot be kept, and why."""


class Elsewhere(Exception):
    """A piece that does not follow on what has come so far, and how much that is."""

    def __init__(self, size: int) -> None:
        super().__init__(str(size))
        self.size = size


def ending(head: bytes) -> str:
    """What kind of music begins like this; empty for what is none, or may be a film."""
    if head[:4] == b"OggS":
        return ".opus" if b"OpusHead" in head[:64] else "" if b"theora" in head[:64] else ".ogg"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return ".mp3" if head[1] & 0x06 else ".aac"
    return next((kind for at, said, kind in HEADS if head[at : at + len(said)] == said), "")


def harmless(name: str) -> str:
    """A file's name without folders, endings, or anything that some card or shell could choke on."""
    bare = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(letter for letter in bare if letter.isprintable() and letter not in '<>:"|?*')
    stem = kept.rpartition(".")[0] or kept
    short = stem.encode()[:LONGEST_NAME].decode("utf-8", "ignore").strip(" .")
    return short or "song"


class Intake:
    """`music`: the music folder if this machine has it and may write there, else None."""

    def __init__(self, music: Callable[[], Path | None]) -> None:
        self._music = music
        self._one = threading.Lock()  # pieces of several phones take turns; each is written in a moment
        self._done: OrderedDict[str, str] = OrderedDict()  # keys of late, for a phone that missed the last answer

    def room(self) -> int | None:
        """Bytes that songs may still take; None where none can be taken in."""
        music = self._music()
        try:
            return max(0, shutil.disk_usage(music).free - RESERVE) if music else None
        except OSError:
            return None

    def piece(self, key: str, at: int, of: int, data: bytes, name: str) -> str:
        """Take one piece of a file, by the key that its phone gave it. The song's uri once it is whole, else empty.
        Raises Refused, Elsewhere, or OSError."""
        if not (len(key) == 32 and set(key) <= set("0123456789abcdef")):
            raise Refused(word("The box did not understand that."))
        if of <= 0:
            raise Refused(word("This is no music that I know."))
        if of > LARGEST or at + len(data) > of:
            raise Refused(word("This file is too large."))
        with self._one:
            if key in self._done:
                return self._done[key]
            folder = self._folder()
            self._sweep(folder)
            part = folder / f".{key}.part"
            size = part.stat().st_size if part.exists() else 0
            if at != size:
                raise Elsewhere(size)
            if of - size > (self.room() or 0):
                raise Refused(word("There is not enough room for this."))
            if at == 0 and not ending(data):
                raise Refused(word("This is no music that I know."))
            write(part, data)
            if size + len(data) < of:
                return ""
            self._done[key] = uri = self._whole(folder, part, name)
            while len(self._done) > REMEMBERED:
                self._done.popitem(last=False)
            return uri

    def _whole(self, folder: Path, part: Path, name: str) -> str:
        """Name what has come, if it is music through and through."""
        try:
            with part.open("rb") as opened:
                kind = ending(opened.read(64))
            if not (kind and sounds(part)):
                raise Refused(word("This is no music that I know."))
            final = named(part, folder, harmless(name), kind)
        finally:
            part.unlink(missing_ok=True)
        sync(folder)
        return f"{FOLDER}/{final.name}"

    def _folder(self) -> Path:
        music = self._music()
        if music is None:
            raise Refused(word("The music folder is not on this box, or may not be written to."))
        folder = music / FOLDER
        if not folder.exists():
            folder.mkdir()
            folder.chmod(0o755)  # whatever the umask, the music server must get in
            sync(music)
        if folder.is_symlink() or not folder.is_dir():
            raise Refused(word("The music folder is not on this box, or may not be written to."))
        return folder

    def _sweep(self, folder: Path) -> None:
        now = time.time()
        for part in folder.glob(".*.part"):
            if now - part.stat().st_mtime > STALE:
                part.unlink(missing_ok=True)


def write(part: Path, data: bytes) -> None:
    """Add to the file, which the music server may read. A piece that the card took half of is taken back."""
    opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o644)
    with os.fdopen(opened, "ab") as file:
        os.fchmod(file.fileno(), 0o644)
        size = file.tell()
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            os.ftruncate(file.fileno(), size)
            raise


def sounds(part: Path) -> bool:
    """Does a reader of tags find music of some length in it? Whatever it stumbles over, a player would too."""
    return tags.read(part).duration is not None


def named(part: Path, folder: Path, stem: str, kind: str) -> Path:
    """Give the song a name that nothing has, in one step: a power cut leaves it whole, or its part."""
    for number in range(1, 1000):
        final = folder / (f"{stem}{kind}" if number == 1 else f"{stem} ({number}){kind}")
        try:
            settle(part, final)
        except FileExistsError:
            continue
        return final
    raise Refused(word("There are too many songs of this name."))


def settle(part: Path, final: Path) -> None:
    """Raises FileExistsError where the name is taken."""
    try:
        os.link(part, final, follow_symlinks=False)
    except OSError as lack:
        if lack.errno not in LINKLESS:
            raise
        # Such a disk (FAT, say) can only move, and a move would replace: an empty file holds the name meanwhile.
        os.close(os.open(final, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644))
        part.replace(final)
