"""Languages and moods as tags and scripts tell them."""

import pytest

from appliance.library.language import language
from appliance.library.moods import POINTS, point


@pytest.mark.parametrize(
    ("tags", "names", "code"),
    [
        (("kor",), ("Spring Day",), "ko"),
        (("en-GB",), (), "en"),
        (("Deutsch",), (), "de"),
        (("eng/jpn",), (), "en"),
        (("und", "zxx", "???"), ("봄날",), "ko"),
        ((), ("봄날", "BTS"), "ko"),
        ((), ("さくら",), "ja"),
        ((), ("夜に駆ける",), "ja"),
        ((), ("月亮代表我的心",), "zh"),
        ((), ("Подмосковные вечера",), "ru"),
        ((), ("Червона рута", "Софія Ротару"), "uk"),
        ((), ("Ζορμπάς",), "el"),
        ((), ("Song", "방탄소년단"), "ko"),
        ((), ("हवा",), "hi"),
        ((), ("เพลง",), "th"),
        ((), ("شكرا",), "ar"),
        ((), ("تو را چه",), "fa"),
    ],
)
def test_a_language_is_told_by_tag_then_by_script(tags: tuple[str, ...], names: tuple[str, ...], code: str) -> None:
    assert language(tags, names) == code


@pytest.mark.parametrize("name", ["La vie en rose", "Despacito", "99 Luftballons", "A", "★", "Ω", "", "Motörhead"])
def test_a_language_is_never_guessed_from_latin_letters(name: str) -> None:
    assert language((), (name,)) == ""


def test_mood_words_are_points_and_unknown_words_are_not() -> None:
    assert point(["Sad"]) == POINTS["sad"]
    assert point(["happy; calm"]) == pytest.approx((0.55, -0.15))
    assert point(["Tuesday"]) is None
    assert point([]) is None
    assert all(-1 <= number <= 1 for place in POINTS.values() for number in place)


def test_a_place_written_in_a_comment_is_taken_as_it_is() -> None:
    assert point(["sad"], "Valence=0.4, energy: -0.2") == (0.4, -0.2)
    assert point([], "valence=0.4") is None
    assert point([], "valence=1.9 energy=-1") == (1.0, -1.0)
