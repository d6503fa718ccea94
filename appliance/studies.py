"""What is studied for the choice, each a lesson for the student's thread, and what comes of it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

import mpd

from appliance import dial, stickers
from appliance.dial import LOST, Dial
from appliance.recommender import affinity
from appliance.recommender.affinity import Affinity
from appliance.recommender.rows import Rows
from appliance.recommender.stock import Stock
from appliance.stickers import Kept

log = logging.getLogger("mien.chooser")


@dataclass(frozen=True)
class Found:
    """What other players know of the songs by now; None where the server does not answer."""

    kept: Kept | None


@dataclass(frozen=True)
class Refilled:
    """The stock as it is with what the ear placed since. `lesson` tells whether it holds still, as below."""

    stock: Stock
    lesson: int


@dataclass(frozen=True)
class Studied:
    """What the lists tell of who likes what; nothing, where nobody wants it any longer."""

    lists: Rows
    affinity: Affinity | None
    lesson: int


def found(reach: Dial) -> Found:
    """A like that is given in another player counts here without the library being read again."""
    try:
        client = reach.connect()
        try:
            return Found(stickers.read(client))
        finally:
            dial.hang_up(client)
    except (*LOST, ValueError, mpd.MPDError) as error:
        log.info("what other players keep cannot be read: %s", error)
        return Found(None)


def refilled(filling: Callable[[], Stock], lesson: int) -> Refilled:
    """Takes a second or two."""
    return Refilled(filling(), lesson)


def studied(lists: Rows, lesson: int, wanted: Callable[[], bool]) -> Studied:
    """Takes many, or ends early where nobody wants it any longer."""
    try:
        return Studied(lists, affinity.fit(lists, wanted=wanted), lesson)
    except affinity.Unwanted:
        return Studied(lists, None, lesson)
