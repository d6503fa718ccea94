"""The owner: one thread, one queue, all state. Edges post events; everybody reads the last snapshot.

What fails, and what then. The playing half survives everything: no eye, no music server, no network, a full card, a
clock that jumps. Each edge mends itself and says so in an event or in its trouble, which the snapshot shows. An event
that nobody foresaw costs itself alone: its traceback is logged, the state stays what it was before it, and the loop
goes on. An edge that cannot take a command costs that command. What is left for systemd is a loop that no longer
turns: the watchdog is fed by turns of this loop and by nothing else.
"""

import logging
import queue
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from appliance import session
from appliance.commands import Command
from appliance.events import Event, EyeSaid, QuietHours, Stop, Tick
from appliance.knobs import Knobs
from appliance.snapshot import Snapshot
from firmware import wire

TICK = 1.0
FLOOD = 200
"""Glances that may wait. With more the loop has fallen behind, and old looks are worth nothing."""
log = logging.getLogger("mien")


@dataclass(frozen=True)
class Retuned:
    """The settings changed; these are the session's knobs from now on."""

    knobs: Knobs


class Owner:
    """`post` and `snapshot` are for every thread; the rest is for the one that runs it."""

    def __init__(
        self,
        knobs: Knobs,
        perform: Callable[[Command], None],
        troubles: Callable[[], Iterable[str]] = lambda: (),
        quiet: Callable[[], bool | None] = lambda: None,
        pressed: Callable[[], bool] = lambda: False,
        turned: Callable[[], None] = lambda: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`quiet` tells whether it is quiet hours, or None while the clock cannot be believed. `pressed` is told of the
        button first, and answers whether it meant a phone at the door. `turned` is called after each tick's turn."""
        self.perform, self.troubles, self.quiet, self.pressed, self.turned = perform, troubles, quiet, pressed, turned
        self._now = now
        self._queue: queue.SimpleQueue[Event | Retuned] = queue.SimpleQueue()
        self._state = session.start(knobs, now())
        self._snapshot = session.snapshot(self._state, now())
        self._quiet: bool | None = None

    def post(self, event: Event | Retuned) -> None:
        """From any thread, and from a signal. Never waits."""
        glance = isinstance(event, EyeSaid) and isinstance(event.message, wire.Glance)
        if glance and self._queue.qsize() > FLOOD:
            return
        self._queue.put(event)

    @property
    def snapshot(self) -> Snapshot:
        return self._snapshot

    def run(self) -> None:
        """Until Stop."""
        due = self._now()
        while True:
            now = self._now()
            if now >= due:
                due = now + TICK
                self._hours()
                self.turn(Tick())
                self.turned()
                continue
            try:
                event = self._queue.get(timeout=due - now)
            except queue.Empty:
                continue
            self.turn(event)
            if isinstance(event, Stop):
                return

    def turn(self, event: Event | Retuned) -> None:
        """Answer one event, whatever it is."""
        try:
            if isinstance(event, Retuned):
                self._state = replace(self._state, knobs=event.knobs)
                return
            if event == EyeSaid(wire.Gesture("press")) and self.pressed():
                return
            now = self._now()
            self._state, commands = session.step(self._state, event, now)
            for command in commands:
                self._do(command)
            shown = session.snapshot(self._state, now)
            self._snapshot = replace(shown, trouble=(*shown.trouble, *(said for said in self.troubles() if said)))
        except Exception:  # the top loop's own: the music goes on, and the journal has the traceback
            log.exception("an event was lost: %r", event)

    def _do(self, command: Command) -> None:
        try:
            self.perform(command)
        except Exception:  # one edge's fault must not cost the other commands of the turn
            log.exception("a command was lost: %r", command)

    def _hours(self) -> None:
        quiet = self.quiet()
        if quiet is not None and quiet != self._quiet:
            self._quiet = quiet
            self.turn(QuietHours(quiet))
