"""What counts as heard."""

import pytest

from appliance.commands import Remember
from appliance.events import Choice, Song
from appliance.habits import CAME, Habits
from appliance.settings import ChoiceSettings


@pytest.mark.parametrize("kind", CAME)
def test_a_song_that_was_chosen_may_come_today_until_it_has_come(kind: str) -> None:
    """Another mood, or other songs, may have taken its place before anybody heard it."""
    habits = Habits()
    habits.gave([Choice(Song("sad/fog.flac", artist="Mia"))])
    memory = habits.memory(ChoiceSettings(), ())
    assert not memory.heard and "Mia" in memory.artists
    habits.learn(Remember(kind, "sad", "sad/fog.flac", 12.0))  # type: ignore[arg-type]  # of its kinds
    assert set(habits.memory(ChoiceSettings(), ()).heard) == {"sad/fog.flac"}
