"""The phones that were let in: only the hash of each one's token is kept, in one file that is replaced whole."""

import hashlib
import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

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
        self._path = path
        self._lock = threading.Lock()  # the web's own threads meet here, and nowhere else
        self.trouble = ""
        self._known = self._read()

    def known(self) -> tuple[Phone, ...]:
        return tuple(self._known.values())

    def holds(self, token: str) -> Phone | None:
        return self._known.get(hashed(token)) if token else None

    def add(self, token: str, name: str, since: float) -> Phone:
        """Raises OSError when the disk does not take it: then the phone is not in."""
        phone = Phone(hashed(token), name, since)
        with self._lock:
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
        try:
            told = json.loads(self._path.read_text("utf-8"))
            phones = [Phone(str(p["hash"]), str(p["name"]), float(p["since"])) for p in told["phones"]]
        except FileNotFoundError:
            return {}
        except OSError as error:
            self.trouble = f"the list of phones cannot be read: {error}"
            return {}
        except (ValueError, KeyError, TypeError) as error:
            aside = self._path.with_suffix(".damaged")
            self._path.replace(aside)
            self.trouble = (
                f"the list of phones was damaged ({type(error).__name__}) and lies in {aside.name}: pair again"
            )
            return {}
        return {phone.hash: phone for phone in phones}

    def _replace(self, phones: dict[str, Phone]) -> None:
        text = json.dumps({"version": 1, "phones": [asdict(phone) for phone in phones.values()]}, ensure_ascii=False)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self._known = phones
