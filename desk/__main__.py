"""`python -m desk`: the whole speaker on this machine, until Ctrl-C. Usually called by `./setup.sh run`.

Its own music server, both halves and the page are started in that order and ended in the other. A half that fails is
started again, as systemd does on a box; one that will not stay up ends the run with its last words. Nothing stays
behind but songs, settings, history and logs, in one folder.
"""

import argparse
import re
import signal
import sys
import threading
import time
from pathlib import Path
from shlex import quote
from types import FrameType

from desk import jukebox, settings
from desk.child import Child, Hopeless
from desk.composer import Interrupted, Uncomposed, compose
from desk.page import free_port, ills
from desk.places import Lock, Places, Taken, places

PORT, STREAM_PORT = 8080, 8600
READY_WITHIN = 60.0  # seconds; past them the run goes on and tells what is missing
BEAT = 0.25
CODE = Path(__file__).resolve().parent.parent


def say(words: str) -> None:
    print(words, flush=True)


def camera(word: str) -> str:
    if word in {"usb", "actor", "picamera2"}:
        return word
    if word.startswith("replay:"):
        return f"replay:{Path(word.removeprefix('replay:')).resolve()}"
    raise argparse.ArgumentTypeError("usb, actor, picamera2 or replay:FOLDER")


def server(word: str) -> str:
    if re.fullmatch(r"[^\s/:]+:\d{1,5}", word) or word.startswith("/"):
        return word
    raise argparse.ArgumentTypeError("HOST:PORT, for example localhost:6600, or a socket's path")


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./setup.sh run", description="The whole speaker on this machine.")
    parser.add_argument("--camera", type=camera, help="usb, actor, picamera2 or replay:FOLDER; usb if there is one")
    parser.add_argument("--music", type=Path, metavar="FOLDER", help="your songs; else the box plays its own")
    parser.add_argument("--mpd", type=server, metavar="HOST:PORT", help="a music server that is already there")
    parser.add_argument("--port", type=int, default=PORT, help=f"of the page; {PORT} or the next free one")
    return parser.parse_args(words)


def usb_camera(devices: Path = Path("/sys/class/video4linux")) -> bool:
    """A Pi has video devices that are no cameras, so only those on USB count."""
    return devices.is_dir() and any("/usb" in str(device.resolve()) for device in devices.iterdir())


class Speaker:
    """All processes of one run."""

    def __init__(self, wanted: argparse.Namespace, where: Places, over: threading.Event) -> None:
        self.where = where
        self.port = free_port(wanted.port)
        if self.port != wanted.port:
            say(f"port {wanted.port} is taken; the page comes at {self.port}")
        self.camera = wanted.camera or ("usb" if usb_camera() else "actor")
        self.children: list[Child] = []
        environment = where.environment() | {"MIEN_TRUST_LOCALHOST": "1", "PYTHONPATH": str(CODE)}
        address = wanted.mpd

        own_songs = not wanted.mpd and wanted.music is None
        if not address:
            music = wanted.music.resolve() if wanted.music else where.songs
            if own_songs and compose(music, over, say):
                say(f"the box's own songs lie in {music}")
            if not music.is_dir():
                raise jukebox.Unplayable(f"{music} is no folder")
            sound = jukebox.sound(free_port(STREAM_PORT, "127.0.0.1"))
            say(f"sound goes to {sound.words}")
            command, user, socket = jukebox.prepare(where, music, sound.outputs)
            self._add("mpd", command, {}, user)
            environment["MIEN_STREAM"] = sound.stream
            address = str(socket)
        settings.write(where.keep / "etc", address, self.port, own_songs)
        python = [sys.executable, "-m"]
        self._add("mien", [*python, "appliance"], environment)
        self._add("eye", [*python, "firmware", "--camera", self.camera], environment)
        listen = [*python, "appliance.library", "--beside", "--server", address]
        self.listener = Child("listener", listen, self.where.log / "listener.log", environment)
        self.address = address

    def _add(self, name: str, command: list[str], environment: dict[str, str], user: str = "") -> None:
        log = self.where.log / f"{name}.log"
        log.write_bytes(b"")  # each run tells of itself alone
        self.children.append(Child(name, command, log, environment, user))

    def start(self) -> None:
        for child in self.children:
            child.start()

    def tend(self) -> None:
        for child in self.children:
            if said := child.tend(time.monotonic()):
                say(said)

    def listen(self) -> None:
        """Hear the songs once, unnoticed: it ends by itself, so nobody starts it again."""
        self.listener.log.write_bytes(b"")
        self.listener.start()

    def end(self) -> None:
        self.listener.end()
        for child in reversed(self.children):
            child.end()


def run(speaker: Speaker, over: threading.Event) -> None:
    """Until told that it is over. Says "ready" once, when the page says that all is well."""
    speaker.start()
    late = time.monotonic() + READY_WITHIN
    ready = False
    while not over.wait(BEAT):
        speaker.tend()
        if ready:
            continue
        wrong = ills(speaker.port)
        if wrong == []:
            ready = True
            greet(speaker)
            speaker.listen()
        elif time.monotonic() > late:
            late = float("inf")
            say(f"not ready yet: {', '.join(wrong or ['the page does not answer'])}; logs in {speaker.where.log}")


def greet(speaker: Speaker) -> None:
    say(f"ready: http://localhost:{speaker.port}")
    say(f"  it sees by: {speaker.camera}")
    say(f"  music server: {speaker.address}  (mpc --host={speaker.address} status)")
    if speaker.camera == "actor":
        run, python = quote(str(speaker.where.run)), quote(sys.executable)
        say(f"  tell the actor: MIEN_RUN={run} {python} -m firmware.actor happy")
    say("  Ctrl-C ends it")


def main(words: list[str]) -> int:
    wanted = arguments(words)
    over = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        over.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    where = places()
    speaker: Speaker | None = None
    try:
        lock = Lock(where)
    except Taken as error:
        say(str(error))
        return 1
    try:
        where.make()
        speaker = Speaker(wanted, where, over)
        run(speaker, over)
    except Interrupted:
        pass  # nothing was started yet
    except (jukebox.Unplayable, Uncomposed, Hopeless, OSError) as error:
        say(str(error))
        return 1
    finally:
        if speaker:
            speaker.end()
        lock.close()
    say("ended")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
