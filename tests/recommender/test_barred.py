"""When all that fits was disliked, the box says so, and says what would help."""

from appliance.commands import Remember
from appliance.events import Chosen
from appliance.reasons import sentence
from appliance.recommender.pick import Memory
from appliance.recommender.taste import Taste
from tests.recommender.shelves import ask, choose, on, stock

SAD = ("sad/moon.flac", "sad/fog.flac", "sad/rain.flac")
SHELF = stock(*map(on, (*SAD, "happy/sun.flac")))
WHAT_HELPS = "or name more of yours under “What fits which mood”."


def disliked(*uris: str, value: float = 0) -> Memory:
    taste = Taste()
    for uri in uris:
        taste.learn(Remember("rated", "sad", uri, value))
    return Memory(taste)


def last(chosen: Chosen) -> list[str]:
    return [choice.parts[-1].kind for choice in chosen.choices]


def test_when_every_song_that_fits_was_disliked_for_the_mood_it_says_so_and_not_that_it_comes_so_soon() -> None:
    chosen = choose(ask("sad", 3), SHELF, disliked(*SAD))
    assert {choice.song.uri for choice in chosen.choices} == set(SAD), "the music does not stop for it"
    for choice in chosen.choices:
        assert "it was disliked for sad, but nothing else that fits is left" in choice.why
        assert choice.why.endswith(WHAT_HELPS) and "so soon" not in choice.why


def test_that_it_was_disliked_is_told_though_it_was_heard_lately_too() -> None:
    memory = Memory(disliked(*SAD).taste, heard=dict.fromkeys(SAD, 60.0))
    assert last(choose(ask("sad", 3), SHELF, memory)) == ["barred"] * 3


def test_what_was_not_disliked_comes_first_and_coming_again_is_told_as_before() -> None:
    memory = Memory(disliked(SAD[0]).taste, heard={SAD[1]: 60.0})
    chosen = choose(ask("sad", 3), SHELF, memory)
    assert [choice.song.uri for choice in chosen.choices] == [SAD[2], SAD[1], SAD[0]]
    assert last(chosen)[1:] == ["again", "barred"] and "so soon" in chosen.choices[1].why


def test_a_dislike_that_is_taken_back_is_told_no_more() -> None:
    memory = disliked(*SAD)
    for uri in SAD:
        memory.taste.learn(Remember("rated", "sad", uri, 1))
    chosen = choose(ask("sad", 3), SHELF, memory)
    assert len(chosen.choices) == 3 and not {"barred", "again"} & set(last(chosen))


def test_it_is_told_however_many_other_reasons_there_are() -> None:
    song = choose(ask("sad"), SHELF, disliked(*SAD)).choices[0]
    lead, barred = song.parts[0], song.parts[-1]
    assert sentence([lead, lead, lead, barred]) == song.why
