"""The mains: cut in the middle of a song, and what the box does when they come back."""

import json
import os
import time
from pathlib import Path

from tests.rig.pi.inside import alone, house, pins, whole
from tests.rig.pi.inside.household import KEPT
from tests.rig.pi.inside.phone import Phone
from tests.rig.pi.inside.telling import hand, say, tell, until

CLOSED = Path("/var/lib/mien-eye/shutter")
MUSIC = Path("/var/lib/mien-mpd/state")
PLAYED = Path("/var/lib/rig/played")
LEFT = Path("/var/lib/rig/left")
SAVED = 300.0
"""Seconds within which the music server has written down what it plays; it does so every 120."""
WAITS = 12.0  # seconds in which music that nobody wants would come


def behind_the_shutter() -> None:
    """The shutter is closed by hand; the mains go a moment after the box has promised to remember it."""
    written_down()
    pins.press(2.0)
    until("the shutter closes", lambda: not pins.lit(pins.CAMERA))
    until("it is written down", lambda: CLOSED.read_text().startswith("closed"))


def to_play_on() -> None:
    """The household wants the music back by itself."""
    number, _ = Phone(json.loads(KEPT.read_text())["cookies"]).ask("/settings", {"music.resume_at_start": "yes"})
    tell("a phone asks that music play on after a power cut", f"{number}", number == 303)
    written_down()


def written_down() -> None:
    """The music server has on the card that it plays, since a moment ago."""
    until("a song plays", house.song)
    house.show("dark")  # what takes minutes here is to look for faces
    begun = time.time()
    until("it is on the card", lambda: MUSIC.stat().st_mtime > begun and "state: play" in MUSIC.read_text(), SAVED)


def cut() -> None:
    song = house.song()
    PLAYED.write_text(song)
    LEFT.write_text(f"{house.left()}")
    os.sync()  # the rig's own marks; what the box keeps it has synced itself
    tell("the mains are cut in the middle of play", song or "silence", bool(song))
    hand(cut=True)
    time.sleep(600)


def come_back() -> None:
    until("all is up by itself", house.well)
    tell("after the mains came back", f"all units are up by themselves, {time.monotonic():.0f} s after they came")


def still_closed() -> None:
    shut = house.snapshot().get("shutter_closed")
    dark, lamp = not pins.lit(pins.CAMERA), pins.shares(6.0)
    good = bool(shut) and dark and lamp[0] > 0 and lamp[1] > 0 and lamp[2] == 0
    tell("the shutter over a power cut",
         f"closed: {shut}; camera lamp dark: {dark}; lamp {alone.told(lamp)} of the time", good)  # fmt: skip
    pins.press(2.0)
    until("a hand opens it again", lambda: pins.lit(pins.CAMERA))
    tell("a hand opens it again", "the camera lamp is lit")


def music_waits(since: str = "after a power cut") -> None:
    """Quiet, whatever the eye sees, until a person wants something."""
    scene, said = [*whole.scenes().items()][-1]  # the last, so that each that is drawn later is another
    house.show(scene)
    until(f"the mood is {said}", lambda: house.mood() == said)
    time.sleep(WAITS)
    song = house.song()
    tell(f"the music {since}, with a face seen and nobody asking", song or "silent", not song)
    asked()


def asked() -> None:
    pins.press()
    took = until("the music comes back", house.song)
    before = f"; before the cut {PLAYED.read_text()}" if PLAYED.exists() else ""
    tell("somebody presses the button", f"{house.song()} plays after {took:.0f} s{before}")


def music_plays_on() -> None:
    took = until("the music comes back", house.song)
    song, before = house.song(), PLAYED.read_text()
    say(f"{song} after {took:.0f} s")
    over = float(LEFT.read_text()) < time.monotonic()  # songs here are no longer than a start takes twice
    said = f"{song} plays by itself; before the cut {before}"
    if over:
        said += ", of which less was left than the start took"
    tell("the music after a power cut, told to play on", said, song == before or (bool(song) and over))
    house.show("dark")  # a mood seen now would bring another song
    time.sleep(4.0)  # it comes back from silence
    house.hear("the sound card after that", house.song())
