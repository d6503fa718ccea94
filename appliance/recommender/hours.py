"""What is heard at which hour of the day: for a room at ease, when no face and no person says what is wanted. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from appliance.commands import Remember

NEAR = 1
"""So many hours to either side count too."""
USUAL = 200
"""So many songs make what is usual: a hundred thousand heard once each would say nothing, slowly."""
LIKED = 3
"""A spoken like, in songs heard to their end."""


@dataclass
class Hours:
    """Grows by `learn`, with the hour (0 to 23) on the household's clock."""

    heard: dict[int, Counter[str]] = field(default_factory=dict)

    def learn(self, said: Remember, hour: int) -> None:
        worth = 1 if said.kind == "played" else LIKED if said.kind == "rated" and said.value == 2 else 0
        if said.song and worth:
            self.heard.setdefault(hour % 24, Counter())[said.song] += worth

    def usual(self, hour: int) -> Mapping[str, float]:
        """The songs that go with this hour, each with how much, the most usual one 1."""
        found: Counter[str] = Counter()
        for near in range(hour - NEAR, hour + NEAR + 1):
            found.update(self.heard.get(near % 24, {}))
        most = max(found.values(), default=1)
        return {song: times / most for song, times in found.most_common(USUAL)}
