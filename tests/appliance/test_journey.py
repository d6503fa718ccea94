"""The music leads in even steps that nobody feels as a jump."""

import math
from itertools import pairwise

from hypothesis import given
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
