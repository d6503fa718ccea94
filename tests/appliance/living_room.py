"""A living room for the session's tests: somebody to look at, a clock to turn, and a player that does as it is told.

The player obeys the session's commands as MPD would, and the chooser answers each question with songs named after what
was asked. Both are part of the stage, not of what is tested.
"""

from dataclasses import replace

from appliance import session
from appliance.commands import Choose, Command, Pause, Play, Remember, Resume, SetVolume, Skip, Tell
from appliance.events import (
    Choice,
    Chosen,
    Event,
    EyeLink,
    EyeSaid,
    JukeboxLink,
    Mood,
    Player,
    PlayerChanged,
    Song,
    Tick,
)
from appliance.snapshot import Snapshot
from firmware import wire


def face(mood: Mood, number: int = 1, size: float = 0.3, share: float = 0.88) -> wire.Face:
    rest = (1 - share) / 6
    scores = tuple(share if name == mood else rest for name in wire.EXPRESSIONS)
    return wire.Face(number, scores, 0.5, 0.5, size, 0.8)  # type: ignore[arg-type]  # seven by construction


class LivingRoom:
    """The session with everything around it. Time moves only by `wait`."""

    def __init__(self, knobs: session.Knobs | None = None, length: float = 200.0, connect: bool = True) -> None:
        self.now = 1000.0
        self.state = session.start(knobs or session.Knobs(), self.now)
        self.faces: tuple[wire.Face, ...] = ()
        self.condition: wire.Condition = "seen"
        self.looking = True
        self.length = length
        self.player = Player(volume=50)
        self.began = 0.0
        self.places = 0
        self.chooser = True
        self.late: list[Play] | None = None  # what a player that takes its time has yet to do; None: it takes none
        self.said: list[tuple[float, Command]] = []
        if connect:
            self.post(EyeLink("up"))
            self.post(EyeSaid(wire.Hello(1, "feed")))
            self.post(JukeboxLink("up", songs=40))
            self.tell_player()

    # --- what happens in the room

    def nobody(self) -> None:
        self.faces, self.condition = (), "seen"

    def somebody(self, mood: Mood, number: int = 1, size: float = 0.3) -> None:
        self.faces = (face(mood, number, size),)

    def wait(self, seconds: float) -> None:
        """Time goes by: two glances and one tick a second, and songs end."""
        for i in range(round(seconds * 2)):
            self.now += 0.5
            while self.late:
                self.play(self.late.pop(0))
            if self.looking:
                condition = self.condition if self.condition != "seen" or self.faces else "nobody"
                self.post(EyeSaid(wire.Glance(self.now, condition, 0.5, self.faces)))
            if i % 2:
                self.post(Tick())
            song = self.player.song
            if self.player.state == "play" and song and self.now - self.began >= song.duration:
                self.next_song()

    def post(self, event: Event) -> list[Command]:
        """One event, and everything that the commands it gives rise to bring about."""
        self.state, commands = session.step(self.state, event, self.now)
        given = list(commands)
        self.said += [(self.now, command) for command in commands]
        for command in commands:
            given += self.obey(command)
        return given

    # --- what obeys

    def obey(self, command: Command) -> list[Command]:
        player = self.player
        match command:
            case Choose():
                return self.post(self.answer(command)) if self.chooser else []
            case Play() if self.late is not None:
                self.late.append(command)
                return []
            case Play():
                return self.play(command)
            case Pause():
                self.player = replace(player, state="pause", elapsed=self.elapsed())
            case Resume():
                self.player, self.began = replace(player, state="play"), self.now - player.elapsed
            case Skip():
                self.next_song()
                return []
            case SetVolume(volume):
                self.player = replace(player, volume=volume)
            case _:
                return []
        return self.tell_player()

    def play(self, command: Play) -> list[Command]:
        songs = tuple(choice.song for choice in command.choices)
        if command.now or self.player.state != "play":
            self.player, self.began = replace(self.player, state="play", song=songs[0], upcoming=songs[1:]), self.now
        else:
            self.player = replace(self.player, upcoming=songs)
        return self.tell_player()

    def answer(self, question: Choose) -> Chosen:
        choices = []
        for _ in range(question.count):
            self.places += 1
            uri = f"{question.mood}/{self.places}"
            choices.append(Choice(Song(uri, duration=self.length, place=self.places), f"It is {question.mood}."))
        return Chosen(question.ticket, tuple(choices))

    def next_song(self) -> None:
        upcoming = self.player.upcoming
        if upcoming:
            self.player = replace(self.player, song=upcoming[0], upcoming=upcoming[1:])
        else:
            self.player = replace(self.player, state="stop", song=None)
        self.began = self.now
        self.tell_player()

    def elapsed(self) -> float:
        return self.now - self.began if self.player.state == "play" else self.player.elapsed

    def tell_player(self) -> list[Command]:
        self.player = replace(self.player, elapsed=self.elapsed())
        return self.post(PlayerChanged(self.player))

    # --- what can be read

    @property
    def snapshot(self) -> Snapshot:
        return session.snapshot(self.state, self.now)

    @property
    def plays(self) -> str:
        """The mood of the song that plays, or its uri; empty when nothing does."""
        song = self.player.song
        return song.uri.partition("/")[0] if song and self.player.state == "play" else ""

    @property
    def lamp(self) -> str:
        glows = [c.message.pattern for _, c in self.said if isinstance(c, Tell) and isinstance(c.message, wire.Glow)]
        return glows[-1]

    def remembered(self, kind: str) -> list[Remember]:
        return [command for _, command in self.said if isinstance(command, Remember) and command.kind == kind]

    def since(self, moment: float) -> list[Command]:
        return [command for at, command in self.said if at >= moment]


def listening(mood: Mood = "happy", knobs: session.Knobs | None = None) -> LivingRoom:
    """A room where somebody has been listening for a while."""
    room = LivingRoom(knobs)
    room.somebody(mood)
    room.wait(20)
    assert room.plays == mood
    return room
