"""Days and weeks of moods and music, as places in a drawing and as lines of a table. Pure: days are local ones."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import zip_longest
from typing import Protocol

from appliance import bias
from appliance.web.needs import Row
from appliance.web.view import place

WIDTH, HEIGHT = 320.0, 120.0
KINDS = ("mood", "played", "skipped", "rated", "answer", "presence", "hand", "smile", "reading")
HELD = 1800.0
"""Seconds for which a mood counts where no other one follows: the room may have been empty since."""


NEAR = 2.0
"""Seconds between a mood and a word on it: a row that waits for the card is stamped anew each time it is read."""


class Moment(Protocol):
    @property
    def at(self) -> float: ...
    @property
    def mood(self) -> str | None: ...


@dataclass(frozen=True)
class Line:
    """One mood as the diary tells it: what was read, with its scores where they were kept, and what a person said it
    really was, at the second `of` of the history."""

    at: float
    read: str | None
    scores: tuple[float, ...] = ()
    said: str | None = None
    of: float = 0.0

    @property
    def mood(self) -> str | None:
        return self.said or self.read


def lines(moods: Iterable[Row], readings: Iterable[Row]) -> tuple[Line, ...]:
    """The moods, each with the last word on it."""
    words = {row.value: row for row in readings if row.value}
    told = []
    for row in moods:
        word = next((one for of, one in words.items() if of and abs(of - row.at) < NEAR), None)
        said, of = (word.mood, word.value or row.at) if word else (None, row.at)
        told.append(Line(row.at, row.mood, bias.read(row.note), said, round(of, 3)))
    return tuple(told)


@dataclass(frozen=True)
class Mark:
    """One mood in the drawing: higher is brighter."""

    x: float
    y: float
    mood: str


def marks(rows: Iterable[Moment], since: float, until: float) -> tuple[Mark, ...]:
    length = max(1.0, until - since)
    return tuple(
        Mark(
            round(12 + (row.at - since) / length * (WIDTH - 24), 1),
            round(HEIGHT / 2 - point.valence * (HEIGHT / 2 - 16), 1),
            str(row.mood),
        )
        for row in rows
        if since <= row.at <= until and (point := place(row.mood))
    )


def path(some: Sequence[Mark]) -> str:
    """A mood lasts until the next: steps, not slopes."""
    if not some:
        return ""
    steps = [f"M{some[0].x} {some[0].y}"]
    steps += [f"H{mark.x}V{mark.y}" for mark in some[1:]]
    return "".join(steps)


@dataclass(frozen=True)
class Day:
    """One day of the week: the mood that lasted longest, stretches of moods (from, length, mood) in a line 240 wide,
    and how many songs were played."""

    day: date
    mood: str | None
    stretches: tuple[tuple[float, float, str], ...]
    songs: int


def bounds(day: date) -> tuple[float, float]:
    """The seconds at which a local day begins and ends; a day on which the clocks change is shorter or longer."""
    midnight = datetime.combine(day, time())
    return midnight.timestamp(), (midnight + timedelta(days=1)).timestamp()


def local(at: float) -> date:
    return datetime.fromtimestamp(at).date()


def named(said: str) -> date | None:
    """The day that a form or an address names; None if it is none, or none that this box can have seen."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


def week(moods: Sequence[Moment], songs: Sequence[Moment], now: float, days: int = 7) -> tuple[Day, ...]:
    """The last days, the latest first."""
    today = datetime.fromtimestamp(now).date()
    return tuple(_day(today - timedelta(days=ago), moods, songs, now) for ago in range(days))


def _day(day: date, moods: Sequence[Moment], songs: Sequence[Moment], now: float) -> Day:
    begin, end = bounds(day)
    lasted: Counter[str] = Counter()
    stretches = []
    for row, later in zip_longest(moods, moods[1:]):
        start, stop = max(row.at, begin), min(later.at if later else now, row.at + HELD, end)
        if row.mood and stop > start:
            lasted[row.mood] += round(stop - start)
            scale = 240 / (end - begin)
            stretches.append((round((start - begin) * scale, 1), round((stop - start) * scale, 1), row.mood))
    most = lasted.most_common(1)
    played = sum(begin <= row.at < end for row in songs)
    return Day(day, most[0][0] if most else None, tuple(stretches), played)


def table(rows: Iterable[Row]) -> str:
    """All rows as CSV. A cell that a spreadsheet would take for a formula is kept from being one."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("time", "kind", "mood", "song", "value", "note"))
    for row in rows:
        when = datetime.fromtimestamp(row.at, UTC).isoformat(timespec="seconds")
        value = "" if row.value is None else f"{row.value:.15g}"
        writer.writerow((when, row.kind, row.mood or "", _tame(row.song), value, _tame(row.note)))
    return out.getvalue()


def _tame(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
