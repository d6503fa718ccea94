"""The picker's list: delivered, changed from a phone as a whole or not at all, and never lost to damage."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance import places
from appliance.journey import Point
from appliance.pursuit import Aim, Pursuit, aim, known
from appliance.pursuits import MOST, Pursuits, checked, parsed, toml

DEFAULT = places.DEFAULTS / "pursuits.toml"
TEA: dict[str, Any] = {"name": "tea", "valence": 0.2, "energy": -0.2, "words": ["quiet"]}


@pytest.fixture
def picker(tmp_path: Path) -> Pursuits:
    return Pursuits(DEFAULT, tmp_path / "pursuits.toml")


def names(picker: Pursuits) -> list[str]:
    return [one.name for one in picker.read()]


def test_the_list_as_delivered_holds_what_was_promised_each_with_a_place_and_words(picker: Pursuits) -> None:
    assert names(picker) == ["morning coffee", "rest", "exercise", "heart-touching", "focus", "party"]
    assert all(one.words for one in picker.read())
    assert not picker.trouble


def test_a_list_sent_by_a_phone_takes_its_place_and_is_there_after_a_restart(tmp_path: Path) -> None:
    told: list[None] = []
    own = tmp_path / "pursuits.toml"
    picker = Pursuits(DEFAULT, own, lambda: told.append(None))
    assert picker.write([TEA, {"name": 'the "long" walk', "valence": 1, "energy": 0.5}]) == ()
    assert picker.read() == (Pursuit("tea", 0.2, -0.2, ("quiet",)), Pursuit('the "long" walk', 1.0, 0.5))
    assert Pursuits(DEFAULT, own).read() == picker.read()
    assert len(told) == 1


def test_an_empty_list_gives_the_delivered_one_back(picker: Pursuits) -> None:
    picker.write([TEA])
    assert picker.write([]) == ()
    assert len(names(picker)) == 6
    assert not picker.own.exists()


def test_all_faults_are_told_at_once_and_nothing_is_kept(picker: Pursuits) -> None:
    faults = picker.write(
        [
            {"name": "", "valence": 0, "energy": 0},
            {"name": "a", "valence": 3, "energy": 0, "wordz": ["x"]},
            {"name": "A", "energy": "high", "words": [""]},
            {"name": "b\n", "valence": 0, "energy": 0, "words": "loud"},
        ]
    )
    assert [fault.key for fault in faults] == [
        "", "a", "a.wordz", "a.valence", "A", "A.valence", "A.energy", "A.words", "b.words"
    ]  # fmt: skip
    assert "did you mean words?" in str(faults[2])
    assert "is missing" in str(faults[5])
    assert len(names(picker)) == 6


def test_a_list_too_long_for_a_phone_is_refused(picker: Pursuits) -> None:
    faults = picker.write([{"name": f"n{i}", "valence": 0, "energy": 0} for i in range(MOST + 1)])
    assert "too many" in str(faults[0])


def test_a_damaged_list_is_set_aside_and_the_next_one_is_kept(tmp_path: Path) -> None:
    own = tmp_path / "pursuits.toml"
    for damage in (b"\xff\xfe", b"[tea", b"tea = 3\n", b"[tea]\nvalence = 9\nenergy = 0\n"):
        own.write_bytes(damage)
        picker = Pursuits(DEFAULT, own)
        assert len(names(picker)) == 6
        assert "damaged" in picker.trouble
        assert (tmp_path / "pursuits.toml.damaged").read_bytes() == damage
        assert picker.write([TEA]) == ()
        assert (names(picker), picker.trouble) == (["tea"], "")


def test_a_list_that_cannot_be_read_or_set_aside_is_told_and_the_delivered_one_stands_in(tmp_path: Path) -> None:
    own = tmp_path / "pursuits.toml"
    own.mkdir()
    assert "cannot be read" in Pursuits(DEFAULT, own).trouble
    own.rmdir()
    own.write_text("[tea")
    (tmp_path / "pursuits.toml.damaged").mkdir()
    picker = Pursuits(DEFAULT, own)
    assert "cannot be set aside" in picker.trouble
    assert len(names(picker)) == 6


def test_with_no_list_at_all_there_is_no_picker_and_that_is_told(tmp_path: Path) -> None:
    picker = Pursuits(tmp_path / "none.toml", tmp_path / "own.toml")
    assert picker.read() == ()
    assert "not taken" in picker.trouble


def test_a_card_that_takes_nothing_keeps_the_list_as_it_was(tmp_path: Path) -> None:
    picker = Pursuits(DEFAULT, tmp_path / "gone" / "pursuits.toml")
    assert "cannot be saved" in str(picker.write([TEA])[0])
    assert len(names(picker)) == 6
    (tmp_path / "gone").mkdir()
    assert picker.write([TEA]) == ()
    assert names(picker) == ["tea"]


NAMES = st.text(min_size=1, max_size=40)
SHARES = st.floats(-1, 1)


@given(st.dictionaries(NAMES, st.tuples(SHARES, SHARES, st.lists(st.text(max_size=40), max_size=3)), max_size=4))
def test_whatever_is_accepted_reads_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, told: dict[str, tuple[float, float, list[str]]]
) -> None:
    wanted = [{"name": name, "valence": v, "energy": e, "words": words} for name, (v, e, words) in told.items()]
    try:
        fresh = checked(wanted, "here")
    except ValueError:
        return
    file = tmp_path_factory.getbasetemp() / "list.toml"
    file.write_text(toml(fresh), encoding="utf-8")
    assert parsed(file) == fresh


def test_several_at_once_come_to_their_middle_and_names_that_are_gone_to_nothing(picker: Pursuits) -> None:
    rest, party = Pursuit("rest", 0.2, -0.8, ("calm", "soft")), Pursuit("party", 0.8, 0.8, ("dance", "soft"))
    both = aim(("party", "rest"), (rest, party))
    assert both == Aim(Point(0.5, 0.0), ("calm", "soft", "dance"))
    assert aim(("gone",), (rest, party)) is None
    assert known(("party", "gone", "rest"), (rest, party)) == ("rest", "party")
