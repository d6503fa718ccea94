"""Kills: analysis that is killed again and again, at random moments, ends with the same result as unkilled.

    python -m tests.bench.ear_kills [KILLS] [--docs FOLDER]

A library of synthesised songs is heard once in peace and once under KILLS deaths (a hundred, unless told otherwise).
Each comes from the kernel while the listener is at work, and nothing of its own runs after it. What both know of the
songs, and the plain file that they wrote, must be the same byte by byte. Whenever a listener reaches the end in spite
of it all, this is compared and a new one begins with nothing known.
"""

import argparse
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from appliance.library import listing, patience
from appliance.library.__main__ import Listener, ear
from appliance.library.ear import Ear
from tests.library.music import press, song

ROOT = Path(__file__).parents[2]
KILLS = 100
LONGEST = 2.0
"""Seconds that a listener lives at most before it is killed: some songs, and on a quick machine all."""
SEED = 7


@dataclass(frozen=True)
class Killed:
    """What came of it. `rounds`: how often all songs were heard to the end."""

    kills: int
    rounds: int
    same: bool


def records(place: Path, songs: int = 5) -> Path:
    """Songs, one file that is no music, one twin under another name."""
    place.mkdir(parents=True, exist_ok=True)
    for number in range(songs):
        press(song(number * 2, number % 2 == 0, 70 + 20 * number, seconds=7), place / f"{number}.flac")
    (place / "3b.flac").write_text("no music")
    shutil.copy(place / "1.flac", place / "4b.flac")
    return place


def listener(own: Ear, state: Path) -> Listener:
    return Listener(own, state, threading.Event(), lambda words: None, patience.never)


def listen(own: Ear, state: Path, music: Path) -> None:
    """Take the list and hear what waits, to the end."""
    state.mkdir(parents=True, exist_ok=True)
    at_work = listener(own, state)
    files = sorted(music.iterdir())
    at_work.register.take([listing.entry(file.name, {"last-modified": "1", "duration": "7"}) for file in files])
    at_work.work(music)


def known(state: Path) -> tuple[Any, ...]:
    """All but how fast it went and how often it was written."""
    base = sqlite3.connect(state / "library.db")
    told = [base.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in ("song", "place")]
    base.close()
    return (*told, (state / "library.tsv").read_text())


def lives(own: Ear, state: Path, music: Path, seconds: float | None) -> bool:
    """One listener's life, killed after so long. Did it reach the end?"""
    child = os.fork()
    if child == 0:
        try:
            if seconds is not None:
                signal.setitimer(signal.ITIMER_REAL, seconds)  # SIGALRM's default is death, with no word of Python's
            listen(own, state, music)
            os._exit(0)
        finally:
            os._exit(1)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended not in (0, -signal.SIGALRM):
        raise RuntimeError(f"the listener failed by itself: {ended}")
    return ended == 0


def kill(own: Ear, folder: Path, kills: int, longest: float = LONGEST) -> Killed:
    """Until so many have died; then one lives to its end."""
    music, unkilled = records(folder / "music"), folder / "unkilled"
    listen(own, unkilled, music)
    wanted, chance = known(unkilled), random.Random(SEED)
    died, rounds, same, state = 0, 0, True, folder / "killed-0"
    while died < kills:
        if not lives(own, state, music, chance.uniform(0.01, longest)):
            died += 1
            continue
        rounds, same = rounds + 1, same and known(state) == wanted
        state = folder / f"killed-{rounds}"
    lives(own, state, music, None)
    return Killed(died, rounds + 1, same and known(state) == wanted)


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kills", type=int, nargs="?", default=KILLS)
    parser.add_argument("--docs", type=Path, default=ROOT / "docs")
    given = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="mien-kills-") as folder:
        told = kill(ear(plain=False), Path(folder), given.kills)
    said = "the same result each time" if told.same else "**another result than unkilled**"
    text = (
        "# The ear, killed\n\n"
        f"Made by `python -m tests.bench.ear_kills {given.kills}` on {date.today()}.\n\n"
        f"{told.kills} listeners killed at random moments, {told.rounds} times through all songs: {said}.\n"
    )
    (given.docs / "bench-ear-kills.md").write_text(text)
    print(text)
    return 0 if told.same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
