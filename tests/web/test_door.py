"""Who comes in, held without a server and without waiting."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.budget import Budget
from appliance.web.door import KNOCKS, WAIT, Door, loopback, ours, same_origin
from appliance.web.phones import MOST, Phones, hashed


def test_a_press_lets_in_the_phone_that_waits() -> None:
    door = Door()
    secret = door.knock("iPhone", 0.0)
    assert secret and door.answer(secret, 1.0) == ("wait", "iPhone", "")
    assert door.press(59.0)
    told, name, key = door.answer(secret, 60.0)
    assert (told, name) == ("in", "iPhone") and len(key) > 40
    assert door.answer(secret, 59.0 + WAIT) == (told, name, key), "an answer can be lost: the same phone asks again"
    assert door.knock("iPhone", 61.0, secret) == secret, "or taps again"
    assert door.answer(secret, 59.5 + WAIT)[0] == "late", "a knock opens the door for one phone, and for a minute"


def test_a_press_after_a_minute_lets_nobody_in_and_a_new_knock_mends_it() -> None:
    door = Door()
    secret = door.knock("iPhone", 0.0)
    assert secret and not door.press(WAIT + 1) and door.answer(secret, WAIT + 1)[0] == "late"
    again = door.knock("iPhone", 100.0)
    assert again and door.press(101.0) and door.answer(again, 102.0)[0] == "in"


def test_two_phones_at_the_door_are_both_kept_out_until_they_come_one_at_a_time() -> None:
    door = Door()
    one, two = door.knock("iPhone", 0.0), door.knock("Mac", 1.0)
    assert one and two and not door.press(2.0)
    assert door.answer(one, 3.0)[0] == door.answer(two, 3.0)[0] == "crowd"
    alone = door.knock("iPhone", 70.0)
    assert alone and door.press(71.0) and door.answer(alone, 72.0)[0] == "in"


def test_a_phone_that_knocks_again_is_one_phone_and_has_another_minute() -> None:
    door = Door()
    secret = door.knock("iPhone", 0.0)
    assert secret and door.knock("iPhone", 50.0, secret) == secret
    assert door.press(50.0 + WAIT) and door.answer(secret, 111.0)[0] == "in"


def test_a_phone_that_was_turned_away_or_came_too_late_waits_anew() -> None:
    door = Door()
    one, two = door.knock("iPhone", 0.0), door.knock("Mac", 0.0)
    assert one and two and not door.press(1.0)
    again = door.knock("iPhone", 2.0, one)
    assert again and again != one and door.press(3.0) and door.answer(again, 4.0)[0] == "in"
    late = door.knock("Mac", 100.0)
    later = late and door.knock("Mac", 100.0 + WAIT + 1, late)
    assert later and later != late and door.press(100.0 + WAIT + 2)


def test_a_press_with_nobody_waiting_lets_in_nobody_who_comes_later() -> None:
    door = Door()
    assert not door.press(0.0)
    secret = door.knock("iPhone", 1.0)
    assert secret and door.answer(secret, 2.0)[0] == "wait"


def test_only_so_many_wait_at_once() -> None:
    door = Door()
    assert all(door.knock("x", 0.0) for _ in range(KNOCKS))
    assert door.knock("x", 1.0) is None
    assert door.knock("x", WAIT + 2)


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("mien.local:8080", True), ("192.168.1.20", True), ("[fe80::1]:8080", True), ("localhost:8080", True),
        ("evil.example", False), ("evil.example:8080", False), ("mien.local.evil.example", False), ("", False),
        ("[", False), ("127.0.0.1.evil.example", False),
    ],
)  # fmt: skip
def test_the_page_answers_to_its_own_names_and_addresses_only(host: str, answer: bool) -> None:
    assert ours(host, {"mien.local"}) is answer


@given(st.text())
def test_any_host_header_gets_an_answer(host: str) -> None:
    assert ours(host, set()) in (True, False)


@given(st.text(), st.text())
def test_any_origin_gets_an_answer(origin: str, host: str) -> None:
    assert same_origin(origin, host) in (True, False)


def test_only_our_own_origin_may_change_anything() -> None:
    assert same_origin("http://mien.local:8080", "mien.local:8080")
    for origin in (
        None,
        "null",
        "http://evil.example",
        "http://mien.local",
        "http://mien.local:8080.evil.example",
        "http://[",
    ):
        assert not same_origin(origin, "mien.local:8080")


def test_localhost_is_this_machine_asking_for_this_machine() -> None:
    assert loopback("127.0.0.1", "localhost:8080") and loopback("::1", "[::1]:8080")
    assert not loopback("192.168.1.9", "localhost") and not loopback("127.0.0.1", "mien.local")
    assert not loopback(None, "localhost")


def test_a_budget_is_spent_and_comes_back() -> None:
    budget = Budget(rate=1, burst=2, addresses=2)
    assert budget.spend("a", 0) and budget.spend("a", 0) and not budget.spend("a", 0)
    assert budget.spend("b", 0), "one address does not spend another's"
    assert budget.spend("a", 1.5)


def test_a_phone_is_known_after_a_restart_and_its_token_is_nowhere_on_the_disk(tmp_path: Path) -> None:
    file = tmp_path / "phones.json"
    Phones(file).add("secret-token", "iPhone", 1.8e9)
    assert "secret-token" not in file.read_text()
    assert hashed("secret-token") in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    again = Phones(file)
    assert again.holds("secret-token") and not again.holds("another") and not again.holds("")


def test_a_phone_that_is_in_is_let_in_once(tmp_path: Path) -> None:
    """However often it asks: neither is it listed twice, nor does an older one make room for it."""
    phones = Phones(tmp_path / "phones.json")
    for number in range(MOST):
        phones.add(str(number), "x", float(number))
    for _ in range(2):
        phones.add("7", "x", 1.8e9)
    assert len(phones.known()) == MOST and phones.holds("0") and phones.holds("7")


def test_a_removed_phone_stays_out(tmp_path: Path) -> None:
    phones = Phones(tmp_path / "phones.json")
    phone = phones.add("t", "iPhone", 1.8e9)
    assert phones.remove(phone.short) and not phones.remove(phone.short)
    assert not Phones(tmp_path / "phones.json").holds("t")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"phones": [{}]}', '{"phones": 3}', "\x00"])
def test_a_damaged_list_is_set_aside_and_phones_can_pair_again(tmp_path: Path, text: str) -> None:
    file = tmp_path / "phones.json"
    file.write_text(text)
    phones = Phones(file)
    assert "pair again" in phones.trouble and (tmp_path / "phones.json.damaged").read_text() == text
    phones.add("t", "iPhone", 0.0)
    assert Phones(file).holds("t") and not Phones(file).trouble


def test_a_damaged_list_does_not_shut_the_household_out_nor_let_a_removed_phone_in(tmp_path: Path) -> None:
    """The list's twin stands in, and it has lost whoever the list has lost."""
    file = tmp_path / "phones.json"
    phones = Phones(file)
    gone = phones.add("gone", "an old phone", 1.8e9)
    phones.add("t", "iPhone", 1.8e9)
    phones.remove(gone.short)
    file.write_bytes(b"\0" * 40)
    again = Phones(file)
    assert again.holds("t") and not again.holds("gone")
    assert "phones.json.damaged" in again.trouble and "pair again" not in again.trouble
    again.add("u", "tablet", 1.8e9)
    mended = Phones(file)
    assert mended.holds("t") and mended.holds("u") and not mended.trouble


def test_a_list_by_a_newer_version_is_set_aside_whole(tmp_path: Path) -> None:
    file = tmp_path / "phones.json"
    file.write_text('{"version": 2, "phones": []}')
    assert "phones.json.damaged" in Phones(file).trouble
    assert (tmp_path / "phones.json.damaged").exists()


def test_the_list_does_not_grow_for_ever(tmp_path: Path) -> None:
    phones = Phones(tmp_path / "phones.json")
    for number in range(MOST + 3):
        phones.add(str(number), "x", float(number))
    assert len(phones.known()) == MOST == len(json.loads((tmp_path / "phones.json").read_text())["phones"])
    assert phones.holds(str(MOST + 2)) and not phones.holds("0")


def test_a_full_disk_lets_nobody_in_and_space_mends_it(tmp_path: Path) -> None:
    phones = Phones(tmp_path / "phones.json")
    (tmp_path / "phones.json.new").mkdir()  # root writes past every permission, but never into a folder
    with pytest.raises(OSError):
        phones.add("t", "x", 0.0)
    assert not phones.holds("t")
    (tmp_path / "phones.json.new").rmdir()
    phones.add("t", "x", 0.0)
    assert phones.holds("t")


def test_a_list_that_cannot_be_read_is_told_and_hinders_nothing(tmp_path: Path) -> None:
    (tmp_path / "phones.json").mkdir()
    assert "cannot be read" in Phones(tmp_path / "phones.json").trouble
    (tmp_path / "phones.json").rmdir()
    assert not Phones(tmp_path / "phones.json").trouble
