"""Likes, plays, skips and corrections belong to a song, not to a file's name: they follow it wherever it is put."""

import random
from functools import partial
from pathlib import Path

from appliance import rules
from appliance.chooser import HABITS, Chooser
from appliance.commands import Choose, Remember
from appliance.events import Chosen, Event
from appliance.history import History
from appliance.library import listing
from appliance.library.catalogue import Catalogue
from appliance.library.register import Register
from appliance.places import DEFAULTS
from appliance.settings import ChoiceSettings
from tests.appliance.conftest import Server
from tests.library.test_catalogue import hear_all, listed, sounding
from tests.waiting import until


def take(server: Server, file: Path) -> None:
    """What the listener does first: see what the music server has now."""
    server.update()
    client = server.client()
    Register(file).take(listing.listed(client))
    client.disconnect()


def test_a_song_that_was_renamed_and_moved_is_liked_disliked_and_placed_as_before(
    server: Server, tmp_path: Path
) -> None:
    file, music = tmp_path / "library.db", server.folder / "music"
    catalogue, history = Catalogue(file), History(tmp_path / "h.db", 90)
    posted: list[Event] = []
    chooser = Chooser(
        server.dial, posted.append, rules.read(DEFAULTS / "moods.toml"), ChoiceSettings(), random.Random(1),
        chart=catalogue.chart, edition=catalogue.edition, moved=catalogue.moved,
        habits=partial(history.among, HABITS, 0.0),
    )  # fmt: skip

    def answer(count: int) -> Chosen:
        seen = len(posted)
        chooser.ask(Choose(1, "sad", 0.0, 0.0, count))
        until(lambda: len(posted) > seen, "an answer")
        got = posted[-1]
        assert isinstance(got, Chosen)
        return got

    take(server, file)
    catalogue.correct("sad/moon.flac", -0.5, 0.25)
    history.add(Remember("rated", "sad", "sad/moon.flac", 2))
    history.add(Remember("rated", "sad", "sad/fog.flac", 0))
    chooser.recall()
    chooser.start()
    chooser.library()
    answer(3)
    (music / "kept" / "sad").mkdir(parents=True)
    (music / "sad" / "moon.flac").rename(music / "kept" / "sad" / "01 la lune.flac")
    (music / "sad" / "fog.flac").rename(music / "sad" / "brume.flac")
    take(server, file)
    chooser.library()
    chosen = answer(3)
    liked = [choice.song.uri for choice in chosen.choices if "liked" in {part.kind for part in choice.parts}]
    assert liked == ["kept/sad/01 la lune.flac"]
    assert chosen.choices[-1].song.uri == "sad/brume.flac", "what is barred comes last of all"
    moon = catalogue.entries()["kept/sad/01 la lune.flac"]
    assert moon.by_hand and (moon.rank_valence, moon.rank_energy) == (-0.5, 0.25)
    again = Chooser(server.dial, posted.append, {}, ChoiceSettings(), moved=catalogue.moved, habits=chooser._habits)
    again.recall()
    assert set(again._taste.met) == {"kept/sad/01 la lune.flac", "sad/brume.flac"}, "a restart changes nothing"
    (music / "sad" / "brume.flac").rename(music / "sad" / "fog.flac")
    take(server, file)
    assert catalogue.moved() == {
        "sad/brume.flac": "sad/fog.flac", "sad/moon.flac": "kept/sad/01 la lune.flac",
    }, "what comes back is where it was"  # fmt: skip
    chooser.stop()


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
