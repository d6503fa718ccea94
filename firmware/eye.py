"""The owner of all that the seeing half knows: events and the time in, deeds out. Holds no thread, clock or socket.

Its edges (camera, pins, wire) are handed to it as plain objects; it runs in one thread, and each of its methods is
told the time.
"""

import resource
from collections import deque
from typing import Protocol

from firmware import wire
from firmware.camera import Grey
from firmware.gestures import Gestures, Stroke
from firmware.glance import Glancer
from firmware.lookout import Looked, LookFailed, Outcome, Released, Wish
from firmware.pace import Pace
from firmware.settings import Settings
from firmware.shutter import Shutter

HEALTH_EVERY = 5.0
REOPEN_FIRST, REOPEN_LONGEST = 1.0, 10.0  # seconds between tries of a camera that is lost
SETTLED = 90.0
"""Seconds for which this half must have run before it may be asked to start again: systemd gives up on one that starts
more than eight times in ten minutes, and nothing from the network may bring that about."""
SILENCE = 10.0  # seconds without the other half after which the lamp shows what this half knows by itself


class CameraHung(TimeoutError):
    """The camera was asked and neither answered nor failed: only a new process can be sure to free it."""


class Watcher(Protocol):
    def wish(self, what: Wish) -> None: ...


class Glowing(Protocol):
    def show(self, pattern: wire.Pattern, now: float) -> None: ...

    def dim(self, most: float) -> None: ...


class Voice(Protocol):
    def say(self, message: wire.Up) -> bool: ...


class Eye:
    """One camera, one button, one lamp, one wire."""

    def __init__(self, settings: Settings, glancer: Glancer, shutter: Shutter, lookout: Watcher, lamp: Glowing,
                 voice: Voice) -> None:  # fmt: skip
        self._patience = settings.camera.patience
        self._glancer, self._shutter, self._lookout, self._lamp, self._voice = glancer, shutter, lookout, lamp, voice
        self._pace = Pace(settings.pace)
        self._gestures = Gestures(settings.button)
        self._owed: deque[float] = deque()  # when each wish was made that the lookout has not answered
        self._next_look = 0.0
        self._next_health = 0.0
        self._reopen = REOPEN_FIRST
        self._lost = ""
        self._company = False
        self._closed_by_hold = False
        self._opened_at = float("-inf")  # when the shutter was last opened: frames asked for earlier do not count
        self._glow: wire.Pattern | None = None  # the other half's wish
        self._deaf_since: float | None = 0.0  # since when there is no other half
        self._frames: deque[float] = deque()  # when those of the last minute were judged
        self._begun: float | None = None
        self.ending = False  # asked to end, to be started again
        self.judged = 0  # frames judged so far: what the watchdog lives on

    # --- what happens ---

    def tick(self, now: float) -> None:
        """Time passed, and each edge until now has been told: do what is due."""
        self._begun = now if self._begun is None else self._begun
        for stroke in self._gestures.tick(now):
            self._obey_hand(stroke, now)
        self._attend(now)

    def _attend(self, now: float) -> None:
        """All that is due but the hand's: an edge may still wait behind what has just happened, and what it means must
        not be settled before it is heard."""
        if self._owed and now - self._owed[0] > self._patience:
            raise CameraHung(f"the camera has not answered for {now - self._owed[0]:.0f} s")
        if not self._owed and not self._shutter.closed and now >= self._next_look:
            self._wish("look", now)
        if now >= self._next_health:
            self._next_health = now + HEALTH_EVERY
            self._voice.say(self.health(now))
        self._lamp.show(self.pattern(now), now)

    def due(self, now: float) -> float:
        """Seconds until tick has something to do."""
        moments = [self._next_health]
        if self._owed:
            moments.append(self._owed[0] + self._patience + 0.01)
        elif not self._shutter.closed:
            moments.append(self._next_look)
        if (gesture := self._gestures.due()) is not None:
            moments.append(gesture)
        return max(0.0, min(moments) - now)

    def outcome(self, outcome: Outcome, now: float) -> None:
        """The lookout answered."""
        asked = self._owed.popleft()
        match outcome:
            case Looked(frame):
                if not self._shutter.closed and asked >= self._opened_at:
                    self._judge(frame, asked, now)
            case LookFailed(why):
                self._lost = why
                self._company = False
                self._next_look = now + self._reopen
                self._reopen = min(self._reopen * 2, REOPEN_LONGEST)
                self._voice.say(self.health(now))
            case Released():
                pass
        self._attend(now)

    def edge(self, down: bool, now: float) -> None:
        """The button's contact closed or opened."""
        for stroke in self._gestures.edge(down, now):
            self._obey_hand(stroke, now)
        self._attend(now)

    def hear(self, word: wire.Word, now: float) -> None:
        """The other half wishes. Nothing it can say reaches the camera lamp or the shutter."""
        match word:
            case wire.Glow(pattern, most):
                self._glow = pattern
                self._lamp.dim(most)
            case wire.LookNow():
                self._burst(now)
            case wire.Pace(factor):
                self._pace.wish(factor)
            case wire.Again():
                self.ending = self.ending or self._may_end(now)
            case _:
                pass  # Hello, which the wire has checked; or words that only this half says
        self._attend(now)

    def link(self, up: bool, now: float) -> None:
        """The other half came or went. One that comes is told where things stand."""
        if up:
            self._deaf_since = None
            self._voice.say(wire.Shutter(self._shutter.closed))
            self._voice.say(self.health(now))
        elif self._deaf_since is None:
            self._deaf_since = now
            self._pace.wish(1.0)
        self._attend(now)

    # --- what is done ---

    def _judge(self, frame: Grey, asked: float, now: float) -> None:
        self._lost, self._reopen = "", REOPEN_FIRST
        glance = self._glancer.judge(frame, now)
        self.judged += 1
        self._frames.append(now)
        self._company = bool(glance.faces) or self._glancer.unproven
        # From wish to wish: the camera's own time is part of the wait and does not come on top of it.
        self._next_look = max(now, asked + self._pace.interval(self._company, now))
        self._voice.say(glance)

    def _may_end(self, now: float) -> bool:
        """Has it run for a while, is no hand at the button, and will a closed shutter be found closed again?"""
        if self._shutter.closed and not self._shutter.lasting:
            self._shutter.move(True)  # what the card did not take before, it may take now
        lasting = not self._shutter.closed or self._shutter.lasting
        settled = self._begun is not None and now - self._begun >= SETTLED
        return settled and lasting and self._gestures.due() is None

    def _wish(self, what: Wish, now: float) -> None:
        self._owed.append(now)
        self._lookout.wish(what)

    def _burst(self, now: float) -> None:
        self._pace.burst(now)
        if not self._lost:
            self._next_look = min(self._next_look, now)

    def _obey_hand(self, stroke: Stroke, now: float) -> None:
        """Closing happens while the button is still held; opening, the less safe of the two, when it is let go."""
        match stroke:
            case "hold":
                self._closed_by_hold = not self._shutter.closed
                if self._closed_by_hold:
                    self._move(True, now)
            case "long":
                if not self._closed_by_hold:
                    self._move(False, now)
                self._voice.say(wire.Gesture("long"))
            case "very_long":
                if self._closed_by_hold:  # the hand wanted the box off, not the shutter closed for good
                    self._move(False, now)
                self._voice.say(wire.Gesture("very_long"))
            case "press":
                self._burst(now)
                self._voice.say(wire.Gesture("press"))
            case "double":
                self._voice.say(wire.Gesture("double"))

    def _move(self, closed: bool, now: float) -> None:
        self._shutter.move(closed)
        if closed:
            self._company = False
            self._wish("release", now)
        else:
            self._opened_at = self._next_look = now
        self._voice.say(wire.Shutter(closed))
        self._voice.say(self.health(now))

    # --- what is told ---

    def health(self, now: float) -> wire.Health:
        trouble = "; ".join(t for t in (self._lost, self._shutter.trouble) if t)
        camera = "closed" if self._shutter.closed else "lost" if self._lost else "ok"
        while self._frames and self._frames[0] <= now - 60.0:
            self._frames.popleft()
        frames = float(len(self._frames))
        return wire.Health(camera, trouble[:240], frames, memory_mb())  # type: ignore[arg-type]  # one of the three

    @property
    def excused(self) -> bool:
        """Whether no frame can be expected: the shutter is closed, or the camera is known to be lost."""
        return self._shutter.closed or bool(self._lost)

    def pattern(self, now: float) -> wire.Pattern:
        """What the mood lamp shows: this half's own troubles first, then the other half's wish."""
        if self._shutter.closed:
            return "closed"
        if self._lost:
            return "fault"
        if self._pace.bursting(now):
            return "scanning"
        alone = self._deaf_since is not None and now - self._deaf_since > SILENCE
        if self._glow and not alone:
            return self._glow
        return "watching" if self.judged else "starting"


def memory_mb() -> float:
    """What this process has in memory now."""
    with open("/proc/self/statm") as file:  # noqa: PTH123  # procfs: one line, read every few seconds
        return round(int(file.read().split()[1]) * resource.getpagesize() / 1e6, 1)  # a Pi 5's pages have 16 KiB
