"""How much a stranger may ask of the box: kept for each address, whichever door it comes by."""

import threading
from collections import OrderedDict


class Budget:
    """So many requests a second for each address, with room for a burst. Remembers a bounded number of addresses."""

    def __init__(self, rate: float, burst: float, addresses: int = 512) -> None:
        self._rate, self._burst, self._addresses = rate, burst, addresses
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, address: str, now: float) -> bool:
        with self._lock:
            left, then = self._left.pop(address, (self._burst, now))
            left = min(self._burst, left + (now - then) * self._rate)
            fine = left >= 1.0
            self._left[address] = (left - 1.0 if fine else left, now)
            while len(self._left) > self._addresses:
                self._left.popitem(last=False)
            return fine
