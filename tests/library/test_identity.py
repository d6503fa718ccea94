"""A song is who it is by its sound and its tags: under a new name it keeps what was said of it."""

from pathlib import Path

import pytest

from appliance.library.catalogue import Catalogue
from appliance.library.ear import Heard
from appliance.library.register import Register
from tests.library.sounds import hear_all, listed, sounding


@pytest.mark.parametrize("titled", [True, False], ids=["tagged", "untagged"])
def test_a_renamed_song_keeps_its_correction(file: Path, titled: bool) -> None:
    title = "Sun" if titled else ""
    Register(file).take([listed("old.flac", title)])
    hear_all(file, {"old.flac": sounding(1)})
    Catalogue(file).correct("old.flac", 0.5, 0.5)
    before = Catalogue(file).entries()["old.flac"]
    Register(file).take([listed("new/name.flac", title)])
    heard = hear_all(file, {"new/name.flac": sounding(1)})
    after = Catalogue(file).entries()
    assert heard == ([] if titled else ["new/name.flac"]), "by its tags it is known without listening"
    assert list(after) == ["new/name.flac"]
    assert after["new/name.flac"].identity == before.identity
    assert after["new/name.flac"].by_hand


def test_a_retagged_song_is_known_by_its_sound(file: Path) -> None:
    Register(file).take([listed("a.flac", "Sun")])
    hear_all(file, {"a.flac": sounding(1)})
    before = Catalogue(file).entries()["a.flac"].identity
    Register(file).take([listed("b.flac", "The Sun (Remaster)", stamp="2", seconds=200.4)])
    nearly = bytearray(sounding(1).print)
    nearly[3] ^= 0b101
    heard = sounding(1)
    hear_all(file, {"b.flac": Heard(bytes(nearly), 200.4, *list(vars(heard).values())[2:])})
    assert Catalogue(file).entries()["b.flac"].identity == before


def test_another_recording_in_an_old_songs_place_is_a_new_song(file: Path) -> None:
    Register(file).take([listed("a.flac", "Sun")])
    hear_all(file, {"a.flac": sounding(1)})
    Catalogue(file).correct("a.flac", 0.5, 0.5)
    Register(file).take([listed("a.flac", "Sun", stamp="2")])
    assert hear_all(file, {"a.flac": sounding(2)}) == ["a.flac"]
    assert not Catalogue(file).entries()["a.flac"].by_hand


def test_a_correction_made_before_anybody_listened_is_kept(file: Path) -> None:
    Register(file).take([listed("a.flac", "Sun")])
    Catalogue(file).correct("a.flac", 0.5, 0.5)
    assert Catalogue(file).entries()["a.flac"].rank_valence == 0.5
    hear_all(file, {"a.flac": sounding(1)})
    assert Catalogue(file).entries()["a.flac"].by_hand
