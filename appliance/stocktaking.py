"""Songs that came or went while the music server was away: by itself it sees only what changes while it runs."""

import logging
from pathlib import Path

import mpd

from appliance.library import listing

log = logging.getLogger("mien.jukebox")


def take_stock(client: mpd.MPDClient, server: str) -> None:
    """Have the box's own music server, one behind a local socket, compare its list with its folder.

    A server elsewhere in the house is left to those who run it. A folder with nothing in it is taken for a disk that is
    not there: to believe it would cost the household every song, and all that the server knows of them.
    """
    if not server.startswith("/"):
        return
    try:
        music = listing.folder(client)
        if music and filled(music):
            client.update()
    except mpd.CommandError as error:
        log.info("the music server does not look for new songs now: %s", error)  # its list of updates may be full


def filled(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError:
        return False
