"""The rest of the box, as the walk uses and watches it."""

import json
import os
import re
import signal
from pathlib import Path
from typing import Any

from appliance.control import call
from firmware.prompter import tell as order
from tests.rig.pi.inside.telling import hand, run, until

HALVES = ("mien", "mien-eye")
UNITS = (*HALVES, "mien-mpd")
SHARE = Path("/rig")
SECONDS = 4


def show(scene: str) -> None:
    """The camera sees another scene from its next frame on."""
    order(Path("/run/mien-eye/actor.sock"), scene)


def pid(unit: str) -> int:
    return int(run("systemctl", "show", "-P", "MainPID", unit) or 0)


def pids() -> dict[str, int]:
    return {unit: pid(unit) for unit in UNITS}


def active(*units: str) -> bool:
    return all(run("systemctl", "show", "-P", "ActiveState", unit) == "active" for unit in units)


def well() -> bool:
    """All parts are at work, and the halves speak with each other."""
    return active(*UNITS) and snapshot().get("eye") == "up"


def snapshot() -> dict[str, Any]:
    """What the half that speaks last published."""
    try:
        told: dict[str, Any] = call(Path("/run/mien/mien.sock"), "status")["snapshot"]
    except (OSError, json.JSONDecodeError, KeyError):
        return {}
    return told


def mood() -> str:
    return str(snapshot().get("belief", {}).get("mood") or "")


def song() -> str:
    """The song that the music server plays at this moment; empty if none."""
    told = run("mpc", "--host=/run/mien-mpd/socket", "--format=%file%", "status").splitlines()
    return told[0] if len(told) > 1 and told[1].startswith("[playing]") else ""


def left() -> int:
    """Seconds that are left of the song that plays; none where none does."""
    told = re.search(r"(\d+):(\d\d)/(\d+):(\d\d)", run("mpc", "--host=/run/mien-mpd/socket", "status"))
    at, of, minutes, seconds = map(int, told.groups()) if told else (0, 0, 0, 0)
    return 60 * (minutes - at) + seconds - of


def hear(what: str, playing: str) -> None:
    """Some seconds of what the sound card is given go to the rig, who knows each song by its sound."""
    name = f"heard-{len(list(SHARE.glob('heard-*')))}"
    run("arecord", "-q", "-D", "hw:Loopback,1,0", "-f", "S16_LE", "-r", "32000", "-c", "2", "-t", "raw",
        "-d", str(SECONDS), str(SHARE / name))  # fmt: skip
    hand(heard=name, what=what, playing=playing)


def stands_still(unit: str) -> float:
    """Stop a unit where it stands; seconds until another process has taken its place and is well."""
    before = pid(unit)
    os.kill(before, signal.SIGSTOP)
    return until(f"{unit} stands still and is replaced", lambda: pid(unit) not in (0, before) and active(unit))
