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

    def __init__(self, client: mpd.MPDClient, debts: Debts, now: Callable[[], float], slack: int = 0) -> None:
        """`slack`: how far from the volume that was asked for the server may show it, and how late: after the next."""
        self.client, self.debts, self.now, self.slack = client, debts, now, slack
        self.fade: Fade | None = None
        self._then_pause = False
        self._home: int | None = None  # the volume that a fade gives back
        self._asked: int | None = None  # the volume that was asked for last
        self._before: int | None = None  # and the one before

    def settle(self) -> None:
        """Give back a volume that a fade of before still owes."""
        if self.debts.volume is not None and volume(self.client.status()) is not None:
            self._ask(self.debts.volume)
        self._forget()  # in the file too: paid back once, and not again over what people set since

    def told(self, level: int | None) -> int | None:
        """The volume to tell of, where the player has this one."""
        if self.fade and not self._ours(level):
            self._forget()  # a person's hand is on the volume: it stays where they put it
        return self._home if self.fade and self._home is not None else self._meant(level)

    def _ask(self, level: int) -> None:
        self._before, self._asked = self._asked, level
        self.client.setvol(level)

    def _ours(self, level: int | None) -> bool:
        """Is this what was asked for, as the server shows it?"""
        asked = [one for one in (self._asked, self._before if self.slack else None) if one is not None]
        return level is not None and min(asked) - self.slack <= level <= max(asked) + self.slack

    def _meant(self, level: int | None) -> int | None:
        """The volume as it was asked for, where the server shows nearly that: else each fade would come back lower."""
        near = level is not None and self._asked is not None and abs(level - self._asked) <= self.slack
        return self._asked if near else level

    def _level(self, status: dict[str, str]) -> int | None:
        return self._meant(volume(status))

    def pause(self, over: float) -> frozenset[str]:
        status = self.client.status()
        if status["state"] != "play":
            return frozenset()
        level = self._level(status)
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
                self._begin(self._asked or 0, self._home or 0, over, home=self._home)
            return frozenset()
        if int(status.get("playlistlength", 0)) == 0:
            return frozenset()
        level = self._level(status)
        if over > 0 and level:
            self._ask(0)
            self._begin(0, level, over, home=level)
        self.client.pause(0) if status["state"] == "pause" else self.client.play()
        return frozenset({"resume", "pick"})

    def turn(self, level: int, over: float, back: int | None = None) -> frozenset[str]:
        have = self._level(self.client.status())
        if have is None:
            return frozenset()
        eased = None if back is None else (level, back)
        if eased != self.debts.eased:
            self.debts.eased = eased
            self.debts.save()
        if self.fade and self._home is not None:  # on its way out or in: where it comes back to
            if self._then_pause:
                self._home = self.debts.volume = level
            else:
                self._begin(have, level, max(0.5, self.fade.at + self.fade.over - self.now()), home=level)
        elif over > 0 and have != level:
            self._begin(have, level, over, home=None)
        else:
            self._forget()
            self._ask(level)
        return frozenset({"volume"})

    def _begin(self, begin: int, end: int, over: float, home: int | None) -> None:
        self.fade, self._then_pause, self._home = Fade(begin, end, self.now(), over), False, home
        self._asked = begin
        if home != self.debts.volume:
            self.debts.volume = home
            self.debts.save()

    def step(self) -> frozenset[str]:
        """One step of the fade that is on."""
        if self.fade is None or not self._ours(volume(self.client.status())):
            return frozenset()  # turned by a person; the next reading says so
        self._ask(self.fade.level(self.now()))
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
            self._ask(self._home)
        self._forget()

    def _forget(self) -> None:
        self.fade, self._then_pause, self._home = None, False, None
        if self.debts.volume is not None:
            self.debts.volume = None
            self.debts.save()


def volume(status: dict[str, str]) -> int | None:
    """The mixer's level; None where the outputs have no mixer."""
    level = int(status.get("volume", -1))
    return level if level >= 0 else None
