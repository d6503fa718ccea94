"""Memory that was needed for a moment is given back to the system."""

import ctypes
import logging
from collections.abc import Callable

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""As mallopt numbers them."""
KEPT = GREAT = 8 << 20
"""Bytes that each thread may keep ready: what a choice among 100,000 songs needs each time, so it is no slower; with
half of it, it is by a tenth. A piece of so many is a mapping of its own, and gone when it is freed."""
log = logging.getLogger("mien")


def be_thrifty() -> None:
    """For the whole process, once at its start. By itself glibc learns from the greatest pieces that it ever gave: it
    comes to keep 64 MB ready for each thread, of which `give_back` reaches the first thread's alone."""
    _ask(lambda libc: libc.mallopt(TRIM_THRESHOLD, KEPT) and libc.mallopt(MMAP_THRESHOLD, GREAT))


def give_back() -> None:
    """To be called after something great was read or learned: what is free between what is not."""
    _ask(lambda libc: libc.malloc_trim(0))


def _ask(what: Callable[[ctypes.CDLL], object]) -> None:
    try:
        what(ctypes.CDLL(None))
    except (OSError, AttributeError) as error:
        log.info("another C library keeps its own house: %s", error)
