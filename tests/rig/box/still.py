"""The part `still`: a card that Raspberry Pi OS keeps from being written, and one disk that stays.

The card is what the box's overlay was laid over as it was last switched off; all that is written to it now goes to
memory and is thrown away when the box is killed, as `overlayroot` does it on a Pi. The disk is an image that the kernel
shows as one, so that the box's own unit mounts it; it is there or is not, as it is given to the container.
"""

import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.rig.box import coming, roots
from tests.rig.box.check import ready
from tests.rig.box.life import PYTHON, RUNS, TELL, WELL
from tests.rig.box.machine import Box
from tests.rig.kitchen import clear, do, need
from tests.rig.table import Checked

MEGABYTES = 128
CLOSED, OPEN = "grep -q closed /var/lib/mien-eye/shutter", "grep -q open /var/lib/mien-eye/shutter"
AS_SPEAKER = (
    "nsenter -t $(systemctl show -p MainPID --value mien) -m setpriv --reuid mien --regid mien --clear-groups sh -c"
)
"""A shell where the speaking half is, with no more rights than it."""
LISTED = (
    f"{PYTHON} -c \"import mpd; server = mpd.MPDClient(); server.connect('/run/mien-mpd/socket'); "
    "print(server.search('base', 'from-phones'))\" | grep -q song.flac"
)
ROWS = (
    f"{PYTHON} -c \"import sqlite3; base = sqlite3.connect('/var/lib/mien/history.db'); "
    "print(base.execute('select count(*) from row').fetchone()[0])\""
)


def check(cache: Path, suite: str = "bookworm") -> Iterator[Checked]:
    need(losetup="mount", **{"mkfs.ext4": "e2fsprogs"})
    place, shared = cache / "box" / "still", ready(cache, suite)
    below = roots.fed(cache, suite)
    clear(place)
    with disk(place) as (node, label), memory(place / "memory") as fleeting:
        mark = f"/dev/disk/by-uuid/{label}"
        whole = shared | {f"{node}+": node, f"{mark}+": node}
        with booted(Box(below, place / "card", shared)) as box:
            before = box.tree()
            shutil.copytree(cache / "box" / "tree", box.root / "root" / "mien")
            box.says(f"cd /root/mien && {coming.INSTALL}")
            box.until(WELL)
            box.says(f"{TELL} long")
            box.until(CLOSED)
        with booted(Box(below, place / "card", whole)) as box:
            yield from moved(box, node, mark)
            yield brought(box)
        card = Path(f"{place / 'card' / 'upper'}:{below}")
        with booted(Box(card, fleeting / "first", whole)) as box:
            yield from kept(box)
            box.says(f"touch /etc/written && {TELL} long")
            box.until(OPEN)
            rows = box.says(ROWS)
            os.kill(box.first, signal.SIGKILL)
        with booted(Box(card, fleeting / "second", whole)) as box:
            yield forgotten(box, rows)
        with booted(Box(card, fleeting / "third", shared), well=False) as box:
            yield from missing(box, node, mark)
        with booted(Box(below, place / "card", whole)) as box:
            yield given_back(box, before, mark)
    shutil.rmtree(place)


@contextmanager
def disk(place: Path) -> Iterator[tuple[Path, str]]:
    """An empty disk: what the kernel knows it by, and what it says of itself."""
    place.mkdir(parents=True)
    image = place / "disk.img"
    with image.open("wb") as file:
        file.truncate(MEGABYTES * 2**20)
    do("mkfs.ext4", "-q", image)
    node = Path(do("losetup", "--find", "--show", image).strip())
    try:
        yield node, do("blkid", "-o", "value", "-s", "UUID", node).strip()
    finally:
        do("losetup", "--detach", node)


@contextmanager
def memory(place: Path) -> Iterator[Path]:
    place.mkdir()
    do("mount", "-t", "tmpfs", "tmpfs", place)
    try:
        yield place
    finally:
        do("umount", place)


@contextmanager
def booted(box: Box, well: bool = True) -> Iterator[Box]:
    """Off at the end, however it ends."""
    box.boot()
    try:
        if well and box.run("test -e /opt/mien/current").returncode == 0:
            box.until(WELL)
        yield box
    finally:
        box.end()


def moved(box: Box, node: Path, mark: str) -> Iterator[Checked]:
    said = box.says(f"cd /root/mien && ./setup.sh install --keep {node} 2>&1")
    box.until(WELL)
    places = sorted(box.says(f"findmnt -n -o TARGET --source {mark}").split())
    found = f"closed still; on the disk: {', '.join(places)}"
    yield Checked("install --keep, the shutter being closed", found, len(places) == 4 and shut(box) and "http" in said)
    again = box.says(f"cd /root/mien && ./setup.sh install --keep {node} 2>&1")
    yield Checked("install --keep a second time", again.splitlines()[-1], again.startswith("Nothing to do"))


def brought(box: Box) -> Checked:
    """A song such as a phone brings, by the half that speaks, into the music that lies on the disk."""
    box.says("mkdir /srv/mien/music && cp -r /srv/songs/happy /srv/songs/sad /srv/mien/music")
    box.says("cd /root/mien && ./setup.sh install --music /srv/mien/music 2>&1")
    box.until(WELL)
    box.says(f"{AS_SPEAKER} 'cp /srv/songs/fear/*01* /srv/mien/music/from-phones/song.flac'")
    box.until(LISTED)
    walled = box.run(f"{AS_SPEAKER} 'touch /srv/mien/music/song.flac'").returncode != 0
    return Checked("songs on the disk, one brought by the speaking half", "the music server has it", walled)


def kept(box: Box) -> Iterator[Checked]:
    faults = [line for line in box.run("mien doctor").stdout.splitlines() if line.startswith("FAULT")]
    yield Checked("a card that is not written to: the box starts", "well; the shutter is closed still", shut(box))
    yield Checked("mien doctor there", ", ".join(faults) or "no fault", not faults)


def forgotten(box: Box, rows: str) -> Checked:
    card = box.run("test -e /etc/written").returncode != 0
    now = box.says(ROWS)
    good = card and not shut(box) and int(now) >= int(rows)
    found = "the card forgot what was written to it, the disk has the shutter's opening and the history"
    seen = f"the card {'forgot' if card else 'remembers'}; of {rows} rows there are {now}"
    return Checked("killed, and switched on again", found if good else seen, good)


def missing(box: Box, node: Path, mark: str) -> Iterator[Checked]:
    """At a start; and then it is put in, and nobody does anything."""
    box.until("systemctl is-active -q mien-fault@mien-eye")
    dark = box.run("systemctl is-active -q mien-eye").returncode != 0
    yield Checked("without the disk", "the eye stays shut, the red lamp's unit is lit", dark)
    box.drop_in("mien-fault@.service", Service=f"ExecStart=\nExecStart={RUNS} -P -m firmware.fault 20")
    box.says("systemctl restart 'mien-fault@*'")
    number = node.stat().st_rdev
    box.says(f"mkdir -p /dev/disk/by-uuid && mknod {mark} b {os.major(number)} {os.minor(number)}")
    took = box.until(WELL)
    yield Checked(
        "put in, and nobody does anything", f"well when the red lamp's time is over, here {took:.0f} s", not shut(box)
    )


def given_back(box: Box, before: dict[str, str], mark: str) -> Checked:
    box.says("cd /root/mien && ./setup.sh uninstall --keep-history 2>&1")
    there = box.run("test -s /var/lib/mien/history.db -a -s /var/lib/mien-eye/shutter").returncode == 0
    left = box.says(f"findmnt -n -o TARGET --source {mark} || true")
    more = sorted(
        path for path in box.tree().keys() - before.keys() if not path.startswith(("etc/mien", "var/lib/mien"))
    )
    good = there and not left and not more
    found = "history and shutter are on the card again, and nothing else" if good else f"{left} {more[:9]}"
    return Checked("uninstall --keep-history", found, good)


def shut(box: Box) -> bool:
    """What the eye says of its shutter, told by the speaking half."""
    box.until(f'{PYTHON} /rig/inside/ask.py status | grep -q \'"eye": "up"\'')
    closed: bool = json.loads(box.says(f"{PYTHON} /rig/inside/ask.py status"))["snapshot"]["shutter_closed"]
    return closed
