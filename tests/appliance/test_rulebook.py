"""The rules for moods: delivered, changed from a phone one mood at a time, and never lost to damage."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance import places, rules
from appliance.rulebook import KINDS, MOST, Rulebook, checked, parsed, toml
from appliance.rules import Rule, Rules

DEFAULT = places.DEFAULTS / "moods.toml"
TEA: dict[str, Any] = {"playlists": ["Tea time"], "genres": ["Jazz", "jazz", " Folk "]}


@pytest.fixture
def book(tmp_path: Path) -> Rulebook:
    return Rulebook((DEFAULT, tmp_path / "etc.toml"), tmp_path / "moods.toml")


def test_untouched_the_rules_are_those_delivered_with_roots_over_them(tmp_path: Path, book: Rulebook) -> None:
    assert book.read() == book.delivered() == rules.read(DEFAULT)
    (tmp_path / "etc.toml").write_text('[sad]\nfolders = ["Rain"]\n')
    with_root = Rulebook((DEFAULT, tmp_path / "etc.toml"), tmp_path / "moods.toml")
    assert with_root.read()["sad"] == Rule(folders=("Rain",))
    assert with_root.read()["happy"] == rules.read(DEFAULT)["happy"]


def test_a_change_replaces_one_mood_whole_is_told_at_once_and_is_there_after_a_restart(tmp_path: Path) -> None:
    told: list[Rules] = []
    own = tmp_path / "moods.toml"
    book = Rulebook((DEFAULT,), own, told.append)
    assert book.write({"neutral": TEA}) == ()
    wanted = Rule(playlists=("Tea time",), genres=("Jazz", "Folk"))
    assert book.read()["neutral"] == wanted == told[-1]["neutral"]
    assert book.read()["happy"] == book.delivered()["happy"]
    again = Rulebook((DEFAULT,), own)
    assert again.read() == book.read() and not again.trouble
    assert "happy" not in own.read_text()


def test_each_mood_goes_back_alone_and_with_the_last_one_the_file_goes_too(book: Rulebook) -> None:
    book.write({"neutral": TEA, "sad": {"tags": ["rain"]}})
    assert book.write({"neutral": None}) == ()
    assert book.read()["neutral"] == book.delivered()["neutral"]
    assert book.read()["sad"] == Rule(tags=("rain",))
    same = book.delivered()["sad"]
    assert book.write({"sad": {kind: getattr(same, kind) for kind in KINDS}}) == ()
    assert not book.own.exists()


def test_a_later_edition_of_the_default_reaches_every_mood_that_nobody_changed(tmp_path: Path) -> None:
    default, own = tmp_path / "default.toml", tmp_path / "own.toml"
    default.write_text('[sad]\ntags = ["old"]\n[fear]\ntags = ["old"]\n')
    Rulebook((default,), own).write({"fear": TEA})
    default.write_text('[sad]\ntags = ["new"]\n[fear]\ntags = ["new"]\n')
    book = Rulebook((default,), own)
    assert book.read()["sad"] == Rule(tags=("new",))
    assert book.read()["fear"].playlists == ("Tea time",)


def test_all_faults_are_told_at_once_and_nothing_is_kept(book: Rulebook) -> None:
    faults = book.write(
        {
            "hapy": {},
            "sad": {"folder": ["x"], "genres": ["a" * 121], "tags": ["\n"]},
            "fear": {"playlists": "one", "folders": [f"f{i}" for i in range(MOST + 1)]},
            "angry": TEA,
        }
    )
    keys = ["hapy", "sad.folder", "sad.genres", "sad.tags", "fear.playlists", "fear.folders"]
    assert [fault.key for fault in faults] == keys
    assert "did you mean happy?" in str(faults[0]) and "did you mean folders?" in str(faults[1])
    assert book.read() == book.delivered() and not book.own.exists()


def test_a_damaged_file_is_set_aside_and_the_next_change_is_kept(tmp_path: Path) -> None:
    own = tmp_path / "moods.toml"
    for damage in (b"\xff\xfe", b"[sad", b"sad = 3\n", b'[sad]\ntags = "x"\n', b"[merry]\n"):
        own.write_bytes(damage)
        book = Rulebook((DEFAULT,), own)
        assert book.read() == rules.read(DEFAULT) and "damaged" in book.trouble
        assert (tmp_path / "moods.toml.damaged").read_bytes() == damage
        assert book.write({"sad": TEA}) == ()
        assert (book.read()["sad"].playlists, book.trouble) == (("Tea time",), "")


def test_a_file_that_cannot_be_read_or_set_aside_is_told_and_what_was_delivered_stands_in(tmp_path: Path) -> None:
    own = tmp_path / "moods.toml"
    own.mkdir()
    assert "cannot be read" in Rulebook((DEFAULT,), own).trouble
    own.rmdir()
    own.write_text("[sad")
    (tmp_path / "moods.toml.damaged").mkdir()
    book = Rulebook((DEFAULT,), own)
    assert "cannot be set aside" in book.trouble
    assert book.read() == rules.read(DEFAULT)


def test_a_fault_in_roots_file_leaves_the_delivered_rules_and_one_in_those_leaves_each_mood_its_name(
    tmp_path: Path,
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("[merry]\n")
    book = Rulebook((DEFAULT, bad), tmp_path / "own.toml")
    assert "merry" in book.trouble and book.read() == rules.read(DEFAULT)
    bare = Rulebook((bad,), tmp_path / "own.toml")
    assert bare.read()["sad"] == Rule(tags=("sad",))


def test_a_card_that_takes_nothing_keeps_the_rules_as_they_were_and_takes_them_later(tmp_path: Path) -> None:
    book = Rulebook((DEFAULT,), tmp_path / "gone" / "moods.toml")
    assert "cannot be saved" in str(book.write({"sad": TEA})[0])
    assert book.read() == book.delivered()
    (tmp_path / "gone").mkdir()
    assert book.write({"sad": TEA}) == ()
    assert book.read()["sad"].playlists == ("Tea time",)


NAMES = st.lists(st.text(max_size=30), max_size=4)


@given(st.dictionaries(st.sampled_from(rules.MOODS), st.fixed_dictionaries({kind: NAMES for kind in KINDS})))
def test_whatever_is_accepted_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, told: dict[str, dict[str, list[str]]]
) -> None:
    try:
        fresh = checked(told, "here")
    except ValueError:
        return
    file = tmp_path_factory.getbasetemp() / "moods.toml"
    file.write_text(toml(fresh), encoding="utf-8")
    assert parsed(file) == fresh
