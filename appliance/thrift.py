"""Memory that was needed for a moment is given back to the system."""

import ctypes
import logging

log = logging.getLogger("mien")


def give_back() -> None:
    """To be called after something great was read or learned: glibc keeps what is free for the next time, which comes
    tomorrow. (To have it never keep great pieces would make each choice take twice as long.)"""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, AttributeError) as error:
        log.info("another C library keeps its own house: %s", error)
