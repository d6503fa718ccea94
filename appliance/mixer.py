"""Pause, resume and volume on an MPD that answers, at once or slowly.

A fade borrows the volume and gives it back: the player is told of with the volume that it will have again, and a person
who turns the volume in mid-fade ends the fade. What is owed lies in a file (debts.py), so that a box killed in mid-fade
is not silent for ever.
"""

from collections.abc import Callable

import mpd

from appliance.debts import Debts
from appliance.fade import Fade


class Mixer:
    """One connection's worth. Each act returns what it may look like to somebody who watches the player, as hands.read
    names it. Raises what the client raises when the connection is lost."""

    def __init__(self, client: mpd.MPDClient, debts: Debts, now: Callable[[], float]) -> None:
        self.client, self.debts, self.now = client, debts, now
        self.fade: Fade | None = None
        self._then_pause = False
        self._home: int | None = None  # the volume that a fade gives back
        self._set: int | None = None  # the volume that a fade set last

    def settle(self) -> None:
        """Give back a volume that a fade of before still owes."""
        if self.debts.volume is not None and volume(self.client.status()) is not None:
            self.client.setvol(self.debts.volume)
        self.debts.volume = None

    def told(self, level: int | None) -> int | None:
        """The volume to tell of, where the player has this one."""
        if self.fade and level != self._set:
            self._forget()  # a person's hand is on the volume: it stays where they put it
        return self._home if self.fade and self._home is not None else level

    def pause(self, over: float) -> frozenset[str]:
        status = self.client.status()
        if status["state"] != "play":
            return frozenset()
        level = volume(status)
        if over > 0 and level:
            self._begin(level, 0, over, home=self._home if self.fade and self._home is not None else level)
            self._then_pause = True
            return frozenset()
        self.client.pause(1)
        self.end()
        return frozenset({"pause"})

    def resume(self, over: float) -> frozenset[str]:
        status = self.client.status()
        if status["state"] == "play":
            if self._then_pause:  # called back in mid-fade
                self._begin(self._set or 0, self._home or 0, over, home=self._home)
            return frozenset()
        if int(status.get("playlistlength", 0)) == 0:
            return frozenset()
        level = volume(status)
        if over > 0 and level:
            self.client.setvol(0)
            self._begin(0, level, over, home=level)
        self.client.pause(0) if status["state"] == "pause" else self.client.play()
        return frozenset({"resume", "pick"})

    def turn(self, level: int, over: float) -> frozenset[str]:
        have = volume(self.client.status())
        if have is None:
            return frozenset()
        if self.fade and self._home is not None:  # on its way out or in: where it comes back to
            if self._then_pause:
                self._home = self.debts.volume = level
            else:
                self._begin(have, level, max(0.5, self.fade.at + self.fade.over - self.now()), home=level)
        elif over > 0 and have != level:
            self._begin(have, level, over, home=None)
        else:
            self._forget()
            self.client.setvol(level)
        return frozenset({"volume"})

    def _begin(self, begin: int, end: int, over: float, home: int | None) -> None:
        self.fade, self._then_pause, self._home, self._set = Fade(begin, end, self.now(), over), False, home, begin
        if home != self.debts.volume:
            self.debts.volume = home
            self.debts.save()

    def step(self) -> frozenset[str]:
        """One step of the fade that is on."""
        if self.fade is None or volume(self.client.status()) != self._set:
            return frozenset()  # turned by a person; the next reading says so
        self._set = self.fade.level(self.now())
        self.client.setvol(self._set)
        if not self.fade.done(self.now()):
            return frozenset({"volume"} if self._home is None else ())
        if self._then_pause:
            self.client.pause(1)
            self.end()
            return frozenset({"pause"})
        self._forget()
        return frozenset({"volume"})

    def end(self) -> None:
        """Give the volume back at once."""
        if self.fade and self._home is not None:
            self.client.setvol(self._home)
        self._forget()

    def _forget(self) -> None:
        self.fade, self._then_pause, self._home, self._set = None, False, None, None
        if self.debts.volume is not None:
            self.debts.volume = None
            self.debts.save()


def volume(status: dict[str, str]) -> int | None:
    """The mixer's level; None where the outputs have no mixer."""
    level = int(status.get("volume", -1))
    return level if level >= 0 else None
