"""What the household made its own, as one versioned file that a person can read: the settings, the picker's list, and
what fits which mood. Pure.

A file of an earlier edition holds less; what it does not name stays as it is.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from appliance import store
from appliance.settings import Document, Fault
from appliance.web.words import word

VERSION = 2
READ = (1, VERSION)
Table = Mapping[str, Any]


class Unreadable(ValueError):
    """A file that is no keepsake; the message is for the person who brought it."""


@dataclass(frozen=True)
class Keepsake:
    """`settings` by key. `pursuits`, the whole picker in its order, and `rules`, of each mood that the household
    changed: None where the file is silent of them."""

    settings: dict[str, Any] = field(default_factory=dict)
    pursuits: Sequence[Table] | None = None
    rules: Mapping[str, Table] | None = None


def pack(kept: Keepsake, when: str) -> str:
    document: Document = {}
    for key, value in kept.settings.items():
        section, _, name = key.partition(".")
        document.setdefault(section, {})[name] = value
    lists = "".join(store.toml({"[pursuits]": dict(one)}) for one in kept.pursuits or ())
    rules: Document = {"rules": {}} | {f"rules.{mood}": dict(rule) for mood, rule in (kept.rules or {}).items()}
    head = f"# Mien's settings, taken along on {when}.\nversion = {VERSION}\n"
    return head + store.toml(document) + lists + store.toml(rules)


def unpack(content: bytes) -> tuple[Keepsake, list[Fault]]:
    """What the file holds, and what is wrong with its outer form. Raises Unreadable when it is no such file.

    Whether each value can be taken is for the rooms to say that keep it.
    """
    try:
        document = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        raise Unreadable(word("This is no file of settings that this box can read.")) from None
    if "version" not in document:
        raise Unreadable(word("This is no file of settings that this box can read."))
    faults = []
    if document.pop("version") not in READ:
        faults.append(Fault("", word("This file was written by another edition of the box.")))
    pursuits, rules = document.pop("pursuits", None), document.pop("rules", None)
    if pursuits is not None and not (isinstance(pursuits, list) and all(isinstance(one, dict) for one in pursuits)):
        faults.append(Fault("pursuits", word("This cannot be taken.")))
        pursuits = None
    if rules is not None and not (isinstance(rules, dict) and all(isinstance(one, dict) for one in rules.values())):
        faults.append(Fault("rules", word("This cannot be taken.")))
        rules = None
    settings: dict[str, Any] = {}
    for section, keys in document.items():
        settings.update({f"{section}.{key}": value for key, value in keys.items()} if isinstance(keys, dict) else
                        {section: keys})  # fmt: skip
    if not (settings or faults or pursuits or rules):
        faults.append(Fault("", word("This file holds no settings.")))
    return Keepsake(settings, pursuits, rules), faults
