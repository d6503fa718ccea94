"""What the household showed: likes, plays, skips and smiles add up, each in its mood, with what other players know."""

from appliance.commands import Remember
from appliance.events import Mood
from appliance.names import Names
from appliance.recommender.evenings import NEWS, Evenings
from appliance.recommender.hours import Hours
from appliance.recommender.taste import BAD, DISLIKE, ELSEWHERE, GOOD, HALF_LIFE, LIKE, PLAY, Taste
from appliance.stickers import Kept


def evidence(taste: Taste, uri: str, mood: Mood) -> tuple[float, float]:
    row, standing = taste.met[uri], taste.standing(mood)
    return float(standing.good[row]), float(standing.bad[row])


def word(taste: Taste, uri: str, mood: Mood) -> int:
    return int(taste.standing(mood).word[taste.met[uri]])


def liked(taste: Taste, mood: Mood) -> set[str]:
    return {uri for uri, share in zip(taste.met, taste.standing(mood).liked, strict=True) if share}


def test_evidence_counts_whole_in_its_mood_and_a_little_in_others() -> None:
    taste = Taste()
    taste.learn(Remember("played", "sad", "a", 200.0))
    assert evidence(taste, "a", "sad") == (PLAY, 0.0)
    assert evidence(taste, "a", "happy") == (PLAY * ELSEWHERE, 0.0)
    assert "b" not in taste.met


def test_the_last_word_stands() -> None:
    taste = Taste()
    for value in (2, 0):
        taste.learn(Remember("rated", "sad", "a", value))
    assert evidence(taste, "a", "sad") == (0.0, DISLIKE)
    assert word(taste, "a", "sad") == BAD and word(taste, "a", "happy") != BAD
    taste.learn(Remember("rated", "sad", "a", 2))
    assert evidence(taste, "a", "sad") == (LIKE, 0.0) and word(taste, "a", "sad") == GOOD


def test_what_was_shown_long_ago_counts_less() -> None:
    taste = Taste()
    taste.learn(Remember("played", "sad", "a", 200.0), ago=HALF_LIFE)
    assert evidence(taste, "a", "sad") == (PLAY / 2, 0.0)


def test_what_is_liked_is_up_to_date_with_every_row() -> None:
    taste = Taste()
    assert liked(taste, "sad") == set()
    taste.learn(Remember("smile", "sad", "a", 0.9))
    assert liked(taste, "sad") == {"a"}
    taste.learn(Remember("rated", "sad", "a", 0))
    assert liked(taste, "sad") == set()
    taste.learn(Remember("mood", "sad"))
    assert liked(taste, "sad") == set()


def test_a_life_full_of_songs_is_remembered_whole() -> None:
    taste = Taste()
    for _ in range(2):
        for n in range(300):
            taste.learn(Remember("played", "sad", f"{n}", 200.0))
    assert taste.standing("sad").often.tolist() == [2.0] * 300
    taste.adopt(Kept(likes={f"{n}": 0 for n in range(200, 500)}))
    assert (taste.standing("sad").word == BAD).sum() == 300
    places = taste.places(Names(f"{n}" for n in range(299, -1, -1)))
    assert places[:300].tolist() == list(range(299, -1, -1)) and (places[300:] == -1).all()


def test_other_players_count_and_what_is_said_here_outweighs_them() -> None:
    taste = Taste()
    taste.adopt(Kept(skips={"c": 4}, likes={"a": 2, "b": 0}))
    assert liked(taste, "happy") == {"a"} and word(taste, "b", "sad") == BAD
    assert evidence(taste, "c", "sad")[1] > 0
    taste.learn(Remember("rated", "sad", "b", 2))
    assert word(taste, "b", "sad") == GOOD and word(taste, "b", "happy") == BAD
    for _ in range(4):
        taste.learn(Remember("skipped", "sad", "c", 20.0))
    assert evidence(taste, "c", "happy")[1] == 4 * ELSEWHERE, "skips that this box wrote itself count once"


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
