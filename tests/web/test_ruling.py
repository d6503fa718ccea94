"""What fits which mood, changed from a phone: whole or not at all, at once, and back again."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from appliance import places
from appliance.events import Song
from appliance.rulebook import Rulebook
from appliance.rules import Rule
from appliance.web.house import House
from appliance.web.offers import Offered, Offers, offers
from appliance.web.serve import Page
from tests.web.conftest import CHROMIUM, Open
from tests.web.pictures import picture

OWN = {"Origin": "http://localhost"}
DEFAULT = places.DEFAULTS / "moods.toml"
Serve = Callable[..., Page]


@dataclass(frozen=True)
class Track:
    song: Song
    genres: frozenset[str] = frozenset()
    playlists: tuple[str, ...] = ()


SHELF = (
    Track(Song("folk/hana/a.flac"), frozenset({"folk", "jazz"}), playlists=("sunday",)),
    Track(Song("folk/b.flac"), frozenset({"folk"})),
    Track(Song("local:track:rainy%20day/c.mp3")),
)


@pytest.fixture
def book(house: House, tmp_path: Path) -> Rulebook:
    house.rules = book = Rulebook((DEFAULT,), tmp_path / "moods.toml")
    house.offers = Offered(lambda: SHELF)
    house.fitting = lambda rule: 2
    return book


def send(phone: FlaskClient, mood: str = "sad", **form: Any) -> int:
    return phone.post(f"/rules/{mood}", data={"sent": "yes", **form}, headers=OWN).status_code


def test_what_the_library_has_is_counted_by_what_a_rule_can_name() -> None:
    wanted = Offers({"sunday": 1}, {"folk": 2, "hana": 1, "rainy day": 1}, {"folk": 2, "jazz": 1})
    assert offers(SHELF) == wanted


def test_what_is_ticked_and_what_is_written_in_becomes_the_rule(phone: FlaskClient, book: Rulebook) -> None:
    told = phone.get("/rules/sad").text
    assert "Singer-Songwriter" in told and "folk (2)" in told and "Songs that these name now: 2." in told
    more = {"folders.more": "Rain, rainy  day ,", "tags": "tender"}
    assert send(phone, genres=["Blues", "folk"], **more) == 303
    wanted = Rule(folders=("Rain", "rainy  day"), genres=("Blues", "folk"), tags=("tender",))
    assert book.read()["sad"] == wanted
    assert book.read()["happy"] == book.delivered()["happy"]
    assert "Singer-Songwriter" not in phone.get("/songs").text.partition("sad")[2].partition("angry")[0]


def test_a_mood_goes_back_to_how_it_was_delivered_and_says_so_only_where_it_was_changed(
    phone: FlaskClient, book: Rulebook
) -> None:
    assert "Back to how it was delivered" not in phone.get("/rules/sad").text
    send(phone, tags="rain")
    assert "Back to how it was delivered" in phone.get("/rules/sad").text
    assert send(phone, tags="rain", back="yes") == 303
    assert book.read() == book.delivered()


def test_all_that_is_wrong_is_told_at_once_in_both_tongues_and_what_was_filled_in_stays(
    phone: FlaskClient, book: Rulebook
) -> None:
    wrong = {"sent": "yes", "genres.more": "x" * 200, "folders": [f"f{i}" for i in range(61)], "tags": "rain"}
    told = phone.post("/rules/sad", data=wrong, headers=OWN)
    assert told.status_code == 422 and book.read() == book.delivered()
    assert "Genres: too many names" in told.text and "Folders: too many names" in told.text
    assert 'value="rain" checked' in told.text and 'value="f60" checked' in told.text
    phone.set_cookie("tongue", "ko", domain="localhost")
    assert "장르: 이름이 너무 많거나 너무 길어요." in phone.post("/rules/sad", data=wrong, headers=OWN).text
    assert send(phone, tags="rain") == 303


def test_half_a_form_empties_no_rule_and_no_mood_is_made_up(phone: FlaskClient, book: Rulebook) -> None:
    assert phone.post("/rules/sad", data={"tags": "rain"}, headers=OWN).status_code == 400
    assert phone.get("/rules/merry").status_code == 404 and send(phone, "merry", tags="x") == 404
    assert book.read() == book.delivered()


def test_a_card_that_refuses_is_told_of_and_takes_it_later(
    phone: FlaskClient, house: House, book: Rulebook, tmp_path: Path
) -> None:
    house.rules = other = Rulebook((DEFAULT,), tmp_path / "gone" / "moods.toml")
    told = phone.post("/rules/sad", data={"sent": "yes", "tags": "rain"}, headers=OWN)
    assert told.status_code == 422 and "The card is full or refused." in told.text
    (tmp_path / "gone").mkdir()
    assert send(phone, tags="rain") == 303 and other.read()["sad"] == Rule(tags=("rain",))


@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium on this machine")
@pytest.mark.parametrize("scripts", [True, False])
def test_a_thumb_ticks_unticks_and_writes_with_scripts_and_without(
    serve: Serve, open_tab: Open, tmp_path: Path, scripts: bool
) -> None:
    page = serve()
    page.house.rules = book = Rulebook((DEFAULT,), tmp_path / "moods.toml")
    page.house.offers = Offered(lambda: SHELF)
    tab = open_tab(page, "/songs", java_script_enabled=scripts)
    rules = tab.locator("section", has=tab.get_by_role("heading", name="What fits which mood"))
    rules.locator("summary", has_text="sad").tap()
    rules.get_by_role("link", name="Change what fits sad").tap()
    tab.locator("label", has_text="Ballad").tap()
    genres = tab.get_by_role("group", name="Genres")
    genres.get_by_text("From your library").tap()
    genres.locator("label", has_text="jazz (1)").tap()
    genres.get_by_label("Others, separated by commas").fill("Trot")
    if scripts:
        genres.scroll_into_view_if_needed()
        picture(tab, "rules")
    tab.get_by_role("button", name="Keep these").tap()
    expect(tab.get_by_text("Kept.")).to_be_visible()
    assert book.read()["sad"].genres == ("Blues", "Singer-Songwriter", "Folk", "jazz", "Trot")
    tab.get_by_role("button", name="Back to how it was delivered").tap()
    expect(tab.get_by_role("button", name="Back to how it was delivered")).to_have_count(0)
    assert book.read() == book.delivered()
