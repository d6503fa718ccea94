"""Whose fault it is that a song was not heard: the song's, the box's or nobody's."""

import multiprocessing
import os
import shutil
import signal
from pathlib import Path

import pytest

from appliance.library import decode, listing
from appliance.library.catalogue import Catalogue
from appliance.library.ear import Ear, Heard
from appliance.library.hand import DEADLY, outlived
from tests.bench import ear_kills
from tests.library.desk import listener


def killed(own: Ear, times: int, records: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A listener is killed over one song, as by the kernel when that takes all memory; so are `times` in all."""
    left = multiprocessing.Value("i", times)

    def hear(file: Path, duration: float | None = None) -> Heard:
        if file.name == "1.flac" and left.value:
            left.value -= 1
            os.kill(os.getpid(), signal.SIGKILL)
        return Ear.hear(own, file, duration)

    monkeypatch.setattr(own, "hear", hear)
    with pytest.raises(RuntimeError, match="-9"):
        ear_kills.lives(own, state, records, None)


def test_a_song_that_ends_its_listener_costs_no_other_its_turn_and_is_heard_once_it_is_mended(
    own: Ear, records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed(own, 2, records, tmp_path, monkeypatch)
    assert ear_kills.lives(own, tmp_path, records, None)
    catalogue = Catalogue(tmp_path / "library.db")
    refused = {"1.flac": DEADLY, "3b.flac": "it is not sound of any known kind"}
    assert dict(catalogue.progress().unreadable) == refused
    assert catalogue.progress().done == 7, "all others were heard"
    there = listener(own, tmp_path)
    assert there.register.waiting(own) == [], "nor is it tried for ever"
    there.register.take([listing.entry("1.flac", {"last-modified": "2", "duration": "7"})])
    there.work(records)
    assert catalogue.entries()["1.flac"].valence is not None


def test_a_song_is_not_blamed_for_what_else_killed_its_listener_and_waits_until_the_others_are_heard(
    own: Ear, records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed(own, 1, records, tmp_path, monkeypatch)
    catalogue, before = Catalogue(tmp_path / "library.db"), []
    there = listener(own, tmp_path)
    there.rest = lambda over: before.append(catalogue.entries()["1.flac"].valence)
    there.work(records)
    assert before == [None] * 6, "it came last of those that were left"
    assert catalogue.entries()["1.flac"].valence is not None
    assert (tmp_path / "library.hand").read_text() == ""


def test_a_child_that_trips_is_not_taken_for_one_that_was_killed() -> None:
    def trip() -> None:
        raise ValueError("of no such kind")

    assert outlived(trip) and outlived(lambda: None)
    assert not outlived(lambda: os.kill(os.getpid(), signal.SIGKILL))
    assert outlived(trip)


POOR = """#!/bin/sh
head -c 1212 /dev/zero
echo "[in#4/flac @ 0x56] pthread_create() failed: Resource temporarily unavailable" >&2
exit 245
"""


@pytest.mark.parametrize(("tool", "why"), [(POOR, decode.LACK), ("", "ffmpeg is not installed: apt install ffmpeg")])
def test_a_song_is_not_blamed_for_what_the_box_lacks_and_is_heard_once_it_has_that(
    own: Ear, records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str, why: str
) -> None:
    """As ffmpeg 7 tells it where it may not have all its threads: some sound comes out all the same."""
    there = listener(own, tmp_path)
    there.register.take([listing.entry("0.flac", {"last-modified": "1", "duration": "7"})])
    monkeypatch.setattr(decode, "FRUGAL", decode.FRUGAL | {"PATH": str(tmp_path)})
    if tool:
        (tmp_path / "ffmpeg").write_text(tool.replace("head", shutil.which("head") or ""))
        (tmp_path / "ffmpeg").chmod(0o755)
    there.work(records)
    assert there.catalogue.trouble("0.flac") == why
    monkeypatch.undo()
    there.work(records)
    assert there.catalogue.trouble("0.flac") == ""
    assert there.catalogue.entries()["0.flac"].valence is not None
