"""Words that people tag songs' moods with, as points of the plane. Pure."""

import re
from collections.abc import Iterable

POINTS: dict[str, tuple[float, float]] = {
    "happy": (0.8, 0.4), "joyful": (0.9, 0.5), "cheerful": (0.8, 0.4), "upbeat": (0.7, 0.6), "fun": (0.7, 0.5),
    "party": (0.6, 0.8), "energetic": (0.4, 0.9), "exciting": (0.5, 0.8), "uplifting": (0.7, 0.4),
    "bright": (0.6, 0.3), "playful": (0.7, 0.4), "triumphant": (0.5, 0.7), "epic": (0.2, 0.8), "powerful": (0.1, 0.8),
    "surprise": (0.2, 0.5), "romantic": (0.5, -0.2), "love": (0.6, -0.1), "warm": (0.5, -0.3), "hopeful": (0.5, 0.0),
    "peaceful": (0.4, -0.7), "calm": (0.3, -0.7), "relaxing": (0.4, -0.7), "relaxed": (0.4, -0.6),
    "chill": (0.3, -0.6), "chillout": (0.3, -0.6), "mellow": (0.2, -0.6), "gentle": (0.3, -0.6), "soft": (0.2, -0.6),
    "soothing": (0.4, -0.7), "sleep": (0.1, -0.9), "dreamy": (0.2, -0.5), "meditation": (0.2, -0.9),
    "ambient": (0.0, -0.6), "neutral": (0.0, 0.0), "nostalgic": (-0.1, -0.4), "bittersweet": (-0.2, -0.3),
    "melancholy": (-0.5, -0.5), "melancholic": (-0.5, -0.5), "sad": (-0.7, -0.5), "sorrow": (-0.8, -0.5),
    "gloomy": (-0.7, -0.5), "lonely": (-0.6, -0.5), "depressive": (-0.8, -0.6), "somber": (-0.5, -0.5),
    "dark": (-0.5, 0.1), "tense": (-0.5, 0.6), "tension": (-0.5, 0.6), "anxious": (-0.6, 0.5), "fear": (-0.6, 0.4),
    "scary": (-0.6, 0.5), "disgust": (-0.6, 0.2), "angry": (-0.6, 0.8), "aggressive": (-0.5, 0.9), "rage": (-0.6, 0.9),
}  # fmt: skip
"""Set by hand after the usual circumplex of affect: a tag is a hint, and the doubt that it is given says so."""
WRITTEN = re.compile(r"\b(valence|energy)\s*[=:]\s*(-?[01](?:\.\d+)?)", re.IGNORECASE)


def point(moods: Iterable[str], comment: str = "") -> tuple[float, float] | None:
    """Where these moods lie, on average; or exactly what a comment says, as "valence=0.4 energy=-0.2"."""
    written = {name.lower(): min(1.0, max(-1.0, float(number))) for name, number in WRITTEN.findall(comment)}
    if len(written) == 2:
        return written["valence"], written["energy"]
    known = [POINTS[word] for mood in moods for word in re.findall(r"\w+", mood.casefold()) if word in POINTS]
    if not known:
        return None
    return sum(v for v, _ in known) / len(known), sum(e for _, e in known) / len(known)
