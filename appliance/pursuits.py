"""The picker's file: what people may say they are about. Read, checked, and replaced whole or not at all.

The box's own list in the state folder takes the place of the one that ships. Damaged, it is set aside under a name
that says so, and the shipped one stands in.
"""

import logging
import threading
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from appliance.pursuit import Pursuit
from appliance.settings import Fault, SettingsError, nearest
from appliance.store import remove, replace

MOST = 24
"""Pursuits that a picker on a small phone can still show."""
LONGEST_NAME = 40
HEAD = "# Written by the box, from its page.\n"
log = logging.getLogger("mien.settings")

Share = Annotated[float, Meta(ge=-1.0, le=1.0)]
Word = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f\ud800-\udfff]*$")]


class Entry(Struct, frozen=True):
    """One table of the file."""

    valence: Share
    energy: Share
    words: Annotated[tuple[Word, ...], Meta(max_length=20)] = ()


KEYS = Entry.__struct_fields__


class Pursuits:
    """Safe for every thread. `changed` is called after each change, by whoever made it."""

    def __init__(self, default: Path, own: Path, changed: Callable[[], None] = lambda: None) -> None:
        self.default, self.own, self.changed = default, own, changed
        self.trouble = ""
        self._one = threading.Lock()  # two phones may save at once; nothing else shares this
        self._now = self._load()

    def read(self) -> tuple[Pursuit, ...]:
        """The picker as it stands, in its order. Never fails."""
        return self._now

    def check(self, wanted: Sequence[Mapping[str, Any]]) -> tuple[Fault, ...]:
        """Every reason for which `write` would refuse this list. Nothing is kept."""
        try:
            checked(wanted, "what was sent")
        except SettingsError as error:
            return error.faults
        return ()

    def write(self, wanted: Sequence[Mapping[str, Any]]) -> tuple[Fault, ...]:
        """Replace the list by this one: of each pursuit its name, valence, energy and words. All faults, or none and it
        is on the card. An empty list gives the shipped one back."""
        try:
            fresh = checked(wanted, "what was sent")
        except SettingsError as error:
            return error.faults
        with self._one:
            try:
                if fresh:
                    replace(self.own, toml(fresh).encode())
                else:
                    remove(self.own)
            except OSError as error:
                return (Fault("", f"the list cannot be saved: {error.strerror}; nothing was changed"),)
            self.trouble = ""
            self._now = fresh or self._load()
        self.changed()
        return ()

    def _load(self) -> tuple[Pursuit, ...]:
        if self.own.exists():
            try:
                return parsed(self.own)
            except SettingsError as error:
                aside = self.own.with_name(f"{self.own.name}.damaged")
                self._say(f"{self.own} is damaged and set aside as {aside.name}: {error}")
                try:
                    self.own.replace(aside)
                except OSError as refusal:
                    self._say(f"{self.own} cannot be set aside: {refusal}")
            except OSError as error:
                self._say(f"{self.own} cannot be read: {error.strerror}")
        try:
            return parsed(self.default)
        except (OSError, SettingsError) as error:
            self._say(f"{self.default} is not taken: {error}")
            return ()

    def _say(self, what: str) -> None:
        log.error(what)
        self.trouble = f"{self.trouble}; {what}" if self.trouble else what


def parsed(file: Path) -> tuple[Pursuit, ...]:
    """One file's list. SettingsError tells every fault; OSError, that it cannot be read."""
    try:
        document = tomllib.loads(file.read_bytes().decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError([Fault("", f"{file} is not TOML: {error}")]) from None
    tables = [
        {**table, "name": name} if isinstance(table, dict) else {"name": name} for name, table in document.items()
    ]
    return checked(tables, str(file))


def checked(wanted: Sequence[Mapping[str, Any]], where: str) -> tuple[Pursuit, ...]:
    """These tables as pursuits. SettingsError tells every fault."""
    faults: list[Fault] = []
    fresh: list[Pursuit] = []
    if len(wanted) > MOST:
        faults.append(Fault("", f"{len(wanted)} pursuits are too many for the picker; it holds {MOST}"))
    names = [str(told.get("name", "")).strip() for told in wanted]
    for name, told in zip(names, wanted, strict=True):
        found = named(name, names)
        strange = [key for key in told if key not in (*KEYS, "name")]
        found += [Fault(f"{name}.{key}", f"unknown key in {where}{nearest(key, KEYS)}") for key in strange]
        found += [fault for key in KEYS if (fault := wrong(name, key, told, where))]
        faults += found
        if not found:
            entry = msgspec.convert({key: told[key] for key in KEYS if key in told}, Entry)
            fresh.append(Pursuit(name, entry.valence, entry.energy, entry.words))
    if faults:
        raise SettingsError(faults)
    return tuple(fresh)


def named(name: str, names: Sequence[str]) -> list[Fault]:
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        return [Fault(name, f"a name has 1 to {LONGEST_NAME} letters")]
    if [other.casefold() for other in names].count(name.casefold()) > 1:
        return [Fault(name, "two pursuits have this name")]
    return []


def wrong(name: str, key: str, told: Mapping[str, Any], where: str) -> Fault | None:
    """What is wrong with one value, if anything."""
    hint = Entry.__annotations__[key]
    if key not in told:
        return None if key == "words" else Fault(f"{name}.{key}", f"is missing in {where}")
    try:
        msgspec.convert(told[key], hint)
    except msgspec.ValidationError as error:
        return Fault(f"{name}.{key}", f"{error}; it is {told[key]!r} in {where}")
    return None


def toml(pursuits: Sequence[Pursuit]) -> str:
    """The list as a file. A JSON string is a TOML basic string."""
    lines = [HEAD]
    for one in pursuits:
        lines.append(f"[{json(one.name)}]")
        lines += [f"{key} = {json(getattr(one, key))}" for key in KEYS]
        lines.append("")
    return "\n".join(lines)


def json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
