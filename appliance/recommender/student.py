"""What takes seconds to learn is learned aside, at the lowest priority, so that no choice waits for it."""

import contextlib
import logging
import os
import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

IDLE = 19
Learned = TypeVar("Learned")
log = logging.getLogger("mien.chooser")


class Student(Generic[Learned]):
    """Of several lessons of a kind that wait only the last is learned. `done` gets what came of it, on this thread."""

    def __init__(self, done: Callable[[Learned], None]) -> None:
        self._done = done
        self._lessons: queue.SimpleQueue[tuple[str, Callable[[], Learned]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._live, name="student", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Does not wait for a lesson under way: nothing of it is kept."""
        self._lessons.put(None)

    def learn(self, kind: str, lesson: Callable[[], Learned]) -> None:
        self._lessons.put((kind, lesson))

    def _live(self) -> None:
        with contextlib.suppress(OSError):  # a kernel that forbids it has the thread run as any other
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), IDLE)
        waiting: dict[str, Callable[[], Learned]] = {}
        while True:
            while not waiting or not self._lessons.empty():
                if (told := self._lessons.get()) is None:
                    return
                waiting[told[0]] = told[1]
                del told
            lesson = waiting.pop(next(iter(waiting)))
            try:
                self._done(lesson())
            except Exception:  # the thread's top loop: choosing goes on without what was to be learned
                log.exception("a lesson was lost")
            del lesson  # and all that it was to be learned from: the next one may come tomorrow
