"""MPD, and whatever speaks its protocol: an edge with two connections, found again however often it is lost.

One connection waits in `idle`, which blocks and cannot be spoken over; the other carries commands and readings, and is
used by one thread alone. So a reading taken just before each act of our own tells a person's hand from ours: what
changed before it was theirs, what changes with it is ours.
"""

import contextlib
import logging
import os
import queue
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import mpd

from appliance import dial, hands
from appliance.debts import Debts
from appliance.dial import LOST, Dial, reason
from appliance.events import Event, JukeboxLink, Player, PlayerChanged
from appliance.stocktaking import take_stock
from appliance.turntable import Act, Turntable

STEP = 0.2
"""Seconds between two steps of a fade."""
PING = 20.0
"""Seconds of stillness after which the server is asked for a sign of life; MPD hangs up after sixty."""
PATIENCE = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
"""Seconds before each new attempt to connect."""
HEARD = ("player", "mixer", "playlist", "options", "output", "database", "stored_playlist")
"""What the server is to tell changes of."""
SLOW = 2.0
"""A server that is not MPD shows the effect of a command later; for so long it counts as ours."""
log = logging.getLogger("mien.jukebox")


class Jukebox:
    """Posts JukeboxLink, PlayerChanged and Hand. `do` never waits. `library` is called when the songs may differ,
    `lists` when a stored playlist does."""

    def __init__(
        self,
        reach: Dial,
        post: Callable[[Event], None],
        debts: Path,
        ceiling: int = 80,
        library: Callable[[], None] = lambda: None,
        spoiled: Callable[[str], None] = lambda uri: None,
        lists: Callable[[], None] = lambda: None,
    ) -> None:
        self.ceiling = ceiling
        self._reach, self._post = reach, post
        self._library, self._spoiled, self._lists = library, spoiled, lists
        self._debts = Debts(debts)
        self._told: queue.SimpleQueue[Act | tuple[str, ...] | None] = queue.SimpleQueue()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._live, name="jukebox", daemon=True)
        self._before: Player | None = None
        self._read_at = 0.0
        self._songs = 0
        self._lately: dict[str, float] = {}
        self._served = False  # whether this connection got as far as being of use

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """The music plays on; a fade gives the volume back."""
        self._ending.set()
        self._told.put(None)
        self._thread.join(3.0)

    def do(self, command: Act) -> None:
        """Dropped while no server answers: the session is told, and decides anew when there is one."""
        self._told.put(command)

    def _live(self) -> None:
        tries, said = 0, ""
        while not self._ending.is_set():
            self._served = False
            why = self._try()
            if self._ending.is_set():
                return
            if self._served:
                tries, said = 0, ""
            if why != said:
                said = why
                log.warning(why)
                self._post(JukeboxLink("down", why))
            self._ending.wait(PATIENCE[min(tries, len(PATIENCE) - 1)])
            tries += 1

    def _try(self) -> str:
        """Find it and serve it, and why that ended. One that answers and refuses was never found."""
        try:
            client = self._reach.connect()
            try:
                self._serve(client)
            finally:
                dial.hang_up(client)
        except (*LOST, ValueError, mpd.MPDError) as error:
            why = reason(error)
            return (
                f"the music server was lost: {why}"
                if self._served
                else f"no music server at {self._reach.server}: {why}"
            )
        return ""

    def _serve(self, client: mpd.MPDClient) -> None:
        """One connection's life; ends by raising, or when told to stop."""
        while not self._told.empty():
            self._told.get()  # meant for a player that was lost
        table = Turntable(client, self._debts, time.monotonic, self.ceiling)
        watcher = self._reach.connect()
        watch = threading.Thread(target=self._watch, args=(watcher,), name="jukebox-idle", daemon=True)
        try:
            table.settle()
            take_stock(client, self._reach.server)
            self._before = None
            self._lately.clear()
            songs = int(client.stats().get("songs", 0))
            kind = "MPD" if table.mpd >= (0, 20) else "a server that speaks MPD's protocol"
            self._songs = songs
            self._served = True
            self._post(JukeboxLink("up", f"{kind} {client.mpd_version}", songs, self._debts.eased))
            self._library()
            self._look(table, frozenset())
            watch.start()
            while self._turn(table, client):
                pass
            table.mixer.end()
        finally:
            wake(watcher)
            if watch.ident is not None:
                watch.join(2.0)
            dial.hang_up(watcher)

    def _turn(self, table: Turntable, client: mpd.MPDClient) -> bool:
        """One thing done. False when told to stop."""
        try:
            told = self._told.get(timeout=STEP if table.mixer.fade else PING)
        except queue.Empty:
            if table.mixer.fade:
                self._look(table, frozenset(), quietly=True)
                self._look(table, table.mixer.step(), quietly=True)
            else:
                client.ping()
            return True
        if told is None:
            return False
        if isinstance(told, tuple):
            self._changed(table, client, told)
            return True
        self._look(table, frozenset(), quietly=True)
        table.ceiling = self.ceiling
        try:
            ours = table.act(told)
        except mpd.CommandError as error:
            log.warning("the music server refused %s: %s", type(told).__name__, error)
            ours = frozenset({"skip", "pick", "resume", "stop"})  # it may have done a part
        self._look(table, ours)
        return True

    def _changed(self, table: Turntable, client: mpd.MPDClient, subsystems: tuple[str, ...]) -> None:
        if "lost" in subsystems:
            raise mpd.ConnectionError("it hung up")
        if "stored_playlist" in subsystems:
            self._lists()
        if "database" in subsystems:
            self._library()
            songs = int(client.stats().get("songs", 0))
            if songs != self._songs:
                self._songs = songs
                self._post(JukeboxLink("up", str(client.mpd_version), songs))
        # An update that takes the playing song away moves the queue on; nobody skipped it.
        moved = frozenset({"skip", "pick", "stop"}) if "database" in subsystems else frozenset()
        self._look(table, moved)

    def _look(self, table: Turntable, ours: frozenset[str], quietly: bool = False) -> None:
        """Read the player; tell of it, and of a person's hand in it. `quietly`: only if more than time has moved."""
        player, complaint = table.read()
        now = time.monotonic()
        if complaint:
            log.warning("the music server says: %s", complaint)
            ours |= {"skip", "pick", "stop"}  # it went past a song that it could not play
        for uri in table.spoiled:
            self._spoiled(uri)
        table.spoiled.clear()
        before, self._before = self._before, player
        moved, self._read_at = now - self._read_at, now
        if table.mpd < (0, 20):
            self._lately.update(dict.fromkeys(ours, now))
            ours = frozenset(name for name, at in self._lately.items() if now - at < SLOW)
        if before is not None:
            reckoned = replace(before, elapsed=before.elapsed + moved) if before.state == "play" else before
            hand = hands.read(reckoned, player, ours)
            if hand is not None:
                if hand.name == "skip":  # told of the song that was skipped, so before the one that it led to
                    self._post(hand)
                self._post(PlayerChanged(player))
                if hand.name != "skip":
                    self._post(hand)
                return
        if not quietly or before is None or replace(before, elapsed=0.0) != replace(player, elapsed=0.0):
            self._post(PlayerChanged(player))

    def _watch(self, watcher: mpd.MPDClient) -> None:
        """The idle connection's thread: turns what it hears into notes for the other."""
        try:
            while not self._ending.is_set():
                self._told.put(tuple(watcher.idle(*HEARD)))
        except (*LOST, mpd.MPDError, ValueError):  # ValueError: its file was closed under it
            self._told.put(("lost",))


def wake(client: mpd.MPDClient) -> None:
    """End another thread's wait on this connection."""
    with contextlib.suppress(*LOST), socket.socket(fileno=os.dup(client.fileno())) as same:
        same.shutdown(socket.SHUT_RDWR)
