"""One song as the catalogue knows it: what every room that asks about songs reads."""

from dataclasses import dataclass

AWAY = "its file cannot be reached from here"
"""The trouble of a song that nobody can listen to for now."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Positions are as heard, each in -1..1 with its doubt (a standard deviation); None where nobody listened yet.

    `rank_valence` and `rank_energy` are the same as places among this household's songs, spread evenly over -1..1, so
    that a shelf of laments still has its brightest song. They are what a choice should go by, and what a page shows
    and a person corrects.
    """

    uri: str
    identity: str  # stays the same when the file is moved or renamed
    language: str = ""  # "ko", "en", …; empty for unknown
    valence: float | None = None
    energy: float | None = None
    valence_doubt: float = 1.0
    energy_doubt: float = 1.0
    rank_valence: float | None = None
    rank_energy: float | None = None
    by_hand: bool = False  # a person placed it
    trouble: str = ""  # why it could not be heard
    moods: tuple[str, ...] = ()  # what its tags call its mood: an MPD before 0.24 does not show them


@dataclass(frozen=True)
class Progress:
    """How far the listening has come. `unreadable`: songs that could not be heard, each with why; `unnamed`: how many
    more there are than these."""

    done: int = 0
    total: int = 0
    seconds_left: float | None = None  # None until enough was heard to tell
    unreadable: tuple[tuple[str, str], ...] = ()
    unnamed: int = 0
