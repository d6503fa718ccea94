"""Songs that a household heard together: one list for each mood and day, as telling as a playlist. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from appliance.commands import Remember
from appliance.events import Mood

DAY = 86400.0
KEPT = 2000
"""Lists kept, the latest: more would make learning slow and no better."""
NEWS = 25
"""So many songs heard since the lists were last taken make it worth learning again."""


@dataclass
class Evenings:
    """Grows by `learn`. A like brings a song onto the day's list; a skip takes it off."""

    days: dict[tuple[int, Mood | None], dict[str, None]] = field(default_factory=dict)
    news: int = 0

    def learn(self, said: Remember, wall: float) -> None:
        """`wall` in seconds of the clock on the wall: only which day it is matters."""
        if not said.song:
            return
        key = (int(wall // DAY), said.mood)
        if said.kind == "played" or (said.kind == "rated" and said.value == 2):
            self.days.setdefault(key, {})[said.song] = None
            self.news += 1
        elif said.kind == "skipped" or (said.kind == "rated" and said.value == 0):
            self.days.get(key, {}).pop(said.song, None)
        while len(self.days) > KEPT:
            del self.days[min(self.days, key=lambda at: at[0])]

    def grown(self) -> bool:
        return self.news >= NEWS

    def lists(self) -> Sequence[Sequence[str]]:
        """All of them, as they are now."""
        self.news = 0
        return [tuple(day) for day in self.days.values()]
