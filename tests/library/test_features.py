"""Music whose key, mode, tempo and loudness are known lands where it should: no data needed."""

import numpy as np
import pytest

from appliance.library import spectrum
from appliance.library.features import features, names
from appliance.library.harmony import NAMES, key, tones
from appliance.library.mapping import Mapping
from appliance.library.rhythm import tempo
from songs.band import play
from songs.score import compose
from songs.voices import RATE as SONG_RATE
from tests.library.music import Sound, clicks, loud, patches, song

MAPPING = Mapping()


def told(sound: Sound) -> dict[str, float]:
    return dict(zip(names(), features(patches(sound))[0].tolist(), strict=True))


def bands(sound: Sound) -> spectrum.Floats:
    return spectrum.mel(np.stack([spectrum.power(patch) for patch in patches(sound)]))


@pytest.mark.parametrize("major", [True, False], ids=["major", "minor"])
@pytest.mark.parametrize("tonic", range(0, 12, 2), ids=lambda tonic: NAMES[tonic])
def test_a_key_and_its_mode_are_heard(tonic: int, major: bool) -> None:
    found = key(tones(patches(song(tonic, major, 100)))[0].sum((0, 1)))
    assert (NAMES[found.tonic], found.major) == (NAMES[tonic], major)
    assert found.clarity > 0.7


def test_a_piano_out_of_tune_keeps_its_key() -> None:
    found = key(tones(patches(song(9, False, 100)))[0].sum((0, 1)))
    sharp = song(0, False, 100)
    quarter = np.interp(np.arange(0, len(sharp), 2 ** (0.4 / 12)), np.arange(len(sharp)), sharp).astype(np.float32)
    assert str(found) == "A minor"
    assert str(key(tones(patches(quarter))[0].sum((0, 1)))) == "C minor"


@pytest.mark.parametrize("beats", [60, 75, 90, 110, 128, 150, 174])
def test_a_tempo_is_heard_within_four_in_a_hundred(beats: int) -> None:
    """Or its half or double: which of them is the beat is a matter of taste."""
    found = tempo(bands(clicks(beats)))
    assert min(abs(found / (beats * n) - 1) for n in (0.5, 1, 2)) < 0.04


def test_the_usual_tempi_are_heard_as_they_are() -> None:
    for beats in (90, 100, 120, 140):
        assert tempo(bands(clicks(beats))) == pytest.approx(beats, rel=0.04)


@pytest.mark.parametrize("level", [-40.0, -25.0, -10.0])
def test_loudness_is_told_in_decibels(level: float) -> None:
    sine = loud(np.sin(2 * np.pi * 440 * np.arange(10 * 16000) / 16000).astype(np.float32), level)
    heard = told(sine)
    assert heard["loudness"] == pytest.approx(level, abs=0.5)
    assert heard["loudness arc"] < 0.5
    assert heard["loudness spread"] < 0.5


def test_a_clear_beat_is_clearer_than_none() -> None:
    steady = told(clicks(120))
    held = told(loud(np.sin(2 * np.pi * 330 * np.arange(10 * 16000) / 16000).astype(np.float32), -20))
    assert steady["pulse clarity"] > held["pulse clarity"] + 0.3
    assert steady["events"] > held["events"]
    assert held["tonal share"] > steady["tonal share"]


@pytest.mark.parametrize(("times", "slow", "fast"), [(1, "0.5", "8"), (6, "4", "16"), (12, "8", "2")])
def test_how_fast_a_tone_swells_is_heard(times: float, slow: str, fast: str) -> None:
    second = np.arange(10 * 16000) / 16000
    tone = np.sin(2 * np.pi * 1000 * second) * (1 + 0.9 * np.sin(2 * np.pi * times * second))
    heard = told(loud(tone.astype(np.float32), -20))
    assert heard[f"voice swells from {slow}"] > heard[f"voice swells from {fast}"] + 0.5


def test_there_are_about_a_hundred_and_twenty_numbers_and_all_are_finite() -> None:
    assert 110 <= len(names()) <= 130
    assert tuple(sorted(names())) == names() == MAPPING.names
    for strange in (np.zeros((1, 48128), np.float32), np.ones((2, 48128), np.float32), patches(clicks(120)) * 1e4):
        assert np.isfinite(features(strange)[0]).all()


def energy(mood: str, number: int) -> float:
    piece = play(compose(mood, number)).mean(1)
    at_rate = np.interp(np.arange(0, len(piece), SONG_RATE / 16000), np.arange(len(piece)), piece).astype(np.float32)
    return MAPPING.place(features(patches(at_rate))[0], None).energy


def test_the_boxs_own_angry_songs_have_more_energy_than_its_sad_ones() -> None:
    assert energy("angry", 0) > energy("sad", 0) + 0.2


def test_fast_loud_music_has_more_energy_than_slow_soft_music() -> None:
    fast, slow = song(0, True, 160, level=-8), song(0, True, 50, level=-30)
    lively, still = (MAPPING.place(features(patches(one))[0], None) for one in (fast, slow))
    assert lively.energy > still.energy
    assert all(0 < doubt < 1 for one in (lively, still) for doubt in (one.valence_doubt, one.energy_doubt))
