"""Teaching the box one's face: what is said is believed at once, and kept as numbers until somebody takes it back."""

import pytest

from appliance import bias
from appliance.events import Corrected, Event, EyeLink, Lesson, Recalled, Relabelled, Unlearn
from firmware import wire
from tests.appliance.living_room import LivingRoom, face, listening

LEANING = wire.Face(1, (0.4, 0.0, 0.0, 0.6, 0.0, 0.0, 0.0), 0.5, 0.5, 0.3, 0.8)
"""Somebody at rest, whom the network reads as sad."""


def read_as_sad() -> LivingRoom:
    room = LivingRoom()
    room.faces = (LEANING,)
    room.wait(30)
    assert room.snapshot.belief.mood == "sad"
    return room


def mood(room: LivingRoom) -> str:
    return str(room.snapshot.belief.mood)


def taught(room: LivingRoom) -> dict[str, tuple[int, float]]:
    return {told.mood: (told.readings, told.right) for told in room.snapshot.taught}


def test_what_a_person_says_their_face_shows_is_believed_at_once_and_kept_as_numbers() -> None:
    room = read_as_sad()
    room.post(Corrected("neutral"))
    assert room.snapshot.belief.mood == "neutral"
    row = room.remembered("reading")[-1]
    assert (row.mood, bias.read(row.note)) == ("neutral", LEANING.scores)
    assert taught(room)["neutral"][0] == 1


def test_a_correction_is_not_undone_by_the_next_look_but_by_another_face_or_by_time() -> None:
    room = listening("sad")
    room.post(Corrected("happy"))
    room.wait(120)
    assert mood(room) == "happy"
    room.somebody("angry")
    room.wait(30)
    assert mood(room) == "angry", "what is read otherwise than then is read as ever"
    room.somebody("sad")
    room.wait(30)
    assert mood(room) == "happy"
    room.wait(600)
    assert mood(room) == "sad"


def test_the_nearest_face_is_the_one_that_was_meant() -> None:
    room = LivingRoom()
    room.faces = (face("happy", 1, 0.2), face("sad", 2, 0.4))
    room.wait(2)
    room.post(Corrected("neutral"))
    assert bias.read(room.remembered("reading")[-1].note) == pytest.approx(face("sad").scores, abs=0.001)


def test_a_correction_with_no_face_in_view_is_believed_and_teaches_nothing() -> None:
    room = LivingRoom()
    room.post(Corrected("sad"))
    room.wait(2)
    room.post(Corrected("happy"))
    assert room.snapshot.belief.mood == "happy"
    assert (room.remembered("reading"), taught(room)) == ([], {})


def test_a_lesson_takes_a_reading_a_second_and_tells_how_long_it_goes_on() -> None:
    room = read_as_sad()
    room.post(Lesson("neutral", 12, "rest"))
    room.wait(5)
    assert (room.snapshot.lesson, room.snapshot.lesson_left) == (Lesson("neutral", 12, "rest"), 7)
    assert room.snapshot.sentence == "Show me your resting face, please."
    room.wait(10)
    assert (room.snapshot.lesson, room.snapshot.lesson_left) == (None, 0)
    assert taught(room)["neutral"][0] == len(room.remembered("reading")) == 12


def test_after_a_lesson_the_resting_face_is_read_as_what_it_is() -> None:
    room = read_as_sad()
    room.post(Lesson("neutral", 60, "rest"))
    room.wait(61)
    room.wait(120)
    assert room.snapshot.belief.mood == "neutral"
    assert taught(room)["neutral"][1] > 0.9


def test_what_is_shown_on_purpose_is_no_mood() -> None:
    room = listening("happy")
    room.somebody("angry")
    room.post(Lesson("angry", 30))
    room.wait(29)
    assert (room.snapshot.belief.mood, room.plays) == ("happy", "happy")
    room.somebody("happy")
    room.wait(60)
    assert room.snapshot.belief.mood == "happy"


def test_a_lesson_with_nobody_there_ends_and_teaches_nothing() -> None:
    room = LivingRoom()
    room.post(Lesson("happy", 10))
    room.wait(12)
    assert (room.snapshot.lesson, taught(room)) == (None, {})


def test_an_eye_lost_in_a_lesson_leaves_what_was_taught_so_far() -> None:
    room = read_as_sad()
    room.post(Lesson("neutral", 20))
    room.wait(10)
    room.looking = False
    room.post(EyeLink("down", "gone"))
    room.wait(15)
    assert room.snapshot.lesson is None
    assert taught(room)["neutral"][0] == 10


def test_the_next_lesson_ends_the_one_before_and_one_of_no_length_ends_them_all() -> None:
    room = read_as_sad()
    room.post(Lesson("neutral", 20))
    room.wait(5)
    room.post(Lesson("happy", 20))
    room.wait(5)
    room.post(Lesson("happy", 0))
    assert room.snapshot.lesson is None
    assert set(taught(room)) == {"neutral", "happy"}


def test_no_lesson_lasts_for_ever() -> None:
    room = read_as_sad()
    room.post(Lesson("neutral", 1e9))
    room.wait(130)
    assert room.snapshot.lesson is None


def test_what_was_taught_before_a_restart_holds_after_it() -> None:
    room = LivingRoom()
    room.post(Recalled((("neutral", LEANING.scores),) * 40))
    room.faces = (LEANING,)
    room.wait(60)
    assert room.snapshot.belief.mood == "neutral"


def test_what_was_recalled_damaged_is_left_out() -> None:
    room = LivingRoom()
    room.post(Recalled((("neutral", ()), ("merry", LEANING.scores))))  # type: ignore[arg-type]  # damaged on purpose
    assert taught(room) == {}


@pytest.mark.parametrize("under_way", [None, Lesson("neutral", 60)])
def test_unlearnt_it_reads_as_it_did_before_and_the_history_is_told(under_way: Event | None) -> None:
    room = read_as_sad()
    room.post(Lesson("neutral", 30))
    room.wait(60)
    if under_way:
        room.post(under_way)
        room.wait(5)
    room.post(Unlearn())
    assert (taught(room), room.snapshot.lesson) == ({}, None)
    assert len(room.remembered("unlearn")) == 1
    room.wait(120)
    assert room.snapshot.belief.mood == "sad"
    assert taught(room) == {}


def test_a_mood_is_remembered_with_what_was_read_so_that_it_can_be_corrected_later() -> None:
    room = read_as_sad()
    assert bias.read(room.remembered("mood")[-1].note) == LEANING.scores
    room.post(Corrected("neutral"))
    assert (room.remembered("mood")[-1].mood, room.remembered("mood")[-1].note) == ("neutral", "")


def test_an_earlier_reading_is_labelled_later_and_the_mood_of_now_stays() -> None:
    room = listening("happy")
    room.post(Relabelled("neutral", LEANING.scores, 1.8e9))
    assert room.snapshot.belief.mood == "happy"
    row = room.remembered("reading")[-1]
    assert (row.mood, row.value, bias.read(row.note)) == ("neutral", 1.8e9, LEANING.scores)
    assert taught(room)["neutral"][0] == 1


def test_the_last_word_on_an_earlier_reading_counts_also_over_a_restart() -> None:
    room = LivingRoom()
    room.post(Recalled((("angry", LEANING.scores, 1.8e9), ("sad", LEANING.scores))))
    room.post(Relabelled("neutral", LEANING.scores, 1.8e9))
    room.post(Relabelled("happy", LEANING.scores, 1.8e9))
    assert {mood: count for mood, (count, _) in taught(room).items()} == {"sad": 1, "happy": 1}


def test_what_is_no_reading_is_not_kept_when_it_is_labelled_later() -> None:
    room = LivingRoom()
    room.post(Relabelled("happy", (), 1.8e9))
    assert (room.remembered("reading"), taught(room)) == ([], {})
