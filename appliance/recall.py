"""What faces taught before this process began, out of the history."""

from typing import get_args

from appliance import bias
from appliance.events import Mood
from appliance.history import History

Reading = tuple[Mood, tuple[float, ...]] | tuple[Mood, tuple[float, ...], float]


def readings(history: History) -> tuple[Reading, ...]:
    """The labelled readings that nobody unlearnt, oldest first. A row that is none is left out, and so is a word on an
    earlier mood that a later one took back."""
    rows = history.recent("reading", 0.0)
    last = {row.value: row for row in rows if row.value}
    return tuple(
        (mood, scores, row.value) if row.value else (mood, scores)
        for row in rows
        for mood in get_args(Mood)
        if mood == row.mood and (scores := bias.read(row.note)) and last.get(row.value or 0.0, row) is row
    )
