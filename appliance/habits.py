"""What this household showed it likes, as a choice asks for it: recalled from the history, and grown by what happens.

For one thread. Songs go by the names that they have now: what was shown and said of one goes with it where it moves.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence

from appliance.commands import Remember
from appliance.events import Choice
from appliance.history import Row
from appliance.recommender.evenings import Evenings
from appliance.recommender.hours import Hours
from appliance.recommender.pick import Memory
from appliance.recommender.taste import Taste
from appliance.settings import ChoiceSettings

HABITS = ("rated", "played", "skipped", "smile")
"""The history's rows that tell what is liked."""
CAME = ("played", "skipped")
"""Those of a song that came and went. One that was chosen and never heard may still come the same day."""
ARTISTS = 20
"""Artists that played lately, kept."""


class Habits:
    """`rows`: what the history holds of HABITS, oldest first."""

    def __init__(self, rows: Callable[[], Sequence[Row]] = tuple) -> None:
        self._rows = rows
        self.moves: Mapping[str, str] = {}
        self.taste, self.evenings, self.hours = Taste(), Evenings(), Hours()
        self.came: dict[str, float] = {}
        self._artists: list[str] = []

    def recall(self, moves: Mapping[str, str]) -> None:
        """Know what the history holds, and nothing else. `moves`: where songs lie now that lay elsewhere."""
        rows, self.moves = self._rows(), moves
        self.taste, self.evenings, self.hours = self.taste.fresh(), Evenings(), Hours()
        self.came, self._artists = {}, []
        # A Pi may start in the past; then all songs ever heard would count as heard this minute.
        now = max((time.time(), *(row.at for row in rows)))
        for row in rows:
            song = moves.get(row.song, row.song)
            said = Remember(row.kind, row.mood, song, row.value, row.note)  # type: ignore[arg-type]  # as written
            self.taste.learn(said, now - row.at)
            self.evenings.learn(said, row.at)
            self.hours.learn(said, time.localtime(row.at).tm_hour)
            if row.kind in CAME:
                self.came[song] = time.monotonic() - (now - row.at)

    def learn(self, said: Remember) -> None:
        """What happened to a song just now."""
        self.taste.learn(said)
        self.evenings.learn(said, time.time())
        self.hours.learn(said, time.localtime().tm_hour)
        if said.kind in CAME:
            self.came[said.song] = time.monotonic()

    def gave(self, choices: Sequence[Choice]) -> None:
        """These were chosen just now."""
        self._artists = [*self._artists, *(choice.song.artist for choice in choices)][-ARTISTS:]

    def memory(self, settings: ChoiceSettings, spoiled: Collection[str]) -> Memory:
        """All that a choice made now should know."""
        now, hours, gap = time.monotonic(), settings.song_hours * 3600, settings.artist_gap
        self.came = {uri: at for uri, at in self.came.items() if now - at < hours}
        return Memory(
            self.taste,
            {uri: now - at for uri, at in self.came.items()},
            ([""] * gap + self._artists)[-gap:] if gap else [],
            [word.strip().casefold() for word in settings.languages.split(",") if word.strip()],
            frozenset(spoiled),
            self.hours.usual(time.localtime().tm_hour),
        )
