"""The half that sees, composed and run: `python -m firmware [--camera auto|picamera2|usb|actor|replay:FOLDER]`.

Exit codes, for systemd and for people: 0 told to stop (SIGTERM, SIGINT); 64 settings that cannot be taken; 65 a model
that cannot be used; 66 pins or cascades that cannot be had; 70 a camera that hung; 75 asked, from the page, to be
started again.
"""

import argparse
import logging
import os
import queue
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from firmware import wire
from firmware.actor import Stage
from firmware.camera import open_camera
from firmware.card import Card
from firmware.cascades import CascadeMissing
from firmware.expression import MODEL, ModelError, Network
from firmware.eye import CameraHung, Eye
from firmware.glance import Glancer
from firmware.link import Link
from firmware.lookout import Lookout
from firmware.notify import notify
from firmware.panel import Finger, Panel, PanelError, choose_pins
from firmware.prompter import Prompter
from firmware.settings import CameraSettings, Settings, SettingsError, read
from firmware.shutter import Shutter

STOPPED, BAD_SETTINGS, BAD_MODEL, BAD_PINS, HUNG, AGAIN = 0, 64, 65, 66, 70, 75
LONGEST_WAIT = 1.0  # seconds that the owner ever sleeps
CARD_WAIT = 2.0  # seconds that the end waits for the card; systemd gives all of it five
DEFAULTS = Path(__file__).resolve().parent.parent / "config" / "eye.toml"
log = logging.getLogger("eye")
Event = Callable[[float], None] | None  # what to do, told the time; None is the last


def settings_from(arguments: argparse.Namespace) -> Settings:
    """The defaults, the household's file over them, the command line over both."""
    household = Path(os.environ.get("MIEN_ETC", "/etc/mien")) / "eye.toml"
    settings = read(*(file for file in (DEFAULTS, household) if file.exists()))
    if arguments.camera:
        camera = msgspec.structs.asdict(settings.camera) | {"source": arguments.camera}
        try:
            return msgspec.structs.replace(settings, camera=msgspec.convert(camera, CameraSettings))
        except msgspec.ValidationError as error:
            raise SettingsError([f"--camera {arguments.camera}: {error}"]) from error
    return settings


class Half:
    """The edges, and the one queue through which they reach the owner."""

    def __init__(self, settings: Settings, network: Network) -> None:
        state = Path(os.environ.get("MIEN_STATE", "/var/lib/mien"))
        run = Path(os.environ.get("MIEN_RUN", "/run/mien"))
        for folder in (state, run):
            folder.mkdir(parents=True, exist_ok=True)
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()  # a signal may put into it at any moment
        mock = choose_pins()
        post = self.events.put
        self.panel = Panel(settings, lambda down, when: post(lambda now: self.eye.edge(down, when)))
        stage = Stage()
        self.lookout = Lookout(
            lambda: open_camera(settings.camera, stage),
            self.panel.camera,
            lambda outcome: post(lambda now: self.eye.outcome(outcome, now)),
        )
        self.card = Card()
        shutter = Shutter(state / "shutter", self.card.write)
        glancer = Glancer(settings, network)
        self.link = Link(run / "eye.sock", wire.Hello(wire.VERSION, network.fingerprint), self._heard)
        self.eye = Eye(settings, glancer, shutter, self.lookout, self.panel.mood, self.link)
        self.prompter: Prompter | None = None
        if mock or settings.camera.source == "actor":
            finger = Finger(settings.button)

            def perform(line: str) -> str:
                if mock and line in Finger.STROKES:
                    return finger.stroke(line)
                if settings.camera.source != "actor":
                    raise ValueError(f"no actor plays here; the button knows {', '.join(Finger.STROKES)}")
                return stage.order(line)

            own = Path(os.environ.get("RUNTIME_DIRECTORY", run))  # a folder that systemd gives this half alone
            self.prompter = Prompter(own / "actor.sock", perform)

    def _heard(self, word: wire.Word | wire.Fault | bool) -> None:
        match word:
            case bool(up):
                log.info("the other half is %s", "there" if up else "gone")
                self.events.put(lambda now: self.eye.link(up, now))
            case wire.Fault() as fault:
                log.warning("not understood (%s): %s", type(fault).__name__, fault)
            case message:
                self.events.put(lambda now: self.eye.hear(message, now))

    def take(self, wait: float) -> int | None:
        """The next event, if one comes in time, and what it leads to; the exit code, if that is the end."""
        try:
            event = self.events.get(timeout=max(0.0, wait))
        except queue.Empty:
            return None
        if event is None:
            return STOPPED
        event(time.monotonic())
        if self.eye.ending:
            log.info("asked to start again")
            return AGAIN
        return None

    def run(self) -> int:
        """Until the end, and whatever that is: what a hand has closed will be found closed."""
        try:
            return watch(self)
        finally:
            if not self.card.close(CARD_WAIT):
                log.warning("the card does not take how the shutter stands; the next start may find it otherwise")

    def close(self) -> None:
        """Camera first: what must be free is freed before what may wait."""
        self.lookout.wish("quit")
        if not self.lookout.join(1.0):
            log.warning("the camera does not let go; ending takes it away")
        if self.prompter:
            self.prompter.close()
        self.link.close()
        self.panel.close()


def watch(half: Half) -> int:
    """The loop.

    What fails and what then: a camera that fails is reopened here, with growing waits, and told of in each Health. A
    camera that hangs ends this process, for only that surely frees it, and systemd starts another. The other half may
    come and go: nothing here waits for it, and the shutter obeys the button without it. A word that is not understood
    is logged and the next one read. Anything that nobody foresaw ends this process with its traceback: an eye that is
    half well is worse than one that starts anew. The watchdog is fed by frames read and judged, and while the shutter
    is closed, or the camera is known and told to be lost, by turns of this loop.

    What a hand does while a slow board judges a frame waits in the queue, and is heard before time passes, or one press
    would be taken for two. No more is heard first than was there already: one who talks without end must not stop time.
    """
    fed = 0
    ready = False
    while True:
        now = time.monotonic()
        for _ in range(half.events.qsize()):
            if (code := half.take(0.0)) is not None:
                return code
        half.eye.tick(now)
        clock = time.localtime()
        lamp = half.panel.mood.refresh(now, clock.tm_hour * 60 + clock.tm_min)
        if not ready and (half.eye.judged or half.eye.excused):
            ready = True
            notify("READY=1")
        if half.eye.judged != fed or half.eye.excused:
            fed = half.eye.judged
            notify("WATCHDOG=1")
        until = now + min(half.eye.due(now), LONGEST_WAIT, lamp or LONGEST_WAIT)
        if (code := half.take(until - time.monotonic())) is not None:
            return code


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m firmware", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--camera", help="auto, picamera2, usb, actor or replay:FOLDER; over the settings")
    parser.add_argument("--model", type=Path, default=MODEL, help="the network; its contract lies beside it")
    arguments = parser.parse_args(words)
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    try:
        settings = settings_from(arguments)
        network = Network(arguments.model)
        half = Half(settings, network)
    except SettingsError as error:
        for fault in error.faults:
            log.error("settings: %s", fault)
        return BAD_SETTINGS
    except ModelError as error:
        log.error("model: %s", error)
        return BAD_MODEL
    except (PanelError, CascadeMissing) as error:
        log.error("%s", error)
        return BAD_PINS
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: half.events.put(None))
    try:
        code = half.run()
    except CameraHung as error:
        log.error("%s: ending, so that it is freed and tried anew", error)
        notify(f"STATUS={error}")
        logging.shutdown()
        os._exit(HUNG)  # a thread that hangs in a driver must not hold up the end
    notify("STOPPING=1")
    half.close()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
