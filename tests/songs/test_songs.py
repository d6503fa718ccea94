"""What a household that brought no music gets to hear."""

import tomllib
from collections import Counter
from pathlib import Path

import mutagen
import numpy as np
import pytest
import soundfile

from songs.band import CEILING, play
from songs.characters import CHARACTERS
from songs.edition import MARK
from songs.score import compose
from songs.shelf import fill, pieces

WORDS = tuple(CHARACTERS)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("cache") / "songs"
    heard: list[tuple[int, int]] = []
    assert fill(place, lambda done, of: heard.append((done, of)))
    assert heard[-1] == (len(heard), len(heard))
    return place


def test_there_are_at_least_forty_songs_and_several_for_each_mood(shelf: Path) -> None:
    counts = Counter(song.parent.name for song in shelf.rglob("*.flac"))
    assert counts.total() >= 40
    assert set(counts) == {"neutral", "happy", "surprise", "sad", "angry", "disgust", "fear"}
    assert min(counts.values()) >= 5


def test_each_song_lasts_twenty_to_forty_seconds_and_tells_what_it_is(shelf: Path) -> None:
    titles = set()
    for song in shelf.rglob("*.flac"):
        record = mutagen.File(song)
        assert 20 <= record.info.length <= 40, song.name
        told = {key: record[key][0] for key in ("title", "artist", "album", "genre", "mood")}
        assert told["mood"] == song.parent.name
        assert all(told.values())
        titles.add(told["title"])
    assert len(titles) >= 40


def test_each_song_fits_the_rules_of_its_own_mood_alone(shelf: Path) -> None:
    """The rules shipped in config/ would else put one mood's songs among another's."""
    rules = tomllib.loads((Path(__file__).resolve().parents[2] / "config" / "moods.toml").read_text())
    for song in shelf.rglob("*.flac"):
        record = mutagen.File(song)
        names = {song.parent.name, record["genre"][0].lower(), record["mood"][0]}
        fits = {
            mood
            for mood, rule in rules.items()
            if names & {word.lower() for kind in ("folders", "genres", "tags") for word in rule.get(kind, [])}
        }
        assert fits == {song.parent.name}, song.name


def test_a_second_asking_writes_nothing(shelf: Path) -> None:
    before = {song: song.stat().st_mtime_ns for song in shelf.rglob("*.flac")}
    assert not fill(shelf)
    assert before == {song: song.stat().st_mtime_ns for song in shelf.rglob("*.flac")}


def test_a_shelf_of_an_older_edition_is_made_anew_and_whole(shelf: Path) -> None:
    (shelf / MARK).write_text("0")
    (shelf / "leftover.flac").touch()
    assert fill(shelf)
    assert not (shelf / "leftover.flac").exists()
    assert not fill(shelf)
    assert sorted(place.name for place in shelf.parent.iterdir()) == ["songs"], "nothing is left beside the shelf"


@pytest.mark.parametrize("mood", WORDS)
def test_a_song_is_loud_as_it_should_be_and_never_clips(mood: str) -> None:
    piece = compose(mood, 0)
    sound = play(piece)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() <= CEILING
    assert 20 * np.log10(np.sqrt((sound**2).mean())) == pytest.approx(piece.loudness, abs=1.0)


def test_the_songs_span_the_moods() -> None:
    """Angry is faster and louder than sad, happy lies in major and sad in minor, and pieces of one mood differ."""
    by_mood = {mood: [piece for piece in pieces() if piece.mood == mood] for mood in WORDS}
    assert min(p.tempo for p in by_mood["angry"]) > 2 * max(p.tempo for p in by_mood["sad"])
    assert min(p.loudness for p in by_mood["angry"]) > max(p.loudness for p in by_mood["sad"]) + 6
    assert all("ionian" in p.key or "lydian" in p.key for p in by_mood["happy"])
    assert all("aeolian" in p.key or "dorian" in p.key for p in by_mood["sad"])
    for mood, songs in by_mood.items():
        assert len({p.key for p in songs}) >= 4, mood
        assert len({p.tempo for p in songs}) == len(songs), mood


def test_the_same_piece_is_composed_the_same_each_time() -> None:
    assert compose("happy", 2) == compose("happy", 2)


def test_happy_songs_are_brighter_than_sad_ones(shelf: Path) -> None:
    def centre(song: Path) -> float:
        sound = soundfile.read(song, dtype="float32")[0].mean(axis=1)
        power = np.abs(np.fft.rfft(sound[: 1 << 19])) ** 2
        return float((power * np.arange(len(power))).sum() / power.sum())

    def middle(mood: str) -> float:
        return float(np.median([centre(song) for song in (shelf / mood).iterdir()]))

    assert middle("happy") > middle("sad")
