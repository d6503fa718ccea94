"""What the household showed: likes, plays, skips and smiles add up, each in its mood, with what other players know."""

from appliance.events import Remember
from appliance.recommender.evenings import NEWS, Evenings
from appliance.recommender.hours import Hours
from appliance.recommender.taste import DISLIKE, ELSEWHERE, HALF_LIFE, LIKE, PLAY, Taste
from appliance.stickers import Kept


def test_evidence_counts_whole_in_its_mood_and_a_little_in_others() -> None:
    taste = Taste()
    taste.learn(Remember("played", "sad", "a", 200.0))
    assert taste.evidence("a", "sad") == (PLAY, 0.0)
    assert taste.evidence("a", "happy") == (PLAY * ELSEWHERE, 0.0)
    assert taste.evidence("b", "happy") == (0.0, 0.0)


def test_the_last_word_stands() -> None:
    taste = Taste()
    for value in (2, 0):
        taste.learn(Remember("rated", "sad", "a", value))
    assert taste.evidence("a", "sad") == (0.0, DISLIKE)
    assert taste.barred("a", "sad") and not taste.barred("a", "happy")
    taste.learn(Remember("rated", "sad", "a", 2))
    assert taste.evidence("a", "sad") == (LIKE, 0.0) and taste.spoken("a", "sad")


def test_what_was_shown_long_ago_counts_less() -> None:
    taste = Taste()
    taste.learn(Remember("played", "sad", "a", 200.0), ago=HALF_LIFE)
    assert taste.evidence("a", "sad") == (PLAY / 2, 0.0)


def test_what_is_liked_is_up_to_date_with_every_row() -> None:
    taste = Taste()
    assert taste.liked("sad") == {}
    taste.learn(Remember("smile", "sad", "a", 0.9))
    assert set(taste.liked("sad")) == {"a"}
    taste.learn(Remember("rated", "sad", "a", 0))
    assert taste.liked("sad") == {}
    taste.learn(Remember("mood", "sad"))
    assert taste.liked("sad") == {}


def test_other_players_count_and_what_is_said_here_outweighs_them() -> None:
    taste = Taste()
    taste.adopt(Kept(skips={"c": 4}, likes={"a": 2, "b": 0}))
    assert set(taste.liked("happy")) == {"a"} and taste.barred("b", "sad")
    assert taste.evidence("c", "sad")[1] > 0
    taste.learn(Remember("rated", "sad", "b", 2))
    assert taste.spoken("b", "sad") and taste.barred("b", "happy")
    for _ in range(4):
        taste.learn(Remember("skipped", "sad", "c", 20.0))
    assert taste.evidence("c", "happy")[1] == 4 * ELSEWHERE, "skips that this box wrote itself count once"


def test_an_evening_is_a_list_without_what_was_skipped() -> None:
    evenings = Evenings()
    for kind, song in (("played", "a"), ("played", "b"), ("skipped", "b"), ("smile", "c"), ("played", "d")):
        evenings.learn(Remember(kind, "happy", song, 30.0), 1.8e9)  # type: ignore[arg-type]  # kinds as they are written
    assert evenings.lists() == [("a", "d")]
    assert not evenings.grown()
    for n in range(NEWS):
        evenings.learn(Remember("played", "sad", f"{n}", 100.0), 1.8e9)
    assert evenings.grown() and len(evenings.lists()) == 2


def test_an_hour_has_its_usual_songs_and_midnight_has_two_sides() -> None:
    hours = Hours()
    hours.learn(Remember("played", None, "late", 99.0), 23)
    hours.learn(Remember("rated", None, "dear", 2), 0)
    hours.learn(Remember("skipped", None, "no", 20.0), 0)
    assert hours.usual(0) == {"late": 1 / 3, "dear": 1.0}
    assert hours.usual(12) == {}
