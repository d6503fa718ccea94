"""Likeness, company, affinity and their blend: what each says, the same on every run, with one song and with none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.recommender import affinity
from appliance.recommender.blend import Recommender, even, says
from appliance.recommender.company import Company
from appliance.recommender.likeness import Likeness
from appliance.recommender.rows import Rows

TABLES = st.lists(st.lists(st.integers(0, 7), max_size=6, unique=True), max_size=9)
ONE = np.ones(1, np.float32)


def dense(rows: Rows) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    found = np.zeros((len(rows), rows.width))
    for n in range(len(rows)):
        found[n, rows.row(n)] = rows.weights[rows.starts[n] : rows.starts[n + 1]]
    return found


@given(TABLES, st.lists(st.booleans(), min_size=8, max_size=8))
def test_sparse_rows_do_what_a_full_table_does(table: list[list[int]], kept: list[bool]) -> None:
    rows = Rows.of(table, 8)
    rows = rows.weighed(np.arange(len(rows.columns)) + 1.0)
    full, vector = dense(rows), np.arange(8, dtype=np.float32)
    assert np.allclose(rows.times(vector), full @ vector)
    assert np.allclose(rows.spread(np.arange(len(table), dtype=np.float32)), np.arange(len(table)) @ full)
    assert np.allclose(dense(rows.flipped()), full.T)
    assert np.allclose(dense(rows.kept(np.array(kept))), full[:, kept])
    assert sum(len(part) for part, _ in rows.by_length()) == sum(bool(row) for row in table)


def test_songs_with_tags_of_one_company_are_alike_without_sharing_one() -> None:
    """Beach and summer meet on other songs, so a beach song is like a summer song, and neither is like snow."""
    tags = Rows.of([[0, 1]] * 5 + [[0], [1]] + [[2, 3]] * 5, 4)
    like = Likeness(tags).alike(np.array([5]), ONE)
    assert like[6] > 0.5 > like[8]
    assert [word for word, _ in Likeness(tags).near(np.array([0], np.int32), 3)] == [1]
    assert Likeness(tags).near(np.array([9], np.int32), 3) == []


def test_company_is_kept_by_songs_of_one_list_and_never_with_oneself() -> None:
    kept = Company(Rows.of([[0, 1], [0, 1], [2, 3]], 4)).keep(np.array([0]), ONE)
    assert kept[1] > 0 and abs(kept[0]) < 1e-6 and kept[2] == kept[3] == 0


def test_affinity_finds_the_rest_of_a_list_and_is_the_same_each_time() -> None:
    lists = Rows.of([[0, 1, 2]] * 8 + [[3, 4, 5]] * 8, 7)
    one, two = (affinity.fit(lists, calm=1.0).like(np.array([0, 1]), np.ones(2), 7) for _ in range(2))
    assert np.array_equal(one, two)
    assert one[2] > 5 * abs(one[4]) and one[6] == 0


def test_what_nobody_wants_any_longer_is_not_learned_to_its_end() -> None:
    lists, asked = Rows.of([[0, 1, 2]] * 8, 3), iter([True, True, False])
    with pytest.raises(affinity.Unwanted):
        affinity.fit(lists, wanted=lambda: next(asked))
    assert next(asked, None) is None


def test_with_few_lists_only_tags_speak_and_with_many_lists_others_outweigh_them() -> None:
    assert says(3) == (0.0, 0.0)
    grown = [says(lists)[0] for lists in (5, 10, 50, 200, 1500)]
    assert grown == sorted(grown) and grown[0] < 0.1 and grown[-1] > 1


@given(TABLES, TABLES)
def test_any_library_and_any_lists_give_finite_scores(tags: list[list[int]], lists: list[list[int]]) -> None:
    count = len(tags)
    on = Rows.of([[song for song in row if song < count] for row in lists], count)
    judges = Recommender(Likeness(Rows.of(tags, 8)), Company(on), affinity.fit(on))
    for seeds in ([], [0], list(range(count))):
        if max(seeds, default=-1) < count:
            akin = judges.akin(np.array(seeds, np.int32), np.ones(len(seeds), np.float32))
            assert akin.shape == (count,) and np.isfinite(akin).all()


def test_scores_that_are_all_alike_say_nothing() -> None:
    assert even(np.full(5, 3.0, np.float32)).tolist() == [0.0] * 5
    assert even(np.zeros(0, np.float32)).tolist() == []
