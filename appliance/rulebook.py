"""The household's rules for moods, as a phone may change them: a mood's rule is replaced whole, or not at all.

What was delivered, and root's file over it, stays as it is: the box's own file in the state folder lies over both and
holds only the moods that somebody changed, so each can go back alone. Damaged, it is set aside under a name that says
so, and what was delivered stands in.
"""

import logging
import threading
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from appliance import rules
from appliance.events import Mood
from appliance.rules import MOODS, Rule, Rules
from appliance.settings import Fault, SettingsError, nearest
from appliance.store import remove, replace

MOST = 60
"""Names that one rule holds of a kind: more than anybody keeps in mind."""
LONGEST = 120
KINDS = Rule.__struct_fields__
Name = Annotated[str, Meta(min_length=1, max_length=LONGEST, pattern=r"^[^\x00-\x1f\x7f\ud800-\udfff]*\Z")]
HEAD = "# Written by the box, from its page. What is not named here is as delivered.\n"
log = logging.getLogger("mien.settings")


class Rulebook:
    """Safe for every thread. `changed` is called with the rules after each change, by whoever made it."""

    def __init__(self, files: Sequence[Path], own: Path, changed: Callable[[Rules], None] = lambda fresh: None) -> None:
        """`files`: the default and, over it, root's; the later may be missing."""
        self.own, self.changed = own, changed
        self.trouble = ""
        self._one = threading.Lock()  # two phones may save at once; nothing else shares this
        self._delivered = self._under([file for file in files if file.exists()])
        self._over = self._kept()

    def read(self) -> Rules:
        """The rules in force. Never fails."""
        return {**self._delivered, **self._over}

    def delivered(self) -> Rules:
        """What each mood's rule goes back to."""
        return dict(self._delivered)

    def check(self, wanted: Mapping[str, Mapping[str, Any]]) -> tuple[Fault, ...]:
        """Every reason for which `write` would refuse these rules. Nothing is kept."""
        try:
            checked(wanted, "what was sent")
        except SettingsError as error:
            return error.faults
        return ()

    def write(self, wanted: Mapping[str, Mapping[str, Any] | None]) -> tuple[Fault, ...]:
        """Replace the rules of these moods; None gives a mood its delivered rule back. All faults, or none and it is on
        the card."""
        try:
            fresh = checked({mood: told for mood, told in wanted.items() if told is not None}, "what was sent")
        except SettingsError as error:
            return error.faults
        with self._one:
            over = {mood: rule for mood, rule in {**self._over, **fresh}.items() if wanted.get(mood, rule) is not None}
            over = {mood: rule for mood, rule in over.items() if rule != self._delivered[mood]}
            try:
                if over:
                    replace(self.own, toml(over).encode())
                else:
                    remove(self.own)
            except OSError as error:
                return (Fault("", f"the rules cannot be saved: {error.strerror}; nothing was changed"),)
            self._over, self.trouble = over, ""
        self.changed(self.read())
        return ()

    def _under(self, files: Sequence[Path]) -> Rules:
        """What the files say. A fault in root's leaves the default; one in the default leaves each mood its name."""
        for some in (files, files[:1]):
            try:
                return rules.read(*some)
            except SettingsError as error:
                self._say(f"moods.toml is not taken: {error}")
        return rules.read()

    def _kept(self) -> Rules:
        try:
            return parsed(self.own)
        except FileNotFoundError:
            return {}
        except SettingsError as error:
            aside = self.own.with_name(f"{self.own.name}.damaged")
            self._say(f"{self.own} is damaged and set aside as {aside.name}: {error}")
            try:
                self.own.replace(aside)
            except OSError as refusal:
                self._say(f"{self.own} cannot be set aside: {refusal}")
        except OSError as error:
            self._say(f"{self.own} cannot be read: {error.strerror}")
        return {}

    def _say(self, what: str) -> None:
        if what not in self.trouble:
            log.error(what)
            self.trouble = f"{self.trouble}; {what}" if self.trouble else what


def parsed(file: Path) -> Rules:
    """One file's rules. SettingsError tells every fault; OSError, that it cannot be read."""
    try:
        document = tomllib.loads(file.read_bytes().decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError([Fault("", f"{file} is not TOML: {error}")]) from None
    return checked(document, str(file))


def checked(wanted: Mapping[str, Any], where: str) -> Rules:
    """These tables as rules: names stripped, and each kept once. SettingsError tells every fault."""
    faults: list[Fault] = []
    fresh: Rules = {}
    for said, told in wanted.items():
        mood: Mood | None = next((mood for mood in MOODS if mood == said), None)
        if mood is None:
            faults.append(Fault(said, f"unknown mood in {where}{nearest(said, MOODS)}"))
            continue
        table = told if isinstance(told, Mapping) else {"": told}
        strange = [key for key in table if key not in KINDS]
        faults += [Fault(f"{mood}.{key}", f"unknown key in {where}{nearest(key, KINDS)}") for key in strange]
        names: dict[str, tuple[str, ...]] = {}
        for kind in KINDS:
            try:
                names[kind] = once(msgspec.convert(table.get(kind, ()), tuple[Name, ...]))
                if len(names[kind]) > MOST:
                    faults.append(Fault(f"{mood}.{kind}", f"{len(names[kind])} names are too many; it holds {MOST}"))
            except msgspec.ValidationError as error:
                faults.append(Fault(f"{mood}.{kind}", f"{error} in {where}"))
        fresh[mood] = Rule(**names)
    if faults:
        raise SettingsError(faults)
    return fresh


def once(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once: upper and lower case are the same, and the first spelling stays."""
    kept: dict[str, str] = {}
    for name in map(str.strip, names):
        if name:
            kept.setdefault(name.casefold(), name)
    return tuple(kept.values())


def toml(kept: Rules) -> str:
    """The rules as a file. A JSON list of strings is TOML too."""
    lines = [HEAD]
    for mood, rule in kept.items():
        lines.append(f"[{mood}]")
        lines += [f"{kind} = {msgspec.json.encode(getattr(rule, kind)).decode()}" for kind in KINDS]
        lines.append("")
    return "\n".join(lines)
