"""Lamps and button, on gpiozero's mock pins with the code that drives the real ones."""

import typing
from itertools import pairwise

import pytest
from gpiozero.pins.mock import MockFactory
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from firmware.gestures import Gestures
from firmware.lamps import SHOWS, ceiling
from firmware.panel import Finger, MoodLamp, Panel
from firmware.settings import ButtonSettings, LampSettings, Settings
from firmware.wire import Pattern

NOON, NIGHT = 12 * 60, 23 * 60


def lit(factory: MockFactory, lamp: LampSettings) -> tuple[float, ...]:
    return tuple(round(float(factory.pin(pin).state), 3) for pin in (lamp.red, lamp.green, lamp.blue))


def test_every_pattern_of_the_wire_has_a_show_and_no_two_have_one_rhythm() -> None:
    assert set(SHOWS) == set(typing.get_args(Pattern))
    assert len({show.rhythm for show in SHOWS.values()}) == len(SHOWS)


@pytest.mark.parametrize("pattern", [p for p in SHOWS if p not in ("off", "neutral")])
def test_each_rhythm_can_be_seen_and_none_flickers(pattern: Pattern) -> None:
    """Some change of at least a fifth; never more than three flashes in any second, for those whom flashes harm."""
    show = SHOWS[pattern]
    levels = [level for _, level in show.rhythm]
    assert max(levels) - min(levels) >= 0.2
    steps = [show.level(t / 100) for t in range(int(show.period * 300) + 200)]
    for start in range(0, len(steps) - 100, 5):
        second = steps[start : start + 100]
        flashes = sum(later - before >= 0.5 for before, later in pairwise(second))
        assert flashes <= 3


@given(st.sampled_from(sorted(SHOWS)), st.floats(0, 1000))
def test_the_next_step_is_when_the_level_changes(pattern: Pattern, since: float) -> None:
    show = SHOWS[pattern]
    step = show.next_step(since)
    if step is None:
        assert show.level(since) == show.level(since + 1)
    else:
        assert 0 < step <= show.period
        assert show.level(since + step * 0.5) == show.level(since) or step <= 0.011


def test_an_rgb_lamp_shows_the_colour_under_its_ceiling(pins: MockFactory) -> None:
    settings = LampSettings(brightness=0.5)
    lamp = MoodLamp(settings)
    lamp.show("neutral", 0.0)
    assert lamp.refresh(0.0, NOON) is None, "a steady lamp needs no more refreshing"
    assert lit(pins, settings) == (0.4, 0.4, 0.4)
    lamp.show("sad", 1.0)
    lamp.refresh(1.0, NOON)
    assert lit(pins, settings) == (0.0, 0.0, 0.15)
    lamp.close()


def test_a_lamp_that_was_dimmed_is_no_brighter_at_night_than_the_night_lets_it_be(pins: MockFactory) -> None:
    settings = LampSettings(brightness=0.5, night_brightness=0.1)
    lamp = MoodLamp(settings)
    lamp.show("neutral", 0.0)
    told = []
    for most, minute in ((0.5, NOON), (0.5, NIGHT), (0.1, NIGHT), (0.0, NOON), (1.0, NOON)):
        lamp.dim(most)
        lamp.refresh(0.0, minute)
        told.append(lit(pins, settings)[0])
    assert told == [0.2, 0.08, 0.04, 0.0, 0.4]
    lamp.close()


def test_three_plain_lamps_show_the_same_rhythms(pins: MockFactory) -> None:
    settings = LampSettings(kind="three", brightness=1.0)
    lamp = MoodLamp(settings)
    lamp.show("asking", 0.0)
    lamp.refresh(0.0, NOON)
    assert lit(pins, settings) == (1.0, 0.0, 1.0)
    lamp.refresh(0.3, NOON)
    assert lit(pins, settings) == (0.0, 0.0, 0.0)
    lamp.close()


@pytest.mark.parametrize("anode", [False, True])
def test_the_camera_lamp_is_lit_while_the_camera_is_open_whatever_the_mood_lamps_common_leg_is(
    anode: bool, pins: MockFactory
) -> None:
    wired = LampSettings(anode=anode)
    panel = Panel(Settings(lamp=wired), lambda down, when: None)
    shown = [bool(pins.pin(wired.camera).state)]
    for turn in (panel.camera.on, panel.camera.off):
        turn()
        shown.append(bool(pins.pin(wired.camera).state))
    assert shown == [False, True, False]
    assert set(lit(pins, wired)) == {float(anode)}, "the mood lamp is dark by its own common leg"
    panel.close()


def test_a_box_without_mood_lamp_works(pins: MockFactory) -> None:
    lamp = MoodLamp(LampSettings(kind="none"))
    lamp.show("fault", 0.0)
    assert lamp.refresh(0.0, NOON) is None
    lamp.close()


@given(st.sampled_from(sorted(SHOWS)), st.floats(0, 20), st.integers(0, 1439), st.floats(0, 1))
def test_no_lamp_ever_shines_above_its_ceiling(pattern: Pattern, since: float, minute: int, most: float) -> None:
    settings = LampSettings(brightness=most)
    show = SHOWS[pattern]
    assert max(show.colour) * show.level(since) * ceiling(settings, minute) <= most


def test_night_hours_dim_the_lamp_across_midnight() -> None:
    settings = LampSettings(brightness=0.6, night_brightness=0.1)
    assert [ceiling(settings, m) for m in (NOON, NIGHT, 0, 6 * 60 + 59, 7 * 60)] == [0.6, 0.1, 0.1, 0.1, 0.6]
    never = replace(settings, night_from="22:00", night_to="22:00")
    assert ceiling(never, NIGHT) == 0.6


def test_a_finger_on_mock_pins_makes_each_gesture(pins: MockFactory) -> None:
    settings = Settings()
    now = 0.0
    edges: list[tuple[bool, float]] = []
    panel = Panel(settings, lambda down, _: edges.append((down, now)))

    def wait(seconds: float) -> None:
        nonlocal now
        now += seconds

    finger = Finger(settings.button, wait)
    for name, expected in (
        ("press", ["press"]),
        ("double", ["double"]),
        ("long", ["hold", "long"]),
        ("very_long", ["hold", "very_long"]),
    ):
        edges.clear()
        gestures = Gestures(ButtonSettings())
        finger.stroke(name)
        told = [stroke for down, at in edges for stroke in gestures.edge(down, at)]
        assert told + gestures.tick(now) == expected
    with pytest.raises(ValueError, match="a finger knows"):
        finger.stroke("tickle")
    panel.close()
