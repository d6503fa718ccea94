"""What fits which mood, changed from a phone: whole or not at all, at once, and back again."""

import weakref
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from appliance import places
from appliance.events import Song
from appliance.rack import Rack, Track
from appliance.rulebook import Rulebook
from appliance.rules import Rule
from appliance.web.house import House
from appliance.web.offers import Offered, Offers, offers
from appliance.web.ruling import plain
from tests.web.conftest import Open, Serve, browsing
from tests.web.pictures import picture
from tests.web.stage import OWN

DEFAULT = places.DEFAULTS / "moods.toml"


SHELF = Rack(
    (
        Track(Song("folk/hana/a.flac"), frozenset({"folk", "jazz"}), playlists=("sunday",)),
        Track(Song("folk/b.flac"), frozenset({"folk"})),
        Track(Song("local:track:rainy%20day/c.mp3")),
    )
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
    assert offers(Rack()) == Offers()


def test_a_library_that_was_replaced_is_counted_anew_and_not_held_on_to() -> None:
    shelf = [Rack([Track(Song("folk/b.flac"), frozenset({"folk"}))])]
    offered, old = Offered(lambda: shelf[0]), weakref.ref(shelf[0])
    assert offered() is offered() and offered().genres == {"folk": 1}
    shelf[0] = SHELF
    assert offered().genres == {"folk": 2, "jazz": 1} and old() is None


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


def made(page: str) -> str:
    """What the page's form was made from."""
    return page.partition('name="made" value="')[2].partition('"')[0]


def test_a_page_that_was_open_since_before_another_changed_the_rule_undoes_nothing_unasked(
    phone: FlaskClient, book: Rulebook
) -> None:
    """What the other made stands and is shown beside what was ticked here, in both tongues; the next keeping counts."""
    old = made(phone.get("/rules/sad").text)
    mine = {"sent": "yes", "genres": ["Blues", "Folk"], "tags.more": "tender"}
    assert send(phone, tags="rain", genres=["Blues"], made=old) == 303, "the other phone"
    theirs = book.read()["sad"]
    told = phone.post("/rules/sad", data={**mine, "made": old}, headers=OWN)
    assert told.status_code == 409 and book.read()["sad"] == theirs, "nothing is overwritten"
    for kept in ('value="Blues" checked', 'value="Folk" checked', 'value="tender" checked'):
        assert kept in told.text, "nothing is lost"
    assert "What stands now: Blues<" in told.text and "What stands now: rain<" in told.text
    assert 'value="rain"><span>' in told.text, "theirs is one tap away"
    assert "What stands now: nothing" not in told.text, "where both agree nothing is said"
    assert told.text.count("This was changed elsewhere while it was open here") == 1
    phone.set_cookie("tongue", "ko", domain="localhost")
    korean = phone.post("/rules/sad", data={**mine, "made": old}, headers=OWN).text
    assert "여기서 열어 둔 사이에 다른 곳에서 바뀌었어요." in korean and "지금 정해진 것: rain" in korean
    assert phone.post("/rules/sad", data={**mine, "made": made(told.text)}, headers=OWN).status_code == 303
    assert book.read()["sad"] == Rule(genres=("Blues", "Folk"), tags=("tender",))


def test_a_rule_is_given_back_only_as_it_was_seen(phone: FlaskClient, book: Rulebook) -> None:
    send(phone, tags="rain")
    old = made(phone.get("/rules/sad").text)
    send(phone, tags="snow")
    told = phone.post("/rules/sad", data={"tags": "rain", "back": "yes", "made": old}, headers=OWN)
    assert told.status_code == 409 and book.read()["sad"] == Rule(tags=("snow",))
    assert send(phone, back="yes", made=made(told.text)) == 303 and book.read() == book.delivered()


def test_a_form_that_is_sent_twice_or_asks_for_what_stands_is_kept_at_once(phone: FlaskClient, book: Rulebook) -> None:
    old = made(phone.get("/rules/sad").text)
    assert [send(phone, tags=["rain", " Rain"], made=old) for _ in range(3)] == [303] * 3
    assert book.read()["sad"] == Rule(tags=("rain",))


def test_what_is_wrong_with_a_form_makes_it_no_newer(phone: FlaskClient, book: Rulebook) -> None:
    """A form that came back with its faults was still made before the other's change."""
    old = made(phone.get("/rules/sad").text)
    wrong = phone.post("/rules/sad", data={"sent": "yes", "tags": "x" * 200, "made": old}, headers=OWN)
    assert wrong.status_code == 422 and made(wrong.text) == old
    send(phone, tags="snow")
    assert send(phone, tags="rain", made=made(wrong.text)) == 409 and book.read()["sad"] == Rule(tags=("snow",))
    assert send(phone, tags="rain", made=made(phone.get("/rules/sad").text)) == 303


@browsing
@pytest.mark.parametrize("tongue", ["en", "ko"])
def test_two_tabs_change_one_rule_and_the_second_is_told(
    serve: Serve, open_tab: Open, tmp_path: Path, tongue: str
) -> None:
    page = serve()
    page.house.rules = book = Rulebook((DEFAULT,), tmp_path / "moods.toml")
    page.house.offers = Offered(lambda: SHELF)
    mine = open_tab(page, "/rules/sad", locale=tongue)
    before = book.read()["sad"]
    book.write({"sad": {**plain(before), "tags": [*before.tags, "rain"]}})
    keep = mine.get_by_role("button", name={"en": "Keep these", "ko": "저장하기"}[tongue])
    mine.locator("label", has_text="Ballad").tap()
    mine.locator("input[name='tags.more']").fill("slow")
    keep.tap()
    expect(mine.get_by_role("alert")).to_be_visible()
    assert book.read()["sad"].tags == (*before.tags, "rain") and "Ballad" in before.genres
    mine.locator("label", has=mine.get_by_text("rain", exact=True)).tap()
    keep.tap()
    expect(mine.get_by_text({"en": "Kept.", "ko": "저장했어요."}[tongue])).to_be_visible()
    after = book.read()["sad"]
    assert "Ballad" not in after.genres and after.tags == (*before.tags, "slow", "rain")


@browsing
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
