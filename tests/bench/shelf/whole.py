"""The real half that speaks beside a real MPD with 1,000, 10,000 and 100,000 songs on 5,000 playlists.

    python -m tests.bench.shelf.whole [SONGS]

MPD reads its database from a file that is written here as MPD writes it, all songs being one second of one tone: its
own scan of so many files is MPD's affair, and what is measured is what the box does with what MPD lists. Processor
seconds are the box's own; "in all" is by the clock, MPD's answering included.
"""

import gzip
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from appliance import dial, shelf
from appliance.history import History
from appliance.library import listing
from appliance.library.register import Register
from appliance.rack import Rack
from appliance.rules import MOODS
from tests.appliance.box import Box
from tests.appliance.conftest import Server
from tests.bench.shelf.cost import ROWS, SIZES, library
from tests.waiting import until

PATIENCE = 600.0
HEAD = (
    "| songs | the chooser reads MPD: processor s / in all | the listener takes MPD's list | the half answers "
    "| first songs | resident MB, settled / most | the same, once a playlist was made |\n|---|---|---|---|---|---|---|"
)
LINKS = 30_000
"""Names that a file system lets one file have."""
FEATURES, TRAITS, PRINT = 200, 26, 64
"""Bytes that the catalogue keeps of a song's sound."""


def database(header: str, rack: Rack) -> str:
    """The songs as MPD's own database file has them."""
    said = [header]
    homes: dict[str, list[int]] = {}
    for number in range(len(rack)):
        homes.setdefault(rack.folders[number].rstrip("/"), []).append(number)
    open_now: list[str] = []
    for home in sorted(homes, key=lambda path: path.split("/")):
        parts = home.split("/")
        while open_now != parts[: len(open_now)]:
            said.append(f"end: {'/'.join(open_now)}")
            open_now.pop()
        for part in parts[len(open_now) :]:
            open_now.append(part)
            said.append(f"directory: {part}\nmtime: 1700000000\nbegin: {'/'.join(open_now)}")
        for number in homes[home]:
            track = rack[number]
            said.append(f"song_begin: {track.song.uri.rpartition('/')[2]}\nTime: {track.song.duration:.6f}")
            said.append(f"Artist: {track.song.artist}\nAlbum: {track.song.album}\nTitle: {track.song.title}")
            said.extend(f"Genre: {genre}" for genre in sorted(track.genres))
            said.extend(f"Comment: {' '.join(sorted(track.words))}" for _ in range(bool(track.words)))
            said.append("Format: 44100:16:2\nmtime: 1700000000\nsong_end")
    said.extend(f"end: {'/'.join(open_now[:depth])}" for depth in range(len(open_now), 0, -1))
    return "\n".join(said) + "\n"


def stocked(folder: Path, rack: Rack) -> Server:
    """An MPD that has these songs, and they their playlists."""
    for name in ("music", "playlists"):
        (folder / name).mkdir()
    server = Server(folder)
    server.own()
    server.put("one.flac", "One", "One", "One", 1.0)
    server.start()
    server.update()
    server.stop()
    for number in range(len(rack)):
        place = folder / "music" / rack.uri(number)
        place.parent.mkdir(parents=True, exist_ok=True)
        if number % LINKS == 0:
            server.put(rack.uri(number), "One", "One", "One", 1.0)
            sound = place
        else:
            place.hardlink_to(sound)
    told = (folder / "db").read_bytes()
    whole = (gzip.decompress(told) if told.startswith(b"\x1f\x8b") else told).decode()
    (folder / "db").write_text(database(whole[: whole.index("info_end")] + "info_end", rack))
    members: list[list[str]] = [[] for _ in rack.lists]
    for number in range(len(rack)):
        for name in rack.on[rack.starts[number] : rack.starts[number + 1]]:
            members[name].append(rack.uri(number))
    for name, songs in zip(rack.lists, members, strict=True):
        (folder / "playlists" / f"{name}.m3u").write_text("\n".join(songs) + "\n")
    server.start()
    return server


def heard(file: Path, dice: np.random.Generator) -> None:
    """Every song of the catalogue, as if somebody had listened to it."""
    with sqlite3.connect(file) as base:
        names = [row[0] for row in base.execute("SELECT DISTINCT identity FROM place")]
        rows = (
            (name, dice.bytes(PRINT), 200.0, dice.bytes(FEATURES), b"", bytes(TRAITS), "n", "m", *lies, 0.2, 0.2)
            for name, lies in zip(names, dice.uniform(-1, 1, (len(names), 2)).tolist(), strict=True)
        )
        base.executemany("INSERT INTO song VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def remembered(file: Path, rack: Rack, dice: np.random.Generator) -> None:
    """Two months of a household that is never quiet."""
    history = History(file, 90)
    history.flush()
    now = time.time()
    rows = []
    for n, song in enumerate(dice.integers(len(rack), size=ROWS).tolist()):
        kind, value = (("played", 200.0), ("skipped", 20.0), ("rated", 2.0), ("smile", 0.6))[n % 4]
        rows.append((now - (ROWS - n) * 250.0, kind, MOODS[n % 7], rack.uri(song), value, ""))
    with sqlite3.connect(file) as base:
        base.executemany("INSERT INTO row VALUES (?, ?, ?, ?, ?, ?)", rows)


def took(what: Callable[[], object]) -> str:
    began, clock = time.process_time(), time.monotonic()
    what()
    return f"{time.process_time() - began:.1f} / {time.monotonic() - clock:.1f}"


def status(pid: int, key: str) -> float:
    told = Path(f"/proc/{pid}/status").read_text()
    return int(told.split(f"{key}:")[1].split()[0]) / 1000


def spent(pid: int) -> float:
    """Processor seconds of a process, so far."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def settled(pid: int) -> bool:
    """Has it nothing more to learn: less than a tenth of a core in two seconds?"""
    before = spent(pid)
    time.sleep(2.0)
    return spent(pid) - before < 0.2


def measured(count: int) -> str:
    dice = np.random.default_rng(1)
    rack = Rack(library(count, dice))
    folder = Path(tempfile.mkdtemp(prefix="mien-", dir="/tmp"))
    server = stocked(folder, rack)
    box = Box(server)
    try:
        client = server.client()
        client.timeout = PATIENCE
        found: list[int] = []
        read = took(lambda: found.append(len(shelf.stock(client).tracks)))
        assert found == [count], f"MPD does not have the songs that it was given: {found}"
        read_in = float(read.split()[0])
        file = box.folder / "state" / "library.db"
        taken = took(lambda: Register(file).take(listing.listed(client)))
        dial.hang_up(client)
        heard(file, dice)
        remembered(box.folder / "state" / "history.db", rack, dice)
        box.start()
        assert box.process
        pid = box.process.pid
        answers = spent(pid)
        box.ask("mood", "happy")
        until(box.song, "the first song", PATIENCE, 0.05)
        first = spent(pid)
        until(lambda: settled(pid), "rest", PATIENCE)
        least, most = status(pid, "VmRSS"), status(pid, "VmHWM")
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # the most from here on
        before = spent(pid)
        client = server.client()
        for song in (1, count // 2):
            client.playlistadd("another list", rack.uri(song))
        dial.hang_up(client)
        until(lambda: spent(pid) - before > read_in, "reading again", PATIENCE)
        until(lambda: settled(pid), "rest again", PATIENCE)
        return (
            f"| {count:,} | {read} | {taken} | after {answers:.1f} s | after {first:.1f} s "
            f"| {least:.0f} / {most:.0f} | {status(pid, 'VmRSS'):.0f} / {status(pid, 'VmHWM'):.0f} |"
        )
    finally:
        box.close()
        server.stop()
        shutil.rmtree(folder)


def report() -> Iterator[str]:
    yield "### The half that speaks, whole\n"
    yield HEAD
    for size in SIZES:
        yield measured(size)
    yield ""


if __name__ == "__main__":
    for line in [HEAD, measured(int(sys.argv[1]))] if len(sys.argv) > 1 else report():
        print(line, flush=True)
