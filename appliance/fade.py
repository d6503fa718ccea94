"""A volume on its way from one level to another. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fade:
    begin: int
    end: int
    at: float
    over: float

    def level(self, now: float) -> int:
        """The volume now: between both ends, and at the end's once the time is over."""
        share = min(1.0, max(0.0, (now - self.at) / self.over)) if self.over > 0 else 1.0
        return round(self.begin + (self.end - self.begin) * share)

    def done(self, now: float) -> bool:
        return self.over <= 0 or now - self.at >= self.over
