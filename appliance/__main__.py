"""The half that speaks, composed and run: `python -m appliance`.

It closes down in this order, within five seconds whatever hangs: the session ends its visit; the history is written;
the jukebox gives a borrowed volume back and leaves the music playing; the eye, the chooser, the home's broker and the
command line are let go; the page goes last, for its open streams take longest.
"""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from appliance import clock, journal, places
from appliance.chooser import Chooser
from appliance.commands import Choose, Command, Pause, Play, Remember, Resume, SetVolume, ShutDown, Skip, Tell, Update
from appliance.confusions import filtered
from appliance.control import Control
from appliance.dial import Dial
from appliance.events import Recalled, Stop
from appliance.habits import HABITS
from appliance.history import History
from appliance.hub import Hub
from appliance.hush import FLAG, Hush
from appliance.jukebox import Jukebox
from appliance.knobs import Knobs
from appliance.library.catalogue import Catalogue
from appliance.link import Link
from appliance.mqtt import Home
from appliance.notify import notify
from appliance.owner import Owner, Retuned
from appliance.pursuits import Pursuits
from appliance.rack import Rack
from appliance.recall import readings
from appliance.rulebook import Rulebook
from appliance.rules import Rules
from appliance.settings import Settings
from appliance.stickers import Stickers
from appliance.store import Store
from appliance.thrift import be_thrifty
from appliance.web.cover import Covers
from appliance.web.folder import MusicFolder
from appliance.web.house import House
from appliance.web.intake import Intake
from appliance.web.labels import Labels
from appliance.web.offers import Offered
from appliance.web.serve import Page

AGAIN = 75
"""The exit code of a half that a person asked to be started again."""
LAST = 4.5
"""Seconds after which a half that should end is ended."""
log = logging.getLogger("mien")


class Half:
    """Every edge, and the owner between them."""

    def __init__(self, memory: journal.Memory | None = None) -> None:
        self.memory = memory
        self.code = 0
        state, run = places.state(), places.run()
        for folder in (state, run):
            folder.mkdir(parents=True, exist_ok=True)
        self.troubles: dict[str, str] = {}
        self.hush = Hush(run / FLAG)
        self.store = Store((places.etc() / "mien.toml",), state / "settings.toml", self.retune)
        settings = self.store.settings
        self.filter = filtered(places.CONTRACT)
        self.pursuits = Pursuits(places.DEFAULTS / "pursuits.toml", state / "pursuits.toml", self.retune)
        files = (places.DEFAULTS / "moods.toml", places.etc() / "moods.toml")
        self.rulebook = Rulebook(files, state / "moods.toml", self.reruled)
        self.history = History(state / "history.db", settings.history.days, sure=clock.sure)
        self.owner = Owner(self.knobs(), self.perform, self.told, self.quiet, self.pressed, self.turned)
        post = self.owner.post
        reach = self.reach = Dial(settings.music.server, settings.music.password)
        songs = self.catalogue = Catalogue(state / "library.db")
        self.chooser = Chooser(
            reach, post, self.rulebook.read(), settings.choice, chart=songs.chart, edition=songs.edition,
            moved=songs.moved, habits=partial(self.history.among, HABITS, 0.0),
        )  # fmt: skip
        self.chooser.recall()
        self.history.forgotten = self.chooser.forgotten
        self.jukebox = Jukebox(
            reach, post, state / "jukebox.json", settings.music.ceiling, self.chooser.library, self.chooser.spoiled,
            self.chooser.lists,
        )  # fmt: skip
        self.stickers = Stickers(reach, sure=clock.sure)
        self.link = Link(run / "eye.sock", post)
        self.home = Home(Hub(settings.broker, settings.page.port), lambda: self.owner.snapshot, post)
        self.control = Control(run / "mien.sock", lambda: self.owner.snapshot, post, self.pressed)
        self.page: Page | None = None

    def start(self) -> None:
        for edge in (self.history, self.chooser, self.stickers, self.jukebox, self.link, self.control, self.home):
            edge.start()
        self.owner.post(Recalled(readings(self.history)))
        try:
            chosen = self.store.settings.page
            self.page = Page(
                lambda: self.owner.snapshot,
                self.owner.post,
                self.store,
                self.history,
                chosen.host,
                chosen.port,
                places.state(),
                self.restart if tended() else None,
                self.memory,
            )
            self.furnish(self.page.house)
            self.page.start()
            log.info("the page is at port %d", self.page.port)
        except OSError as error:
            self.page = None
            self.troubles["page"] = f"the page cannot be served: {error.strerror or error}"
            log.error(self.troubles["page"])

    def furnish(self, house: House) -> None:
        """Hand the page what it shows of the other rooms besides the snapshot."""
        house.pursuits = self.pursuits
        house.cover = Covers(self.reach)
        house.catalogue = self.catalogue
        house.rules = self.rulebook
        house.labels = Labels(self.tracks)
        house.offers = Offered(self.tracks)
        house.fitting = self.chooser.fitting
        house.intake = Intake(MusicFolder(self.reach))

    def tracks(self) -> Rack:
        """The library as it was read last."""
        return self.chooser.shelved().tracks

    def stop(self) -> None:
        for edge in (
            self.history,
            self.jukebox,
            self.link,
            self.chooser,
            self.stickers,
            self.home,
            self.control,
            self.page,
        ):
            if edge is not None:
                edge.stop()

    def restart(self) -> None:
        """End, to be started again. From any thread."""
        log.info("asked to start again")
        self.code = AGAIN
        self.owner.post(Stop())

    def perform(self, command: Command) -> None:
        """Hand a command to the edge that carries it out. None of them waits."""
        match command:
            case Choose():
                self.chooser.ask(command)
            case Play() | Pause() | Resume() | Skip() | SetVolume() | Update():
                self.jukebox.do(command)
            case Tell(message):
                self.link.say(message)
            case Remember():
                self.history.add(command)
                self.chooser.learned(command)
                self.stickers.learned(command)
            case ShutDown():
                power_off()

    def knobs(self) -> Knobs:
        """The session's, as settings and picker have them now."""
        return replace(self.store.settings.knobs(self.filter), pursuits=self.pursuits.read())

    def retune(self, settings: Settings | None = None) -> None:
        """A phone changed the settings, or the picker. Each edge takes its own; the session's go through the owner."""
        settings = settings or self.store.settings
        self.jukebox.ceiling = settings.music.ceiling
        self.chooser.settings = settings.choice
        self.history.days = settings.history.days
        self.owner.post(Retuned(self.knobs()))

    def reruled(self, fresh: Rules) -> None:
        """A phone changed what fits a mood: whatever is chosen from now on goes by it."""
        self.chooser.rules = fresh

    def told(self) -> Iterator[str]:
        yield from (
            self.store.trouble,
            self.pursuits.trouble,
            self.rulebook.trouble,
            self.history.trouble,
            self.home.trouble,
            *self.troubles.values(),
        )
        yield self.page.trouble if self.page else ""

    def quiet(self) -> bool | None:
        return clock.quiet(self.store.settings.quiet, time.time()) if clock.sure() else None

    def turned(self) -> None:
        notify("WATCHDOG=1")
        self.hush.heed(self.owner.snapshot)

    def pressed(self) -> bool:
        return self.page is not None and self.page.pressed()


def tended() -> bool:
    """Is there something that starts this half again when it ends: systemd, or the desk?"""
    return "INVOCATION_ID" in os.environ or "MIEN_LOG" in os.environ


def power_off() -> None:
    """Leave a note for mien-off.path, which shuts the box down. Where that does not watch, nothing is turned off."""
    (places.run() / "off").touch()
    log.warning("asked to turn the box off")


def main() -> int:
    be_thrifty()
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    memory = journal.Memory()
    logging.getLogger().addHandler(memory)
    logging.getLogger("mpd").setLevel(logging.WARNING)  # it tells of every attempt to connect
    try:
        half = Half(memory)
    except OSError as error:
        log.error("cannot start: %s", error)
        return 73
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: half.owner.post(Stop()))
    half.start()
    notify("READY=1")
    half.owner.run()
    notify("STOPPING=1")
    guard = threading.Timer(LAST, os._exit, (half.code,))
    guard.daemon = True
    guard.start()
    half.stop()
    return half.code


if __name__ == "__main__":
    sys.exit(main())
