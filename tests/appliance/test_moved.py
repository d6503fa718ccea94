"""Likes, plays, skips and corrections belong to a song, not to a file's name: they follow it wherever it is put."""

import random
from functools import partial
from pathlib import Path

from appliance import rules
from appliance.chooser import Chooser
from appliance.commands import Choose, Remember
from appliance.events import Chosen, Event, Song
from appliance.habits import HABITS
from appliance.history import History
from appliance.jukebox import Jukebox
from appliance.library import listing
from appliance.library.catalogue import Catalogue
from appliance.library.register import Register
from appliance.places import DEFAULTS
from appliance.rack import Rack, Track
from appliance.settings import ChoiceSettings
from tests.appliance.conftest import Server
from tests.library.sounds import hear_all, listed, sounding
from tests.waiting import until


def take(server: Server, file: Path) -> None:
    """What the listener does first: see what the music server has now."""
    server.update()
    client = server.client()
    Register(file).take(listing.listed(client))
    client.disconnect()


class Asked:
    """A chooser beside a real music server, with the catalogue and the history that it goes by."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.file = folder / "library.db"
        self.catalogue, self.history = Catalogue(self.file), History(folder / "h.db", 90)
        self.posted: list[Event] = []
        self.chooser = Chooser(
            server.dial, self.posted.append, rules.read(DEFAULTS / "moods.toml"), ChoiceSettings(), random.Random(1),
            chart=self.catalogue.chart, edition=self.catalogue.edition, moved=self.catalogue.moved,
            habits=partial(self.history.among, HABITS, 0.0),
        )  # fmt: skip

    def answer(self, count: int) -> Chosen:
        seen = len(self.posted)
        self.chooser.ask(Choose(1, "sad", 0.0, 0.0, count))
        return until(lambda: [got for got in self.posted[seen:] if isinstance(got, Chosen)], "an answer")[0]


def liked(chosen: Chosen) -> list[str]:
    return [choice.song.uri for choice in chosen.choices if "liked" in {part.kind for part in choice.parts}]


def test_a_song_that_was_renamed_and_moved_is_liked_disliked_and_placed_as_before(
    server: Server, tmp_path: Path
) -> None:
    asked, music = Asked(server, tmp_path), server.folder / "music"
    file, catalogue, history, chooser = asked.file, asked.catalogue, asked.history, asked.chooser
    take(server, file)
    catalogue.correct("sad/moon.flac", -0.5, 0.25)
    history.add(Remember("rated", "sad", "sad/moon.flac", 2))
    history.add(Remember("rated", "sad", "sad/fog.flac", 0))
    chooser.recall()
    chooser.start()
    chooser.library()
    asked.answer(3)
    (music / "kept" / "sad").mkdir(parents=True)
    (music / "sad" / "moon.flac").rename(music / "kept" / "sad" / "01 la lune.flac")
    (music / "sad" / "fog.flac").rename(music / "sad" / "brume.flac")
    take(server, file)
    chooser.library()
    chosen = asked.answer(3)
    assert liked(chosen) == ["kept/sad/01 la lune.flac"]
    assert chosen.choices[-1].song.uri == "sad/brume.flac", "what is barred comes last of all"
    moon = catalogue.entries()["kept/sad/01 la lune.flac"]
    assert moon.by_hand and (moon.rank_valence, moon.rank_energy) == (-0.5, 0.25)
    again = Chooser(
        server.dial,
        asked.posted.append,
        {},
        ChoiceSettings(),
        moved=catalogue.moved,
        habits=partial(history.among, HABITS, 0.0),
    )
    again.recall()
    assert set(again._habits.taste.met) == {"kept/sad/01 la lune.flac", "sad/brume.flac"}, "a restart changes nothing"
    (music / "sad" / "brume.flac").rename(music / "sad" / "fog.flac")
    take(server, file)
    assert catalogue.moved() == {
        "sad/brume.flac": "sad/fog.flac", "sad/moon.flac": "kept/sad/01 la lune.flac",
    }, "what comes back is where it was"  # fmt: skip
    chooser.stop()


def test_a_move_is_followed_as_soon_as_the_music_server_tells_of_it(server: Server, tmp_path: Path) -> None:
    """Without the listener, who comes at night: likes, dislikes and the place on the plane are there at once."""
    asked, music = Asked(server, tmp_path), server.folder / "music"
    jukebox = Jukebox(server.dial, asked.posted.append, tmp_path / "jukebox.json", library=asked.chooser.library)
    take(server, asked.file)
    asked.catalogue.correct("sad/moon.flac", -0.5, 0.25)
    asked.history.add(Remember("rated", "sad", "sad/moon.flac", 2))
    asked.history.add(Remember("rated", "sad", "sad/fog.flac", 0))
    asked.chooser.recall()
    asked.chooser.start()
    jukebox.start()
    until(lambda: liked(asked.answer(3)) == ["sad/moon.flac"], "what is liked")
    (music / "kept" / "sad").mkdir(parents=True)
    (music / "sad" / "moon.flac").rename(music / "kept" / "sad" / "01 la lune.flac")
    (music / "sad" / "fog.flac").rename(music / "sad" / "brume.flac")
    server.update()
    until(lambda: liked(asked.answer(3)) == ["kept/sad/01 la lune.flac"], "the same under its new name")
    assert asked.answer(3).choices[-1].song.uri == "sad/brume.flac", "what is barred comes last of all"
    stock = asked.chooser._stock
    moon = stock.number.get("kept/sad/01 la lune.flac")
    assert (stock.valence[moon], stock.energy[moon]) == (-0.5, 0.25)
    take(server, asked.file)
    asked.chooser.library()
    assert liked(asked.answer(3)) == ["kept/sad/01 la lune.flac"], "the listener comes to the same"
    jukebox.stop()
    asked.chooser.stop()


def test_what_moves_while_the_box_is_off_is_found_at_the_start_and_a_missing_share_moves_nothing(
    tmp_path: Path,
) -> None:
    file = tmp_path / "library.db"
    Register(file).take([listed("a/old.flac", "Moon"), listed("a/kept.flac", "Sun"), listed("a/nameless.flac")])

    def rack(*songs: tuple[str, str]) -> Rack:
        return Rack(Track(Song(uri, title, "Ada", "", 200.0)) for uri, title in songs)

    kept, nameless = ("a/kept.flac", "Sun"), ("b/nameless.flac", "nameless.flac")
    moved = Catalogue(file).moved
    assert moved(rack(("b/new.flac", "Moon"), kept, nameless)) == {"a/old.flac": "b/new.flac"}
    assert moved(rack(("b/2.flac", "Moon"), ("b/1.flac", "Moon"), kept))["a/old.flac"] == "b/1.flac", (
        "of two copies one"
    )
    assert moved(rack(("b/new.flac", "Another"), kept)) == {}
    assert moved(rack(kept)) == moved() == {}
    assert Catalogue(tmp_path / "none.db").moved(rack(kept)) == {}
    names = Catalogue(file).chart({"a/old.flac": "b/new.flac"}).names
    assert "b/new.flac" in names and "a/kept.flac" in names and "a/old.flac" not in names


def test_a_move_is_remembered_through_being_heard_at_last_and_through_new_tags(tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    register, sound = Register(file), sounding(1)
    register.take([listed("old.flac", "Moon")])
    register.take([listed("newer.flac", "Moon")])
    hear_all(file, {"newer.flac": sound})
    assert Catalogue(file).moved() == {"old.flac": "newer.flac"}
    register.take([listed("newest.flac", "La lune")])
    assert Catalogue(file).moved() == {}, "it may be any song until it is heard"
    hear_all(file, {"newest.flac": sound})
    assert Catalogue(file).moved() == {"old.flac": "newest.flac", "newer.flac": "newest.flac"}
    register.take([])
    assert Catalogue(file).moved() == {}, "a missing share moves nothing"
    register.take([listed("newest.flac", "La lune")])
    assert len(Catalogue(file).moved()) == 2
