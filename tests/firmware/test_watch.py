"""The owner's loop on a slow board: what a hand did while a frame was judged means what it would have meant anyway.

The loop is the real one; the clock, and when what comes into the queue, are the test's.
"""

import queue
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from firmware import __main__ as composed
from firmware import wire
from firmware.__main__ import STOPPED, Event, Half, watch
from firmware.camera import Grey
from firmware.card import Card
from firmware.expression import Network
from firmware.eye import CameraHung
from firmware.lookout import Looked, Released, Wish
from tests.firmware.bench import Bench

SLOW = 0.9  # seconds for one judgement
READ = 0.1  # for one frame


class Arrivals(queue.SimpleQueue[Event]):
    """A queue whose waits turn the clock: each event is there from its own time on."""

    def __init__(self) -> None:
        self.now = 100.0
        self.coming: list[tuple[float, Event]] = []

    def at(self, when: float, event: Event) -> None:
        self.coming = sorted([*self.coming, (when, event)], key=lambda arrival: arrival[0])

    def qsize(self) -> int:
        return sum(when <= self.now for when, _ in self.coming)

    def get(self, block: bool = True, timeout: float | None = None) -> Event:
        assert timeout is not None, "the loop never waits for ever"
        if not self.coming or self.coming[0][0] > self.now + timeout:
            self.now += timeout
            raise queue.Empty
        when, event = self.coming.pop(0)
        self.now = max(self.now, when)
        return event


class SlowCard(Card):
    """Takes all that is written at the very end alone."""

    def __init__(self) -> None:
        self.deeds: list[Callable[[], None]] = []

    def write(self, deed: Callable[[], None]) -> None:
        self.deeds.append(deed)

    def close(self, seconds: float) -> bool:
        for deed in self.deeds:
            deed()
        return True


class SlowHalf(Half):
    """The eye of a bench, its judgements slow, under the real loop."""

    def __init__(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        self.arrivals = Arrivals()
        self.events, self.eye, self.bench, self.card = self.arrivals, bench.eye, bench, SlowCard()
        lamp = types.SimpleNamespace(refresh=lambda now, minute: None)
        self.panel = types.SimpleNamespace(mood=lamp)  # type: ignore[assignment]  # all that the loop has of it
        judged = bench.glancer.judge

        def slowly(frame: Grey, now: float) -> wire.Glance:
            self.arrivals.now += SLOW
            return judged(frame, now)

        clock = types.SimpleNamespace(
            monotonic=lambda: self.arrivals.now, localtime=lambda: types.SimpleNamespace(tm_hour=12, tm_min=0)
        )
        monkeypatch.setattr(composed, "time", clock)
        monkeypatch.setattr(bench.glancer, "judge", slowly)
        monkeypatch.setattr(bench, "wish", self._wish)

    def _wish(self, what: Wish) -> None:
        outcome = Looked(self.bench.frame) if what == "look" else Released()
        self.arrivals.at(self.arrivals.now + READ, lambda now: self.eye.outcome(outcome, now))

    def hand(self, begin: float, *moves: float) -> None:
        """The contact closes and opens by turns, so many seconds after `begin`."""
        for index, move in enumerate(moves):
            self.arrivals.at(begin + move, self._edge(index % 2 == 0, begin + move))

    def _edge(self, down: bool, when: float) -> Callable[[float], None]:
        return lambda now: self.eye.edge(down, when)

    def until(self, end: float) -> None:
        self.arrivals.at(end, None)
        assert watch(self) == STOPPED


@pytest.fixture
def slow(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> SlowHalf:
    return SlowHalf(bench, monkeypatch)


@pytest.mark.parametrize("begin", [103.0 + step * 0.13 for step in range(12)])
@pytest.mark.parametrize(
    ("moves", "meant"),
    [((0.0, 0.12, 0.57, 0.69), "double"), ((0.0, 0.15, 0.25, 0.30), "press"), ((0.0, 1.35), "press")],
    ids=["two presses", "a worn button", "nearly long"],
)
def test_a_hand_is_understood_whenever_it_comes_on_a_slow_board(
    slow: SlowHalf, moves: tuple[float, ...], meant: wire.GestureName, begin: float
) -> None:
    for step in range(20):  # the other half has its say in between
        slow.arrivals.at(begin + step * 0.11, lambda now: slow.eye.hear(wire.Pace(1.0), now))
    slow.hand(begin, *moves)
    slow.until(begin + 5.0)
    assert slow.bench.told(wire.Gesture) == [wire.Gesture(meant)]
    assert slow.bench.told(wire.Shutter) == []


def test_a_long_press_closes_on_a_slow_board_and_another_opens(slow: SlowHalf) -> None:
    slow.hand(103.0, 0.0, 1.8, 6.0, 7.8)
    slow.until(115.0)
    assert slow.bench.told(wire.Shutter) == [wire.Shutter(True), wire.Shutter(False)]


def test_one_who_talks_without_end_keeps_no_hand_from_closing_the_shutter(slow: SlowHalf) -> None:
    def talk(now: float) -> None:
        slow.arrivals.now += 0.01
        slow.eye.hear(wire.Pace(1.0), now)
        slow.arrivals.at(slow.arrivals.now, talk)

    slow.arrivals.at(100.0, talk)
    slow.hand(103.0, 0.0, 3.0)
    slow.until(110.0)
    assert slow.bench.told(wire.Shutter) == [wire.Shutter(True)]


@pytest.mark.parametrize("end", ["told to", "a camera that hangs", "nobody foresaw it"])
def test_however_it_ends_what_a_hand_has_just_closed_is_found_closed(
    end: str, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = SlowCard()
    slow = SlowHalf(Bench(network, tmp_path, card.write), monkeypatch)
    slow.card = card
    slow.hand(103.0, 0.0, 2.0)
    if end == "told to":
        slow.arrivals.at(105.0, None)
        assert slow.run() == STOPPED
    else:
        error = CameraHung("no answer") if end == "a camera that hangs" else RuntimeError("a surprise")

        def fails(now: float) -> None:
            raise error

        slow.arrivals.at(105.0, fails)
        with pytest.raises(type(error)):
            slow.run()
    assert Bench(network, tmp_path).shutter.closed
