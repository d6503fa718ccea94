"""The speaker on a desk, part by part; the whole is tried in test_run.py."""

import os
import socket
import sys
import time
from pathlib import Path

import pytest

from appliance.settings import read
from desk import settings
from desk.__main__ import arguments, usb_camera
from desk.child import TRIES, Child, Hopeless
from desk.page import free_port, ills
from desk.places import Lock, Places, Taken
from tests.waiting import until


def places(tmp_path: Path) -> Places:
    where = Places(tmp_path / "keep", tmp_path / "run")
    where.make()
    return where


def test_a_port_that_is_taken_is_passed_over() -> None:
    with socket.create_server(("", 0)) as taken:
        port = taken.getsockname()[1]
        assert free_port(port) > port


def test_a_page_that_does_not_answer_is_not_well() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert ills(port) is None


@pytest.mark.parametrize("words", [["--camera", "film"], ["--mpd", "nowhere"], ["--port", "x"]])
def test_a_wish_that_makes_no_sense_is_refused_at_once(words: list[str]) -> None:
    with pytest.raises(SystemExit):
        arguments(words)


def test_recorded_pictures_are_found_from_where_the_caller_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert arguments(["--camera", "replay:frames"]).camera == f"replay:{tmp_path}/frames"


def test_only_a_camera_on_usb_counts_as_one(tmp_path: Path) -> None:
    sys_class = tmp_path / "class"
    sys_class.mkdir()
    assert not usb_camera(tmp_path / "none")
    (tmp_path / "platform" / "codec").mkdir(parents=True)
    (sys_class / "video10").symlink_to(tmp_path / "platform" / "codec")
    assert not usb_camera(sys_class)
    (tmp_path / "usb1" / "cam").mkdir(parents=True)
    (sys_class / "video0").symlink_to(tmp_path / "usb1" / "cam")
    assert usb_camera(sys_class)


def test_the_settings_written_are_settings_that_the_appliance_takes(tmp_path: Path) -> None:
    settings.write(tmp_path, '/a "odd" \\place/socket', 8081, own_songs=True)
    taken = read(tmp_path / "mien.toml")
    assert taken.music.server == '/a "odd" \\place/socket'
    assert taken.page.port == 8081


def test_one_person_runs_one_speaker_and_another_after_it(tmp_path: Path) -> None:
    where = places(tmp_path)
    first = Lock(where)
    with pytest.raises(Taken, match="runs already"):
        Lock(where)
    first.close()
    assert not where.run.exists()
    Lock(where).close()


def test_what_a_killed_run_left_is_cleared(tmp_path: Path) -> None:
    where = places(tmp_path)
    (where.run / "mpd").mkdir(parents=True)
    (where.run / "eye.sock").touch()
    lock = Lock(where)
    assert [left.name for left in where.run.iterdir()] == ["lock"]
    lock.close()


def test_a_process_that_will_not_stay_up_ends_the_run_with_its_own_words(tmp_path: Path) -> None:
    """Time is told to it here: each failure is seen at once, and its wait is over at the next look."""
    child = Child("eye", [sys.executable, "-c", "import sys; sys.exit('no lens')"], tmp_path / "log", {})
    child.start()
    now = 0.0
    with pytest.raises(Hopeless, match="no lens"):
        for _ in range(3 * TRIES):
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT) if child.pid else None
            now += 9.0
            child.tend(now)
            if child.pid == 0:
                child.tend(now + 9.0)


def test_a_half_that_was_asked_to_start_again_is_started_at_once_however_often(tmp_path: Path) -> None:
    """A person who restarts it from a phone five times in a minute has not broken it."""
    child = Child("mien", [sys.executable, "-c", "import sys; sys.exit(75)"], tmp_path / "log", {})
    child.start()
    for _ in range(TRIES + 2):
        assert until(lambda: child.tend(0.0), "an end") == "mien was asked to start again"
    child.end()


def test_a_process_that_does_not_hear_is_ended_all_the_same(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    child = Child("eye", [sys.executable, "-c", deaf], tmp_path / "log", {})
    child.start()
    pid, end = child.pid, time.monotonic() + 20
    while "up" not in child.log.read_text() and time.monotonic() < end:
        time.sleep(0.05)
    child.end()
    assert not Path(f"/proc/{pid}").exists()
    child.end()
