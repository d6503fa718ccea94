"""A library in columns: every song comes out as it went in, under the number that its name has."""

from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Song
from appliance.names import Names
from appliance.rack import Rack, Track

TEXT = st.text(max_size=6)
PLACE = st.none() | st.floats(-1, 1)
TRACK = st.builds(
    Track,
    st.builds(Song, st.text("ab/é노", max_size=6), TEXT, TEXT, TEXT, st.floats(0, 1e6)),
    st.frozensets(TEXT, max_size=2),
    st.frozensets(TEXT, max_size=2),
    st.lists(TEXT, max_size=3, unique=True).map(tuple),
    PLACE,
    PLACE,
)


@given(st.lists(TRACK, max_size=6, unique_by=lambda track: track.song.uri))
def test_songs_come_out_as_they_went_in(tracks: list[Track]) -> None:
    rack = Rack(tracks)
    assert len(rack) == len(tracks)
    for number, (had, gave) in enumerate(zip(tracks, rack, strict=True)):
        assert (had.song, had.genres, had.words) == (gave.song, gave.genres, gave.words)
        assert (had.valence, had.energy) == (gave.valence, gave.energy)
        assert set(had.playlists) == set(gave.playlists)
        assert rack.names.get(had.song.uri) == number and rack.uri(number) == had.song.uri


def test_a_playlist_that_names_strangers_and_songs_twice_is_a_list_of_the_songs_there_are() -> None:
    rack = Rack([Track(Song("a")), Track(Song("b"))], [("one", ["b", "gone", "b"]), ("none", [])])
    assert [track.playlists for track in rack] == [(), ("one",)]


@given(st.lists(TEXT, unique=True), st.lists(TEXT))
def test_names_know_their_numbers_and_no_strangers(names: list[str], asked: list[str]) -> None:
    known = Names(names)
    assert known.all(asked).tolist() == [names.index(name) if name in names else -1 for name in asked]
    assert known.all(names).tolist() == known.at(known.hashes()).tolist() == list(range(len(names)))
    assert all((name in known) == (name in names) for name in asked) and len(known) == len(names)
