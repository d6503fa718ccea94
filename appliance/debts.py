"""What the box owes the household's queue and volume: its own songs there, the volume that a fade gives back, and the
one that comes back after quiet hours."""

import json
import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from appliance import store

log = logging.getLogger("mien.jukebox")


@dataclass
class Debts:
    """Kept over restarts, in a small file."""

    file: Path
    own: dict[int, str] = field(default_factory=dict)
    volume: int | None = None
    eased: tuple[int, int] | None = None  # a volume that was lowered for some hours, and the one to come back to

    def load(self, queue: Iterable[tuple[int, str]]) -> None:
        """What was owed, and which of the songs in the queue (id and uri, in its order) are ours.

        Where an id is as it was, that is its song. A new MPD gives new ids; then as many of each song are ours as were,
        the last ones, for ours stand behind what people put there.
        """
        self.own = {}
        try:
            told = json.loads(self.file.read_bytes())
            volume, own = told["volume"], [str(uri) for uri in told["own"]]
            low, loud = told.get("eased") or (None, None)
            before = dict(zip(told.get("places", ()), own, strict=False))
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("%s is not readable (%s): songs queued before count as the household's", self.file, error)
            return
        self.volume = volume if isinstance(volume, int) else None
        self.eased = (low, loud) if isinstance(low, int) and isinstance(loud, int) else None
        songs = list(queue)
        self.own = {place: uri for place, uri in songs if before.get(place) == uri}
        left = Counter(own) - Counter(self.own.values())
        for place, uri in reversed(songs):
            if place not in self.own and left[uri] > 0:
                left[uri] -= 1
                self.own[place] = uri

    def save(self) -> None:
        """Synced, though it comes with every song: a power cut in mid-fade would else leave the volume at nothing."""
        songs = {"own": list(self.own.values()), "places": list(self.own)}
        try:
            store.replace(self.file, json.dumps({**songs, "volume": self.volume, "eased": self.eased}).encode())
        except OSError as error:
            log.warning("%s cannot be kept: %s", self.file, error)
