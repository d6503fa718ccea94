"""The settings that a phone may change: kept in the state folder, laid over root's, replaced whole or not at all.

The file is versioned and written beside, synced, and moved into place, with the last good one kept as `.last`. A
damaged one is set aside under a name that says so, and the last good copy taken; root's file damaged leaves the
defaults. Either way the box runs, and `trouble` says what happened.
"""

import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from appliance import settings
from appliance.settings import FIELDS, Document, Fault, Field, Settings, SettingsError

VERSION = 1
HEAD = f"# Written by the box; root's settings are in mien.toml.\nversion = {VERSION}\n"
log = logging.getLogger("mien.settings")


class Store:
    """The settings in force. `changed` is called with the new ones after each change, by whoever changed them."""

    def __init__(self, files: Sequence[Path], own: Path, changed: Callable[[Settings], None] | None = None) -> None:
        self.own = own
        self.changed = changed or (lambda new: None)
        self.trouble = ""
        self._one = threading.Lock()  # two phones may save at once; nothing else shares this
        self._under: Document = {}
        for file in files:
            if file.exists():
                self._take(file)
        self._over = self._kept()
        self.settings = self._together(self._over)

    def fields(self) -> tuple[Field, ...]:
        return tuple(field for field in FIELDS.values() if field.phone)

    def values(self) -> Mapping[str, Any]:
        now = msgspec.to_builtins(self.settings)
        return {field.key: now[field.key.split(".")[0]][field.key.split(".")[1]] for field in self.fields()}

    def check(self, wanted: Mapping[str, Any]) -> tuple[Fault, ...]:
        """Every reason for which `change` would refuse these values. Nothing is kept."""
        return tuple(fault for key, value in wanted.items() if (fault := self._refused(key, value)))

    def change(self, wanted: dict[str, Any]) -> tuple[Fault, ...]:
        """Takes all or nothing: no faults means that every value is on the card, any fault that none is."""
        if faults := self.check(wanted):
            return faults
        with self._one:
            over = {section: dict(keys) for section, keys in self._over.items()}
            for key, value in wanted.items():
                section, name = key.split(".")
                over.setdefault(section, {})[name] = value
            new = self._together(over)
            try:
                replace(self.own, (HEAD + toml(over)).encode(), keep=True)
            except OSError as error:
                return (Fault("", f"the settings cannot be saved: {error.strerror}; nothing was changed"),)
            self._over, self.settings, self.trouble = over, new, ""
        self.changed(new)
        return ()

    def _refused(self, key: str, value: Any) -> Fault | None:
        fault = settings.wrong(key, value, "what was sent")
        if fault is None and not FIELDS[key].phone:
            return Fault(key, "only root may change this, in mien.toml")
        return fault

    def _together(self, over: Document) -> Settings:
        told = {section: dict(keys) for section, keys in self._under.items()}
        settings.lay(told, over)
        return msgspec.convert(told, Settings)

    def _take(self, file: Path) -> None:
        try:
            settings.lay(self._under, settings.parse(file.read_bytes(), str(file)))
        except (OSError, SettingsError) as error:
            self._say(f"{file} is not taken: {error}")

    def _kept(self) -> Document:
        last = self.own.with_suffix(".last")
        for file in (self.own, last):
            try:
                return mine(file)
            except FileNotFoundError:
                continue
            except SettingsError as error:
                aside = file.with_name(f"{file.name}.damaged")
                self._say(f"{file} is damaged and set aside as {aside.name}: {error}")
                try:
                    file.replace(aside)
                except OSError as refusal:
                    self._say(f"{file} cannot be set aside: {refusal}")
            except OSError as error:
                self._say(f"{file} cannot be read: {error}")
        return {}

    def _say(self, what: str) -> None:
        log.error(what)
        self.trouble = f"{self.trouble}; {what}" if self.trouble else what


def mine(file: Path) -> Document:
    """The phone's file: as any other, but versioned, and holding only what a phone may change."""
    text = file.read_bytes()
    line = f"version = {VERSION}".encode()
    if line not in text.splitlines():
        raise SettingsError([Fault("version", f"must be {VERSION} in {file}")])
    document = settings.parse(text.replace(line, b"", 1), str(file))
    stray = [f"{section}.{name}" for section, keys in document.items() for name in keys]
    faults = [Fault(key, f"only root may set this; found in {file}") for key in stray if not FIELDS[key].phone]
    if faults:
        raise SettingsError(faults)
    return document


def toml(document: Document) -> str:
    """The few kinds of value that settings have, as TOML. A JSON string is a TOML basic string."""
    lines = []
    for section, keys in document.items():
        lines.append(f"\n[{section}]")
        lines += [f"{name} = {msgspec.json.encode(value).decode()}" for name, value in keys.items()]
    return "\n".join(lines) + "\n"


def replace(file: Path, content: bytes, keep: bool = False, mode: int = 0o666) -> None:
    """Replace a file so that a power cut leaves the old one or the new one. `keep` keeps the old one as `.last`;
    `mode` is the new one's from its first moment, less what the umask takes."""
    fresh = file.with_name(f"{file.name}.new")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        if keep and file.exists():
            last = file.with_suffix(".last")
            last.unlink(missing_ok=True)
            os.link(file, last)
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    sync(file.parent)


def remove(file: Path) -> None:
    """Remove a file so that no power cut brings it back."""
    file.unlink(missing_ok=True)
    sync(file.parent)


def sync(folder: Path) -> None:
    """What was made, renamed or removed in a folder is so for good."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
