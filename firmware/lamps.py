"""What the mood lamp shows for each state: colour and rhythm, as data. Pure.

Every pattern has a rhythm of its own, so that it can be told without colour. A rhythm is a list of (seconds, level)
steps that repeats; moods breathe slowly or beat softly, matters that want a person blink.
"""

from dataclasses import dataclass

from firmware.settings import LampSettings
from firmware.wire import Pattern

Colour = tuple[float, float, float]
Rhythm = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Show:
    """Red, green, blue of 0 to 1, and the rhythm in which they come and go."""

    colour: Colour
    rhythm: Rhythm

    @property
    def period(self) -> float:
        return sum(seconds for seconds, _ in self.rhythm)

    def level(self, since: float) -> float:
        """How bright, so many seconds after the show began."""
        left = since % self.period
        for seconds, level in self.rhythm:
            if left < seconds:
                return level
            left -= seconds
        return self.rhythm[-1][1]

    def next_step(self, since: float) -> float | None:
        """Seconds until the level changes; None if it never does."""
        if len(self.rhythm) == 1:
            return None
        left = since % self.period
        for seconds, _ in self.rhythm:
            if left < seconds:
                return max(seconds - left, 0.01)
            left -= seconds
        return 0.01


WHITE, AMBER, RED, GREEN, BLUE = (1.0, 1.0, 1.0), (1.0, 0.6, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
YELLOW, CYAN, VIOLET = (1.0, 0.85, 0.0), (0.0, 1.0, 1.0), (0.6, 0.0, 1.0)

SHOWS: dict[Pattern, Show] = {
    "off": Show(WHITE, ((1.0, 0.0),)),
    "starting": Show(WHITE, ((0.4, 0.2), (0.4, 0.5), (0.4, 1.0), (0.4, 0.5))),
    "watching": Show(WHITE, ((3.8, 0.35), (0.2, 0.1))),
    "scanning": Show(CYAN, ((0.2, 1.0), (0.2, 0.2))),
    "asking": Show(VIOLET, ((0.2, 1.0), (0.2, 0.0), (0.2, 1.0), (1.4, 0.0))),
    "closed": Show(AMBER, ((0.1, 0.5), (4.9, 0.0))),
    "fault": Show(RED, ((0.1, 1.0), (0.1, 0.0), (0.1, 1.0), (0.1, 0.0), (0.1, 1.0), (0.9, 0.0))),
    "neutral": Show(WHITE, ((1.0, 0.8),)),
    "happy": Show(YELLOW, ((0.5, 1.0), (0.5, 0.6))),
    "surprise": Show(CYAN, ((0.1, 1.0), (0.1, 0.5), (0.1, 1.0), (1.2, 0.5))),
    "sad": Show(BLUE, ((1.5, 0.3), (1.5, 0.6), (1.5, 0.9), (1.5, 0.6))),
    "angry": Show(RED, ((0.8, 1.0), (0.4, 0.4))),
    "disgust": Show(GREEN, ((2.0, 0.9), (0.3, 0.3), (0.3, 0.9), (0.3, 0.3))),
    "fear": Show(VIOLET, ((0.3, 0.7), (0.3, 0.4), (0.6, 0.7), (0.3, 0.4))),
}


def ceiling(settings: LampSettings, minute: int) -> float:
    """The most that a lamp may shine at this minute of the day."""
    start, end = (int(h[:2]) * 60 + int(h[3:]) for h in (settings.night_from, settings.night_to))
    night = start <= minute < end if start <= end else minute >= start or minute < end
    return min(settings.night_brightness, settings.brightness) if night else settings.brightness
