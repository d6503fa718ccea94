"""Looks at everything the box stands on, and says the fix for each fault.

The half that speaks may not import the one that sees: the camera, the pins and the network are judged by what that
half last said of itself, by whether its files are whole, and, from a shell, by what the kernel shows of its devices.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from appliance import answering, board, clock, devices, places, rules, settings
from appliance.finding import Finding
from appliance.library.catalogue import Catalogue
from appliance.settings import Settings, SettingsError
from appliance.store import mine

ROOM = 50 * 1024 * 1024
"""Bytes that must be free for the state."""


def examine(machine: devices.Machine | None = None) -> list[Finding]:
    """Everything, in the order in which faults cause one another. `machine`: its devices too, for whoever may see them;
    the half that speaks may not."""
    told, first = configured()
    found = [*here(), *first]
    checks: Sequence[Callable[[], Iterator[Finding]]] = (folders, disk, time, model, history)
    for check in checks:
        found += check()
    found += listening(told)
    if machine:
        found += [*board.examine(machine), *devices.examine(machine)]
    return [*found, *answering.running(), *answering.server(told), *answering.broker(told)]


def here() -> Iterator[Finding]:
    """Which speaker is looked at: an examination of the wrong one's folders misleads."""
    yield Finding("speaker", f"settings in {places.etc()}, state in {places.state()}, sockets in {places.run()}")
    if "MIEN_RUN" in os.environ or (places.run() / "mien.sock").exists():
        return
    for run in desks():
        if words := answering.names(run):
            fix = f"to look at that one: {words} {sys.executable} -m appliance.cli doctor"
            yield Finding("speaker", f"this one does not run, but one on this desk does, in {run}", fix)
            return


def desks() -> tuple[Path, ...]:
    """Where a speaker that somebody started by hand keeps its sockets."""
    own = os.environ.get("XDG_RUNTIME_DIR")
    return (*((Path(own) / "mien",) if own else ()), Path(f"/tmp/mien-{os.geteuid()}"))


def configured() -> tuple[Settings, list[Finding]]:
    own, phone, moods = places.etc() / "mien.toml", places.state() / "settings.toml", places.etc() / "moods.toml"
    found: list[Finding] = []
    told = Settings()
    try:
        told = settings.read(*(file for file in (own,) if file.exists()))
        if phone.exists():
            mine(phone)
        rules.read(*(file for file in (places.DEFAULTS / "moods.toml", moods) if file.exists()))
        taken = [str(file) for file in (own, phone, moods) if file.exists()]
        found.append(
            Finding("settings", f"well formed: {', '.join(taken)}" if taken else "as shipped: nobody changed any")
        )
    except SettingsError as error:
        found += [Finding("settings", str(fault), "mend it in the file that it names") for fault in error.faults]
    except OSError as error:
        found.append(Finding("settings", str(error), f"let this user read {error.filename}"))
    return told, found


def folders() -> Iterator[Finding]:
    for name, folder in (("state", places.state()), ("sockets", places.run())):
        if not folder.is_dir():
            yield Finding(name, f"{folder} is not there", made(folder))
        elif not os.access(folder, os.W_OK):
            yield Finding(name, f"{folder} cannot be written by this user", "sudo mien doctor, or look as who owns it")
        elif name == "state" and in_memory(folder):
            fix = "give it a disk that is written to: docs/install.md, A card that is not written to"
            yield Finding(name, f"{folder} lies in memory: what is learnt is gone with the power", fix)
        else:
            yield Finding(name, f"{folder} is writable")


def made(folder: Path) -> str:
    """How a folder comes to be: on a box systemd makes its own anew at each start, whoever took them away."""
    if folder in (Path("/var/lib/mien"), Path("/run/mien")):
        return "sudo systemd-tmpfiles --create mien.conf; sudo systemctl restart mien.target"
    return f"mkdir -p {folder}"


def in_memory(folder: Path, mounts: Path = Path("/proc/self/mountinfo")) -> bool:
    """Whether the folder is part of a card that Raspberry Pi OS keeps from being written, by the mark of that."""
    points = {}
    for line in mounts.read_text().splitlines():
        place, _, source = line.partition(" - ")
        points[Path(place.split()[4])] = source.split()[1]
    return points[next(path for path in (folder, *folder.parents) if path in points)] == "overlayroot"


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
    """The network is there, whole, and the one that its contract is for."""
    contract, network = places.CONTRACT, places.CONTRACT.with_suffix(".tflite")
    fix = "install the box anew, or take both files from one release"
    try:
        wanted = str(json.loads(contract.read_bytes())["fingerprint"])
        mark = hashlib.sha256(network.read_bytes()).hexdigest()[:16]
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield Finding("network", f"cannot be used: {error}", fix)
        return
    if mark != wanted:
        yield Finding("network", f"{network} is {mark}, but its contract is for {wanted}", fix)
    else:
        yield Finding("network", f"{mark}, whole")


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
    yield Finding("history", "whole" if said == "ok" else said, fix)


def listening(told: Settings) -> Iterator[Finding]:
    """How the songs sound is heard once, by a process of its own, from their files."""
    catalogue = Catalogue(places.state() / "library.db")
    heard, away = catalogue.progress(), catalogue.away()
    if not heard.total:
        yield Finding("listening", "not begun yet")
    elif away < heard.total:
        done, total = heard.done - away, heard.total
        said = f"{done} of {total} songs are done, {away} out of reach" if away else f"{done} of {total} songs are done"
        yield Finding("listening", said)
    elif told.music.server.startswith("/"):
        fix = "see that their disk is there and that the speaker may read them; then: sudo systemctl start mien-library"
        yield Finding("listening", f"none of {heard.total} songs can be reached", fix)
    else:
        yield Finding("listening", f"{heard.total} songs lie elsewhere: they are placed by their tags alone")


def report(found: Sequence[Finding]) -> str:
    lines = []
    for one in found:
        lines.append(f"{'ok   ' if one.well else 'FAULT'} {one.what}: {one.said}")
        if one.fix:
            lines.append(f"      fix: {one.fix}")
    return "\n".join(lines)
