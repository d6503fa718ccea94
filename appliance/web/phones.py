"""The phones that were let in: only the hash of each one's token is kept, in one file that is replaced whole.

It has a twin, which is read when the file is damaged: a card's fault must not shut out the whole household.
"""

import hashlib
import json
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from appliance import store

VERSION = 1
MOST = 64


@dataclass(frozen=True)
class Phone:
    """`since` is wall-clock seconds, 0 where the clock was not to be trusted."""

    hash: str
    name: str
    since: float

    @property
    def short(self) -> str:
        """Enough of the hash to name this phone in a form; no use as a token."""
        return self.hash[:16]


def hashed(token: str) -> str:
    """The token has 256 random bits, so a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


class Phones:
    """Reads its file once; every change is on the disk before it is answered."""

    def __init__(self, path: Path) -> None:
        self._path, self._twin = path, path.with_suffix(".last")
        self._lock = threading.Lock()  # the web's own threads meet here, and nowhere else
        self.trouble = ""
        self._known = self._read()

    def known(self) -> tuple[Phone, ...]:
        return tuple(self._known.values())

    def holds(self, token: str) -> Phone | None:
        return self._known.get(hashed(token)) if token else None

    def add(self, token: str, name: str, since: float) -> Phone:
        """Raises OSError when the disk does not take it: then the phone is not in. One that is in stays as it is."""
        phone = Phone(hashed(token), name, since)
        with self._lock:
            if known := self._known.get(phone.hash):
                return known
            kept = sorted(self._known.values(), key=lambda one: one.since)[-(MOST - 1) :]
            self._replace({**{one.hash: one for one in kept}, phone.hash: phone})
        return phone

    def remove(self, short: str) -> bool:
        with self._lock:
            left = {key: phone for key, phone in self._known.items() if phone.short != short}
            if len(left) == len(self._known):
                return False
            self._replace(left)
        return True

    def _read(self) -> dict[str, Phone]:
        for path in (self._path, self._twin):
            try:
                return understood(path.read_text("utf-8"))
            except FileNotFoundError:
                continue
            except OSError as error:
                self.trouble = f"the list of phones cannot be read: {error}"
                return {}
            except (ValueError, KeyError, TypeError) as error:
                self._set_aside(path, error)
        return {}

    def _set_aside(self, path: Path, error: Exception) -> None:
        aside = path.with_name(f"{path.name}.damaged")
        self.trouble = f"the list of phones was damaged ({type(error).__name__}) and lies in {aside.name}"
        if path == self._twin or not self._twin.exists():
            self.trouble += ": pair again"
        try:
            path.replace(aside)
        except OSError as refusal:
            self.trouble += f"; it cannot be set aside: {refusal}"

    def _replace(self, phones: dict[str, Phone]) -> None:
        """The twin first: whenever the file has lost a phone, so has what may have to stand in for it."""
        told = {"version": VERSION, "phones": [asdict(phone) for phone in phones.values()]}
        content = json.dumps(told, ensure_ascii=False).encode()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        for path in (self._twin, self._path):
            store.replace(path, content, mode=0o600)
        self._known = phones


def understood(text: str) -> dict[str, Phone]:
    told = json.loads(text)
    if told["version"] != VERSION:
        raise ValueError(f"version {told['version']}, not {VERSION}")
    phones = [Phone(str(p["hash"]), str(p["name"]), float(p["since"])) for p in told["phones"]]
    return {phone.hash: phone for phone in phones}
