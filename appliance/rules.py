"""Which songs go with which mood: the household's rules, as moods.toml has them."""

import tomllib
from pathlib import Path
from typing import get_args

import msgspec
from msgspec import Struct

from appliance.events import Mood
from appliance.settings import Fault, SettingsError, nearest

MOODS: tuple[Mood, ...] = get_args(Mood)


class Rule(Struct, frozen=True):
    """A song goes with a mood if any of these says so."""

    playlists: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


Rules = dict[Mood, Rule]


def read(*files: Path) -> Rules:
    """The rules in these files, a later one replacing the tables that it names. SettingsError tells every fault."""
    rules: Rules = {mood: Rule(tags=(mood,)) for mood in MOODS}
    faults: list[Fault] = []
    for file in files:
        try:
            document = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            faults.append(Fault("", f"{file}: cannot be read: {error}"))
            continue
        for mood, table in document.items():
            if mood not in MOODS:
                faults.append(Fault(mood, f"unknown mood in {file}{nearest(mood, MOODS)}"))
                continue
            keys = table if isinstance(table, dict) else {}
            strange = [key for key in keys if key not in Rule.__struct_fields__]
            known = Rule.__struct_fields__
            faults += [Fault(f"{mood}.{key}", f"unknown key in {file}{nearest(key, known)}") for key in strange]
            try:
                rules[mood] = msgspec.convert(table, Rule)
            except msgspec.ValidationError as error:
                faults.append(Fault(mood, f"{error} in {file}"))
    if faults:
        raise SettingsError(faults)
    return rules
