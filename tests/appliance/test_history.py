"""The history: few writes, nothing lost that can be kept, and never in the way of the music."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from appliance.commands import Remember
from appliance.history import History
from tests.waiting import until

WALL = 1.8e9


def made(file: Path, days: float = 90, sure: bool = True, wall: float = WALL) -> History:
    return History(file, days, every=3600.0, wall=lambda: wall, sure=lambda: sure)


@pytest.fixture
def tiny() -> Iterator[Path]:
    """A disk of 256 KiB, or a skip where nobody may mount one."""
    place = Path(f"/tmp/mien-tiny-{os.getpid()}")
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode:
        place.rmdir()
        pytest.skip("a small disk can only be mounted by root; elsewhere the limit on file size is tried")
    yield place
    subprocess.run(["umount", str(place)], check=True)
    place.rmdir()


def test_rows_are_read_back_before_and_after_they_are_written(tmp_path: Path) -> None:
    history = made(tmp_path / "h.db")
    history.add(Remember("played", "happy", "a.flac", 180.0, "it fits"))
    assert [row.song for row in history.recent("played", 0)] == ["a.flac"]
    history.flush()
    (row,) = history.recent("played", WALL - 60)
    assert (row.kind, row.mood, row.song, row.value, row.note) == ("played", "happy", "a.flac", 180.0, "it fits")
    assert abs(row.at - WALL) < 60
    assert history.recent("played", WALL + 60) == ()
    assert history.recent("mood", 0) == ()


def test_a_file_that_is_only_just_begun_holds_nothing_and_is_no_fault(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The first start of all: one thread makes the file while others read what the household likes."""
    with closing(sqlite3.connect(tmp_path / "h.db")) as begun:
        begun.execute("PRAGMA user_version = 1")
    history = made(tmp_path / "h.db")
    assert history.recent("played", 0.0) == ()
    assert caplog.text == ""
    history.add(Remember("played", "happy", "a.flac", 180.0))
    history.flush()
    assert [row.song for row in history.recent("played", 0.0)] == ["a.flac"]


def test_rows_of_several_kinds_come_in_the_order_in_which_things_happened(tmp_path: Path) -> None:
    file = tmp_path / "h.db"
    for minute, kind in enumerate(("rated", "played", "rated", "mood", "skipped")):
        history = made(file, wall=WALL + minute * 60)
        history.add(Remember(kind, "sad", "a.flac", minute))  # type: ignore[arg-type]  # all are kinds
        history.flush()
    history = made(file, wall=WALL + 600)
    history.add(Remember("played", "sad", "a.flac", 9))
    rows = history.among(("rated", "played", "skipped"), 0)
    assert [(row.kind, row.value) for row in rows] == [
        ("rated", 0), ("played", 1), ("rated", 2), ("skipped", 4), ("played", 9),
    ]  # fmt: skip


def test_rows_go_to_the_card_together_and_at_the_end(tmp_path: Path) -> None:
    history = made(tmp_path / "h.db")
    history.start()
    for number in range(20):
        history.add(Remember("mood", "sad", value=number))
    history.stop()
    with closing(sqlite3.connect(tmp_path / "h.db")) as base:
        assert base.execute("SELECT count(*) FROM row").fetchone() == (20,)


def test_old_rows_are_forgotten_only_by_a_clock_that_may_be_believed(tmp_path: Path) -> None:
    old = made(tmp_path / "h.db", wall=WALL - 10 * 86400)
    old.add(Remember("mood", "sad"))
    old.flush()
    unsure = made(tmp_path / "h.db", days=5, sure=False)
    unsure.flush()
    assert len(unsure.recent("mood", 0)) == 1
    made(tmp_path / "h.db", days=5).flush()
    assert unsure.recent("mood", 0) == ()


def test_rows_wait_for_a_clock_that_may_be_believed(tmp_path: Path) -> None:
    history = made(tmp_path / "h.db", sure=False)
    history.add(Remember("mood", "sad"))
    history.flush()
    assert not (tmp_path / "h.db").exists()
    history._sure = lambda: True
    history.flush()
    assert (tmp_path / "h.db").exists()


def test_a_damaged_file_is_set_aside_and_a_new_one_begun(tmp_path: Path) -> None:
    file = tmp_path / "h.db"
    file.write_bytes(b"this is no database at all, " * 200)
    history = made(file)
    history.add(Remember("mood", "sad"))
    assert len(history.recent("mood", 0)) == 1
    history.flush()
    assert "h.db.damaged" in history.trouble
    assert (tmp_path / "h.db.damaged").exists()
    history.flush()
    assert history.trouble == ""
    assert len(history.recent("mood", 0)) == 1


def test_a_full_disk_is_told_of_and_nothing_is_lost(tiny: Path) -> None:
    history = made(tiny / "h.db")
    history.add(Remember("mood", "happy", note="first"))
    history.flush()
    (tiny / "stuffing").write_bytes(b"x" * 100_000)
    with (tiny / "more").open("wb", buffering=0) as more:
        try:
            while more.write(b"x" * 1024):
                pass
        except OSError:
            pass  # the disk is full now, as is wanted
    for number in range(50):
        history.add(Remember("mood", "sad", note="x" * 200, value=number))
    history.flush()
    assert "cannot be written" in history.trouble
    assert len(history.recent("mood", 0)) == 51
    (tiny / "more").unlink()
    (tiny / "stuffing").unlink()
    history.flush()
    assert history.trouble == ""
    assert len(history.recent("mood", 0)) == 51


def test_a_card_that_takes_no_more_does_not_end_the_process(tmp_path: Path) -> None:
    """The same by the limit on file size, which needs no root."""
    code = f"""
import resource, signal, pathlib
from appliance.commands import Remember
from appliance.history import History
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
h = History(pathlib.Path({str(tmp_path / "h.db")!r}), 90, sure=lambda: True)
h.add(Remember("mood", "sad")); h.flush(); print(bool(h.trouble))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
h.flush(); print(bool(h.trouble), len(h.recent("mood", 0)))
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True", "False", "1"]


def test_the_thread_writes_by_itself(tmp_path: Path) -> None:
    history = History(tmp_path / "h.db", 90, every=0.02, sure=lambda: True)
    history.add(Remember("mood", "sad"))
    history.start()
    until(lambda: not history._waiting, "the write")
    history.stop()


def test_a_day_is_forgotten_whole_and_nothing_of_another_day_nor_what_faces_taught(tmp_path: Path) -> None:
    file = tmp_path / "h.db"
    for day in range(3):
        history = made(file, wall=WALL + day * 86400)
        history.add(Remember("played", "happy", f"secret-{day}.flac"))
        history.add(Remember("reading", "sad", note="0.1 0.2"))
        history.flush()
    history.add(Remember("played", "happy", "secret-waits.flac"))
    assert history.forget(WALL + 86400 - 60, WALL + 3 * 86400 - 60)
    assert [row.song for row in history.recent("played", 0)] == ["secret-0.flac"]
    assert len(history.recent("reading", 0)) == 3
    left = b"".join(place.read_bytes() for place in tmp_path.iterdir())
    assert b"secret-0" in left and b"secret-1" not in left and b"secret-waits" not in left


def test_everything_is_forgotten_and_a_new_history_begins(tmp_path: Path) -> None:
    file = tmp_path / "h.db"
    file.with_name("h.db.damaged").write_bytes(b"an old secret")
    history = made(file)
    history.add(Remember("reading", "sad", note="0.1 0.2"))
    history.flush()
    history.add(Remember("mood", "sad"))
    assert history.forget_all()
    assert not history.recent("mood", 0) and not history.recent("reading", 0)
    assert not file.with_name("h.db.damaged").exists()
    history.add(Remember("mood", "happy"))
    assert [row.mood for row in history.recent("mood", 0)] == ["happy"]


def test_a_card_that_cannot_forget_is_told_of_and_forgets_once_it_can(tmp_path: Path) -> None:
    file = tmp_path / "h.db"
    history = made(file)
    history.add(Remember("mood", "sad"))
    history.flush()
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA user_version = 999")
    assert not history.forget_all()
    assert [row.mood for row in history.recent("mood", 0)] == ["sad"]
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA user_version = 1")
    assert history.forget_all() and not history.recent("mood", 0)
