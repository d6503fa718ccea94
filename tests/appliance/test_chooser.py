"""The chooser with a real music server: the library read, read again, and learned from."""

import random
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from appliance import rules, shelf
from appliance.__main__ import Half
from appliance.chooser import FEW, Chooser
from appliance.commands import Choose, Remember
from appliance.events import Chosen, Event, Mood
from appliance.habits import HABITS
from appliance.history import History
from appliance.jukebox import Jukebox
from appliance.recommender import affinity
from appliance.recommender.evenings import NEWS
from appliance.recommender.rows import Rows
from appliance.rules import Rule
from appliance.settings import ChoiceSettings, SettingsError
from appliance.shelf import track
from tests.appliance.conftest import Server
from tests.waiting import until

DEFAULTS = Path(__file__).parents[2] / "config" / "moods.toml"
RULES = rules.read(DEFAULTS)
NOON = 1.8e9 // 86400 * 86400 + 43200


def ask(mood: Mood = "happy", count: int = 1) -> Choose:
    return Choose(1, mood, 0.0, 0.0, count)


def uris(chosen: Chosen) -> list[str]:
    return [choice.song.uri for choice in chosen.choices]


def test_tags_tell_words_genres_and_a_place_on_the_plane() -> None:
    told = {"file": "a/b.flac", "genre": ["Pop; Rock", "Ska"], "comment": "Dreamy, valence=0.6 energy=-0.25"}
    read = track(told, {"valence": {}, "energy": {"a/b.flac": 0.5}})
    assert read.genres == {"pop", "rock", "ska"}
    assert "dreamy" in read.words
    assert (read.valence, read.energy) == (0.6, 0.5)


def test_the_rules_name_every_fault_and_the_nearest_word(tmp_path: Path) -> None:
    file = tmp_path / "moods.toml"
    file.write_text('[hapy]\n[sad]\ngenre = ["Blues"]\n[angry]\ntags = 3\n')
    with pytest.raises(SettingsError) as caught:
        rules.read(DEFAULTS, file)
    assert "did you mean happy?" in str(caught.value)
    assert "did you mean genres?" in str(caught.value)
    assert len(caught.value.faults) == 3
    file.write_text('[sad]\ngenres = ["Fado"]\n')
    assert rules.read(DEFAULTS, file)["sad"] == Rule(genres=("Fado",))
    assert rules.read(DEFAULTS, file)["happy"] == RULES["happy"]


def test_after_a_restart_the_last_that_happened_on_a_day_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Heard and then disliked is no company for that day's songs; disliked and then heard is."""
    for name in ("etc", "state", "run"):
        monkeypatch.setenv(f"MIEN_{name.upper()}", str(tmp_path / name))
    told = (("played", "out.flac"), ("rated", "in.flac"), ("rated", "out.flac"), ("played", "in.flac"))
    for minute, (kind, song) in enumerate(told):
        history = History(tmp_path / "state" / "history.db", 90, wall=partial(float, NOON + 60 * minute))
        history.add(Remember(kind, "happy", song, 0))  # type: ignore[arg-type]  # all are kinds
        history.flush()
    half = Half()
    assert half.chooser._habits.evenings.lists() == [("in.flac",)]
    half.chooser.start()
    assert half.history.forget_all()
    until(lambda: not half.chooser._habits.evenings.days, "forgetting")
    half.chooser.stop()


def test_what_is_forgotten_counts_no_more_at_once(server: Server, tmp_path: Path) -> None:
    """A like of yesterday's, and what was heard then; and what is said from now on counts as ever."""
    history = History(tmp_path / "h.db", 90)
    posted: list[Event] = []
    chooser = Chooser(
        server.dial, posted.append, RULES, ChoiceSettings(), random.Random(1),
        habits=partial(history.among, HABITS, 0.0),
    )  # fmt: skip
    history.forgotten = chooser.forgotten

    def liked() -> list[str]:
        seen = len(posted)
        chooser.ask(ask("sad", 3))
        until(lambda: len(posted) > seen, "an answer")
        got = posted[-1]
        assert isinstance(got, Chosen) and len(got.choices) == 3
        return [choice.song.title for choice in got.choices if "liked" in {part.kind for part in choice.parts}]

    history.add(Remember("rated", "sad", "sad/moon.flac", 2))
    chooser.recall()
    chooser.start()
    chooser.library()
    assert liked() == ["Moon"]
    now = time.time()
    assert history.forget(now - 86400, now + 86400)
    assert liked() == []
    chooser.learned(Remember("rated", "sad", "sad/fog.flac", 2))
    assert liked() == ["Fog"]
    chooser.stop()


def test_a_real_library_is_read_and_read_again_when_it_changes(server: Server) -> None:
    posted: list[Event] = []
    chooser = Chooser(server.dial, posted.append, RULES, ChoiceSettings(), random.Random(1))
    chooser.start()

    def answer(asked: Choose) -> Chosen:
        seen = len(posted)
        chooser.ask(asked)
        until(lambda: len(posted) > seen, "an answer")
        got = posted[-1]
        assert isinstance(got, Chosen)
        return got

    chooser.library()
    assert {uri.split("/")[0] for uri in uris(answer(ask("sad", 3)))} == {"sad"}
    assert "no song fits" in answer(ask("angry")).trouble
    server.put("x/loud.flac", "Loud", "Jo", "Metal", seconds=1, comment="valence=-0.5 energy=0.8")
    client = server.client()
    server.update()
    client.sticker_set("song", "x/loud.flac", "mien.valence", "-0.4")
    client.playlistadd("fear", "neutral/tea.flac")
    client.disconnect()
    chooser.library()
    assert uris(answer(ask("angry"))) == ["x/loud.flac"]
    assert [t.valence for t in chooser._shelf.tracks if t.song.title == "Loud"] == [-0.4]
    assert "playlist “fear”" in answer(ask("fear")).choices[0].why
    chooser.spoiled("x/loud.flac")
    assert "x/loud.flac" not in uris(answer(ask("angry")))
    server.stop()
    chooser.library()
    assert "cannot be read" in answer(ask("sad")).trouble
    server.start()
    chooser.library()
    assert answer(ask("sad")).choices
    chooser.stop()


def test_lists_are_studied_once_and_again_only_when_they_changed(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the ear works, all that it placed is followed, and what took long to learn stays."""
    posted: list[Event] = []
    edition = [0]
    chooser = Chooser(server.dial, posted.append, RULES, ChoiceSettings(), random.Random(1), edition=lambda: edition[0])
    monkeypatch.setattr("appliance.chooser.LISTENED", 0.0)
    studied: list[int] = []
    fit = affinity.fit

    def counted(lists: Rows, wanted: Callable[[], bool]) -> affinity.Affinity:
        studied.append(len(lists))
        return fit(lists, wanted=wanted)

    monkeypatch.setattr(affinity, "fit", counted)

    def answer() -> None:
        seen = len(posted)
        chooser.ask(ask("sad"))
        until(lambda: len(posted) > seen, "an answer")

    def known() -> affinity.Affinity | None:
        return chooser._stock.recommender.affinity if chooser._stock.recommender else None

    chooser.start()
    chooser.library()
    first = until(known, "what the lists tell")
    before, edition[0] = chooser._stock, 1
    answer()
    until(lambda: chooser._stock is not before, "a stock with what the ear placed")
    assert known() is first and len(studied) == 1
    before = chooser._stock
    for n in range(NEWS):
        chooser.learned(Remember("played", "sad", ("sad/moon.flac", "sad/fog.flac")[n % 2]))
    answer()
    until(lambda: known() is not first, "what the evening tells")
    assert studied == [studied[0], studied[0] + 1]
    assert chooser._stock.tokens is before.tokens, "nothing else was made anew"
    chooser.stop()


def test_of_a_new_library_what_the_ear_places_is_seen_soon(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not ten minutes later; and of one that is known well, not song by song."""
    posted: list[Event] = []
    edition = [1]
    chooser = Chooser(server.dial, posted.append, RULES, ChoiceSettings(), random.Random(1), edition=lambda: edition[0])
    taught: list[str] = []
    monkeypatch.setattr(chooser._student, "learn", lambda what, lesson: taught.append(what))

    def followed(now: int) -> bool:
        edition[0], seen = now, len(posted)
        taught.clear()
        chooser.ask(ask("sad"))
        until(lambda: len(posted) > seen, "an answer")
        return "stock" in taught

    chooser.start()
    chooser.library()
    until(lambda: chooser._stock.tracks, "the library")
    soon = FEW + 3
    assert [followed(now) for now in (2, soon - 1, soon)] == [False, False, True]
    assert [followed(now) for now in (soon + 1, 2 * soon + FEW, 2 * soon + FEW + 1)] == [False, False, True]
    chooser.stop()


def test_a_playlist_that_somebody_makes_in_another_player_counts_once_it_is_made(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Song after song is put into it, and the library is read once."""
    posted: list[Event] = []
    chooser = Chooser(server.dial, posted.append, RULES, ChoiceSettings(), random.Random(1))
    jukebox = Jukebox(
        server.dial, posted.append, tmp_path / "jukebox.json", library=chooser.library, lists=chooser.lists
    )
    monkeypatch.setattr("appliance.chooser.LISTS", 3.0)
    read: list[str] = []
    stock = shelf.stock
    monkeypatch.setattr(shelf, "stock", lambda client: read.append("") or stock(client))  # type: ignore[func-returns-value]  # counted
    chooser.start()
    jukebox.start()
    until(lambda: chooser.shelved().tracks, "the library")
    assert "fear" not in chooser.shelved().tracks.lists
    client = server.client()
    for uri in ("neutral/tea.flac", "neutral/bread.flac", "sad/moon.flac"):
        client.playlistadd("fear", uri)
    client.disconnect()
    until(lambda: chooser.fitting(Rule(playlists=("fear",))) == 3, "the playlist")
    assert len(read) == 2
    jukebox.stop()
    chooser.stop()


def test_what_is_liked_in_another_player_counts_without_a_new_library(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted: list[Event] = []
    chooser = Chooser(server.dial, posted.append, RULES, ChoiceSettings(song_hours=0), random.Random(1))
    monkeypatch.setattr("appliance.chooser.LISTENED", 0.0)

    def liked() -> list[str]:
        seen = len(posted)
        chooser.ask(ask("sad", 3))
        until(lambda: len(posted) > seen, "an answer")
        got = posted[-1]
        assert isinstance(got, Chosen)
        return [choice.song.title for choice in got.choices if "liked" in {part.kind for part in choice.parts}]

    chooser.start()
    chooser.library()
    assert liked() == []
    client = server.client()
    client.sticker_set("song", "sad/moon.flac", "like", "2")
    client.disconnect()
    until(lambda: liked() == ["Moon"], "the like")
    server.stop()
    assert liked() == ["Moon"], "a server that is away for a moment takes nothing"
    server.start()
    chooser.stop()
