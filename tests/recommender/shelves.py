"""Small shelves to choose from."""

import random
from pathlib import Path
from typing import Any

import numpy as np

from appliance import rules
from appliance.commands import Choose
from appliance.events import Chosen, Mood, Song
from appliance.library.chart import Chart
from appliance.names import Names
from appliance.rack import Rack, Track
from appliance.recommender.pick import Memory, pick
from appliance.recommender.stock import Stock, fill
from appliance.rules import Rules

DEFAULTS = Path(__file__).parents[2] / "config" / "moods.toml"
RULES = rules.read(DEFAULTS)


def on(uri: str, artist: str = "", **more: Any) -> Track:
    return Track(Song(uri, title=uri.rpartition("/")[2].removesuffix(".flac"), artist=artist), **more)


def stock(*tracks: Track, chart: Chart | None = None) -> Stock:
    return fill(Rack(tracks), chart)


def charted(*places: tuple[str, float, float, str]) -> Chart:
    """What the ear knows of these songs: uri, valence, energy, language."""
    tongues = ("", *sorted({code for *_, code in places} - {""}))
    return Chart(
        Names(uri for uri, *_ in places),
        np.array([lies for _, *lies, _ in places], np.float32).reshape(-1, 2),
        np.array([tongues.index(code) for *_, code in places], np.int32),
        tongues,
        np.zeros(len(places), np.int32),
    )


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
