"""Small shelves to choose from."""

import random
from pathlib import Path
from typing import Any

from appliance import rules
from appliance.events import Choose, Chosen, Mood, Song
from appliance.library.entry import Entry
from appliance.recommender.pick import Memory, pick
from appliance.recommender.stock import Stock, fill
from appliance.rules import Rules
from appliance.shelf import Track

DEFAULTS = Path(__file__).parents[2] / "config" / "moods.toml"
RULES = rules.read(DEFAULTS)


def on(uri: str, artist: str = "", **more: Any) -> Track:
    return Track(Song(uri, title=uri.rpartition("/")[2].removesuffix(".flac"), artist=artist), **more)


def stock(*tracks: Track, **places: Entry) -> Stock:
    return fill(tracks, places)


def placed(uri: str, valence: float, energy: float, language: str = "") -> Entry:
    return Entry(uri, uri, language, valence, energy, 0.2, 0.2, valence, energy)


def ask(
    mood: Mood = "happy",
    count: int = 1,
    avoid: tuple[str, ...] = (),
    point: tuple[float, float] = (0, 0),
    pursuits: tuple[str, ...] = (),
) -> Choose:
    return Choose(1, mood, *point, count, avoid, pursuits)


def choose(asked: Choose, held: Stock, memory: Memory | None = None, own: Rules = RULES, dice: int = 1) -> Chosen:
    return pick(asked, held, own, memory or Memory(), random.Random(dice))


def uris(chosen: Chosen) -> list[str]:
    return [choice.song.uri for choice in chosen.choices]
