"""The speaker on a desk, part by part; the whole is tried in test_run.py."""

import os
import socket
import sys
import time
from pathlib import Path

import pytest

from appliance.settings import read
from desk import settings
from desk.child import TRIES, Child, Hopeless
from desk.jukebox import remote
from desk.page import free_port, ills, lacking, missing
from desk.places import Lock, Places, Taken
from desk.speaker import usb_camera
from desk.tidings import SILENT, STANDS, Tidings
from desk.wishes import arguments
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
    assert missing(port) is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--camera", "film"], "replay:FOLDER"),
        (["--camera", "replay:"], "replay:FOLDER"),
        (["--camera", "replay:/no/film"], "there is no /no/film"),
        (["--music", "/no/songs"], "/no/songs is no folder"),
        (["--music", ""], "is no folder"),
        (["--mpd", "nowhere"], "HOST:PORT"),
        (["--mpd", "nowhere:99999"], "HOST:PORT"),
        *((["--port", port], "from 1 to 65535") for port in ("x", "0", "-5", "99999")),
    ],
)
def test_a_wish_that_cannot_be_granted_is_refused_at_once_and_says_why(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        arguments(words)
    assert said in capsys.readouterr().err


def test_recorded_pictures_are_found_from_where_the_caller_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "frames").mkdir()
    monkeypatch.chdir(tmp_path)
    assert arguments(["--camera", "replay:frames"]).camera == f"replay:{tmp_path}/frames"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may have any port")
def test_a_port_that_is_for_root_alone_is_told_as_such() -> None:
    with pytest.raises(OSError, match="from 1024 on"):
        free_port(80)


def test_a_run_is_ready_only_when_both_halves_and_the_music_server_are_there_and_else_says_what_is_missing() -> None:
    ill, lost, away = ["the camera is lost"], "no USB camera answers: plug one in", "The music server is away."
    assert lacking(ill, {"jukebox": "up", "trouble": [lost]}) == [lost], "with the fix, where it is known"
    assert lacking(ill, {"jukebox": "up", "trouble": []}) == ill
    assert lacking([], {"jukebox": "down", "trouble": [away]}) == [away]
    assert lacking([], {"jukebox": "down", "trouble": []}) == ["the music server does not answer"]
    assert lacking([], {"jukebox": "up", "trouble": ["No songs found."]}) == []


def test_what_is_missing_is_told_once_when_it_has_stood_for_a_while_and_again_when_it_is_another() -> None:
    tidings, camera, music = Tidings(0.0), ["the camera is lost"], ["the music server is away"]
    assert tidings.heard(None, SILENT - 1) == "", "a small machine takes its time"
    assert tidings.heard(camera, SILENT) == ""
    assert tidings.heard(camera, SILENT + STANDS) == "not ready yet: the camera is lost"
    assert tidings.heard(camera, SILENT + 9 * STANDS) == ""
    assert tidings.heard([*camera, *music], 1000.0) == ""
    assert tidings.heard([*camera, *music], 1000.0 + STANDS).endswith("lost; the music server is away")
    assert tidings.heard(None, 2000.0) == ""
    assert tidings.heard(None, 2000.0 + SILENT) == "not ready yet: the page does not answer"


def test_the_line_for_mpc_is_one_that_mpc_takes() -> None:
    assert remote("/a place/socket") == "mpc --host='/a place/socket'"
    assert remote("music.local:6601") == "mpc --host=music.local --port=6601"


def test_each_folder_of_music_has_a_list_of_its_own_and_finds_it_again(tmp_path: Path) -> None:
    """Else the songs of the folder that was played before are taken for those of this one, and their likes are lost."""
    where = places(tmp_path)
    own, theirs, others = where.songs, tmp_path / "theirs", tmp_path / "others"
    assert len({where.data(music) for music in (own, theirs, others)}) == 3
    assert where.data(theirs) == where.data(tmp_path / "theirs")


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
    settings.write(tmp_path, '/a "odd" \\place/socket', 8081, own_songs=True, broker="hub:1883")
    taken = read(tmp_path / "mien.toml")
    assert taken.music.server == '/a "odd" \\place/socket'
    assert taken.page.port == 8081 and taken.broker.address == "hub:1883"


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
