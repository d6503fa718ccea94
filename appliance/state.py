"""All that a session knows, and the turn in which one event is answered. Pure."""

from dataclasses import dataclass, field, replace
from typing import Any

from appliance import mood, pursuit
from appliance.bias import Household, Reading
from appliance.commands import Command, Pause, Play, Resume, SetVolume, Skip, Tell, Update
from appliance.events import Choice, Goal, Lesson, Link, Mood, Player, Song
from appliance.journey import Point
from appliance.knobs import Knobs
from appliance.phases import Phase
from appliance.pursuit import Aim
from firmware import wire

AWAY = 300.0
"""Seconds for which what was wanted of a lost music server waits for it; who wanted it then expects it no more."""


@dataclass(frozen=True)
class Wish:
    """What music is wanted: from the mood that is felt towards the goal, or towards a mood that a person named, or for
    what people are about."""

    feels: Mood
    goal: Goal
    hear: Mood | None = None
    pursuits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ticket:
    """A question to the chooser that is not answered yet. `person`: somebody asked for it, so it outranks hands-off;
    until when they wait."""

    number: int
    wish: Wish
    now: bool
    person: float
    at: float
    feeding: bool = False


@dataclass(frozen=True)
class Smile:
    """The smile loop: which song was judged, the look in progress, and how many songs went by without a smile."""

    song: str = ""
    until: float | None = None
    looks: int = 0
    happy: float = 0.0
    without: int = 0


@dataclass(frozen=True)
class Look:
    """A look that a person asked for: when its answer is due, and how many faces were read since."""

    until: float
    looks: int = 0


@dataclass(frozen=True)
class Heeded:
    """A correction in force: what the nearest face is read as, what a person says it shows, and until when."""

    read: Mood
    true: Mood
    until: float


@dataclass(frozen=True)
class State:
    """One immutable value. Times are seconds of the owner's clock; 0 where the thing never happened."""

    knobs: Knobs = field(default_factory=Knobs)
    at: float = 0.0
    phase: Phase = "starting"
    since: float = 0.0
    stopped: bool = False

    eye: Link = "down"
    camera: str = ""
    eye_trouble: str = ""
    network: str = ""
    shutter: bool = False
    heard: float = 0.0  # the last word from the seeing half
    glance: wire.Glance | None = None
    faced_since: float | None = None
    faced_at: float = 0.0
    empty_since: float | None = None
    session_since: float | None = None
    room: mood.Room = field(default_factory=mood.Room)
    household: Household = field(default_factory=Household)
    heeded: Heeded | None = None
    lesson: Lesson | None = None
    lesson_until: float = 0.0
    lesson_read: float = 0.0
    lesson_readings: tuple[Reading, ...] = ()

    jukebox: Link = "down"
    jukebox_trouble: str = ""
    songs: int = 0
    met: bool = False  # the player has been heard once
    player: Player = field(default_factory=Player)
    player_at: float = 0.0
    still_since: float = 0.0
    smiled: float = 0.0  # the sum of "happy" over the looks of this song, and how many
    smiles: int = 0
    lost: float = 0.0  # when the music server was lost in the middle of a song
    away: float = 0.0  # since when there is none

    goal: Goal = "match"
    picked: Mood | None = None
    pursuits: tuple[str, ...] = ()
    sleep: float = 0.0  # when the music is to fade
    quiet: bool | None = None  # None until the clock is believed
    loudness: int | None = None  # the volume to come back to after quiet hours
    eased: int | None = None  # the volume that the box itself set last
    easing: float = 0.0

    hands_off: float = 0.0  # until when
    silenced: bool = False  # a person stopped the music: only a person, or a new session, starts it again
    held: bool = False  # the box itself paused the music
    fade_due: bool = False

    tickets: int = 0
    ticket: Ticket | None = None
    retry_at: float = 0.0
    chooser_trouble: str = ""
    urgent: float = 0.0  # until when a person waits for songs
    wish: Wish | None = None  # what the songs that play were chosen for
    journey: tuple[Point, ...] = ()
    stage: int = 0
    chosen: tuple[Choice, ...] = ()  # the songs of the queue and of the last half hour, with their reasons
    coming: frozenset[str] = frozenset()  # songs on their way to the player, which has shown none of them yet
    coming_since: float = 0.0
    recent: tuple[str, ...] = ()

    smile: Smile = field(default_factory=Smile)
    answered: Wish | None = None
    answered_until: float = 0.0
    look: Look | None = None
    reply: str = ""
    reply_until: float = 0.0
    lamp: wire.Glow | None = None
    pace: float = 1.0  # what the seeing half was told last; a new one looks at its own rate


def elapsed(state: State, now: float) -> float:
    """How far into the song the player is, reckoned on from what it said last."""
    moved = now - state.player_at if state.player.state == "play" else 0.0
    return state.player.elapsed + max(0.0, moved)


def choice(state: State) -> Choice | None:
    """The song that plays, with why it was chosen; None if this box did not choose it."""
    uri = song_uri(state.player.song)
    return next((choice for choice in state.chosen if choice.song.uri == uri), None) if uri else None


def aim(state: State) -> Aim | None:
    """Where the picked pursuits lead: for as long as the room is at ease or cannot be read."""
    if state.picked or state.answered or state.room.belief.mood not in (None, "neutral"):
        return None
    return pursuit.aim(state.pursuits, state.knobs.pursuits)


def song_uri(song: Song | None) -> str:
    return song.uri if song else ""


def ceiling(state: State) -> int:
    knobs = state.knobs
    return min(knobs.ceiling, knobs.quiet_ceiling) if state.quiet else knobs.ceiling


class Turn:
    """One event being answered: the state so far and the commands so far. Lives no longer than `session.step`."""

    def __init__(self, state: State, now: float) -> None:
        self.state = state
        self.now = now
        self.commands: list[Command] = []

    def set(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)

    def say(self, command: Command) -> None:
        """Give a command. What cannot be carried out is not said, and nothing is ever louder than the ceiling."""
        if isinstance(command, Tell) and self.state.eye == "down":
            return
        if isinstance(command, Play | Pause | Resume | Skip | SetVolume | Update) and self.state.jukebox == "down":
            return
        if isinstance(command, SetVolume):
            command = replace(command, volume=max(0, min(command.volume, ceiling(self.state))))
            self.set(eased=command.volume, easing=self.now + command.over)
        if isinstance(command, Play | Resume | Skip):
            self.set(still_since=self.now)
        self.commands.append(command)

    def hurry(self) -> None:
        """A person waits for songs from now on."""
        self.set(urgent=self.now + AWAY)

    @property
    def off(self) -> bool:
        """Must automation keep its hands off?"""
        return self.now < self.state.hands_off

    @property
    def plays(self) -> bool:
        return self.state.player.state == "play"
