"""How often to look: by need. Pure: every call is told the time."""

from firmware.settings import PaceSettings

SLOWEST, FASTEST = 0.2, 15.0  # looks a second that no wish from the other half can pass


class Pace:
    """The wait before the next look: long with nobody there, short with company, shortest in a burst."""

    def __init__(self, settings: PaceSettings) -> None:
        self._settings = settings
        self._burst_until = float("-inf")
        self._factor = 1.0

    def burst(self, now: float) -> None:
        """Somebody asks for a look now."""
        self._burst_until = now + self._settings.scan_seconds

    def wish(self, factor: float) -> None:
        """The other half wishes for so many times the usual rate."""
        self._factor = factor

    def bursting(self, now: float) -> bool:
        return now < self._burst_until

    def interval(self, company: bool, now: float) -> float:
        """Seconds from one look to the next. A burst is never slowed by a wish."""
        if self.bursting(now):
            rate = self._settings.scan * max(1.0, self._factor)
        else:
            rate = (self._settings.company if company else self._settings.alone) * self._factor
        return 1.0 / min(max(rate, SLOWEST), FASTEST)
