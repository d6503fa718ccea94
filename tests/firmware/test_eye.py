"""The owner: what a hand, a camera and the other half may bring about. Time is an argument, and no thread runs."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from firmware import wire
from firmware.actor import Scene
from firmware.expression import Network
from firmware.eye import SETTLED, CameraHung, Eye
from firmware.glance import Glancer
from firmware.lookout import Looked, LookFailed, Released, Wish
from firmware.settings import Settings
from firmware.shutter import Shutter
from tests.firmware.frames import shots
from tests.firmware.test_wire import words

FRAME = shots(Scene(here=False))[0]


class Bench:
    """An eye with its edges laid open: what it wished of the lookout, what it said, what it showed."""

    def __init__(self, network: Network, state: Path) -> None:
        self.wishes: list[Wish] = []
        self.said: list[wire.Up] = []
        self.shown: list[wire.Pattern] = []
        self.most = 1.0
        self.now = 100.0
        self.shutter = Shutter(state / "shutter")
        self.eye = Eye(Settings(), Glancer(Settings(), network), self.shutter, self, self, self)

    def wish(self, what: Wish) -> None:
        self.wishes.append(what)

    def say(self, message: wire.Up) -> bool:
        wire.pack(message)
        self.said.append(message)
        return True

    def show(self, pattern: wire.Pattern, now: float) -> None:
        self.shown.append(pattern)

    def dim(self, most: float) -> None:
        self.most = most

    def showing(self) -> wire.Pattern:
        return self.shown[-1]

    def answer(self) -> None:
        """As the lookout would: one frame or one release for each wish."""
        for what in self.wishes.copy():
            self.wishes.remove(what)
            self.eye.outcome(Looked(FRAME) if what == "look" else Released(), self.now)

    def run(self, seconds: float, answering: bool = True) -> None:
        end = self.now + seconds
        while self.now < end:
            self.eye.tick(self.now)
            if answering:
                self.answer()
            self.now += min(max(self.eye.due(self.now), 0.01), 0.25, end - self.now + 1e-6)

    def hold(self, seconds: float) -> None:
        self.eye.edge(True, self.now)
        self.run(seconds)
        self.eye.edge(False, self.now)
        self.run(1.0)

    def told(self, kind: type) -> list[wire.Up]:
        return [message for message in self.said if isinstance(message, kind)]


@pytest.fixture
def bench(network: Network, tmp_path: Path) -> Bench:
    return Bench(network, tmp_path)


def test_an_empty_room_is_looked_at_about_once_a_second(bench: Bench) -> None:
    bench.run(10)
    assert 9 <= len(bench.told(wire.Glance)) <= 12
    assert bench.showing() == "watching"


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


def test_a_long_press_closes_before_the_hand_lets_go_and_frees_the_camera(bench: Bench) -> None:
    bench.run(2)
    bench.eye.edge(True, bench.now)
    bench.run(1.55)
    assert bench.shutter.closed
    assert wire.Shutter(True) in bench.said
    assert bench.showing() == "closed"
    glances = len(bench.told(wire.Glance))
    bench.eye.edge(False, bench.now)
    bench.run(60)
    assert len(bench.told(wire.Glance)) == glances, "not one glance through a closed shutter"
    assert bench.told(wire.Health)[-1].camera == "closed"  # type: ignore[union-attr]  # told() keeps the kind


def test_a_frame_that_was_under_way_when_it_closed_is_not_judged(bench: Bench) -> None:
    bench.run(2)
    bench.run(1.2, answering=False)
    assert bench.wishes == ["look"]
    glances = len(bench.told(wire.Glance))
    bench.eye.edge(True, bench.now)
    bench.run(1.6, answering=False)
    assert bench.wishes == ["look", "release"]
    bench.answer()
    assert len(bench.told(wire.Glance)) == glances
    bench.eye.edge(False, bench.now)
    bench.run(1)
    bench.hold(2)
    bench.run(2)
    assert len(bench.told(wire.Glance)) > glances, "opened by hand, it sees again"


def test_the_shutter_opens_by_hand_only_when_the_hand_lets_go(bench: Bench) -> None:
    bench.shutter.move(True)
    bench.run(2)
    bench.eye.edge(True, bench.now)
    bench.run(3)
    assert bench.shutter.closed
    bench.eye.edge(False, bench.now)
    bench.run(2)
    assert not bench.shutter.closed
    assert bench.told(wire.Glance)


def test_shutting_the_box_down_leaves_the_shutter_as_it_was(bench: Bench) -> None:
    for closed in (False, True):
        bench.shutter.move(closed)
        bench.run(1)
        bench.hold(9)
        assert bench.shutter.closed == closed
        assert bench.told(wire.Gesture)[-1] == wire.Gesture("very_long")


def test_what_is_closed_stays_closed_over_a_restart(network: Network, tmp_path: Path) -> None:
    first = Bench(network, tmp_path)
    first.run(1)
    first.hold(2)
    again = Bench(network, tmp_path)
    again.run(30)
    assert again.wishes == [] and not again.told(wire.Glance)
    again.hold(2)
    again.run(1)
    assert again.told(wire.Glance)


@pytest.fixture(scope="module")
def closed(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    bench = Bench(network, tmp_path_factory.mktemp("closed"))
    bench.shutter.move(True)
    bench.run(1)
    return bench


@examples(max_examples=200)
@given(said=st.lists(words, min_size=1, max_size=6))
def test_nothing_that_the_wire_can_say_opens_the_shutter(said: list[wire.Word], closed: Bench) -> None:
    for word in said:
        closed.eye.hear(word, closed.now)
        closed.run(0.5)
    assert closed.shutter.closed
    assert closed.wishes == [] and not closed.told(wire.Glance)


def test_asked_to_start_again_it_ends_once_it_has_run_for_a_while(bench: Bench) -> None:
    bench.run(10)
    bench.eye.hear(wire.Again(), bench.now)
    assert not bench.eye.ending, "systemd would count the starts, and give up"
    bench.run(SETTLED)
    assert not bench.eye.ending, "what came too early is not heeded later"
    bench.eye.hear(wire.Again(), bench.now)
    assert bench.eye.ending


def test_it_does_not_end_under_a_hand_at_the_button(bench: Bench) -> None:
    bench.run(SETTLED + 1)
    bench.eye.edge(True, bench.now)
    bench.eye.hear(wire.Again(), bench.now)
    assert not bench.eye.ending
    bench.run(3)
    bench.eye.edge(False, bench.now)
    bench.run(1)
    assert bench.shutter.closed
    bench.eye.hear(wire.Again(), bench.now)
    assert bench.eye.ending


def test_a_closed_shutter_that_would_not_outlast_it_keeps_it_from_ending(
    bench: Bench, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a phone, and a card that takes nothing, could open what a hand has closed."""
    bench.run(SETTLED + 1)

    def refused(word: bytes) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as card:
        card.setattr(bench.shutter, "_replace", refused)
        card.setattr(bench.shutter, "_overwrite", refused)
        bench.hold(3)
        bench.eye.hear(wire.Again(), bench.now)
        assert bench.shutter.closed and not bench.eye.ending
        assert not Shutter(tmp_path / "shutter").closed, "so it would have been found open"
    bench.eye.hear(wire.Again(), bench.now)
    assert bench.eye.ending and Shutter(tmp_path / "shutter").closed


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


def test_a_camera_that_hangs_while_the_shutter_closes_ends_this_half_closed(
    bench: Bench, network: Network, tmp_path: Path
) -> None:
    bench.run(2)
    bench.run(1.2, answering=False)
    bench.eye.edge(True, bench.now)
    with pytest.raises(CameraHung):
        bench.run(30, answering=False)
    again = Bench(network, tmp_path)
    again.run(5)
    assert again.shutter.closed and again.wishes == [], "ending has freed the camera, and nothing takes it again"
    again.hold(2)
    again.run(1)
    assert again.told(wire.Glance)


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
