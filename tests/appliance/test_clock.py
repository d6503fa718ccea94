"""A Pi has no clock of its own, or one without a battery: nothing trusts the time before it is known."""

import time
from functools import partial
from pathlib import Path

import pytest

from appliance import clock
from appliance.chooser import Chooser
from appliance.commands import Remember
from appliance.dial import Dial
from appliance.habits import HABITS
from appliance.history import History
from appliance.settings import ChoiceSettings, QuietSettings

NOW = 1.8e9


@pytest.fixture
def pi(tmp_path: Path) -> Path:
    """A Pi's model file, and a folder for its clock chips."""
    (tmp_path / "model").write_text("Raspberry Pi 5 Model B Rev 1.0")
    (tmp_path / "rtc").mkdir()
    return tmp_path


def own(pi: Path) -> bool:
    return clock.own_clock(pi / "rtc", pi / "model")


def chip(pi: Path, since: str) -> None:
    (pi / "rtc" / "rtc0").mkdir()
    (pi / "rtc" / "rtc0" / "since_epoch").write_text(since)


def test_a_pi_without_a_clock_chip_is_not_believed(pi: Path) -> None:
    assert not own(pi)


def test_a_chip_that_kept_its_time_is_believed(pi: Path) -> None:
    chip(pi, f"{NOW:.0f}\n")
    assert own(pi)


@pytest.mark.parametrize("told", ["27\n", "", "no time"])
def test_a_chip_without_a_battery_is_not_believed_though_it_is_there(pi: Path, told: str) -> None:
    chip(pi, told)
    assert not own(pi)


def test_a_machine_that_is_no_pi_is_given_its_time(tmp_path: Path) -> None:
    assert clock.own_clock(tmp_path / "rtc", tmp_path / "model")


def test_a_pi_is_known_from_where_its_unit_may_look() -> None:
    """Of /proc the unit sees its own processes and nothing else, so a Pi known by /proc would have passed for a PC."""
    assert clock.MODEL.is_relative_to("/sys")


def test_a_clock_that_the_network_has_set_is_believed(tmp_path: Path) -> None:
    (tmp_path / "synchronized").touch()
    assert clock.synchronised(tmp_path / "synchronized")


@pytest.mark.parametrize(("wall", "network", "chip", "believed"), [
    (NOW, True, False, True), (NOW, False, True, True), (NOW, False, False, False), (1000.0, True, True, False),
])  # fmt: skip
def test_the_time_is_believed_when_somebody_vouches_for_it_and_it_is_possible(
    monkeypatch: pytest.MonkeyPatch, wall: float, network: bool, chip: bool, believed: bool
) -> None:
    monkeypatch.setattr("time.time", lambda: wall)
    monkeypatch.setattr(clock, "synchronised", lambda: network)
    monkeypatch.setattr(clock, "own_clock", lambda: chip)
    assert clock.sure() is believed


def test_a_zone_that_is_set_while_the_box_runs_is_kept_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    night = QuietSettings(on=True, begin="22:00", end="07:00")
    late = 1767304800.0  # ten in the evening in Greenwich, seven in the morning in Seoul
    try:
        for zone, quiet in (("UTC", True), ("Asia/Seoul", False), ("UTC", True)):
            monkeypatch.setenv("TZ", zone)
            assert clock.quiet(night, late) == quiet
    finally:
        monkeypatch.undo()
        time.tzset()


def test_songs_heard_before_a_power_cut_keep_their_age_on_a_box_that_starts_in_the_past(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last row tells how late it is at least; by it the hours before a song may come again are counted."""
    file = tmp_path / "history.db"
    for song, ago in (("old", 9 * 3600.0), ("new", 60.0)):
        history = History(file, 90, every=3600.0, wall=lambda ago=ago: NOW - ago, sure=lambda: True)  # type: ignore[misc]  # bound at once
        history.add(Remember("played", "happy", song))
        history.flush()
    past = History(file, 90, wall=lambda: 1000.0, sure=lambda: False)
    habits = partial(past.among, HABITS, 0.0)
    chooser = Chooser(Dial(), lambda event: None, {}, ChoiceSettings(), habits=habits)
    monkeypatch.setattr("time.time", lambda: 1000.0)
    chooser.recall()
    age = {song: time.monotonic() - at for song, at in chooser._habits.came.items()}
    assert age == {"old": pytest.approx(9 * 3600 - 60, abs=30), "new": pytest.approx(0, abs=30)}


def test_a_clock_that_jumps_while_rows_wait_gives_them_the_right_time(tmp_path: Path) -> None:
    """They were added in the past as the box saw it, and are written once the network has told the time."""
    wall, sure = [1000.0], [False]
    history = History(tmp_path / "h.db", 90, every=3600.0, wall=lambda: wall[0], sure=lambda: sure[0])
    history.add(Remember("played", "happy", "song"))
    history.flush()
    assert not (tmp_path / "h.db").exists()
    wall[0], sure[0] = NOW, True
    history.flush()
    (row,) = history.recent("played", 0.0)
    assert row.at == pytest.approx(NOW, abs=60.0)
