"""All processes of one run: a music server of its own where none was named, both halves, and the listener."""

import argparse
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from desk import jukebox, settings
from desk.child import CODE, Child, Hopeless
from desk.composer import compose
from desk.page import free_port
from desk.places import Places

STREAM_PORT = 8600


def usb_camera(devices: Path = Path("/sys/class/video4linux")) -> bool:
    """A Pi has video devices that are no cameras, so only those on USB count."""
    return devices.is_dir() and any("/usb" in str(device.resolve()) for device in devices.iterdir())


class Speaker:
    """Made ready, but not started, by being made: songs are composed and folders found, and `say` tells of it."""

    def __init__(
        self, wanted: argparse.Namespace, where: Places, over: threading.Event, say: Callable[[str], None]
    ) -> None:
        self.where = where
        self._say = say
        self.port = free_port(wanted.port)
        if self.port != wanted.port:
            say(f"port {wanted.port} is taken; the page comes at {self.port}")
        self.camera = wanted.camera or ("usb" if usb_camera() else "actor")
        self.address = wanted.mpd or str(where.socket)
        self._children: list[Child] = []
        environment = where.environment() | {"MIEN_TRUST_LOCALHOST": "1", "PYTHONPATH": str(CODE)}
        own_songs = not wanted.mpd and wanted.music is None
        if not wanted.mpd:
            environment["MIEN_STREAM"] = self._music(where.songs if own_songs else wanted.music, own_songs, over)
        settings.write(where.keep / "etc", self.address, self.port, own_songs, wanted.broker or "")
        python = [sys.executable, "-m"]
        self._add("mien", [*python, "appliance"], environment)
        self._add("eye", [*python, "firmware", "--camera", self.camera], environment)
        listen = [*python, "appliance.library", "--stay", "--beside", "--server", self.address]
        self._listener = Child("listener", listen, where.log / "listener.log", environment)
        self._listening = False

    def _music(self, music: Path, own_songs: bool, over: threading.Event) -> str:
        """Songs, and a server for them; the address of its stream, where the machine itself has no sound."""
        if own_songs and compose(music, over, self._say):
            self._say(f"the box's own songs lie in {music}")
        if not any(music.iterdir()):
            self._say(f"{music} is empty: songs that are put into it are found while the speaker runs")
        sound = jukebox.sound(free_port(STREAM_PORT, "127.0.0.1"))
        self._say(f"sound goes to {sound.words}")
        command, user = jukebox.prepare(self.where, music, sound.outputs)
        self._add("mpd", command, {}, user)
        return sound.stream

    def _add(self, name: str, command: list[str], environment: dict[str, str], user: str = "") -> None:
        log = self.where.log / f"{name}.log"
        log.write_bytes(b"")  # each run tells of itself alone
        self._children.append(Child(name, command, log, environment, user))

    def start(self) -> None:
        for child in self._children:
            child.start()

    def tend(self) -> None:
        for child in self._children:
            if said := child.tend(time.monotonic()):
                self._say(said)
        if self._listening:
            try:
                said = self._listener.tend(time.monotonic())
            except Hopeless as error:
                self._listening, said = False, f"songs are heard no longer: {error}"
            if said:
                self._say(said)

    def played(self) -> bool:
        """Does somebody take orders in place of a camera or a button?"""
        return (self.where.run / "actor.sock").exists()

    def turned_off(self) -> bool:
        """Was the button held so long that a box would be shut down?"""
        return (self.where.run / "off").exists()

    def listen(self) -> None:
        """Hear the songs, and those that come, unnoticed. Should it fail, the music plays on without it."""
        self._listener.log.write_bytes(b"")
        self._listener.start()
        self._listening = True

    def end(self) -> None:
        """The music server last: the half that speaks gives a borrowed volume back to it. The others need not wait for
        one another."""
        last = [child for child in self._children if child.name == "mpd"]
        first = [child for child in (self._listener, *reversed(self._children)) if child not in last]
        for child in first:
            child.ask()
        for child in (*first, *last):
            child.end()
