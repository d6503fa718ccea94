"""Who may come in, decided from plain values and a time that is an argument.

An unpaired phone knocks; a press of the button within a minute lets it in, if it alone was knocking: with two at
the door nobody can tell which one the hand on the button meant, so neither is let in and both are told.
"""

import ipaddress
import secrets
import threading
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

WAIT = 60.0
KNOCKS = 8  # waiting at once
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Answer = Literal["wait", "in", "crowd", "late"]


def fresh() -> str:
    """A new token: 256 random bits."""
    return secrets.token_urlsafe(32)


def bare(host: str) -> str:
    """The host of a Host header, without port and brackets; empty when it is no host."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def ours(host: str, names: Collection[str]) -> bool:
    """A name of this box, or an address: rebinding needs a name that somebody else's DNS answers for."""
    name = bare(host)
    if name in names or name in LOOPBACK:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def private(host: str) -> bool:
    """Is this an address of the home, by which other phones find the box too?"""
    try:
        found = ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return found.is_private and not found.is_loopback


def same_origin(origin: str | None, host: str, scheme: str = "http") -> bool:
    """Did our own page send this? A browser tells the origin with every change that it asks for.

    A page that came by plain HTTP, where others could have changed it, is not the page that came by HTTPS.
    """
    if origin is None:
        return False
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("https", scheme) and parts.netloc.lower() == host.lower()


def loopback(address: str | None, host: str) -> bool:
    """From this machine, and meant for it: both, so that no page elsewhere can borrow this machine's browser."""
    try:
        near = ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
    return near and bare(host) in LOOPBACK


@dataclass
class _Knock:
    name: str
    until: float
    answer: Answer = "wait"
    key: str = field(default_factory=fresh)


class Door:
    """The phones that wait for the button. Its lock is the web's own: threads of the server meet the owner's press."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._knocks: OrderedDict[str, _Knock] = OrderedDict()

    def knock(self, name: str, now: float, before: str = "") -> str | None:
        """The secret by which this phone asks for its answer; None when too many wait already. Who waits already, by
        the secret of `before`, is one phone still: its minute begins anew."""
        with self._lock:
            self._sweep(now)
            earlier = self._knocks.get(before)
            if earlier and earlier.answer == "wait":
                earlier.until = now + WAIT
            if earlier and earlier.answer != "crowd":
                return before
            if len(self._knocks) >= KNOCKS:
                return None
            secret = fresh()
            self._knocks[secret] = _Knock(name, now + WAIT)
            return secret

    def press(self, now: float) -> bool:
        """The button was pressed: True if that let a phone in."""
        with self._lock:
            waiting = [knock for knock in self._knocks.values() if knock.answer == "wait" and now <= knock.until]
            for knock in waiting:
                knock.answer = "in" if len(waiting) == 1 else "crowd"
                knock.until = now + WAIT
            return len(waiting) == 1

    def answer(self, secret: str, now: float) -> tuple[Answer, str, str]:
        """What came of this knock, the phone's name, and the key that is its own if it is in. For a minute that is the
        same however often it is asked for: an answer can be lost, and whoever asks holds the secret."""
        with self._lock:
            knock = self._knocks.get(secret)
            if knock is None or now > knock.until:
                self._knocks.pop(secret, None)
                return "late", "", ""
            return knock.answer, knock.name, knock.key if knock.answer == "in" else ""

    def close(self) -> None:
        """A phone is shown out: nobody comes in any more by an answer that was given."""
        with self._lock:
            self._knocks = OrderedDict(one for one in self._knocks.items() if one[1].answer != "in")

    def _sweep(self, now: float) -> None:
        for secret in [secret for secret, knock in self._knocks.items() if now > knock.until]:
            del self._knocks[secret]
