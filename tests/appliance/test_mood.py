"""The room's mood is slow, doubtful and hard to fool."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance import mood
from appliance.events import Mood
from appliance.mood import Knobs, Room, Rule
from firmware import wire
from tests.appliance.living_room import face

KNOBS = Knobs()


def looks(room: Room, faces: tuple[wire.Face, ...], start: float, seconds: float, knobs: Knobs = KNOBS) -> Room:
    for i in range(round(seconds * 2)):
        at = start + (i + 1) / 2
        room = mood.see(room, wire.Glance(at, "seen" if faces else "nobody", 0.5, faces), at, knobs)
    return room


def settled(name: Mood, knobs: Knobs = KNOBS) -> Room:
    """A room that has looked like this for half a minute, up to second 30."""
    room = looks(Room(), (face(name),), 0, 30, knobs)
    assert room.belief.mood == name
    return room


@pytest.mark.parametrize("name", wire.EXPRESSIONS)
def test_every_mood_is_told_within_fifteen_seconds_by_a_face_that_shows_it(name: Mood) -> None:
    assert looks(Room(), (face(name),), 0, 15).belief.mood == name


def test_nothing_seen_is_nothing_known() -> None:
    assert Room().belief.mood is None
    assert Room().belief.doubt == 1.0
    assert looks(Room(), (), 0, 60).belief.mood is None


def test_one_frame_is_no_mood() -> None:
    assert looks(Room(), (face("happy", share=1.0),), 0, 0.5).belief.mood is None


@pytest.mark.parametrize("name", wire.EXPRESSIONS)
def test_a_blink_changes_nothing(name: Mood) -> None:
    room = looks(settled("neutral"), (face(name),), 30, 1)
    room = looks(room, (), 31, 0.5)
    assert looks(room, (face("neutral"),), 31.5, 5).belief.mood == "neutral"
    assert room.belief.mood == "neutral"


@pytest.mark.parametrize("name", ["neutral", "happy", "sad"])
def test_a_yawn_of_four_seconds_changes_nothing(name: Mood) -> None:
    room = settled(name)
    for start, seen in ((30, "surprise"), (34, name)):
        room = looks(room, (face(seen),), start, 4)  # type: ignore[arg-type]  # a mood's name
        assert room.belief.mood == name


def test_a_passer_by_changes_nothing_though_nearer() -> None:
    room = settled("happy")
    both = (face("happy"), face("angry", 2, 0.5))
    assert looks(room, both, 30, 8).belief.mood == "happy"


def test_a_passer_by_seen_alone_changes_nothing() -> None:
    room = looks(settled("happy"), (), 30, 4)
    assert looks(room, (face("angry", 2, 0.5),), 34, 8).belief.mood == "happy"


def test_who_stays_beside_and_nearer_counts_in_the_end() -> None:
    both = (face("happy"), face("angry", 2, 0.5))
    assert looks(settled("happy"), both, 30, 20).belief.mood == "angry"


def test_a_face_found_again_under_another_number_goes_on() -> None:
    room = looks(settled("happy"), (), 30, 1)
    room = looks(room, (face("sad", 7),), 31, 6)
    assert room.belief.mood == "sad"


def test_a_true_change_is_told() -> None:
    assert looks(settled("happy"), (face("sad"),), 30, 8).belief.mood == "sad"


def test_after_a_long_absence_nothing_is_known() -> None:
    room = settled("happy")
    assert mood.rest(room, 60, KNOBS).belief.mood == "happy"
    room = mood.rest(mood.rest(room, 3600, KNOBS), 3610, KNOBS)
    assert room.belief.mood is None
    assert room.tracks == ()


def test_scores_that_say_nothing_are_believed_to_say_nothing() -> None:
    blank = wire.Face(1, (0.0,) * 7, 0.5, 0.5, 0.3, 0.8)
    assert looks(Room(), (blank,), 0, 60).belief.mood is None


def test_a_faster_camera_makes_no_surer_box() -> None:
    slow, fast = Room(), Room()
    for i in range(1, 5):
        slow = mood.see(slow, wire.Glance(i / 2, "seen", 0.5, (face("happy"),)), i / 2, KNOBS)
    for i in range(1, 41):
        fast = mood.see(fast, wire.Glance(i / 20, "seen", 0.5, (face("happy"),)), i / 20, KNOBS)
    assert fast.belief.shares[1] < slow.belief.shares[1] + 0.1


def test_the_same_frame_told_twice_tells_nothing_new() -> None:
    glance = wire.Glance(1.0, "seen", 0.5, (face("happy"),))
    once = mood.see(Room(), glance, 1.0, KNOBS)
    twice = mood.see(once, glance, 1.0, KNOBS)
    assert twice.belief.shares == pytest.approx(once.belief.shares)


def test_majority_follows_the_many() -> None:
    knobs = Knobs(rule="majority")
    three = (face("sad", 1, 0.5), face("happy", 2, 0.2), face("happy", 3, 0.2))
    assert looks(Room(), three, 0, 60, Knobs(rule="majority", enter=0.6)).belief.mood == "happy"
    assert looks(Room(), three, 0, 60, knobs).belief.mood is None


def test_hold_keeps_the_mood_while_faces_differ() -> None:
    knobs = Knobs(rule="hold")
    room = settled("happy", knobs)
    differ = looks(room, (face("happy"), face("sad", 2)), 30, 30, knobs)
    assert differ.belief.mood == "happy"
    assert looks(differ, (face("sad"), face("sad", 2)), 60, 30, knobs).belief.mood == "sad"


@pytest.mark.parametrize(("rule", "name"), [("majority", "sad"), ("hold", "happy")])
def test_two_against_one_move_the_majority_and_not_a_mood_that_is_held(rule: Rule, name: Mood) -> None:
    knobs = Knobs(rule=rule, enter=0.6)
    happy = tuple(face("happy", number) for number in (1, 2, 3))
    sad = tuple(face("sad", number) for number in (1, 2, 3))
    agreed = looks(Room(), happy, 0, 30, knobs)
    assert agreed.belief.mood == "happy"
    differ = looks(agreed, (*sad[:2], happy[2]), 30, 60, knobs)
    assert differ.belief.mood == name
    assert looks(differ, sad, 90, 60, knobs).belief.mood == "sad", "once they agree"


def test_a_face_that_fits_no_mood_for_long_is_not_known() -> None:
    room = settled("happy")
    for i in range(20):
        room = looks(room, (face("sad" if i % 2 else "angry"),), 30 + i / 2, 0.5)
    assert room.belief.mood is None
    assert looks(room, (face("sad"),), 40, 8).belief.mood == "sad"


def test_who_asks_gets_the_best_guess_but_not_a_wild_one() -> None:
    room = looks(Room(), (face("happy"),), 0, 1)
    assert room.belief.mood is None
    assert mood.decided(room, 1.0).belief.mood == "happy"
    assert mood.decided(Room(), 1.0).belief.mood is None
    sure = settled("happy")
    assert mood.decided(sure, 30.0) == sure


def test_who_says_how_they_feel_is_believed_until_their_face_says_otherwise() -> None:
    room = mood.told(settled("happy"), "sad", 31.0)
    assert room.belief.mood == "sad"
    assert looks(room, (face("happy"),), 31, 20).belief.mood == "happy"


SCORES = st.lists(st.floats(0, 1), min_size=7, max_size=7).map(tuple)
FACES = st.builds(
    wire.Face,
    number=st.integers(0, 5),
    scores=SCORES,
    x=st.just(0.5),
    y=st.just(0.5),
    size=st.floats(0, 1),
    sharpness=st.just(0.5),
)
SEEN = st.lists(st.tuples(st.floats(0, 900), st.lists(FACES, max_size=4).map(tuple)), max_size=30)


@given(SEEN, st.sampled_from(["nearest", "majority", "hold"]))
def test_whatever_is_seen_the_shares_stay_shares(seen: list[tuple[float, tuple[wire.Face, ...]]], rule: str) -> None:
    knobs = Knobs(rule=rule)  # type: ignore[arg-type]  # drawn from the rules
    room, at = Room(), 0.0
    for gap, faces in seen:
        at += gap
        room = mood.see(room, wire.Glance(at, "seen", 0.5, faces), at, knobs)
        assert math.isclose(sum(room.belief.shares), 1.0, abs_tol=1e-6)
        assert all(0 <= share <= 1 for share in room.belief.shares)
        assert 0 <= room.belief.doubt <= 1
        assert len(room.tracks) <= 10


@given(st.sampled_from(wire.EXPRESSIONS), SCORES, st.floats(0.05, 1.0))
def test_no_short_disturbance_of_a_settled_room_changes_its_mood(
    name: Mood, scores: tuple[float, ...], seconds: float
) -> None:
    """Whatever one second shows, whoever it is."""
    room = settled(name)
    odd = wire.Face(1, scores, 0.5, 0.5, 0.3, 0.8)  # type: ignore[arg-type]  # seven by construction
    room = mood.see(room, wire.Glance(30.0, "seen", 0.5, (odd,)), 30.0 + seconds, KNOBS)
    assert looks(room, (face(name),), 30.0 + seconds, 5).belief.mood == name
