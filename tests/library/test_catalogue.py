"""The catalogue keeps what was learned, whatever happens to files, shares and the card."""

from pathlib import Path

import numpy as np
import pytest

from appliance.library import cabinet, export
from appliance.library.catalogue import Catalogue
from appliance.library.entry import AWAY
from appliance.library.register import Register
from appliance.library.tags import Tags
from tests.library.sounds import EAR, hear_all, listed, shelf, sounding


def test_a_household_without_a_catalogue_has_no_songs_and_no_trouble(file: Path) -> None:
    catalogue = Catalogue(file)
    assert (catalogue.entries(), catalogue.edition(), catalogue.progress().total) == ({}, 0, 0)


def test_songs_are_listed_before_they_are_heard(file: Path) -> None:
    Register(file).take([listed("a.flac", "봄날")])
    song = Catalogue(file).entries()["a.flac"]
    assert (song.valence, song.rank_energy, song.language, song.trouble) == (None, None, "ko", "")
    assert (Catalogue(file).progress().done, Catalogue(file).progress().total) == (0, 1)


def test_ranks_are_spread_evenly_so_that_a_shelf_of_laments_has_its_brightest(file: Path) -> None:
    songs = shelf(file, [(-0.9, -0.1), (-0.8, -0.3), (-0.7, -0.2), (-0.6, -0.4)]).entries()
    assert [song.rank_valence for song in songs.values()] == [-0.75, -0.25, 0.25, 0.75]
    assert [song.rank_energy for song in songs.values()] == [0.75, -0.25, 0.25, -0.75]
    assert songs["003.flac"].valence == pytest.approx(-0.6, abs=1e-3), "and stays where it was heard"


def test_one_song_alone_lies_in_the_middle_and_equals_lie_together(file: Path) -> None:
    assert shelf(file, [(0.7, -0.7)]).entries()["000.flac"].rank_valence == 0.0
    two = shelf(file, [(0.7, 0.0), (0.7, 0.5)]).entries()
    assert two["000.flac"].rank_valence == two["001.flac"].rank_valence == 0.0


def test_a_persons_word_stands_and_teaches_songs_like_it(file: Path) -> None:
    catalogue = shelf(file, [(0.1 * i - 0.5, 0.0) for i in range(11)])
    before = catalogue.entries()
    catalogue.correct("000.flac", 0.9, -0.8)
    after = catalogue.entries()
    told = after["000.flac"]
    assert (told.rank_valence, told.rank_energy, told.by_hand) == (0.9, -0.8, True)
    others = [uri for uri in before if uri != "000.flac"]
    moved = [(after[u].valence or 0) - (before[u].valence or 0) for u in others]
    assert min(moved) > 0, "all follow a little, for it may be the household's ear"
    assert max(moved) < 0.5, "and none as far as what was said"
    catalogue.restore("000.flac")
    assert catalogue.entries() == before


def test_many_corrections_turn_the_plane_to_the_households_ear(file: Path) -> None:
    """Someone hears all this music the other way round: songs never touched come to lie as they would say."""
    rng = np.random.default_rng(5)
    places = [(float(v), 0.0) for v in rng.uniform(-0.5, 0.5, 60)]
    catalogue = shelf(file, places)
    first = catalogue.entries()
    shifted = {uri: min(1.0, (song.rank_valence or 0) + 0.6) for uri, song in list(first.items())[:30]}
    for uri, valence in shifted.items():
        catalogue.correct(uri, valence, first[uri].rank_energy or 0.0)
    rest = list(first)[30:]
    after = catalogue.entries()
    moved = np.mean([(after[u].valence or 0) - (first[u].valence or 0) for u in rest])
    assert moved > 0.1


def test_a_song_that_is_not_there_cannot_be_placed(file: Path) -> None:
    catalogue = shelf(file, [(0.0, 0.0)])
    with pytest.raises(KeyError):
        catalogue.correct("gone.flac", 0, 0)
    with pytest.raises(KeyError):
        catalogue.restore("gone.flac")
    catalogue.correct("000.flac", 5.0, -5.0)
    assert catalogue.entries()["000.flac"].rank_valence == 1.0


def test_a_mood_tag_outweighs_what_was_heard(file: Path) -> None:
    Register(file).take([listed("a.flac", mood="sad"), listed("b.flac", "b", comment="valence=0.5 energy=-0.5")])
    hear_all(file, {"a.flac": sounding(1, 0.5, 0.5), "b.flac": sounding(2, -0.9, 0.9, tags=Tags(moods=("Happy",)))})
    songs = Catalogue(file).entries()
    assert songs["a.flac"].moods == ("sad",)
    assert (songs["a.flac"].valence or 0) < 0 and (songs["a.flac"].energy or 0) < 0
    assert songs["b.flac"].moods == ("Happy",)
    assert (songs["b.flac"].valence or 0) > 0, "a file's own tag counts where the server shows none"


def test_a_missing_share_is_remembered_and_comes_back_without_listening(file: Path) -> None:
    catalogue = shelf(file, [(0.1, 0.2), (0.3, 0.4)])
    catalogue.correct("001.flac", 0.5, 0.5)
    before = catalogue.entries()
    Register(file).take([])
    assert (catalogue.entries(), catalogue.progress().total) == ({}, 0)
    Register(file).take([listed(uri, uri) for uri in before])
    assert hear_all(file, {}) == []
    assert catalogue.entries() == before


def test_a_song_that_cannot_be_read_is_named_and_tried_again_when_it_changes(file: Path) -> None:
    register = Register(file)
    register.take([listed("a.flac", "Sun")])
    register.refused(register.waiting(EAR)[0], "it is silent")
    progress = Catalogue(file).progress()
    assert (progress.done, progress.total, progress.unreadable) == (1, 1, (("a.flac", "it is silent"),))
    register.take([listed("a.flac", "Sun")])
    assert register.waiting(EAR) == []
    register.take([listed("a.flac", "Sun", stamp="2")])
    assert hear_all(file, {"a.flac": sounding(1)}) == ["a.flac"]
    assert Catalogue(file).progress().unreadable == ()


def test_what_an_older_release_could_not_hear_is_tried_once_more(file: Path) -> None:
    register = Register(file)
    register.take([listed("a.flac", "Sun"), listed("b.flac", "Moon")])
    for song in register.waiting(EAR):
        register.refused(song, "ffmpeg says: Terminating thread")
    register.reconsider(2)
    assert hear_all(file, {uri: sounding(i) for i, uri in enumerate(("a.flac", "b.flac"))}) == ["a.flac", "b.flac"]
    register.take([listed("c.flac", "Star")])
    register.refused(register.waiting(EAR)[0], "it is silent")
    before = Catalogue(file).edition()
    register.reconsider(2)
    assert register.waiting(EAR) == [], "and what this one refuses stays refused"
    assert Catalogue(file).edition() == before, "nor is anybody made to read all songs anew"


def test_a_song_that_was_heard_and_then_out_of_reach_is_heard_when_it_is_back(file: Path) -> None:
    catalogue = shelf(file, [(0.1, 0.2)])
    with cabinet.writing(file) as base:
        base.execute("UPDATE song SET features = x'0000'")  # as an edition left it that counted others
    register = Register(file)
    register.unreached(register.waiting(EAR), AWAY)
    assert catalogue.away() == 1
    assert hear_all(file, {"000.flac": sounding(0)}) == ["000.flac"]
    assert catalogue.away() == 0


def test_the_time_left_is_told_once_songs_were_heard(file: Path) -> None:
    register = Register(file)
    register.take([listed(f"{i}.flac", str(i)) for i in range(4)])
    assert Catalogue(file).progress().seconds_left is None
    register.heard(register.waiting(EAR)[0], sounding(1), EAR, 2.0)
    assert Catalogue(file).progress().seconds_left == pytest.approx(6.0)


def test_a_new_mapping_places_songs_without_listening_again(file: Path) -> None:
    catalogue = shelf(file, [(0.9, 0.9)])
    with cabinet.writing(file) as base:
        base.execute("UPDATE song SET mapping = 'older'")
    assert Register(file).remap(EAR) == 1
    assert Register(file).waiting(EAR) == []
    assert catalogue.entries()["000.flac"].valence != pytest.approx(0.9)
    assert Register(file).remap(EAR) == 0


def test_songs_of_an_edition_that_counted_other_numbers_keep_their_place_and_are_heard_again(file: Path) -> None:
    catalogue = shelf(file, [(0.9, 0.9)])
    with cabinet.writing(file) as base:
        base.execute("UPDATE song SET mapping = 'older', features = x'0000'")
    assert Register(file).remap(EAR) == 0
    assert catalogue.entries()["000.flac"].valence == pytest.approx(0.9)
    assert hear_all(file, {"000.flac": sounding(0, 0.5, 0.5)}) == ["000.flac"]
    assert Register(file).waiting(EAR) == []


def test_the_edition_changes_with_whatever_changes(file: Path) -> None:
    catalogue = shelf(file, [(0.1, 0.2)])
    before = catalogue.edition()
    assert catalogue.edition() == before
    catalogue.correct("000.flac", 0.1, 0.1)
    assert catalogue.edition() != before


def test_a_damaged_catalogue_is_set_aside_and_corrections_come_back(file: Path) -> None:
    catalogue = shelf(file, [(0.1, 0.2), (0.3, 0.4)])
    catalogue.correct("001.flac", 0.5, -0.5)
    sheet = file.with_suffix(".tsv")
    export.write(catalogue, sheet)
    name = catalogue.entries()["001.flac"].identity
    for tail in ("-wal", "-shm"):
        file.with_name(file.name + tail).unlink(missing_ok=True)
    file.write_bytes(b"\0 this is no longer a catalogue \0" * 500)
    assert catalogue.entries() == {}
    assert cabinet.set_aside(file) == file.with_name("library.db.damaged")
    assert export.recall(sheet, file) == 1
    Register(file).take([listed("elsewhere.flac", "Another name")])
    hear_all(file, {"elsewhere.flac": sounding(1)})
    song = catalogue.entries()["elsewhere.flac"]
    assert (song.identity, song.by_hand, song.rank_valence) == (name, True, 0.5)
    assert cabinet.set_aside(file) is None


def test_a_file_that_is_no_list_of_songs_is_not_taken_for_one(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.tsv"
    other.write_text("uri\tname\na\tb\n")
    with pytest.raises(ValueError, match="no list of songs"):
        export.recall(other, file)


def test_ten_thousand_songs_in_one_folder_are_read_at_once(file: Path) -> None:
    songs = [listed(f"all/{i:05}.flac", f"Song {i}") for i in range(10_000)]
    Register(file).take(songs)
    Register(file).take(songs)
    assert len(Catalogue(file).entries()) == 10_000
    assert len(Register(file).waiting(EAR)) == 10_000
