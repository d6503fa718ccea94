"""Teach it your face: a guided minute, and an honest account of what came of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from appliance import events
from appliance.snapshot import Taught
from appliance.web.words import word

ENOUGH = 5
"""Looks below which a share would be a guess dressed up as a number."""


@dataclass(frozen=True)
class Step:
    """One part of the minute: the expression that it teaches, and what a person is to do."""

    true: events.Mood
    name: str
    how: str


STEPS: Mapping[str, Step] = {
    "rest": Step("neutral", word("Rest"), word("Look towards the box and think of nothing much.")),
    "smile": Step("happy", word("Smile"), word("As you do when a song you love begins.")),
    "glasses": Step("neutral", word("Glasses"), word("Put them on, or take them off, and rest again.")),
    "dark": Step("neutral", word("Lamp off"), word("Turn the lamp down as on a late evening, and rest again.")),
}
FACES: Mapping[events.Mood, str] = {
    "neutral": word("Show me your resting face."),
    "happy": word("Show me your smile."),
    "surprise": word("Look surprised for me."),
    "sad": word("Look sad for me."),
    "angry": word("Look angry for me."),
    "disgust": word("Look disgusted for me."),
    "fear": word("Look frightened for me."),
}


def told(lesson: events.Lesson) -> str:
    """What the person is asked to do now."""
    return FACES[lesson.true]


def verdict(taught: Taught) -> str:
    """In words, how well this expression is read; never better than the numbers are."""
    if taught.readings < ENOUGH:
        return word("too few looks to tell")
    if taught.right >= 0.8:
        return word("read well")
    return word("often mistaken") if taught.right >= 0.5 else word("hardly")
