"""The choice: what fits, what these people like, with variety, and an honest word where nothing does."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from appliance.commands import Remember
from appliance.events import Chosen, Reason
from appliance.recommender.pick import Memory
from appliance.recommender.stock import Stock
from appliance.recommender.taste import Taste
from appliance.rules import Rule
from tests.recommender.shelves import RULES, ask, charted, choose, on, stock, uris


def taught(*rows: Remember) -> Memory:
    taste = Taste()
    for row in rows:
        taste.learn(row)
    return Memory(taste)


def test_each_kind_of_rule_finds_its_songs_and_says_why() -> None:
    own = RULES | {"happy": Rule(playlists=("Party",), folders=("fun", "a/b"), genres=("Ska",), tags=("bright",))}
    for found, kind, word in (
        (on("x.flac", playlists=("party",)), "playlist", "playlist “Party”"),
        (on("Music/Fun/x.flac"), "folder", "folder “fun”"),
        (on("A/B/c/x.flac"), "folder", "folder “a/b”"),
        (on("x.flac", genres=frozenset({"ska"})), "genre", "Ska"),
        (on("x.flac", words=frozenset({"bright"})), "tag", "“bright”"),
    ):
        chosen = choose(ask(), stock(on("other.flac"), found), own=own)
        assert uris(chosen) == [found.song.uri]
        assert word in chosen.choices[0].why
        assert chosen.choices[0].why.count(".") == 1
        assert chosen.choices[0].parts[0].kind == kind


def test_nearer_songs_come_first() -> None:
    songs = [on(f"happy/{n}.flac", valence=n / 10, energy=0.0) for n in range(-10, 11, 5)]
    for dice in range(20):
        assert uris(choose(ask(point=(0.5, 0.0), count=2), stock(*songs), dice=dice))[0] == "happy/5.flac"


def test_no_song_comes_again_while_there_is_another_and_then_the_longest_gone() -> None:
    shelf = stock(*(on(f"happy/{n}.flac") for n in "abc"))
    heard = Memory(heard={"happy/b.flac": 60.0})
    assert uris(choose(ask(avoid=("happy/a.flac",), count=2), shelf, heard))[0] == "happy/c.flac"
    chosen = choose(ask(avoid=("happy/a.flac", "happy/b.flac", "happy/c.flac")), shelf)
    assert uris(chosen) == ["happy/c.flac"]
    assert "nothing else fits" in chosen.choices[0].why
    assert chosen.choices[0].parts[-1].kind == "again"


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 99))
def test_a_song_is_never_twice_in_one_answer_and_never_more_than_asked_for(songs: int, count: int, dice: int) -> None:
    chosen = choose(ask(count=count), stock(*(on(f"happy/{n}.flac") for n in range(songs))), dice=dice)
    assert len(set(uris(chosen))) == len(chosen.choices) == min(songs, count)


def test_artists_take_turns() -> None:
    shelf = stock(on("happy/a.flac", "Ada"), on("happy/b.flac", "Ada"), on("happy/c.flac", "Ben"))
    assert uris(choose(ask(), shelf, Memory(artists=["Ada"]))) == ["happy/c.flac"]


def test_an_empty_library_and_nothing_fitting_are_told_apart() -> None:
    assert "empty" in choose(ask(), stock()).trouble
    assert "no song fits “sad”" in choose(ask("sad"), stock(on("happy/x.flac"))).trouble
    assert choose(ask(), Stock(trouble="lost")).trouble == "lost"


def test_one_song_is_a_library() -> None:
    shelf = stock(on("happy/one.flac"))
    assert uris(choose(ask(count=3), shelf)) == ["happy/one.flac"]
    assert uris(choose(ask(count=3), shelf, Memory(heard={"happy/one.flac": 1.0}))) == ["happy/one.flac"]


def test_songs_that_tell_only_their_place_on_the_plane_are_taken_by_it() -> None:
    chosen = choose(ask("sad", point=(-0.6, -0.4)), stock(on("x.flac", valence=-0.5, energy=-0.4)))
    assert "near sad" in chosen.choices[0].why


def test_even_a_shelf_of_nothing_near_gives_its_nearest() -> None:
    places = charted(*((f"{n}.flac", n / 9, 0.9, "") for n in range(9)))
    far = stock(*(on(f"{n}.flac") for n in range(9)), chart=places)
    assert uris(choose(ask("sad", point=(-0.7, -0.5)), far))


def test_on_the_first_evening_songs_of_which_nothing_is_known_come_by_chance_and_nothing_is_claimed_of_them() -> None:
    names = [f"{n}.flac" for n in range(12)]
    shelf = stock(*map(on, names), on("happy/x.flac"))
    first = Counter(uris(choose(ask("sad", 3), shelf, dice=n))[0] for n in range(200))
    assert set(first) == set(names), "each has its turn, but what is for another mood has not"
    chosen = choose(ask("sad"), shelf).choices[0]
    assert chosen.why == "I have not listened to it yet, so it comes by chance." and chosen.parts == (Reason("chance"),)
    begun = stock(*map(on, names), chart=charted(("0.flac", 0.9, 0.9, "")))
    assert len(uris(choose(ask("sad", 10, point=(-0.7, -0.5)), begun))) == 10, "one song heard is no evening"
    assert uris(choose(ask("sad", 2), stock(on("one.flac")))) == ["one.flac"]


def test_a_shelf_that_is_all_one_artists_or_all_disliked_or_all_liked_still_plays() -> None:
    songs = [f"happy/{n}.flac" for n in range(6)]
    shelf = stock(*(on(uri, "Ada") for uri in songs))
    for value in (0, 2):
        memory = taught(*(Remember("rated", "happy", uri, value) for uri in songs))
        assert set(uris(choose(ask(count=9), shelf, Memory(memory.taste, artists=["Ada"])))) == set(songs)


def test_what_the_household_gave_to_another_mood_does_not_come_for_its_sound() -> None:
    shelf = stock(
        on("sad/x.flac", valence=0.8, energy=0.5),
        on("y.flac", valence=0.7, energy=0.4),
    )
    assert uris(choose(ask("happy", 2, point=(0.8, 0.5)), shelf)) == ["y.flac"]


def test_what_is_disliked_when_sad_does_not_come_then_but_may_at_other_times() -> None:
    shelf = stock(on("sad/a.flac"), on("sad/b.flac"))
    memory = taught(Remember("rated", "sad", "sad/a.flac", 0))
    assert {uris(choose(ask("sad"), shelf, memory, dice=n))[0] for n in range(30)} == {"sad/b.flac"}
    own = RULES | {"neutral": Rule(folders=("sad",))}
    assert "sad/a.flac" in {uris(choose(ask("neutral"), shelf, memory, own, n))[0] for n in range(60)}
    both = taught(Remember("rated", "sad", "sad/a.flac", 0), Remember("rated", "sad", "sad/a.flac", 1))
    assert "sad/a.flac" in {uris(choose(ask("sad"), shelf, both, dice=n))[0] for n in range(30)}


def test_what_is_liked_skipped_and_smiled_at_shifts_the_choice_and_the_rest_still_has_its_turn() -> None:
    shelf = stock(*(on(f"happy/{n}.flac") for n in "abcd"))
    memory = taught(
        Remember("rated", "happy", "happy/a.flac", 2),
        *(Remember("skipped", "happy", "happy/b.flac", 20.0),) * 6,
        *(Remember("smile", "happy", "happy/c.flac", 0.9),) * 3,
    )
    counts = Counter(uris(choose(ask(), shelf, memory, dice=n))[0][6] for n in range(400))
    assert counts["a"] > counts["b"] and counts["c"] > counts["b"]
    assert min(counts["d"], counts["a"], counts["c"]) > 10
    assert "you said you like" in choose(ask(count=4), shelf, memory).choices[0].why or counts["a"] < 400


def test_what_is_akin_to_what_is_liked_comes_before_what_is_not() -> None:
    """Priority one: songs that share their tags with the liked one."""
    reggae = [on(f"happy/r{n}.flac", words=frozenset({"dub", "roots"})) for n in range(6)]
    polka = [on(f"happy/p{n}.flac", words=frozenset({"brass", "beer"})) for n in range(6)]
    memory = taught(*(Remember("rated", "happy", "happy/r0.flac", 2),))
    memory = Memory(memory.taste, heard={"happy/r0.flac": 10.0})
    first = Counter(uris(choose(ask(), stock(*reggae, *polka), memory, dice=n))[0][6] for n in range(100))
    assert first["r"] > 4 * first["p"]


def test_a_discovery_is_told_as_one() -> None:
    tracks = [on(f"happy/{n}.flac", words=frozenset({"dub" if n < 4 else "beer"})) for n in range(8)]
    memory = taught(Remember("rated", "happy", "happy/0.flac", 2), Remember("played", "happy", "happy/0.flac", 200.0))
    whys = [choose(ask(), stock(*tracks), memory, dice=n).choices[0] for n in range(60)]
    new = [choice for choice in whys if choice.parts[0].kind == "discovery"]
    assert 0 < len(new) < 30
    assert all("akin to “0”" in choice.why and choice.song.uri != "happy/0.flac" for choice in new)


def test_the_words_of_a_pursuit_find_songs_with_near_words_too() -> None:
    """ "Summer" finds "beach", because other songs carry both."""
    both = [on(f"x/{n}.flac", words=frozenset({"summer", "beach"})) for n in range(5)]
    beach = on("y/waves.flac", words=frozenset({"beach"}))
    shelf = stock(*both, beach, *(on(f"z/{n}.flac", words=frozenset({"snow", "coal"})) for n in range(5)))
    chosen = choose(ask("neutral", 6, pursuits=("Summer",)), shelf)
    assert set(uris(chosen)) == {track.song.uri for track in (*both, beach)}
    assert "goes with “beach”" in next(c.why for c in chosen.choices if c.song.uri == "y/waves.flac")


def test_a_language_choice_is_kept_but_unknown_songs_are_not_shut_out() -> None:
    names = {"ko": "happy/k.flac", "en": "happy/e.flac", "": "happy/u.flac"}
    shelf = stock(*map(on, names.values()), chart=charted(*((uri, 0, 0, code) for code, uri in names.items())))
    chosen = choose(ask(count=3), shelf, Memory(languages=("ko",)))
    assert set(uris(chosen)) == {"happy/k.flac", "happy/u.flac"}
    assert "language" in {part.kind for c in chosen.choices for part in c.parts if c.song.uri == "happy/k.flac"}
    assert len(uris(choose(ask(count=3), shelf, Memory(languages=("fr",))))) == 1, "only the unknown one may be French"


def test_what_cannot_be_played_is_left_out() -> None:
    shelf = stock(on("happy/a.flac"), on("happy/b.flac"))
    assert uris(choose(ask(count=2), shelf, Memory(spoiled=frozenset({"happy/a.flac"})))) == ["happy/b.flac"]


def test_a_neutral_room_leans_to_what_is_usual_at_this_hour() -> None:
    places = charted(*((f"{n}.flac", -0.95 + n / 20, -0.5, "") for n in range(40)))
    shelf = stock(*(on(f"{n}.flac") for n in range(40)), chart=places)
    usual = {f"{n}.flac": 1.0 for n in range(30, 38)}
    plain = [choose(ask("neutral", point=(-0.2, -0.4)), shelf, dice=n) for n in range(30)]
    leaning = [choose(ask("neutral", point=(-0.2, -0.4)), shelf, Memory(usual=usual), dice=n) for n in range(30)]

    def mean(answers: list[Chosen]) -> float:
        return sum(int(uris(answer)[0].removesuffix(".flac")) for answer in answers) / len(answers)

    assert mean(leaning) > mean(plain) + 3
    busy = [choose(ask("sad", point=(-0.2, -0.4)), shelf, Memory(usual=usual), dice=n) for n in range(30)]
    assert abs(mean(busy) - mean(plain)) < 3, "a mood that shows is not talked over by the hour"
