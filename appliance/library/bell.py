"""Rings when the music server's songs may have changed, so that a listener who stays need not ask again and again."""

import logging
import threading

import mpd

from appliance import dial
from appliance.dial import LOST, Dial

AGAIN = 15.0
"""Seconds before a server that was lost is tried again."""
log = logging.getLogger("mien.library")


class Bell:
    """A connection of its own, listened to by a thread. What happened between two waits is not missed."""

    def __init__(self, to: Dial, over: threading.Event, again: float = AGAIN) -> None:
        self._to, self._over, self._again = to, over, again
        self._rung = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="bell", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> None:
        """Until it rings, once for all that happened since the last time."""
        self._rung.wait()
        self._rung.clear()

    def _watch(self) -> None:
        while not self._over.is_set():
            try:
                client = self._to.connect()
                try:
                    self._rung.set()  # who knows what was missed
                    while client.idle("database"):
                        self._rung.set()
                finally:
                    dial.hang_up(client)
            except (*LOST, ValueError, mpd.MPDError) as error:
                log.info("the music server is waited for: %s", error)
            self._over.wait(self._again)
