"""Gestures: what a hand does is told once, as what it was, however the contact chatters."""

from hypothesis import given
from hypothesis import strategies as st

from firmware.gestures import Gestures, Stroke
from firmware.settings import ButtonSettings

SETTINGS = ButtonSettings()
Edges = list[tuple[float, bool]]


def played(edges: Edges, until: float, step: float = 0.01) -> list[Stroke]:
    """The strokes told when these edges come and the clock ticks in between."""
    gestures, told, now, waiting = Gestures(SETTINGS), [], 0.0, list(edges)
    while now < until:
        while waiting and waiting[0][0] <= now:
            at, down = waiting.pop(0)
            told += gestures.edge(down, at)
        told += gestures.tick(now)
        now += step
    return told


def push(at: float, held: float) -> Edges:
    return [(at, True), (at + held, False)]


def chatter(at: float, down: bool, offsets: list[float]) -> Edges:
    """An edge to `down` that bounces for at most 0.15 s and ends there."""
    inner = sorted({round(o, 3) for o in offsets})
    edges = [(at, down)]
    for index, offset in enumerate(inner):
        edges.append((at + offset, (index % 2 == 1) == down))
    if edges[-1][1] != down:
        edges.append((at + 0.15, down))
    return edges


def test_one_short_push_is_a_press() -> None:
    assert played(push(1, 0.1), 4) == ["press"]


def test_two_pushes_soon_after_each_other_are_a_double_and_no_press() -> None:
    assert played(push(1, 0.1) + push(1.35, 0.1), 4) == ["double"]


def test_two_pushes_far_apart_are_two_presses() -> None:
    assert played(push(1, 0.1) + push(2.5, 0.1), 6) == ["press", "press"]


def test_the_shutter_need_not_wait_for_the_hand_to_let_go() -> None:
    assert played(push(1, 60), 2.55) == ["hold"]
    assert played(push(1, 2), 5) == ["hold", "long"]


def test_a_very_long_hold_is_told_while_it_lasts_and_is_no_long() -> None:
    assert played(push(1, 9), 12) == ["hold", "very_long"]


def test_a_press_before_a_long_hold_is_not_lost() -> None:
    assert played(push(1, 0.1) + push(1.4, 2), 5) == ["hold", "press", "long"]


def test_interference_is_no_press() -> None:
    assert played(push(1, 0.004), 4) == []


offsets = st.lists(st.floats(0.002, 0.149), max_size=9)


@given(st.floats(0.16, 1.2), offsets, offsets)
def test_bounces_of_150_ms_never_make_two_presses_of_one(held: float, first: list[float], last: list[float]) -> None:
    edges = chatter(1.0, True, first) + chatter(1.0 + held, False, last)
    assert played(sorted(edges), 5) == ["press"]


@given(st.floats(1.7, 6.5), offsets, offsets)
def test_a_bouncing_long_hold_moves_the_shutter_once(held: float, first: list[float], last: list[float]) -> None:
    edges = chatter(1.0, True, first) + chatter(1.0 + held, False, last)
    assert played(sorted(edges), 12) == ["hold", "long"]


@given(st.lists(st.tuples(st.floats(0.001, 3), st.booleans()), max_size=40), st.floats(0.005, 1))
def test_whatever_the_contact_does_strokes_stay_in_order(waits: list[tuple[float, bool]], step: float) -> None:
    """No long without a hold, no two holds without an end between them, and at rest nothing is owed."""
    now, edges = 0.0, []
    for wait, down in waits:
        now += wait
        edges.append((now, down))
    edges.append((now + 0.001, False))
    told = played(edges, now + 5, step)
    holding = False
    for stroke in told:
        if stroke == "hold":
            assert not holding
            holding = True
        elif stroke in ("long", "very_long"):
            assert holding
            holding = False
    assert len([s for s in told if s != "hold"]) <= len(edges)


def test_the_clock_is_asked_for_only_when_something_is_due() -> None:
    gestures = Gestures(SETTINGS)
    assert gestures.due() is None
    gestures.edge(True, 1.0)
    assert gestures.due() == 1.0 + SETTINGS.long
    gestures.edge(False, 1.1)
    assert gestures.due() == 1.1 + SETTINGS.settle
    assert gestures.tick(1.1 + SETTINGS.settle) == []
    assert gestures.due() == 1.1 + SETTINGS.double
    assert gestures.tick(1.1 + SETTINGS.double) == ["press"]
    assert gestures.due() is None
