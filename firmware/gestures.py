"""What a button's ups and downs mean. Pure: every call is told the time.

A press counts at its first contact and ends only when the contact has stayed open for `settle` seconds, so
a contact that chatters for less never makes two presses of one. Contacts of under `LEAST` are interference.

    down ─ up ─ (nothing for `double`) ──────────── press
    down ─ up ─ down ─ up ───────────────────────── double
    down ─ (held `long`) ────────────────────────── hold
                         ─ up ───────────────────── long
                         ─ (held `very_long`) ───── very_long
"""

from typing import Literal

from firmware.settings import ButtonSettings

Stroke = Literal["press", "double", "hold", "long", "very_long"]
LEAST = 0.015


class Gestures:
    """Edges and time in, strokes out, each told once and in order."""

    def __init__(self, settings: ButtonSettings) -> None:
        self._settings = settings
        self._contact = False
        self._since: float | None = None  # first contact of the press under way
        self._opened = 0.0  # when the contact last opened during it
        self._told = 0  # of this press: 0 nothing, 1 hold, 2 very_long
        self._first: float | None = None  # when a first short press ended, while a second may follow
        self._second = False  # the press under way is that second one

    def edge(self, down: bool, now: float) -> list[Stroke]:
        """The contact closed or opened."""
        strokes = self.tick(now)
        if down and self._since is None:
            self._since, self._told = now, 0
            self._second, self._first = self._first is not None, None
        elif not down and self._contact:
            self._opened = now
        self._contact = down
        return strokes

    def tick(self, now: float) -> list[Stroke]:
        """Time passed."""
        strokes: list[Stroke] = []
        if self._since is not None:
            strokes += self._held(now if self._contact else self._opened)
            if not self._contact and now >= self._opened + self._settings.settle:
                strokes += self._ended(self._opened - self._since)
        if self._since is None and self._first is not None and now >= self._first + self._settings.double:
            self._first = None
            strokes.append("press")
        return strokes

    def due(self) -> float | None:
        """When to call tick next, if no edge comes before."""
        if self._since is not None and not self._contact:
            return self._opened + self._settings.settle
        if self._since is not None:
            steps = (self._settings.long, self._settings.very_long)
            return self._since + steps[self._told] if self._told < 2 else None
        return None if self._first is None else self._first + self._settings.double

    def _held(self, until: float) -> list[Stroke]:
        assert self._since is not None
        strokes: list[Stroke] = []
        if self._told < 1 and until >= self._since + self._settings.long:
            self._told = 1
            strokes.append("hold")
        if self._told < 2 and until >= self._since + self._settings.very_long:
            self._told = 2
            strokes.append("very_long")
        return strokes

    def _ended(self, lasted: float) -> list[Stroke]:
        was_second, self._second, self._since = self._second, False, None
        if self._told:
            before: list[Stroke] = ["press"] if was_second else []
            return before + (["long"] if self._told == 1 else [])
        if lasted < LEAST:
            self._first = self._opened if was_second else None
            return []
        if was_second:
            return ["double"]
        self._first = self._opened
        return []
