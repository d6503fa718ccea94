"""The speaker on a desk with music that is there already: a household's folder, or a music server of theirs."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.appliance.conftest import SONGS, Server
from tests.ports import free_port
from tests.speaker import ROOT, Speaker
from tests.waiting import until


@pytest.fixture
def library() -> Iterator[Server]:
    """A household's songs, and a server for them that is not started."""
    folder = Path(tempfile.mkdtemp(prefix="mien-theirs-", dir="/tmp"))
    folder.chmod(0o755)  # root's MPD is an ordinary user
    server = Server(folder, port=free_port())
    for name in ("music", "playlists"):
        (folder / name).mkdir()
    for name, title, artist, genre in SONGS[:6]:
        server.put(name, title, artist, genre)
    server.own()
    yield server
    server.stop()
    shutil.rmtree(folder)


def picks(speaker: Speaker, mood: str) -> None:
    command = [sys.executable, "-m", "appliance.cli", "mood", mood]
    subprocess.run(command, cwd=ROOT, env=speaker.environment, check=True, stdout=subprocess.DEVNULL)


def test_a_households_folder_is_played_and_nothing_is_written_into_it(library: Server) -> None:
    music = library.folder / "music"
    before = sorted(music.rglob("*"))
    speaker = Speaker("--music", str(music))
    try:
        speaker.ready()
        assert "composing" not in speaker.said.read_text()
        until(lambda: len(speaker.mpc("listall")) == 6, "their six songs")
        picks(speaker, "sad")
        until(lambda: any(song.startswith("sad/") for song in speaker.mpc("current")), "one of their sad songs")
    finally:
        speaker.close()
    assert sorted(music.rglob("*")) == before


def test_a_music_server_that_is_there_is_waited_for_used_found_again_and_left_playing(library: Server) -> None:
    speaker = Speaker("--mpd", f"127.0.0.1:{library.port}")

    def heard(jukebox: str) -> bool:
        told = speaker.state()
        return told.get("jukebox") == jukebox and told.get("eye") == "up"

    try:
        until(lambda: heard("down") and speaker.state()["trouble"], "a speaker without music")
        assert "ready" not in speaker.said.read_text()
        library.start()
        library.update()
        speaker.ready()
        assert "mpd" not in speaker.children(), "no server of our own beside theirs"
        library.stop()
        until(lambda: heard("down"), "its loss")
        library.start()
        until(lambda: heard("up"), "its return")
        picks(speaker, "happy")
        until(lambda: library.mpc("-f", "%file%", "current").startswith("happy/"), "one of their happy songs")
    finally:
        speaker.close()
    assert "[playing]" in library.mpc("status"), "what plays there goes on"


def test_a_folder_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "desk", "--camera", "actor", "--music", str(tmp_path / "none")]
    environment = {"PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": str(tmp_path), "MIEN_RUN": str(tmp_path / "run")}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 2
    assert "is no folder" in ran.stderr
    assert not (tmp_path / "run").exists()
