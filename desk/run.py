"""The whole speaker on this machine, until Ctrl-C.

Its own music server, both halves and the page are started in that order and ended in the other. A half that fails is
started again, as systemd does on a box; one that will not stay up ends the run with its last words. Nothing stays
behind but songs, settings, history and logs, in one folder.
"""

import signal
import sys
import threading
import time
from shlex import quote
from types import FrameType

from desk import jukebox
from desk.child import Hopeless
from desk.composer import Interrupted, Uncomposed
from desk.page import missing, shut
from desk.places import Lock, Taken, places
from desk.speaker import Speaker
from desk.tidings import Tidings
from desk.wishes import arguments

BEAT = 0.25
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def say(words: str) -> None:
    print(words, flush=True)


def run(speaker: Speaker, over: threading.Event) -> None:
    """Until told that it is over. Says "ready" once, when the page says that both halves and the music are there."""
    if not over.is_set():
        speaker.start()
    tidings = Tidings(time.monotonic())
    ready = False
    while not over.wait(BEAT):
        speaker.tend()
        if speaker.turned_off():
            say("the button was held: the speaker ends, as a box would be shut down")
            return
        if ready:
            continue
        wrong = missing(speaker.port)
        if wrong == []:
            ready = True
            greet(speaker)
            speaker.listen()
        elif said := tidings.heard(wrong, time.monotonic()):
            say(f"{said} (logs in {speaker.where.log})")


def greet(speaker: Speaker) -> None:
    say(f"ready: http://localhost:{speaker.port}")
    say(f"  it sees by: {speaker.camera}")
    say(f"  music server: {speaker.address}  ({jukebox.remote(speaker.address)} status)")
    order = f"MIEN_RUN={quote(str(speaker.where.run))} {quote(sys.executable)} -m firmware.actor"
    played = speaker.played()
    if speaker.camera == "actor":
        say(f"  tell the actor: {order} happy")
    if played:
        say(f"  press its button: {order} press  (or double, long, very_long)")
    if shut(speaker.port):
        say(f"  its shutter is closed, as it was left: {f'{order} long' if played else 'a long press'} opens it")
    say("  Ctrl-C ends it")


def main(words: list[str]) -> int:
    wanted = arguments(words)
    over = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        over.set()

    for number in ENDING:
        signal.signal(number, stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)  # setup.sh blocks them until somebody here can hear them
    where = places()
    speaker: Speaker | None = None
    try:
        lock = Lock(where)
    except Taken as error:
        say(str(error))
        return 1
    try:
        where.make()
        speaker = Speaker(wanted, where, over, say)
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
