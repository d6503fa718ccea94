"""What faces taught before this process began, out of the history."""

from typing import get_args

from appliance import bias
from appliance.events import Mood
from appliance.history import History

Readings = tuple[tuple[Mood, tuple[float, ...]], ...]


def readings(history: History) -> Readings:
    """The labelled readings that nobody unlearnt, oldest first. A row that is none is left out."""
    rows = history.recent("reading", 0.0)
    return tuple(
        (mood, scores)
        for row in rows
        for mood in get_args(Mood)
        if mood == row.mood and (scores := bias.read(row.note))
    )
