"""The music leads in even steps that nobody feels as a jump."""

import math
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from appliance import journey
from appliance.events import GOALS, Goal, Mood
from appliance.journey import Point
from firmware.wire import EXPRESSIONS

POINTS = st.builds(Point, st.floats(-1, 1), st.floats(-1, 1))
MOODS = st.sampled_from(EXPRESSIONS)


@given(POINTS, POINTS, st.floats(0.05, 2))
def test_strides_are_even_and_none_is_too_long(start: Point, end: Point, step: float) -> None:
    path = journey.path(start, end, step)
    strides = [journey.apart(a, b) for a, b in pairwise(path)]
    assert journey.apart(path[0], start) < 1e-9 and journey.apart(path[-1], end) < 1e-9
    assert all(stride <= step + 1e-6 for stride in strides)
    assert all(math.isclose(stride, strides[0], abs_tol=1e-6) for stride in strides)


@given(MOODS, st.sampled_from(GOALS), st.integers(0, 100))
def test_every_journey_begins_at_the_mood_and_stays_on_the_plane(mood: Mood, goal: Goal, n: int) -> None:
    plan = journey.plan(mood, goal)
    assert plan[0] == journey.MOODS[mood]
    point = journey.stage(plan, n)
    assert -1 <= point.valence <= 1 and -1 <= point.energy <= 1
    assert journey.stage(plan, len(plan) + 5) == plan[-1]


def test_to_match_a_mood_is_to_stay_with_it_but_surprise_is_calmed() -> None:
    for mood in EXPRESSIONS:
        plan = journey.plan(mood, "match")
        assert len(plan) == 1 or mood == "surprise"
    assert journey.plan("surprise", "match")[-1] == journey.SOOTHED


def test_lift_ends_happy_and_calm_ends_still() -> None:
    assert journey.plan("sad", "lift")[-1] == journey.MOODS["happy"]
    assert journey.plan("angry", "calm")[-1] == journey.CALM


@settings(max_examples=30, deadline=None)
@given(POINTS, POINTS, st.lists(POINTS, min_size=1, max_size=9), st.floats(0.25, 1))
def test_aimed_anew_after_every_song_no_stride_is_too_long_and_the_end_is_reached(
    start: Point, end: Point, listeners: list[Point], step: float
) -> None:
    """Whatever the eye sees, the music nears its goal with each song."""
    plan = journey.path(start, end, step)
    for songs in range(1, 80):
        if songs >= len(plan):
            break
        before = plan
        plan = journey.aimed(plan, songs, listeners[songs % len(listeners)], step)
        assert plan[:songs] == before[:songs] and journey.apart(plan[-1], end) < 1e-9
        stride = journey.apart(plan[songs - 1], plan[songs])
        assert 0 < stride <= step + 1e-6
    assert journey.apart(journey.stage(plan, 79), end) < 1e-6


def test_the_music_waits_for_a_listener_who_stays_behind_and_not_for_one_who_is_there() -> None:
    plan = journey.plan("sad", "lift")
    left = journey.apart(plan[3], plan[4])
    behind = journey.aimed(plan, 4, journey.MOODS["sad"])
    there = journey.aimed(plan, 4, journey.MOODS["happy"])
    assert journey.apart(behind[3], behind[4]) < 0.9 * left
    assert journey.apart(there[3], there[4]) >= left - 1e-9
    assert journey.aimed(plan, 4, None) == plan


def test_the_eye_sees_the_listener_between_the_moods() -> None:
    sure = tuple(float(name == "sad") for name in EXPRESSIONS)
    assert journey.seen(sure) == journey.MOODS["sad"]
    point = journey.seen((1 / 7,) * 7)
    assert -0.5 < point.valence < 0.5 and -0.5 < point.energy < 0.5
