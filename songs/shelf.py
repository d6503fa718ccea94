"""The pieces as tagged FLAC files, a folder for each mood, written once."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import soundfile
from mutagen.flac import FLAC

from songs.band import play
from songs.characters import CHARACTERS
from songs.edition import EDITION, MARK, whole
from songs.score import Piece, compose
from songs.voices import RATE


def pieces() -> Iterator[Piece]:
    for mood, who in CHARACTERS.items():
        for number in range(len(who.titles)):
            yield compose(mood, number)


def _press(piece: Piece, folder: Path) -> None:
    place = folder / piece.mood / f"{piece.number:02} {piece.title}.flac"
    place.parent.mkdir(exist_ok=True)
    soundfile.write(place, play(piece), RATE, subtype="PCM_16")
    record = FLAC(place)  # type: ignore[no-untyped-call]  # mutagen ships no types
    record["TITLE"], record["ARTIST"], record["ALBUM"] = piece.title, piece.artist, piece.album
    record["GENRE"], record["MOOD"], record["TRACKNUMBER"] = piece.genre, piece.mood, str(piece.number)
    record["INITIALKEY"], record["BPM"] = piece.key, str(round(piece.tempo))
    record.save()


def fill(shelf: Path, told: Callable[[int, int], None] = lambda done, of: None) -> bool:
    """Have every piece on the shelf. True if they had to be written; `told` hears of each one that is.

    Written beside the shelf and then moved, so that a shelf is whole or not there.
    """
    if whole(shelf):
        return False
    shelf.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=shelf.parent, prefix=f".{shelf.name}-") as beside:
        new = Path(beside) / "new"
        new.mkdir()
        everything = list(pieces())
        for done, piece in enumerate(everything, 1):
            _press(piece, new)
            told(done, len(everything))
        (new / MARK).write_text(EDITION)
        if shelf.exists():
            shutil.rmtree(shelf)
        new.replace(shelf)
    return True
