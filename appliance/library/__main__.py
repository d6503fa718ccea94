"""The listener: `python -m appliance.library` hears every song of the household once, at the lowest priority, and ends;
or stays for those that come.

Told to stop, or killed at any moment, it goes on at the next song when it is started again. It is the catalogue's one
writer (a lock sees to it), but for people's corrections.
"""

import argparse
import fcntl
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

import mpd

from appliance import dial, hush, places, settings
from appliance.dial import LOST, Dial
from appliance.library import cabinet, export, listing, patience
from appliance.library.bell import Bell
from appliance.library.catalogue import Catalogue
from appliance.library.decode import RULES, Lacking, Unreadable
from appliance.library.ear import Ear
from appliance.library.entry import AWAY
from appliance.library.hand import DEADLY, Hand, outlived
from appliance.library.mapping import Mapping, NoMapping
from appliance.library.network import Deaf, Network
from appliance.library.register import Register, Waiting

PART = 500
"""Songs after which what is known so far is written out."""
log = logging.getLogger("mien.library")


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m appliance.library", description=__doc__)
    parser.add_argument("--once", action="store_true", help="hear what waits and end (what it does anyway)")
    parser.add_argument("--stay", action="store_true", help="hear what waits, and what comes from then on")
    parser.add_argument("--music", type=Path, metavar="FOLDER", help="where the music server's files lie")
    parser.add_argument("--server", metavar="HOST:PORT", help="the music server; else the one in the settings")
    parser.add_argument("--eager", action="store_true", help="at once, whatever else runs: to watch it by hand")
    parser.add_argument("--beside", action="store_true", help="also while the eye looks at somebody: cores to spare")
    parser.add_argument("--plain", action="store_true", help="without the network, as a very small box does")
    parser.add_argument("--recall", type=Path, metavar="FILE", help="take corrections over from another library.tsv")
    return parser.parse_args(words)


def ear(plain: bool) -> Ear:
    """Without the network where it cannot be used, which is said. Raises NoMapping."""
    mapping = Mapping()
    if plain:
        return Ear(mapping, None)
    try:
        return Ear(mapping, Network(wanted=mapping.network))
    except Deaf as why:
        log.warning("songs are placed without the network: %s", why)
        return Ear(mapping, None)


def reach() -> Dial:
    files = [file for file in (places.etc() / "mien.toml", places.state() / "settings.toml") if file.exists()]
    music = settings.read(files[0]).music if files and files[0].name == "mien.toml" else settings.Settings().music
    return Dial(music.server, music.password)


@dataclass
class Listener:
    """One listening. `over` ends it between two songs."""

    ear: Ear
    state: Path
    over: threading.Event
    say: Callable[[str], None]
    rest: Callable[[threading.Event], None]

    def __post_init__(self) -> None:
        self.catalogue = Catalogue(self.state / "library.db")
        self.register = Register(self.catalogue.path)
        self.sheet = self.state / "library.tsv"
        self.hand = Hand(self.state / "library.hand")

    def run(self, client: mpd.MPDClient, music: Path | None) -> None:
        """Take the list, then hear what waits. Raises what the client raises when the connection is lost."""
        self.register.take(listing.listed(client))
        music = music or listing.folder(client)
        dial.hang_up(client)  # a server hangs up on those who are silent for a minute
        if music is None:
            self.say("the music server does not tell where its files lie: give --music FOLDER, or use its socket")
        self.work(music)

    def work(self, music: Path | None) -> None:
        """Hear what waits, a song after the other, as far as files can be reached."""
        self.register.remap(self.ear)
        self.register.reconsider(RULES)
        waiting = self.register.waiting(self.ear)
        files = {song.uri: listing.reach(music, song.uri) if music else None for song in waiting}
        self.register.unreached([song for song in waiting if files[song.uri] is None], AWAY)
        at_hand = [(song, file) for song in waiting if (file := files[song.uri]) is not None]
        doubted = self.hand.doubted(waiting)
        at_hand.sort(key=lambda one: one[0] in doubted)
        self.say(f"{len(at_hand)} songs to hear")
        for number, (song, file) in enumerate(at_hand, 1):
            self.rest(self.over)
            if self.over.is_set():
                break
            with self.hand.holding(song):
                if song not in doubted:
                    self.hear(song, file)
                elif not outlived(partial(self.hear, song, file)):
                    self.refuse(song, DEADLY)
            if number % PART == 0:
                export.write(self.catalogue, self.sheet)
        export.write(self.catalogue, self.sheet)

    def hear(self, song: Waiting, file: Path) -> None:
        begun = time.monotonic()
        try:
            heard = self.ear.hear(file, song.duration or None)
        except Unreadable as why:
            if listing.at_hand(file):
                self.refuse(song, str(why))
            else:  # its disk or share went while it was heard, or since it was listed
                self.put_off(song, AWAY)
            return
        except OSError as why:
            self.put_off(song, str(why) if isinstance(why, Lacking) else AWAY)
            return
        self.register.heard(song, heard, self.ear, time.monotonic() - begun)
        so_far = self.catalogue.progress()
        left = f", {clock(so_far.seconds_left)} left" if so_far.seconds_left else ""
        self.say(f"{so_far.done} of {so_far.total} songs{left}")

    def refuse(self, song: Waiting, why: str) -> None:
        self.register.refused(song, why)
        self.say(f"{song.uri}: {why}")

    def put_off(self, song: Waiting, why: str) -> None:
        """Until the next time: it cannot be heard now, and may well be then."""
        self.register.unreached([song], why)
        self.say(f"{song.uri}: {why}")


def clock(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{max(1, minutes)} min"


def edition(client: mpd.MPDClient) -> tuple[str | None, ...]:
    """Another one whenever the server's songs changed. When that was it tells to the second, which two changes may
    share: so how many there are too, and how long they last."""
    told = client.stats()
    return tuple(told.get(name) for name in ("db_update", "songs", "db_playtime"))


def listen(listener: Listener, to: Dial, music: Path | None) -> int:
    """Hear what waits, and what came while that was heard: whoever rings for new songs may not hear of those."""
    try:
        client = to.connect()
    except (*LOST, ValueError, mpd.MPDError) as error:
        log.error("no music server at %s: %s", to.server, error)
        return 69
    try:
        before: tuple[str | None, ...] = ()
        while (now := edition(client)) != before:
            before = now
            listener.run(client, music)
            if listener.over.is_set():
                break
            dial.hang_up(client)
            client = to.connect()
            export.stick(client, listener.catalogue.entries())
    except (*LOST, mpd.MPDError) as error:
        log.error("the music server was lost: %s", error)
        return 69
    finally:
        dial.hang_up(client)
    return 0


def main(words: list[str]) -> int:
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("mpd").setLevel(logging.WARNING)  # it tells of every attempt to connect
    wanted = arguments(words)
    over = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        """At once, in the midst of a song: it is begun anew next time."""
        over.set()
        sys.exit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    if not wanted.eager:
        patience.step_back()
    state = places.state()
    state.mkdir(parents=True, exist_ok=True)
    with (state / "library.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.info("another listener is at work already")
            return 0
        try:
            flag = None if wanted.beside else places.run() / hush.FLAG
            rest = patience.never if wanted.eager else partial(patience.rest, flag)
            listener = Listener(ear(wanted.plain), state, over, lambda words: print(words, flush=True), rest)
        except NoMapping as error:
            log.error("%s", error)
            return 78
        mend(listener, wanted.recall)
        to = Dial(wanted.server) if wanted.server else reach()
        if wanted.once or not wanted.stay:
            return listen(listener, to, wanted.music)
        bell = Bell(to, over)
        bell.start()
        while True:  # until the signal
            bell.wait()
            listen(listener, to, wanted.music)


def mend(listener: Listener, recalled: Path | None) -> None:
    """A damaged catalogue is set aside; what people said of their songs comes back from the plain file."""
    if aside := cabinet.set_aside(listener.catalogue.path):
        log.error("the catalogue was damaged; it lies as %s, and a new one is begun", aside.name)
        recalled = recalled or listener.sheet
    if recalled:
        try:
            log.info(
                "%d corrections are taken over from %s", export.recall(recalled, listener.catalogue.path), recalled
            )
        except (OSError, ValueError) as error:
            log.error("corrections cannot be taken over: %s", error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
