"""The settings as one file: what is taken along comes back whole, and anything else changes nothing."""

import io
import tomllib

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from appliance.settings import FIELDS
from appliance.web.backup import Unreadable, pack, unpack
from appliance.web.house import House
from tests.web.test_gate import OWN


def bring(phone: FlaskClient, content: bytes) -> tuple[int, str]:
    told = phone.post("/backup", data={"file": (io.BytesIO(content), "mien-settings.toml")}, headers=OWN)
    return told.status_code, told.text


def test_what_is_taken_along_comes_back_whole(phone: FlaskClient, house: House) -> None:
    assert not house.settings.change({"music.ceiling": 55, "quiet.begin": "21:30", "manners.absent": 300.0})
    taken = phone.get("/backup/mien-settings.toml")
    assert "attachment" in taken.headers["Content-Disposition"]
    before = dict(house.settings.values())
    assert not house.settings.change({"music.ceiling": 10, "quiet.begin": "20:00", "quiet.on": True})
    assert bring(phone, taken.data)[0] == 303
    assert house.settings.values() == before


def test_the_file_is_one_that_a_person_can_read_and_holds_no_secret(phone: FlaskClient, house: House) -> None:
    text = phone.get("/backup/mien-settings.toml").text
    told = tomllib.loads(text)
    assert told.pop("version") == 1
    assert {f"{section}.{name}" for section, keys in told.items() for name in keys} == set(house.settings.values())
    assert "password" not in text and "hash" not in text


def test_every_fault_is_told_at_once_and_nothing_is_changed(phone: FlaskClient, house: House) -> None:
    before = dict(house.settings.values())
    code, text = bring(
        phone,
        b'version = 1\n[music]\nceiling = 400\npassword = "x"\ncieling = 3\nfade_in = 2.0\n'
        b'[quiet]\nbegin = "late"\n[page]\nhost = "1.2.3.4"\n[nonsense]\na = 1\n',
    )
    assert code == 422
    for told in ("Never louder than this", "Quiet hours begin", "only root", "did you mean", "nonsense.a", "page.host"):
        assert told in text, told
    assert text.count("<li>") - text.count("<li><a") >= 6
    assert house.settings.values() == before


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[music]\nceiling = 3\n", b"version = 2\n[music]\nceiling = 3\n", b"version = 1\n", b"{}",
     b"version = 1\nmusic = 3\n", b"version = 1\n" + b"[" * 30_000, b"a = " + b"[" * 30_000],
)  # fmt: skip
def test_what_is_no_backup_is_refused_and_a_good_one_is_still_taken(
    phone: FlaskClient, house: House, content: bytes
) -> None:
    before = dict(house.settings.values())
    assert bring(phone, content)[0] == 422
    assert house.settings.values() == before
    assert bring(phone, pack({**before, "music.ceiling": 33}, "a day").encode())[0] == 303
    assert house.settings.values()["music.ceiling"] == 33


def test_an_older_file_leaves_what_it_does_not_know_as_it_is(phone: FlaskClient, house: House) -> None:
    assert not house.settings.change({"quiet.on": True})
    assert bring(phone, b"version = 1\n[music]\nceiling = 40\n")[0] == 303
    assert house.settings.values()["quiet.on"] is True and house.settings.values()["music.ceiling"] == 40


def test_a_page_elsewhere_cannot_bring_a_file(phone: FlaskClient, house: House) -> None:
    data = {"file": (io.BytesIO(b"version = 1\n[music]\nceiling = 40\n"), "x")}
    assert phone.post("/backup", data=data, headers={"Origin": "http://evil.example"}).status_code == 403
    assert house.settings.values()["music.ceiling"] == 80


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_file_at_all_is_values_or_refused(content: bytes) -> None:
    try:
        values, faults = unpack(content)
    except Unreadable as why:
        assert str(why)
    else:
        assert values or faults


def test_the_page_marks_what_differs_from_how_the_box_was_delivered(phone: FlaskClient, house: House) -> None:
    assert "Changed from how" not in phone.get("/settings").text
    assert not house.settings.change({"music.ceiling": 55, "quiet.on": True})
    text = phone.get("/settings").text
    assert "Changed from how the box was delivered: 2." in text and text.count(">changed<") == 2


def test_a_form_can_be_checked_while_it_is_filled_in_and_nothing_is_kept(phone: FlaskClient, house: House) -> None:
    told = phone.post(
        "/settings/check", data={"music.ceiling": "many", "quiet.begin": "late", "choice.artist_gap": "3"}, headers=OWN
    )
    assert told.json == {
        "faults": {"music.ceiling": "A whole number from 0 to 100.", "quiet.begin": "A time of day, as 22:00."}
    }
    assert house.settings.values()["choice.artist_gap"] == FIELDS["choice.artist_gap"].default
