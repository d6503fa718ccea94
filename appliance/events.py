"""What can happen to the speaker: the events that edges post into the owner's queue, and the nouns they speak of.

All are frozen values. Times are seconds of one monotonic clock, given by the owner.
"""

from dataclasses import dataclass
from typing import Literal

from appliance.callings import by_file
from firmware import wire

Goal = Literal["match", "lift", "calm"]
GOALS: tuple[Goal, ...] = ("match", "lift", "calm")
Mood = wire.Expression
PlayState = Literal["play", "pause", "stop"]
HandName = Literal["pause", "resume", "skip", "pick", "volume", "stop"]
Link = Literal["up", "down"]


@dataclass(frozen=True)
class Song:
    uri: str
    title: str = ""  # as its tags tell it
    artist: str = ""
    album: str = ""
    duration: float = 0.0
    place: int | None = None  # MPD's id in the queue

    @property
    def name(self) -> str:
        return self.title or by_file(self.uri)


@dataclass(frozen=True)
class Player:
    """What MPD said last."""

    state: PlayState = "stop"
    song: Song | None = None
    elapsed: float = 0.0
    volume: int | None = None
    upcoming: tuple[Song, ...] = ()


@dataclass(frozen=True)
class Reason:
    """One part of why a song was chosen: its kind, and the name that fills its sentence (a playlist, a tag, …)."""

    kind: Literal[
        "playlist",
        "folder",
        "tag",
        "genre",
        "place",
        "pursuit",
        "language",
        "habit",
        "liked",
        "discovery",
        "chance",
        "again",
        "barred",
    ]
    name: str = ""
    mood: Mood | None = None


@dataclass(frozen=True)
class Choice:
    """One song, the plain sentence that says why, and the parts that the sentence is made of, the weightiest first."""

    song: Song
    why: str = ""
    parts: tuple[Reason, ...] = ()


# --- events ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tick:
    """Time passed. The owner posts one about every second."""


@dataclass(frozen=True)
class EyeSaid:
    """Anything that the half that sees said."""

    message: wire.Up


@dataclass(frozen=True)
class EyeLink:
    link: Link
    why: str = ""


@dataclass(frozen=True)
class JukeboxLink:
    """MPD found (with what it is and how many songs it has) or lost (and why). `eased`: the volume that the box lowered
    it to, before a restart perhaps, and the one that it is to come back to."""

    link: Link
    why: str = ""
    songs: int = 0
    eased: tuple[int, int] | None = None


@dataclass(frozen=True)
class PlayerChanged:
    player: Player


@dataclass(frozen=True)
class Hand:
    """A person did this through another MPD client (`by` "client": it is done already) or wants it through this box
    ("page", "button", or "home" by the broker: the session answers with the command). `value`: the volume, or the
    picked song's place."""

    name: HandName
    by: Literal["client", "page", "button", "home"] = "client"
    value: int | None = None


@dataclass(frozen=True)
class Chosen:
    """The chooser's answer to Choose. Empty when nothing fits; `trouble` then says why."""

    ticket: int
    choices: tuple[Choice, ...]
    trouble: str = ""


@dataclass(frozen=True)
class Asked:
    """A person asks, through page, button or command line, for a fresh look."""


@dataclass(frozen=True)
class MoodPicked:
    """A person says which mood to play for. None: leave it to the eye again."""

    mood: Mood | None


@dataclass(frozen=True)
class GoalSet:
    goal: Goal


@dataclass(frozen=True)
class Rated:
    """Like (2), nothing (1), dislike (0) for the song now playing, in the present mood."""

    like: Literal[0, 1, 2]


@dataclass(frozen=True)
class HandsOff:
    """Leave the music alone for so long; 0 ends it."""

    seconds: float


@dataclass(frozen=True)
class Answered:
    """The answer to "how do you feel, what would you like to hear?"."""

    feels: Mood
    hear: Mood


@dataclass(frozen=True)
class OtherSongs:
    """A person wants another set of songs, at once."""


@dataclass(frozen=True)
class Pursued:
    """What people are about (morning coffee, rest, …), by the names in the picker; empty ends it."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Sleep:
    """Fade out and pause after so many seconds; 0 takes it back."""

    seconds: float


@dataclass(frozen=True)
class Corrected:
    """A person says what the nearest face really shows now: believed, and kept as one labelled reading."""

    true: Mood


@dataclass(frozen=True)
class Relabelled:
    """A person says what an earlier reading really showed: its scores, and the wall-clock second `of` which it is. Said
    again of the same second, the later word counts."""

    true: Mood
    scores: tuple[float, ...]
    of: float


@dataclass(frozen=True)
class Lesson:
    """For so many seconds a person shows this expression on purpose; `note` says how (rest, smile, glasses, dark)."""

    true: Mood
    seconds: float
    note: str = ""


@dataclass(frozen=True)
class Recalled:
    """Labelled readings kept from before: (true mood, the seven scores in the wire's order), oldest first; with the
    second that each is of, where it was labelled later."""

    readings: tuple[tuple[Mood, tuple[float, ...]] | tuple[Mood, tuple[float, ...], float], ...]


@dataclass(frozen=True)
class Unlearn:
    """Forget what was taught of this household's faces."""


@dataclass(frozen=True)
class Rescan:
    """Let the music server look for new songs."""


@dataclass(frozen=True)
class EyeAgain:
    """A person wants the half that sees started again. It decides for itself whether it may end."""


@dataclass(frozen=True)
class QuietHours:
    """The owner found that the household's quiet hours began or ended."""

    quiet: bool


@dataclass(frozen=True)
class Stop:
    """Quit: the last event."""


Event = (
    Tick | EyeSaid | EyeLink | JukeboxLink | PlayerChanged | Hand | Chosen | Asked | MoodPicked | GoalSet
    | Rated | HandsOff | Answered | OtherSongs | Pursued | Sleep | Corrected | Relabelled | Lesson | Recalled | Unlearn
    | Rescan | EyeAgain | QuietHours | Stop
)  # fmt: skip
