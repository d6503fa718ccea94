"""What a household's own faces teach: fewer errors for a face that is read wrongly, and little harm to any other."""

import json
import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance import bias
from appliance.bias import KEPT, Household, Reading
from appliance.mood import Knobs, Room, see, weighed
from firmware import wire
from firmware.wire import EXPRESSIONS, Expression
from tests.bench import timelines

MODELS = Path(__file__).parents[2] / "models"
OUTPUTS = MODELS / "mood_outputs.csv.gz"
CONTRACT = MODELS / "expression.json"
KNOBS = Knobs(confusion=tuple(map(tuple, json.loads(CONTRACT.read_bytes())["confusion"])))
LESSONS: tuple[Expression, ...] = ("neutral", "happy", "neutral", "neutral")
"""The guided minute: rest, smile, glasses, lamp off."""
LEANING = 10.0
"""So much more of an expression in a face that rests in it that the network errs, whichever the expression."""


@cache
def outputs() -> timelines.Readings:
    """What the real network said of faces that it never saw, by what they truly show."""
    return timelines.load(OUTPUTS)


class Person:
    """Somebody's face as the network reads it: real outputs, leaning by so much (a factor) towards one expression."""

    def __init__(self, seed: int, leans: Expression | None = None, by: float = 1.0) -> None:
        self.chance = random.Random(seed)
        self.leans, self.by = leans, by

    def shows(self, true: Expression) -> timelines.Scores:
        scores = list(self.chance.choice(outputs()[true]))
        if self.leans:
            scores[EXPRESSIONS.index(self.leans)] = (scores[EXPRESSIONS.index(self.leans)] + 0.02) * self.by
        total = sum(scores)
        return tuple(score / total for score in scores)

    def minute(self, lessons: tuple[Expression, ...] = LESSONS, seconds: int = 12) -> list[Reading]:
        return [Reading(true, self.shows(true)) for true in lessons for _ in range(seconds)]

    def wrong(self, true: Expression, knobs: Knobs, looks: int = 300) -> float:
        """The share of single looks at this expression that are read as another."""
        read = (weighed((1 / 7,) * 7, self.shows(true), 1.0, knobs) for _ in range(looks))
        return sum(EXPRESSIONS[max(range(7), key=after.__getitem__)] != true for after in read) / looks


def taught(person: Person) -> Knobs:
    return bias.fitted(KNOBS, bias.learnt(person.minute(), KNOBS).sums)


@pytest.mark.parametrize("leans", ["sad", "angry", "disgust", "happy"])
def test_a_face_that_rests_in_another_expression_is_read_right_far_more_often_once_taught(leans: Expression) -> None:
    """Of the errors that the leaning adds to those that every face suffers, at least half are gone."""
    usual = Person(7).wrong("neutral", KNOBS)
    before = Person(7, leans, by=LEANING).wrong("neutral", KNOBS)
    after = Person(7, leans, by=LEANING).wrong("neutral", taught(Person(6, leans, by=LEANING)))
    assert before > usual + 0.05, "this face is read wrongly to begin with"
    assert after - usual < (before - usual) / 2


def test_what_was_not_taught_is_read_about_as_well_as_before() -> None:
    """A face that rests sadly was never shown truly sad: what is learnt of its rest must not hide that."""
    for true in ("happy", "sad", "surprise"):
        before = Person(7, "sad", by=6.0).wrong(true, KNOBS)
        after = Person(7, "sad", by=6.0).wrong(true, taught(Person(6, "sad", by=6.0)))
        assert after <= before + 0.06, true


@pytest.mark.parametrize("true", ["neutral", "happy", "surprise", "sad", "angry"])
def test_a_face_without_any_bias_loses_next_to_nothing_by_being_taught(true: Expression) -> None:
    assert Person(8).wrong(true, taught(Person(9))) <= Person(8).wrong(true, KNOBS) + 0.05


def test_a_guest_loses_little_in_a_household_whose_faces_lean() -> None:
    """Nobody is recognised, so a guest is read with what the household taught: this is what it costs."""
    moods: tuple[Expression, ...] = ("neutral", "happy", "surprise", "sad", "angry")
    host = taught(Person(6, "sad", by=6.0))
    lost = [Person(10).wrong(true, host) - Person(10).wrong(true, KNOBS) for true in moods]
    assert sum(lost) / len(lost) <= 0.02
    assert max(lost) <= 0.15


def test_the_room_s_mood_is_the_resting_one_once_the_face_has_taught_it() -> None:
    """Five minutes of a resting face that is read as sad: announced as sad before the lesson, never after it."""

    def announced(knobs: Knobs) -> set[Expression | None]:
        person, room, found = Person(11, "sad", by=LEANING), Room(), set()
        few = [person.shows("neutral") for _ in range(timelines.PICTURES)]
        for step in range(600):
            now = 100 + step / 2
            face = wire.Face(1, person.chance.choice(few), 0.5, 0.5, 0.3, 0.9)  # type: ignore[arg-type]  # seven they are
            room = see(room, wire.Glance(now, "seen", 0.5, (face,)), now, knobs)
            found.add(room.belief.mood)
        return found

    assert "sad" in announced(KNOBS)
    assert announced(taught(Person(6, "sad", by=LEANING))) <= {None, "neutral"}


def test_with_nothing_taught_the_filter_is_the_networks_own() -> None:
    assert bias.fitted(KNOBS, Household().sums) is KNOBS
    assert bias.learnt([], KNOBS) == Household()


def test_one_reading_moves_little_and_many_move_much() -> None:
    wrong = Reading("neutral", (0.05, 0.0, 0.0, 0.95, 0.0, 0.0, 0.0))

    def sad_at_rest(count: int) -> float:
        return bias.fitted(KNOBS, bias.learnt([wrong] * count, KNOBS).sums).confusion[0][3]

    assert sad_at_rest(1) < 0.15 < 0.5 < sad_at_rest(KEPT) < 0.95


# --- told honestly


def test_it_tells_of_each_expression_how_many_readings_and_the_share_read_right() -> None:
    clear = Reading("happy", (0.02, 0.9, 0.02, 0.02, 0.02, 0.01, 0.01))
    hidden = Reading("sad", (0.9, 0.02, 0.02, 0.02, 0.02, 0.01, 0.01))
    household = bias.learnt([clear] * 4 + [hidden], KNOBS)
    assert [(told.mood, told.readings, told.right) for told in household.taught] == [("happy", 4, 1.0), ("sad", 1, 0.0)]


def test_a_reading_does_not_vouch_for_itself_nor_do_its_neighbours() -> None:
    """Three like looks at a face that is read wrongly leave it as wrong as it was; forty in a row have taught it."""
    wrong = Reading("neutral", (0.5, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0))
    assert bias.learnt([wrong] * 3, KNOBS).taught[0].right == 0.0
    assert bias.learnt([wrong] * 40, KNOBS).taught[0].right == 1.0


# --- kept within bounds


def test_only_the_last_readings_of_each_expression_are_kept() -> None:
    old, new = Reading("happy", (0, 1, 0, 0, 0, 0, 0)), Reading("happy", (1, 0, 0, 0, 0, 0, 0))
    household = bias.learnt([old] * 50 + [Reading("sad", (0, 0, 0, 1, 0, 0, 0))] + [new] * KEPT, KNOBS)
    assert len(household.readings) == KEPT + 1
    assert old not in household.readings


@pytest.mark.parametrize("scores", [(), (1.0,), (0.0,) * 7, (2.0,) + (0.0,) * 6, (float("nan"),) * 7, (-1.0,) * 7])
def test_what_is_no_reading_teaches_nothing(scores: tuple[float, ...]) -> None:
    assert bias.learnt([Reading("happy", scores)], KNOBS) == Household()


@given(st.lists(st.tuples(st.sampled_from(EXPRESSIONS), st.tuples(*[st.floats(0, 1)] * 7)), max_size=20))
def test_whatever_is_taught_the_filter_stays_a_filter(told: list[tuple[Expression, tuple[float, ...]]]) -> None:
    household = bias.learnt([Reading(*one) for one in told], KNOBS)
    knobs = bias.fitted(KNOBS, household.sums)
    assert all(sum(row) == pytest.approx(1, abs=0.01) and min(row) >= 0 for row in (*knobs.confusion, knobs.taught))
    assert all(0 <= told.right <= 1 for told in household.taught)


@given(st.tuples(*[st.floats(0, 1)] * 7))
def test_a_reading_survives_being_written_as_a_note(scores: tuple[float, ...]) -> None:
    assert bias.read(bias.written(scores)) == pytest.approx(scores, abs=0.0006)


@pytest.mark.parametrize("note", ["", "0.1 0.2", "a b c d e f g", "1 " * 8])
def test_a_note_that_is_no_reading_is_none(note: str) -> None:
    assert bias.read(note) == ()
