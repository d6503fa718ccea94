"""The owner: one loop that no event, edge or clock can end, but Stop."""

import threading

import pytest

from appliance.commands import Command, Pause, Remember, Tell
from appliance.events import (
    EyeLink,
    EyeSaid,
    GoalSet,
    Hand,
    JukeboxLink,
    MoodPicked,
    Player,
    PlayerChanged,
    QuietHours,
    Song,
    Stop,
    Tick,
)
from appliance.knobs import Knobs
from appliance.owner import FLOOD, Owner, Retuned
from firmware import wire
from tests.waiting import until


class Desk:
    def __init__(self) -> None:
        self.done: list[Command] = []
        self.broken: type[Command] | None = None
        self.trouble = ""
        self.hours: bool | None = None
        self.phone = False
        self.turns = 0
        self.owner = Owner(
            Knobs(), self.perform, lambda: (self.trouble,), lambda: self.hours, lambda: self.phone, self.turned
        )

    def perform(self, command: Command) -> None:
        if self.broken and isinstance(command, self.broken):
            raise RuntimeError("an edge broke")
        self.done.append(command)

    def turned(self) -> None:
        self.turns += 1


def test_the_snapshot_is_replaced_after_each_event() -> None:
    desk = Desk()
    before = desk.owner.snapshot
    desk.owner.turn(GoalSet("lift"))
    assert (before.goal, desk.owner.snapshot.goal) == ("match", "lift")


def test_a_broken_edge_costs_its_command_alone() -> None:
    """Not the others of its turn, and not what everybody reads."""
    desk = Desk()
    desk.owner.turn(JukeboxLink("up", "", 7))
    desk.owner.turn(PlayerChanged(Player("play", Song("a.flac"), volume=50)))
    desk.done.clear()
    desk.broken = Pause
    desk.owner.turn(Hand("pause", "page"))
    assert desk.owner.snapshot.hands_off > 0
    assert not any(isinstance(command, Pause) for command in desk.done)
    assert any(isinstance(command, Remember) for command in desk.done)
    desk.broken = None
    desk.owner.turn(Hand("pause", "page"))
    assert any(isinstance(command, Pause) for command in desk.done)


def test_an_event_that_nobody_foresaw_is_lost_with_its_traceback_and_the_next_is_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = Desk()
    before = desk.owner.snapshot
    strange = wire.Glance(1.0, "seen", 0.5, (None,))  # type: ignore[arg-type]  # what no wire lets through
    desk.owner.turn(EyeSaid(strange))
    assert "an event was lost" in caplog.text and "Traceback" in caplog.text
    assert desk.owner.snapshot is before
    desk.owner.turn(JukeboxLink("up", "", 7))
    assert desk.owner.snapshot.songs == 7


def test_an_edges_trouble_is_shown_and_goes() -> None:
    desk = Desk()
    desk.trouble = "the card is full"
    desk.owner.turn(Tick())
    assert "the card is full" in desk.owner.snapshot.trouble
    desk.trouble = ""
    desk.owner.turn(Tick())
    assert "the card is full" not in desk.owner.snapshot.trouble


def test_the_button_lets_a_phone_in_before_it_means_a_look() -> None:
    desk = Desk()
    desk.owner.turn(EyeLink("up"))
    desk.owner.turn(EyeSaid(wire.Health("ok")))
    desk.done.clear()
    desk.phone = True
    desk.owner.turn(EyeSaid(wire.Gesture("press")))
    assert Tell(wire.LookNow()) not in desk.done
    desk.phone = False
    desk.owner.turn(EyeSaid(wire.Gesture("press")))
    assert Tell(wire.LookNow()) in desk.done


def test_quiet_hours_are_kept_only_by_a_clock_that_may_be_believed() -> None:
    desk = Desk()
    desk.owner._hours()
    assert not desk.owner.snapshot.quiet
    desk.hours = True
    desk.owner._hours()
    assert desk.owner.snapshot.quiet
    desk.hours = False
    desk.owner._hours()
    assert not desk.owner.snapshot.quiet
    assert QuietHours(True) != QuietHours(False)


def test_changed_settings_are_in_force_with_the_next_event() -> None:
    desk = Desk()
    desk.owner.turn(Retuned(Knobs(ceiling=7)))
    assert desk.owner._state.knobs.ceiling == 7


def test_a_loop_that_has_fallen_behind_drops_looks_and_nothing_else() -> None:
    desk = Desk()
    for _ in range(FLOOD * 2):
        desk.owner.post(EyeSaid(wire.Glance(1.0, "nobody", 0.5)))
    desk.owner.post(MoodPicked("sad"))
    assert desk.owner._queue.qsize() <= FLOOD + 2
    desk.owner.post(Stop())
    desk.owner.run()
    assert desk.owner.snapshot.picked == "sad"


def test_the_loop_turns_by_itself_and_ends_when_told() -> None:
    desk = Desk()
    thread = threading.Thread(target=desk.owner.run)
    thread.start()
    until(lambda: desk.turns >= 2, "two turns")
    desk.owner.post(Stop())
    thread.join(5)
    assert not thread.is_alive()
