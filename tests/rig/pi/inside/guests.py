"""The two processes that come and go beside the halves: the night's listener, and the judge of a photo."""

import sqlite3
from contextlib import closing
from pathlib import Path

import cv2

from appliance.web.sight import Unjudged, by_look
from firmware.actor import Actor
from firmware.settings import CameraSettings
from tests.rig.pi.inside import house, limits
from tests.rig.pi.inside.telling import run, tell, until

CATALOGUE = Path("/var/lib/mien/library.db")
LISTENER, JUDGE = "mien-library", "mien-look@"
LONG = 1800.0
"""Seconds for a song: it is heard only while nobody else wants the one processor."""


def listener() -> None:
    """It hears a song as it is shipped; then it is made to eat; then it goes on where it was."""
    house.show("dark")  # while somebody is looked at it holds still
    run("systemctl", "stop", LISTENER)
    heard = songs()  # of an earlier call
    with limits.hungry(LISTENER) as hunger:
        run("systemctl", "start", LISTENER)
        until("one song more is heard", lambda: songs() > heard, LONG)
        limits.at_work(LISTENER)
        before, known = house.pids(), len(limits.killings())
        hunger.touch()
        until("the listener is ended", lambda: len(limits.killings()) > known, LONG)
        until("systemd has seen it", lambda: not house.active(LISTENER))
        kept = songs()
        limits.told(LISTENER, before, known, f"{kept} heard until then")
    run("systemctl", "reset-failed", LISTENER)
    run("systemctl", "start", LISTENER)
    until("the next song is heard", lambda: songs() > kept, LONG)
    tell("the listener after that", "goes on with the next song")
    run("systemctl", "stop", LISTENER)


def songs() -> int:
    """How many the catalogue has heard; those that were refused do not count."""
    if not CATALOGUE.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"file:{CATALOGUE}?mode=ro", uri=True, timeout=10.0)) as base:
            return int(base.execute("SELECT count(*) FROM song").fetchone()[0])
    except sqlite3.OperationalError:  # it is being made
        return 0


def photo() -> None:
    """Handed in as the page does it, to a judge that eats, and then to one as it is shipped."""
    picture = cv2.imencode(".png", Actor(CameraSettings()).read())[1].tobytes()
    with limits.hungry(JUDGE) as hunger:
        hunger.touch()
        before, known = house.pids(), len(limits.killings())
        limits.told(JUDGE, before, known, f"the phone is told: {judged(picture)}")
    said = judged(picture)
    tell("the next photo", said, said == "1 face")


def judged(picture: bytes) -> str:
    try:
        return f"{len(by_look(picture).faces)} face"
    except Unjudged as why:
        return str(why)
