"""A jukebox beside a music server of any kind, and what it posted."""

from collections.abc import Callable
from pathlib import Path
from typing import Self

from appliance.commands import Play
from appliance.dial import Dial
from appliance.events import Choice, Event, Hand, JukeboxLink, Player, PlayerChanged, Song
from appliance.jukebox import Jukebox
from tests.waiting import until


class Room:
    """A jukebox and what it posted."""

    def __init__(self, reach: Dial, debts: Path, ceiling: int = 80) -> None:
        self.posted: list[Event] = []
        self.bad: list[str] = []
        self.read = 0
        self.jukebox = Jukebox(reach, self.posted.append, debts, ceiling, self.library, self.bad.append)
        self.jukebox.start()

    def library(self) -> None:
        self.read += 1

    def links(self) -> list[JukeboxLink]:
        return [event for event in self.posted if isinstance(event, JukeboxLink)]

    def hands(self) -> list[Hand]:
        return [event for event in self.posted if isinstance(event, Hand)]

    def player(self) -> Player:
        players = [event.player for event in self.posted if isinstance(event, PlayerChanged)]
        return players[-1] if players else Player()

    def wait(self, true: Callable[[], object], what: str) -> None:
        until(true, f"{what} (posted: {self.posted[-4:]})")

    def up(self) -> Self:
        self.wait(lambda: self.links() and self.links()[-1].link == "up", "the link")
        self.wait(lambda: any(isinstance(event, PlayerChanged) for event in self.posted), "the player")
        return self

    def play(self, *uris: str, now: bool = False) -> None:
        self.jukebox.do(Play(tuple(Choice(Song(uri)) for uri in uris), now))

    def playing(self, uri: str) -> bool:
        player = self.player()
        return player.state == "play" and player.song is not None and player.song.uri == uri
