"""What everybody else may read of the session: one immutable value, replaced by the owner after each event. Times are
seconds of the owner's one monotonic clock."""

from dataclasses import dataclass, field

from appliance.events import Goal, Lesson, Link, Mood, Player, Reason
from firmware import wire


@dataclass(frozen=True)
class Belief:
    """The mood as believed: the seven probabilities in the wire's order, the doubt in 0..1, the announced mood."""

    shares: tuple[float, ...] = (1 / 7,) * 7
    doubt: float = 1.0
    mood: Mood | None = None
    since: float = 0.0


@dataclass(frozen=True)
class Taught:
    """What this household's labelled readings of one expression amount to: how many, and the share read right."""

    mood: Mood
    readings: int
    right: float


@dataclass(frozen=True)
class Snapshot:
    """Readers never ask for more."""

    at: float = 0.0
    state: str = "starting"
    sentence: str = "Starting."
    belief: Belief = field(default_factory=Belief)
    valence: float = 0.0
    energy: float = 0.0
    journey: tuple[tuple[float, float], ...] = ()  # the points (valence, energy) still ahead, the present one first
    goal: Goal = "match"
    picked: Mood | None = None
    glance: wire.Glance | None = None
    shutter_closed: bool = False
    eye: Link = "down"
    camera: str = ""
    trouble: tuple[str, ...] = ()
    jukebox: Link = "down"
    player: Player = field(default_factory=Player)
    why: str = ""
    asking: bool = False
    hands_off: float = 0.0  # seconds left
    quiet: bool = False
    songs: int = 0
    network: str = ""
    parts: tuple[Reason, ...] = ()  # of the why
    looking: bool = False  # a look that a person asked for is under way
    pursuits: tuple[str, ...] = ()
    sleep: float = 0.0  # seconds until the music fades; 0 for never
    lesson: Lesson | None = None  # the one under way
    lesson_left: float = 0.0
    taught: tuple[Taught, ...] = ()
