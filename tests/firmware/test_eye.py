"""The owner: how often it looks, what its lamp shows, and a camera that fails. Time is an argument, no thread runs."""

import resource

import pytest

from firmware import wire
from firmware.eye import CameraHung
from firmware.lookout import LookFailed
from tests.firmware.bench import NOBODY, SOMEBODY, Bench


def test_an_empty_room_is_looked_at_about_once_a_second(bench: Bench) -> None:
    bench.run(10)
    assert 9 <= len(bench.told(wire.Glance)) <= 12
    assert bench.showing() == "watching"


def test_company_is_looked_at_about_three_times_a_second_and_the_room_it_left_about_once(bench: Bench) -> None:
    bench.frame = SOMEBODY
    bench.run(2)
    before = len(bench.told(wire.Glance))
    bench.run(10)
    assert 28 <= len(bench.told(wire.Glance)) - before <= 32
    bench.frame = NOBODY
    bench.run(2)
    before = len(bench.told(wire.Glance))
    bench.run(10)
    assert 9 <= len(bench.told(wire.Glance)) - before <= 11


@pytest.mark.parametrize(("reading", "looks"), [(0.0, 30), (0.15, 30), (0.3, 30), (0.5, 20)])
def test_company_is_looked_at_as_often_by_a_camera_that_takes_its_time_or_as_often_as_that_can(
    reading: float, looks: int, bench: Bench
) -> None:
    bench.frame = SOMEBODY
    bench.run(2)
    before, end = len(bench.told(wire.Glance)), bench.now + 10
    while bench.now < end:
        if bench.wishes:
            bench.run(reading, answering=False)
            assert bench.wishes == ["look"], "one at a time"
            bench.answer()
        bench.run(0.01, answering=False)
    assert looks - 2 <= len(bench.told(wire.Glance)) - before <= looks + 1


def test_a_press_brings_a_burst_and_is_told(bench: Bench) -> None:
    bench.run(3)
    before = len(bench.told(wire.Glance))
    bench.hold(0.1)
    bench.run(2)
    assert bench.told(wire.Gesture) == [wire.Gesture("press")]
    assert len(bench.told(wire.Glance)) - before >= 10
    assert "scanning" in bench.shown


def test_the_other_half_may_ask_for_a_look_and_a_slower_pace(bench: Bench) -> None:
    bench.run(1)
    bench.eye.hear(wire.Pace(0.25), bench.now)
    before = len(bench.told(wire.Glance))
    bench.run(10)
    assert len(bench.told(wire.Glance)) - before <= 4
    bench.eye.hear(wire.LookNow(), bench.now)
    bench.run(2)
    assert len(bench.told(wire.Glance)) - before >= 10


def test_a_keener_pace_is_kept_to_and_forgotten_with_the_half_that_wished_it(bench: Bench) -> None:
    bench.eye.link(True, bench.now)
    bench.eye.hear(wire.Pace(2.0), bench.now)
    bench.run(1)
    before = len(bench.told(wire.Glance))
    bench.run(10)
    assert 18 <= len(bench.told(wire.Glance)) - before <= 22
    bench.eye.link(False, bench.now)
    bench.run(1)
    before = len(bench.told(wire.Glance))
    bench.run(10)
    assert 9 <= len(bench.told(wire.Glance)) - before <= 11, "as often as it looks by itself"


def test_the_lamp_shows_the_other_halfs_wish_until_that_is_long_gone(bench: Bench) -> None:
    bench.eye.link(True, bench.now)
    bench.eye.hear(wire.Glow("happy"), bench.now)
    bench.run(2)
    assert bench.showing() == "happy"
    bench.eye.link(False, bench.now)
    bench.run(5)
    assert bench.showing() == "happy", "a short absence is nobody's business"
    bench.run(10)
    assert bench.showing() == "watching"
    bench.eye.link(True, bench.now)
    bench.run(1)
    assert bench.showing() == "happy"


def test_the_household_may_have_the_lamp_dimmer_and_brighter_again(bench: Bench) -> None:
    bench.eye.link(True, bench.now)
    bench.eye.hear(wire.Glow("happy", 0.2), bench.now)
    assert (bench.showing(), bench.most) == ("happy", 0.2)
    bench.eye.hear(wire.Glow("happy"), bench.now)
    assert bench.most == 1.0


def test_a_lost_camera_is_told_tried_again_and_told_when_found(bench: Bench) -> None:
    bench.run(2)
    bench.run(1.2, answering=False)
    bench.wishes.clear()
    bench.eye.outcome(LookFailed("it was unplugged"), bench.now)
    health = bench.told(wire.Health)[-1]
    assert isinstance(health, wire.Health)
    assert (health.camera, health.trouble) == ("lost", "it was unplugged")
    assert bench.showing() == "fault"
    assert bench.eye.excused, "systemd need not kill an eye that knows what it lacks"
    tries = 0
    for _ in range(240):
        bench.run(0.25, answering=False)
        if bench.wishes:
            bench.wishes.clear()
            bench.eye.outcome(LookFailed("still not there"), bench.now)
            tries += 1
    assert 5 <= tries <= 12, "soon at first, then seldom"
    bench.run(20)
    health = bench.told(wire.Health)[-1]
    assert isinstance(health, wire.Health)
    assert (health.camera, health.trouble) == ("ok", "")
    assert bench.showing() == "watching"


def test_a_camera_that_hangs_ends_this_half(bench: Bench) -> None:
    bench.run(2)
    with pytest.raises(CameraHung, match="has not answered"):
        bench.run(30, answering=False)


def test_one_that_comes_is_told_where_things_stand(bench: Bench) -> None:
    bench.shutter.move(True)
    bench.said.clear()
    bench.eye.link(True, bench.now)
    assert bench.said[0] == wire.Shutter(True)
    assert isinstance(bench.said[1], wire.Health)


def test_health_comes_every_few_seconds_and_says_how_busy_this_half_is(bench: Bench) -> None:
    bench.run(61)
    told = bench.told(wire.Health)
    assert 12 <= len(told) <= 14
    last = told[-1]
    assert isinstance(last, wire.Health)
    assert 55 <= last.frames_per_minute <= 65
    assert 10 < last.memory_mb < 1000


def test_memory_is_told_in_this_machines_own_pages(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Pi 5's are four times as large as any other Pi's."""
    usual, large = resource.getpagesize(), 4 * resource.getpagesize()
    told = bench.eye.health(bench.now).memory_mb
    monkeypatch.setattr(resource, "getpagesize", lambda: large)
    assert bench.eye.health(bench.now).memory_mb == pytest.approx(told * large / usual, rel=0.1)
    monkeypatch.undo()
    assert bench.eye.health(bench.now).memory_mb == pytest.approx(told, rel=0.1)
