"""Pace: looks as often as there is need for, and never more than a wish may ask."""

from hypothesis import given
from hypothesis import strategies as st

from firmware.pace import FASTEST, SLOWEST, Pace
from firmware.settings import PaceSettings


def test_once_a_second_alone_thrice_in_company_more_on_a_scan() -> None:
    pace = Pace(PaceSettings())
    assert pace.interval(False, 0) == 1.0
    assert pace.interval(True, 0) == 1 / 3
    pace.burst(10)
    assert pace.interval(False, 11) == 1 / 6
    assert pace.interval(False, 12.5) == 1.0


def test_a_wish_slows_the_watch_but_not_a_scan_that_a_person_asked_for() -> None:
    pace = Pace(PaceSettings())
    pace.wish(0.5)
    assert pace.interval(False, 0) == 2.0
    pace.burst(0)
    assert pace.interval(False, 1) == 1 / 6


@given(st.floats(0.1, 4), st.booleans(), st.floats(0, 10), st.floats(0.1, 15), st.floats(0.1, 15))
def test_no_wish_passes_the_limits(factor: float, company: bool, now: float, alone: float, scan: float) -> None:
    pace = Pace(PaceSettings(alone=alone, scan=scan))
    pace.burst(5)
    pace.wish(factor)
    assert 1 / FASTEST <= pace.interval(company, now) <= 1 / SLOWEST
