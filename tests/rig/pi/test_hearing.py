"""The rig knows a song by its sound."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.rig.pi.hearing import loudness, recognised, recorded, thinned


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    for number in range(3):
        noise = np.random.default_rng(number).normal(0, 0.1, (32000 * 4, 2)).repeat(40, axis=0)[: 32000 * 4]
        soundfile.write(tmp_path / f"{number}.flac", noise, 32000, subtype="PCM_16")
    return tmp_path


def heard(shelf: Path, name: str, loud: float) -> Path:
    whole, _ = soundfile.read(shelf / name)
    part = whole[32000 + 3 : 32000 * 3 + 3] * loud
    (shelf / "heard").write_bytes((part * 32767).astype("<i2").tobytes())
    return shelf / "heard"


def test_a_song_is_known_by_two_seconds_of_it_at_any_loudness(shelf: Path) -> None:
    for loud in (1.0, 0.05):
        name, best, second = recognised(recorded(heard(shelf, "1.flac", loud)), shelf)
        assert name == "1.flac" and best > 0.9 > 0.3 > second


def test_silence_is_like_no_song(shelf: Path) -> None:
    silence = recorded(heard(shelf, "1.flac", 0.0))
    assert loudness(silence) == 0.0
    assert recognised(silence, shelf)[1] == 0.0


def test_noise_is_like_no_song(shelf: Path) -> None:
    noise = np.random.default_rng(9).normal(0, 0.1, (64000, 2))
    assert recognised(thinned(noise), shelf)[1] < 0.3
