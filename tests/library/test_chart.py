"""The catalogue in columns tells of every song what the catalogue itself tells, and takes little room for it."""

import sqlite3
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from appliance.library.catalogue import Catalogue
from appliance.library.chart import Chart
from tests.library.great import UNHEARD, great

MANY = 1500


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return great(tmp_path / "library.db", MANY)


def agree(chart: Chart, catalogue: Catalogue) -> bool:
    entries = catalogue.entries()
    assert len(chart.names) == len(entries) == MANY
    for number, (uri, one) in enumerate(entries.items()):
        rank = tuple(None if lies != lies else pytest.approx(float(lies), abs=1e-6) for lies in chart.rank[number])
        told = (chart.languages[chart.language[number]], chart.words[chart.moods[number]], chart.by_hand[number])
        assert chart.names.get(uri) == number
        assert (one.rank_valence, one.rank_energy) == rank
        assert (one.language, one.moods, one.by_hand) == told
    return True


def test_columns_tell_what_entries_tell_before_and_after_a_person_corrected(catalogue: Catalogue) -> None:
    before = catalogue.chart()
    assert agree(before, catalogue) and not before.by_hand.any()
    uris = list(catalogue.entries())
    catalogue.correct(uris[UNHEARD], -0.5, 0.25)  # one that nobody heard
    for uri in uris[100:140]:
        catalogue.correct(uri, 0.9, 0.9)
    after = catalogue.chart()
    assert agree(after, catalogue) and after.by_hand.sum() == 41
    moved = (after.rank != before.rank) & ~np.isnan(before.rank)
    assert moved[200:].any(), "songs like those that were corrected follow"


def test_columns_take_few_bytes_a_song_however_much_was_corrected(catalogue: Catalogue) -> None:
    for uri in list(catalogue.entries())[:100]:
        catalogue.correct(uri, 0.5, 0.5)
    catalogue.chart()
    tracemalloc.start()
    try:
        chart = catalogue.chart()
        kept, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(chart.names) == MANY and kept < 40 * MANY and most < 500 * MANY, (kept / MANY, most / MANY)


def test_a_whole_library_out_of_reach_is_counted_and_a_part_of_it_named(catalogue: Catalogue) -> None:
    before = catalogue.progress()
    heard = MANY - len(range(0, MANY, UNHEARD))
    assert (before.done, before.total, before.unreadable, before.unnamed) == (heard, MANY, (), 0)
    with sqlite3.connect(catalogue.path) as base:
        base.execute("UPDATE place SET trouble = 'its file cannot be reached from here'")
    after = catalogue.progress()
    assert (after.done, after.total, len(after.unreadable) + after.unnamed) == (MANY, MANY, MANY)
    assert len(after.unreadable) <= 200 and catalogue.trouble(after.unreadable[0][0]) == after.unreadable[0][1]


def test_all_songs_are_named_in_order_a_part_at_a_time(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.library.catalogue.AT_ONCE", 350)
    parts = list(catalogue.uris())
    assert [len(part) for part in parts] == [350, 350, 350, 350, 100]
    assert [uri for part in parts for uri in part] == list(catalogue.entries())
    assert list(Catalogue(catalogue.path.with_name("none.db")).uris()) == []
