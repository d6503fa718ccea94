"""What a household has the box keep over the mains' going: a phone, a setting, a rule, a like, what was played."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from appliance.places import DEFAULTS
from appliance.rulebook import Rulebook
from appliance.store import Store
from tests.rig.pi.inside import house
from tests.rig.pi.inside.phone import Phone
from tests.rig.pi.inside.telling import run, tell, until

KEPT = Path("/var/lib/rig/kept.json")
STATE = Path("/var/lib/mien")
CEILING, FOLDER = 61, "november evenings"
Row = tuple[Any, ...]


def moves_in() -> None:
    """Each thing is told to the box as a person tells it, and seen on the card before the mains go."""
    phone = Phone({})
    tell("a phone knocks, and the button lets it in", f"in after {phone.pair():.0f} s")
    liked = house.song()
    answers = {
        "a setting": phone.ask("/settings", {"music.ceiling": str(CEILING)}),
        "a rule of the mood map": phone.ask("/rules/sad", {"sent": "yes", "folders": "sad", "folders.more": FOLDER}),
        "a like": phone.ask("/do/rate", {"like": "2"}),
    }
    said = ", ".join(f"{what} {number}" for what, (number, _) in answers.items())
    tell("what the phone then asks for", said, all(number in (200, 303) for number, _ in answers.values()))
    until("the like is in the music server's stickers", lambda: like(liked))
    until("the like is in the history", lambda: any(row[1] == "rated" for row in history()))
    KEPT.write_text(json.dumps({"cookies": phone.cookies, "liked": liked, "rows": history()}))
    os.sync()  # this is the rig's own; what the box keeps it has synced itself, and before this


def still_there() -> None:
    """After the mains came back, all that was on the card before they went."""
    kept = json.loads(KEPT.read_text())
    number, _ = Phone(kept["cookies"]).ask("/settings")
    tell("the pairing over a power cut", f"the phone comes in as before: {number}", number == 200)
    ceiling = Store((), STATE / "settings.toml").settings.music.ceiling
    tell("the setting over a power cut", f"loudest {ceiling}", ceiling == CEILING)
    folders = Rulebook((DEFAULTS / "moods.toml",), STATE / "moods.toml", lambda rules: None).read()["sad"].folders
    tell("the mood map over a power cut", f"sad: {', '.join(folders)}", FOLDER in folders)
    rows = [tuple(row) for row in kept["rows"]]
    lost = len(set(rows) - set(history()))
    tell("the history over a power cut", f"{len(rows)} rows, lost {lost}", bool(rows) and not lost)
    tell("the like over a power cut", kept["liked"], like(kept["liked"]))


def history() -> list[Row]:
    """What is on the card."""
    with closing(sqlite3.connect(f"file:{STATE / 'history.db'}?mode=ro", uri=True, timeout=10.0)) as base:
        return base.execute("SELECT at, kind, mood, song, value, note FROM row").fetchall()


def like(song: str) -> bool:
    """By the music server's own stickers, which other players read too."""
    return run("mpc", "--host=/run/mien-mpd/socket", "sticker", song, "get", "like") == "like=2"
