"""The settings on the page: what differs from how the box was delivered, and faults told while one still writes."""

from flask.testing import FlaskClient

from appliance.settings import FIELDS
from appliance.web.house import House
from tests.web.stage import OWN


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
