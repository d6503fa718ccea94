"""Attention: far faces are looked for where something stirs, and everywhere in time."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.attention import Attention, Patches, halves, tops

ROWS, COLUMNS = 30, 40


def room(shade: int = 100) -> Patches:
    return np.full((ROWS, COLUMNS), shade, np.uint8)


def with_somebody(row: int, column: int) -> Patches:
    """One who stands there: a head, and below it the rest."""
    patches = room()
    patches[row:, column : column + 2] = 160
    return patches


def covers(part: tuple[float, float], parts: int, row: int, column: int) -> bool:
    left, top = part
    return left <= (column + 1) / COLUMNS <= left + 1 / parts and top <= (row + 1) / ROWS <= top + 1 / parts


def test_one_who_comes_in_is_looked_for_at_once_head_first() -> None:
    for row, column in ((4, 3), (10, 30), (14, 18)):
        attention = Attention(4, ROWS, COLUMNS)
        attention.see(room())
        for _ in range(9):
            attention.part()
        attention.see(with_somebody(row, column))
        assert covers(attention.part(), 4, row, column)


def test_in_a_still_room_every_part_comes_up_and_the_middle_first() -> None:
    attention = Attention(4, ROWS, COLUMNS)
    first = attention.part()
    assert 0.25 <= first[0] <= 0.5 and 0.25 <= first[1] <= 0.5
    searched = np.zeros((ROWS, COLUMNS), bool)
    for left, top in [first, *(attention.part() for _ in range(len(halves(4))))]:
        searched[round(top * ROWS) : round((top + 0.25) * ROWS), round(left * COLUMNS) :][:, : COLUMNS // 4] = True
        attention.see(room())
    assert searched.all()


def test_a_curtain_that_never_rests_does_not_keep_the_rest_from_being_searched() -> None:
    attention = Attention(4, ROWS, COLUMNS)
    parts = set()
    for index in range(400):
        attention.see(with_somebody(5, 2) if index % 2 else room())
        parts.add(attention.part())
    assert {part for part in parts if not covers(part, 4, 5, 2)} >= {(0.75, 0.75), (0.0, 0.75), (0.5, 0.5)}


def test_a_lamp_that_is_switched_on_stirs_nothing() -> None:
    assert not tops(room(90), room(140)).any()


def test_a_picture_of_another_size_begins_anew() -> None:
    attention = Attention(2, ROWS, COLUMNS)
    attention.see(room())
    attention.see(np.zeros((COLUMNS, ROWS), np.uint8))
    assert attention.part() in halves(2)


@settings(deadline=None)  # a busy machine is no fault
@given(
    st.lists(st.tuples(st.integers(0, ROWS - 2), st.integers(0, COLUMNS - 2)), max_size=40), st.sampled_from([2, 4, 8])
)
def test_whatever_stirs_a_part_lies_within_the_picture(places: list[tuple[int, int]], parts: int) -> None:
    attention = Attention(parts, ROWS, COLUMNS)
    for place in places:
        attention.see(with_somebody(*place))
        left, top = attention.part()
        assert 0 <= left <= 1 - 1 / parts and 0 <= top <= 1 - 1 / parts
