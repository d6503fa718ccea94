"""A short while of a long life, and what the tables of docs/long-life.md are made of."""

import os
from pathlib import Path

from tests.bench.hour import HEAD as HOURS_HEAD
from tests.bench.hour import weigh
from tests.bench.years import HEAD, PAGE, live, put, table


def test_after_a_morning_the_session_is_no_larger_than_after_its_first_hour(tmp_path: Path) -> None:
    first, second = live(2, 1, tmp_path, begin=8.0, songs=12)
    assert all(one.commands > 5 and one.rows > 1 for one in (first, second))
    assert second.session < 2 * first.session
    assert second.objects < 1.05 * first.objects


def test_a_table_takes_the_place_of_the_one_before_and_of_no_other(tmp_path: Path) -> None:
    page = PAGE.read_text("utf-8")
    assert page.count(HEAD) == page.count(HOURS_HEAD) == 1
    fresh = put(page, HEAD, table([]))
    assert put(fresh, HEAD, table([])) == fresh
    assert page.partition(HOURS_HEAD)[2] == fresh.partition(HOURS_HEAD)[2]


def test_a_process_is_weighed_by_what_the_kernel_says() -> None:
    before = weigh("this", os.getpid())
    with Path("/dev/null").open():
        held = weigh("this", os.getpid())
    assert held.descriptors == before.descriptors + 1
    assert held.memory > 1000 and held.threads >= 1
    assert held.row(1.0).startswith("| 1 | this |")
