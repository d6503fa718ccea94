"""Looks at everything the box stands on, and says the fix for each fault.

The half that speaks may not import the one that sees: the camera, the pins and the network are judged by what that
half last said of itself, and by whether its files are there.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import mpd

from appliance import clock, control, dial, places, rules, settings
from appliance.dial import LOST, Dial
from appliance.jukebox import reason
from appliance.settings import Settings, SettingsError
from appliance.store import mine

ROOM = 50 * 1024 * 1024
"""Bytes that must be free for the state."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `fix` says what to do where it is not well; empty where it is."""

    what: str
    said: str
    fix: str = ""

    @property
    def well(self) -> bool:
        return not self.fix


def examine() -> list[Finding]:
    """Everything, in the order in which faults cause one another."""
    found: list[Finding] = []
    told, first = configured()
    found += first
    checks: Sequence[Callable[[], Iterator[Finding]]] = (folders, disk, time, model, history, running)
    for check in checks:
        found += check()
    found += server(told)
    return found


def configured() -> tuple[Settings, list[Finding]]:
    own, phone, moods = places.etc() / "mien.toml", places.state() / "settings.toml", places.etc() / "moods.toml"
    found: list[Finding] = []
    told = Settings()
    try:
        told = settings.read(*(file for file in (own,) if file.exists()))
        if phone.exists():
            mine(phone)
        rules.read(*(file for file in (places.DEFAULTS / "moods.toml", moods) if file.exists()))
        found.append(Finding("settings", "well formed"))
    except SettingsError as error:
        found += [Finding("settings", str(fault), f"mend this key in {places.etc()}") for fault in error.faults]
    except OSError as error:
        found.append(Finding("settings", str(error), f"let this user read {error.filename}"))
    return told, found


def folders() -> Iterator[Finding]:
    for name, folder in (("state", places.state()), ("sockets", places.run())):
        if not folder.is_dir():
            yield Finding(name, f"{folder} is not there", f"sudo mkdir -p {folder} and give it to the box's user")
        elif not os.access(folder, os.W_OK):
            yield Finding(
                name, f"{folder} cannot be written", f"sudo chown the box's user {folder}, or ask as that user"
            )
        else:
            yield Finding(name, f"{folder} is writable")


def disk() -> Iterator[Finding]:
    folder = next(folder for folder in (places.state(), *places.state().parents) if folder.exists())
    free = shutil.disk_usage(folder).free
    said = f"{free // 2**20} MB free at {folder}"
    yield Finding("disk", said, "" if free >= ROOM else "make room: history and settings cannot be kept")


def time() -> Iterator[Finding]:
    if clock.sure():
        yield Finding("clock", "can be believed")
    else:
        fix = "connect the box to a network, or: sudo timedatectl set-ntp true; until then quiet hours are not kept"
        yield Finding("clock", "was not set by a network or a clock chip", fix)


def model() -> Iterator[Finding]:
    for file in (places.CONTRACT, places.CONTRACT.with_suffix(".tflite")):
        if file.exists() and file.stat().st_size > 0:
            yield Finding("network", f"{file.name} is there")
        else:
            yield Finding("network", f"{file} is missing", "install the box anew, or take the file from its release")


def history() -> Iterator[Finding]:
    file = places.state() / "history.db"
    if not file.exists():
        yield Finding("history", "not begun yet")
        return
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as base:
            said = str(base.execute("PRAGMA quick_check").fetchone()[0])
    except sqlite3.Error as error:
        said = str(error)
    fix = "" if said == "ok" else "restart the box: it sets the file aside and begins a new one"
    yield Finding("history", "sound" if said == "ok" else said, fix)


def running() -> Iterator[Finding]:
    """What the running half knows of the eye."""
    try:
        told = control.call(places.run() / "mien.sock", "status")["snapshot"]
    except (OSError, ValueError, KeyError) as error:
        why = reason(error)
        yield Finding("speaking half", f"does not answer: {why}", "sudo systemctl restart mien, or ./setup.sh run")
        return
    yield Finding("speaking half", f"runs: {told['sentence']}")
    yield eye(told)
    for trouble in told["trouble"]:
        yield Finding("trouble", trouble, "see what is said above and below, and the journal: journalctl -u mien")


def eye(told: dict[str, Any]) -> Finding:
    if told["eye"] != "up":
        return Finding("eye", "is not connected", "sudo systemctl restart mien-eye; journalctl -u mien-eye says why")
    if told["shutter_closed"]:
        return Finding("camera", "closed by the button: hold it again to open it")
    if told["camera"] == "lost":
        return Finding(
            "camera", "lost", "check its cable, and that no other program has it: rpicam-hello --list-cameras"
        )
    return Finding("camera", "well" if told["camera"] else "not told of yet")


def server(told: Settings) -> list[Finding]:
    try:
        client = Dial(told.music.server, told.music.password).connect()
    except (*LOST, ValueError, mpd.MPDError) as error:
        fix = "sudo systemctl start mpd, and check music.server and music.password in mien.toml"
        return [Finding("music server", f"{told.music.server}: {reason(error)}", fix)]
    try:
        songs = int(client.stats().get("songs", 0))
        status = client.status()
        well = [Finding("music server", f"answers, protocol {client.mpd_version}")]
        fix = "" if songs else "put songs into the music folder, then: mpc update"
        well.append(Finding("library", f"{songs} songs", fix))
        if "error" in status:
            well.append(Finding("sound", status["error"], "check audio_output in MPD's configuration, and the cable"))
        return well
    except (*LOST, ValueError, mpd.MPDError) as error:
        return [Finding("music server", reason(error), "check its password and its log")]
    finally:
        dial.hang_up(client)


def report(found: Sequence[Finding]) -> str:
    lines = []
    for one in found:
        lines.append(f"{'ok   ' if one.well else 'FAULT'} {one.what}: {one.said}")
        if one.fix:
            lines.append(f"      fix: {one.fix}")
    return "\n".join(lines)
