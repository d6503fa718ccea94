"""What the box owes the household's queue and volume: its own songs there, and the volume that a fade gives back."""

import json
import logging
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

    def load(self) -> list[str]:
        """The songs that were ours; their ids may have changed with a new MPD."""
        try:
            told = json.loads(self.file.read_bytes())
            self.volume = told["volume"] if isinstance(told["volume"], int) else None
            return [str(uri) for uri in told["own"]]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("%s is not readable (%s): songs queued before count as the household's", self.file, error)
            return []

    def save(self) -> None:
        """Synced, though it comes with every song: a power cut in mid-fade would else leave the volume at nothing."""
        told = json.dumps({"own": list(self.own.values()), "volume": self.volume})
        try:
            store.replace(self.file, told.encode())
        except OSError as error:
            log.warning("%s cannot be kept: %s", self.file, error)
