"""Files of every kind, whole and broken: each has its answer, and none costs more than another."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from appliance.library import decode, label, tags
from appliance.library.decode import PATCH, PATCHES, RATE, Unreadable, patches, starts
from tests.library.music import press, song, unfolding

MUSIC = song(0, True, 100)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return press(MUSIC, tmp_path_factory.mktemp("music") / "whole.flac")


def loudness(file: Path, duration: float | None = None) -> float:
    return float(20 * np.log10(np.sqrt(2 * np.square(patches(file, duration)).mean())))


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("song.flac", ()),
        ("song.mp3", ("-b:a", "128k")),
        ("song.ogg", ("-c:a", "libvorbis")),
        ("song.opus", ("-b:a", "64k")),
        ("song.m4a", ("-c:a", "aac")),
        ("eight-bit.wav", ("-c:a", "pcm_u8")),
        ("many-channels.flac", ("-ac", "6")),
        ("high-rate.flac", ("-ar", "96000")),
        ("telephone.wav", ("-ar", "8000")),
        ("wrong-extension.jpg", ("-f", "flac")),
        ("öde: 'quoted' [x] %03d;.flac", ()),
    ],
)
def test_music_of_any_kind_is_heard_alike(tmp_path: Path, whole: Path, name: str, how: tuple[str, ...]) -> None:
    file = press(MUSIC, tmp_path / name, *how)
    heard = patches(file)
    assert heard.shape[1] == PATCH
    assert len(heard) >= 6
    assert loudness(file) == pytest.approx(loudness(whole), abs=8.5 if "channels" in name else 1.0)


def broken(place: Path, whole: Path, kind: str) -> Path:
    file = place / f"{kind}.flac"
    content = whole.read_bytes()
    if kind == "empty":
        file.write_bytes(b"")
    elif kind == "no sound":
        file.write_text("Dear diary, today I was no song.\n" * 100)
    elif kind == "noise":
        file.write_bytes(np.random.default_rng(1).bytes(20000))
    elif kind == "only its head":
        file.write_bytes(content[:60])
    elif kind == "silent":
        soundfile.write(file, np.zeros(RATE * 20, np.float32), RATE)
    elif kind == "an instant":
        soundfile.write(file, MUSIC[:1000], RATE)
    elif kind == "a list of elsewhere":
        file.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/song.ts\n#EXT-X-ENDLIST\n")
    return file


KINDS = ("empty", "missing", "no sound", "noise", "only its head", "silent", "an instant", "a list of elsewhere")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_music_is_refused_with_a_reason(tmp_path: Path, whole: Path, kind: str) -> None:
    file = broken(tmp_path, whole, kind)
    with pytest.raises(Unreadable) as why:
        patches(file)
    assert 10 < len(str(why.value)) < 200
    assert str(tmp_path) not in str(why.value)
    press(MUSIC, file)
    assert len(patches(file)) >= 6, "and once it is mended it is heard"


def test_a_truncated_song_is_heard_as_far_as_it_goes(tmp_path: Path, whole: Path) -> None:
    content = whole.read_bytes()
    file = tmp_path / "truncated.flac"
    file.write_bytes(content[: len(content) // 8])
    assert 1 <= len(patches(file, 24.0)) < 8
    assert len(patches(file, 4000.0)) >= 1, "even where all that was looked for lies behind the end"


def test_a_song_of_a_few_seconds_is_heard(tmp_path: Path) -> None:
    file = press(MUSIC[: 2 * RATE], tmp_path / "short.wav")
    assert patches(file).shape == (1, PATCH)


def test_a_song_that_is_silent_here_and_there_is_heard(tmp_path: Path) -> None:
    sound = MUSIC.copy()
    sound[: len(sound) // 2] = 0
    assert len(patches(press(sound, tmp_path / "half.flac"))) >= 3


def test_an_hour_is_decoded_no_more_than_a_minute() -> None:
    assert len(starts(3600.0, PATCHES)) == len(starts(60.0, PATCHES)) == PATCHES
    assert starts(3600.0, 8)[0] == pytest.approx(223.5, abs=0.1)
    assert starts(3600.0, 8)[-1] < 3600 - 3


def test_an_hour_long_song_is_heard(tmp_path: Path) -> None:
    hour = tmp_path / "hour.wav"
    soundfile.write(hour, np.tile(MUSIC[: 40 * 1000 : 4], 1440), 4000, subtype="PCM_U8")
    assert patches(hour).shape == (PATCHES, PATCH)


def test_a_file_that_costs_too_much_is_given_up(tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "WALL", 0.0)
    with pytest.raises(Unreadable, match="too long"):
        patches(whole)
    monkeypatch.undo()
    assert len(patches(whole)) >= 6


UNIT = Path(__file__).parents[2] / "systemd" / "mien-library.service"
STRACE = """#!/bin/sh
exec strace -f -qq -e trace=clone,clone3 -o {log} {ffmpeg} "$@"
"""


def tasks() -> int:
    """How many the listener's unit allows."""
    return int(re.findall(r"^TasksMax=(\d+)$", UNIT.read_text(), re.MULTILINE)[0])


def test_the_unit_allows_the_threads_of_either_debians_ffmpeg() -> None:
    """From 7 on it has two for each place that it opens, and four besides; the listener has its own."""
    assert tasks() >= 2 * PATCHES + 4 + 8


def traceable() -> bool:
    return bool(shutil.which("strace")) and not subprocess.run(["strace", "-o", "/dev/null", "true"]).returncode


@pytest.mark.skipif(not traceable(), reason="strace is not installed, or may trace nothing here")
def test_the_unit_allows_all_the_threads_that_ffmpeg_starts_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    song = press(np.tile(MUSIC, 3), tmp_path / "long.flac")
    log, counted = tmp_path / "log", tmp_path / "ffmpeg"
    counted.write_text(STRACE.format(log=log, ffmpeg=shutil.which("ffmpeg")))
    counted.chmod(0o755)
    monkeypatch.setattr(decode, "FRUGAL", decode.FRUGAL | {"PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert len(patches(song, 72.0)) == PATCHES
    started = re.findall(r" = \d+$", log.read_text(), re.MULTILINE)
    assert 1 + len(started) + 8 <= tasks()


def test_hostile_tags_are_read_as_far_as_they_make_sense(whole: Path, tmp_path: Path) -> None:
    from mutagen.flac import FLAC

    file = tmp_path / "hostile.flac"
    file.write_bytes(whole.read_bytes())
    record = FLAC(file)  # type: ignore[no-untyped-call]  # mutagen ships no types
    record["LANGUAGE"] = ["kor", "\x00\x1b[31mred", "x" * 100_000]
    record["MOOD"] = ["sad", "'; DROP TABLE song; --"]
    record["COMMENT"] = "valence=nan energy=99999 " + "\u202e" * 5000
    record.save()
    read = tags.read(file)
    assert read.languages[0] == "kor"
    assert all(len(word) <= 200 and word.isprintable() for word in (*read.languages, *read.moods, read.comment))
    assert read.moods[0] == "sad"
    assert len(patches(file, read.duration)) >= 6


def test_tags_that_unfold_to_more_than_a_box_has_are_left_unread_and_read_once_they_are_mended(tmp_path: Path) -> None:
    file = press(MUSIC[: 4 * RATE], tmp_path / "song.mp3", "-b:a", "64k")
    content = file.read_bytes()
    file.write_bytes(unfolding(content, 2 * label.MEMORY))
    assert file.stat().st_size < label.MEMORY // 40
    assert tags.read(file) == tags.Tags()
    file.write_bytes(unfolding(content, label.MEMORY // 16))
    assert tags.read(file).duration == pytest.approx(4.0, abs=0.2), "a cover of eight megabytes is no trouble"


def test_a_thousand_tags_are_read_as_far_as_anybody_would(whole: Path, tmp_path: Path) -> None:
    from mutagen.flac import FLAC

    file = tmp_path / "many.flac"
    file.write_bytes(whole.read_bytes())
    record = FLAC(file)  # type: ignore[no-untyped-call]  # mutagen ships no types
    record["MOOD"] = [f"mood {number}" for number in range(1000)]
    record.save()
    assert tags.read(file).moods == tuple(f"mood {number}" for number in range(label.SEVERAL))


def test_tags_that_are_rubbish_leave_the_song_a_song(tmp_path: Path, whole: Path) -> None:
    file = tmp_path / "rubbish.mp3"
    file.write_bytes(b"ID3\x04\x00\xff\x7f\x7f\x7f\x7f" + np.random.default_rng(2).bytes(5000))
    assert tags.read(file) == tags.Tags()
    assert tags.read(tmp_path / "not there.mp3") == tags.Tags()
