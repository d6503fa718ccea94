"""Memory that was needed for a moment is given back to the system."""

import ctypes
import logging

ARENA_MAX, MMAP_THRESHOLD = -8, -3
"""glibc's names of the two, malloc.h."""
ARENAS, PIECE = 2, 128 * 1024
log = logging.getLogger("mien")


def give_back() -> None:
    """Pieces of 128 kB and more go back as soon as they are free. By itself glibc learns to keep them, up to 32 MB each
    and for every thread anew, though a library is read and learned but once a day. To be called before any thread."""
    try:
        own = ctypes.CDLL(None)
        own.mallopt(MMAP_THRESHOLD, PIECE)
        own.mallopt(ARENA_MAX, ARENAS)
    except (OSError, AttributeError) as error:
        log.info("another C library keeps its own house: %s", error)
