"""Where the music server keeps its songs, if that is a folder of this machine that this half may write to."""

import os
from pathlib import Path

import mpd

from appliance import dial
from appliance.dial import LOST, Dial
from appliance.library import listing
from appliance.web.intake import FOLDER


class MusicFolder:
    """Asked by any thread. The server tells its folder only to who reaches it by a socket on the same machine."""

    def __init__(self, reach: Dial) -> None:
        self._reach = reach
        self._told: Path | None = None

    def __call__(self) -> Path | None:
        if self._told is None:
            self._told = self._ask()
        told = self._told
        if told is None:
            return None
        ours = told / FOLDER  # a box may let this half write here alone
        return told if os.access(ours if ours.is_dir() else told, os.W_OK | os.X_OK) else None

    def _ask(self) -> Path | None:
        if not self._reach.server.startswith("/"):
            return None
        try:
            client = self._reach.connect()
            try:
                return listing.folder(client)
            finally:
                dial.hang_up(client)
        except (*LOST, ValueError, mpd.MPDError):
            return None
