"""The card's edge: what is to be written is written on a thread of its own, for a card may take seconds over it."""

import queue
import threading
from collections.abc import Callable


class Card:
    """Nobody waits for it, but for the end."""

    def __init__(self) -> None:
        self._deeds: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="card", daemon=True)
        self._thread.start()

    def write(self, deed: Callable[[], None]) -> None:
        """Have it done, after all that was asked for before."""
        self._deeds.put(deed)

    def close(self, seconds: float) -> bool:
        """Let it do what is left, but not for long; False if the card takes longer. Safe to repeat."""
        self._deeds.put(None)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _serve(self) -> None:
        while deed := self._deeds.get():
            deed()
