"""The whole speaker as a person starts it: real processes, a real MPD, a drawn actor before the camera."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.speaker import ROOT, Speaker
from tests.waiting import PATIENCE, until


@pytest.fixture(scope="module")
def speaker() -> Iterator[Speaker]:
    one = Speaker()
    try:
        one.ready()
        yield one
    finally:
        one.close()


def mood_and_music(speaker: Speaker, mood: str) -> bool:
    """The mood is this, and what is to play next lies in its folder."""
    if speaker.state().get("mood") != mood:
        return False
    playing = speaker.mpc("current")
    queue = speaker.mpc("playlist")
    coming = queue[queue.index(playing[0]) + 1 :] if playing and playing[0] in queue else queue
    return bool(coming) and coming[0].startswith(f"{mood}/")


def test_the_actors_expression_makes_the_mood_and_the_music_follow_it(speaker: Speaker) -> None:
    speaker.direct("happy")
    until(lambda: mood_and_music(speaker, "happy"), "a happy room with happy songs to come", every=0.3)
    until(lambda: playing(speaker).startswith("happy/"), "a happy song that plays", every=0.3)
    assert speaker.state()["song"]["uri"].startswith("happy/"), "the page tells the same"
    speaker.direct("sad")
    until(lambda: mood_and_music(speaker, "sad"), "a sad room with sad songs to come", every=0.3)
    until(lambda: playing(speaker).startswith("sad/"), "a sad song that plays", every=0.3)


def playing(speaker: Speaker) -> str:
    told = speaker.mpc("status")
    return told[0] if len(told) > 1 and told[1].startswith("[playing]") else ""


def test_a_second_speaker_of_the_same_person_is_refused_and_the_first_plays_on(speaker: Speaker) -> None:
    command = [sys.executable, "-m", "desk", "--camera", "actor"]
    second = subprocess.run(
        command, cwd=ROOT, env=speaker.environment, capture_output=True, text=True, check=False, timeout=30
    )
    assert second.returncode == 1
    assert "runs already" in second.stdout
    assert speaker.state()["eye"] == "up"


@pytest.mark.parametrize("half", ["firmware", "appliance", "mpd", "appliance.library"])
def test_a_process_that_is_killed_is_started_again_and_all_is_well(speaker: Speaker, half: str) -> None:
    before = speaker.children()[half]
    os.kill(before, signal.SIGKILL)
    until(lambda: speaker.children().get(half, before) != before, "another in its place", every=0.3)

    def well() -> bool:
        told = speaker.state()
        return told.get("eye") == "up" and told.get("jukebox") == "up" and bool(told.get("faces") and playing(speaker))

    until(well, "both halves joined again, and music", every=0.3)
    assert speaker.process.poll() is None


def test_ctrl_c_ends_everything_and_leaves_no_process_and_no_socket(speaker: Speaker) -> None:
    assert set(speaker.children()) >= {"appliance", "firmware", "mpd"}
    speaker.process.send_signal(signal.SIGINT)
    assert speaker.process.wait(30) == 0
    assert speaker.children() == {}
    assert not speaker.run.exists()
    assert str(speaker.home) not in Path("/proc/net/unix").read_text()
    with socket.create_server(("", speaker.port)):
        pass  # the page's port is free again


def test_after_all_that_it_starts_again_quickly_with_the_same_songs(speaker: Speaker) -> None:
    speaker.process = speaker.start()
    speaker.ready()
    assert "composing" not in speaker.said.read_text()


def test_a_shutter_left_closed_is_told_at_the_next_start_and_the_button_held_ends_the_run(speaker: Speaker) -> None:
    speaker.direct("long")
    speaker.process.send_signal(signal.SIGINT)
    assert speaker.process.wait(PATIENCE) == 0
    speaker.process = speaker.start()
    speaker.ready()
    until(lambda: "its shutter is closed, as it was left" in speaker.said.read_text(), "a word on the shutter")
    held = [sys.executable, "-m", "firmware.actor", "very_long"]
    subprocess.run(held, cwd=ROOT, env=speaker.environment, check=False, capture_output=True)  # it ends under the hand
    assert speaker.process.wait(PATIENCE) == 0
    assert "the button was held" in speaker.said.read_text()
    assert speaker.children() == {} and not speaker.run.exists()
