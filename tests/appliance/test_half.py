"""The whole half as a process: `python -m appliance` with a real MPD and an eye that speaks the wire."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress

import msgspec
import pytest

from appliance import cli
from appliance.events import Player, Song
from appliance.snapshot import Snapshot
from tests.appliance.box import Box
from tests.appliance.conftest import Server
from tests.waiting import until


@pytest.fixture
def box(server: Server) -> Iterator[Box]:
    box = Box(server)
    box.start()
    yield box
    box.close()


def test_happy_faces_bring_happy_songs_and_sad_faces_sad_ones(box: Box, server: Server) -> None:
    eye = box.eye()
    eye.shows = "happy"
    until(lambda: server.mpc("-f", "%file%", "current").startswith("happy/"), "a happy song")
    until(lambda: box.seen()["belief"]["mood"] == "happy", "the mood")
    assert "happy" in box.mien("why").stdout
    eye.shows = "sad"
    until(lambda: box.seen()["belief"]["mood"] == "sad", "the mood")
    until(lambda: [song["uri"][:4] for song in box.seen()["player"]["upcoming"]][:1] == ["sad/"], "what comes")
    assert server.mpc("-f", "%file%", "current").startswith("happy/"), "a song that plays is not cut off"
    with suppress(subprocess.CalledProcessError):  # it may have come to its end by itself
        server.mpc("seek", "99%")
    until(lambda: server.mpc("-f", "%file%", "current").startswith("sad/"), "a sad song")


def test_the_music_survives_eye_and_server_and_both_come_back(box: Box, server: Server) -> None:
    eye = box.eye()
    until(lambda: box.seen()["eye"] == "up", "the eye")
    eye.close()
    until(lambda: box.seen()["eye"] == "down", "the loss of the eye")
    server.stop()
    until(lambda: box.seen()["jukebox"] == "down", "the loss of MPD")
    assert any("music server" in said for said in box.seen()["trouble"])
    server.start()
    until(lambda: box.seen()["jukebox"] == "up", "MPD")
    box.eye()
    until(lambda: box.seen()["eye"] == "up", "the eye")
    assert box.mien("mood", "sad").returncode == 0
    until(lambda: box.song().startswith("sad/"), "a sad song")


def test_it_saves_and_ends_when_told_and_comes_back_after_a_kill(box: Box, server: Server) -> None:
    box.ask("mood", "happy")
    until(lambda: box.song().startswith("happy/"), "a happy song")
    assert box.end() == 0
    assert (box.folder / "state" / "history.db").exists()
    assert not (box.folder / "run" / "mien.sock").exists()
    assert "[playing]" in server.mpc("status"), "the music goes on"
    box.start()
    box.end(signal.SIGKILL)
    box.start()
    until(lambda: box.seen()["jukebox"] == "up", "MPD")


def test_it_starts_with_every_file_of_its_own_damaged_and_says_so(box: Box, server: Server) -> None:
    box.end()
    for name in ("settings.toml", "history.db", "jukebox.json"):
        (box.folder / "state" / name).write_bytes(b"\xff\xfenot what it should be" * 50)
    box.start()
    until(lambda: box.seen()["jukebox"] == "up", "MPD")
    assert any("settings.toml is damaged" in said for said in box.seen()["trouble"])
    box.end()
    box.start()
    assert not any("damaged" in said for said in box.seen()["trouble"])


def test_a_hand_through_another_client_is_respected(box: Box, server: Server) -> None:
    box.ask("mood", "happy")
    until(lambda: box.song().startswith("happy/"), "a happy song")
    assert box.seen()["hands_off"] == 0
    server.mpc("pause")
    until(lambda: box.seen()["hands_off"] > 0, "hands off")


@pytest.mark.parametrize(
    ("song", "line"),
    [
        (Song("a/01 Tea.flac", "Tea for two", "Ida"), "Tea for two — Ida"),
        (Song("a/01 Tea.flac", artist="Ida"), "Tea — Ida"),
        (Song("a/01 Tea.flac"), "Tea"),
        (None, "nothing"),
    ],
)
def test_the_command_line_names_what_plays(song: Song | None, line: str) -> None:
    told = msgspec.to_builtins(Snapshot(player=Player("play", song)))
    assert f"music  play: {line}\n" in cli.status(told)


def test_the_command_line_tells_what_is_and_what_to_do(box: Box, server: Server) -> None:
    until(lambda: box.seen()["jukebox"] == "up", "MPD")
    told = box.mien("status")
    assert told.returncode == 0
    assert "8 songs" in told.stdout
    assert box.mien("mood", "merry").returncode == 1
    assert box.mien("pair", "--wait", "0").returncode == 1
    assert "camera" in box.mien("look").stdout, "nobody sees, and that is the answer"
    told = box.mien("doctor")
    assert "ok    music server" in told.stdout.replace("ok   music", "ok    music")
    assert "FAULT eye: is not connected" in told.stdout
    assert "fix: " in told.stdout
    box.eye().shows = "happy"
    until(lambda: box.seen()["eye"] == "up", "the eye")
    assert "happy" in box.mien("look").stdout
    assert "FAULT eye" not in box.mien("doctor").stdout
    box.write("[music]\ncieling = 3\n")
    assert "did you mean music.ceiling?" in box.mien("doctor").stdout
    box.end()
    told = box.mien("status")
    assert told.returncode == 69
    assert "is it running?" in told.stderr
