"""The last day and week of moods, as places in a drawing and as lines of a table. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from appliance.web.needs import Row
from appliance.web.view import place

WIDTH, HEIGHT = 320.0, 120.0
KINDS = ("mood", "played", "skipped", "rated", "answer", "presence", "hand")


@dataclass(frozen=True)
class Mark:
    """One mood in the drawing: higher is brighter."""

    x: float
    y: float
    mood: str


def marks(rows: Iterable[Row], since: float, until: float) -> tuple[Mark, ...]:
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


def table(rows: Iterable[Row]) -> str:
    """All rows as CSV. A cell that a spreadsheet would take for a formula is kept from being one."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("time", "kind", "mood", "song", "value", "note"))
    for row in rows:
        when = datetime.fromtimestamp(row.at, UTC).isoformat(timespec="seconds")
        value = "" if row.value is None else f"{row.value:g}"
        writer.writerow((when, row.kind, row.mood or "", _tame(row.song), value, _tame(row.note)))
    return out.getvalue()


def _tame(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
