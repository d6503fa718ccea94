"""A person's hand is told from what the box did itself, and from songs that end."""

from dataclasses import replace

import pytest

from appliance import hands
from appliance.events import Hand, Player, Song

A, B, C = (Song(f"{name}.flac", duration=200, place=place) for place, name in enumerate("abc"))
PLAYING = Player("play", A, 100.0, 50, (B, C))
PAUSED = replace(PLAYING, state="pause")
STOPPED = replace(PLAYING, state="stop")
EMPTY = Player("stop", None, 0.0, 50, ())
NONE: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (PLAYING, PAUSED, "pause"),
        (PAUSED, PLAYING, "resume"),
        (STOPPED, PLAYING, "resume"),
        (PLAYING, STOPPED, "stop"),
        (PLAYING, EMPTY, "stop"),
        (PLAYING, replace(PLAYING, song=B, upcoming=(C,)), "skip"),
        (PLAYING, replace(PLAYING, song=C, upcoming=()), "pick"),
        (PAUSED, replace(PLAYING, song=B, upcoming=(C,)), "pick"),
        (EMPTY, PLAYING, "pick"),
        (replace(PLAYING, upcoming=()), replace(PLAYING, song=B), "pick"),
        (replace(PLAYING, song=replace(A, place=None)), replace(PLAYING, song=replace(B, place=None)), "skip"),
    ],
)
def test_what_another_client_did_is_a_hand_unless_this_box_did_it(before: Player, after: Player, name: str) -> None:
    assert hands.read(before, after, NONE) == Hand(name)  # type: ignore[arg-type]  # a hand's name
    assert hands.read(before, after, frozenset({name})) is None


def test_another_volume_is_a_hand_with_its_value_unless_this_box_turned_it() -> None:
    louder = replace(PLAYING, volume=60)
    assert hands.read(PLAYING, louder, NONE) == Hand("volume", "client", 60)
    assert hands.read(PLAYING, louder, frozenset({"volume"})) is None
    assert hands.read(replace(PLAYING, volume=None), louder, NONE) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PLAYING, PLAYING),
        (PAUSED, STOPPED),
        (EMPTY, EMPTY),
        (replace(PLAYING, elapsed=198.0), replace(PLAYING, song=B, upcoming=(C,))),
        (replace(PLAYING, song=replace(A, duration=0)), replace(PLAYING, song=B, upcoming=(C,))),
        (replace(PLAYING, upcoming=()), EMPTY),
        (PLAYING, replace(PLAYING, elapsed=150.0, upcoming=(C, B))),
        (replace(PLAYING, song=replace(A, place=None)), PLAYING),
    ],
)
def test_a_natural_end_and_nothing_at_all_are_no_hand(before: Player, after: Player) -> None:
    assert hands.read(before, after, NONE) is None


def test_a_song_that_this_box_put_on_excuses_the_skip_it_looks_like() -> None:
    after = replace(PLAYING, song=B, upcoming=(C,))
    assert hands.read(PLAYING, after, frozenset({"pick"})) is None
    assert hands.read(PLAYING, STOPPED, frozenset({"stop"})) is None


def test_a_hand_on_the_volume_is_seen_beside_a_change_of_our_own() -> None:
    after = replace(PAUSED, volume=20)
    assert hands.read(PLAYING, after, frozenset({"pause"})) == Hand("volume", "client", 20)
