"""What the speaker can do: the session answers each event with commands, which the owner hands to the edges."""

from dataclasses import dataclass
from typing import Literal

from appliance.events import Choice, Mood
from firmware import wire


@dataclass(frozen=True)
class Choose:
    """Find songs near this point of the plane, for this mood, not among `avoid`. Answered by Chosen with the ticket."""

    ticket: int
    mood: Mood
    valence: float
    energy: float
    count: int
    avoid: tuple[str, ...] = ()
    pursuits: tuple[str, ...] = ()  # words that a pursuit looks for among tags, besides its point


@dataclass(frozen=True)
class Update:
    """Let the music server look for new songs."""


@dataclass(frozen=True)
class Play:
    """Put these into the queue in place of what this box had put there. `now` starts the first at once; otherwise
    the song that plays ends first."""

    choices: tuple[Choice, ...]
    now: bool = False


@dataclass(frozen=True)
class Pause:
    fade: float = 0.0


@dataclass(frozen=True)
class Resume:
    fade: float = 0.0


@dataclass(frozen=True)
class Skip:
    pass


@dataclass(frozen=True)
class SetVolume:
    """`back`: the volume that it comes back to one day. Kept over a restart."""

    volume: int
    over: float = 0.0
    back: int | None = None


@dataclass(frozen=True)
class Tell:
    """Say this to the half that sees."""

    message: wire.Down


@dataclass(frozen=True)
class Remember:
    """One row for the history: what kind, the mood then, the song if any, and numbers or short words. A "smile" tells
    the mean reading of happy during a song; a "mood" has the nearest face's seven scores as its note, unless a person
    told it; a "reading" has the true mood, the scores as its note and, where it was labelled later, the second of the
    mood that it corrects; an "unlearn" takes all readings before it back."""

    kind: Literal["mood", "played", "skipped", "rated", "answer", "presence", "hand", "smile", "reading", "unlearn"]
    mood: Mood | None = None
    song: str = ""
    value: float | None = None
    note: str = ""


@dataclass(frozen=True)
class ShutDown:
    """Turn the whole box off, safely."""


Command = Choose | Update | Play | Pause | Resume | Skip | SetVolume | Tell | Remember | ShutDown
