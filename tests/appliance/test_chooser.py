"""The chooser: what fits, with variety, and an honest word where nothing does."""

import random
from pathlib import Path

import pytest

from appliance import rules
from appliance.chooser import Chooser, pick
from appliance.events import Choose, Chosen, Event, Mood, Song
from appliance.rules import Rule
from appliance.settings import ChoiceSettings, SettingsError
from appliance.shelf import Shelf, Track, track
from tests.appliance.conftest import Server
from tests.waiting import until

DEFAULTS = Path(__file__).parents[2] / "config" / "moods.toml"
RULES = rules.read(DEFAULTS)


def on(uri: str, artist: str = "", **more: object) -> Track:
    return Track(Song(uri, artist=artist), **more)  # type: ignore[arg-type]  # a shorthand of tests


def ask(
    mood: Mood = "happy", count: int = 1, avoid: tuple[str, ...] = (), point: tuple[float, float] = (0, 0)
) -> Choose:
    return Choose(1, mood, *point, count, avoid)


def uris(chosen: Chosen) -> list[str]:
    return [choice.song.uri for choice in chosen.choices]


def test_each_kind_of_rule_finds_its_songs_and_says_why() -> None:
    own = RULES | {"happy": Rule(playlists=("Party",), folders=("fun",), genres=("Ska",), tags=("bright",))}
    for found, word in (
        (on("x.flac", playlists=frozenset({"party"})), "playlist “Party”"),
        (on("Music/Fun/x.flac"), "folder “fun”"),
        (on("x.flac", genres=frozenset({"ska"})), "Ska"),
        (on("x.flac", words=frozenset({"bright"})), "“bright”"),
    ):
        chosen = pick(ask(), Shelf((on("other.flac"), found)), own, {}, (), random.Random(1))
        assert uris(chosen) == [found.song.uri]
        assert word in chosen.choices[0].why
        assert chosen.choices[0].why.count(".") == 1


def test_nearer_songs_come_first() -> None:
    songs = [on(f"happy/{n}.flac", valence=n / 10, energy=0.0) for n in range(-10, 11, 5)]
    chosen = pick(ask(point=(0.5, 0.0), count=2), Shelf(tuple(songs)), RULES, {}, (), random.Random(1))
    assert uris(chosen)[0] == "happy/5.flac"


def test_no_song_comes_again_while_there_is_another_and_then_the_longest_gone() -> None:
    shelf = Shelf(tuple(on(f"happy/{n}.flac") for n in "abc"))
    assert uris(
        pick(ask(avoid=("happy/a.flac",), count=2), shelf, RULES, {"happy/b.flac": 60.0}, (), random.Random(1))
    )[0] == ("happy/c.flac")
    chosen = pick(ask(avoid=("happy/a.flac", "happy/b.flac", "happy/c.flac")), shelf, RULES, {}, (), random.Random(1))
    assert uris(chosen) == ["happy/c.flac"]
    assert "nothing else fits" in chosen.choices[0].why


def test_artists_take_turns() -> None:
    shelf = Shelf((on("happy/a.flac", "Ada"), on("happy/b.flac", "Ada"), on("happy/c.flac", "Ben")))
    assert uris(pick(ask(), shelf, RULES, {}, ("Ada",), random.Random(1))) == ["happy/c.flac"]


def test_an_empty_library_and_nothing_fitting_are_told_apart() -> None:
    empty = pick(ask(), Shelf(), RULES, {}, (), random.Random(1))
    assert "empty" in empty.trouble
    nothing = pick(ask("sad"), Shelf((on("x.flac"),)), RULES, {}, (), random.Random(1))
    assert "no song fits “sad”" in nothing.trouble
    assert pick(ask(), Shelf(trouble="lost"), RULES, {}, (), random.Random(1)).trouble == "lost"


def test_songs_that_tell_only_their_place_on_the_plane_are_taken_by_it() -> None:
    chosen = pick(
        ask("sad", point=(-0.6, -0.4)),
        Shelf((on("x.flac", valence=-0.5, energy=-0.4),)),
        RULES,
        {},
        (),
        random.Random(),
    )
    assert "near sad" in chosen.choices[0].why


def test_tags_tell_words_genres_and_a_place_on_the_plane() -> None:
    told = {"file": "a/b.flac", "genre": ["Pop; Rock", "Ska"], "comment": "Dreamy, valence=0.6 energy=-0.25"}
    read = track(told, {}, {"valence": {}, "energy": {"a/b.flac": 0.5}})
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
