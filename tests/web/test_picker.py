"""What people say they are about: picked on the first page, several at once, from a list of their own."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from appliance import events, places
from appliance.pursuits import Pursuits
from appliance.web.house import House
from appliance.web.picker import SHIPPED
from tests.web.conftest import Open, Serve, Until, browsing
from tests.web.pictures import picture
from tests.web.stage import OWN, Stage

SHIPPED_LIST = places.DEFAULTS / "pursuits.toml"


@pytest.fixture
def pursuits(house: House, tmp_path: Path) -> Pursuits:
    kept = Pursuits(SHIPPED_LIST, tmp_path / "pursuits.toml")
    house.pursuits = kept
    return kept


def names(pursuits: Pursuits) -> list[str]:
    return [one.name for one in pursuits.read()]


def send(phone: FlaskClient, **form: str) -> int:
    place = {"valence": "0.4", "energy": "-0.2", "words": "slow, tea"}
    return phone.post("/pursuits", data={**place, **form}, headers=OWN).status_code


def test_everything_on_the_list_as_delivered_is_spoken_in_both_tongues() -> None:
    assert {one.name for one in Pursuits(SHIPPED_LIST, Path("/nowhere")).read()} == set(SHIPPED)


def test_a_name_that_is_taken_is_told_of_once(phone: FlaskClient, pursuits: Pursuits) -> None:
    told = phone.post("/pursuits", data={"name": "rest", "valence": "0", "energy": "0", "words": ""}, headers=OWN)
    assert told.status_code == 422 and told.text.count("This name is empty, too long, or taken.") == 1
    assert send(phone, name="bath time") == 303


def test_a_tap_adds_one_and_another_takes_it_away(phone: FlaskClient, stage: Stage, pursuits: Pursuits) -> None:
    phone.post("/do/pursue", data={"name": "rest"}, headers=OWN)
    stage.set(pursuits=("rest",))
    phone.post("/do/pursue", data={"name": "focus"}, headers=OWN)
    phone.post("/do/pursue", data={"name": "rest"}, headers=OWN)
    phone.post("/do/pursue", data={"name": ""}, headers=OWN)
    wanted = [("rest",), ("rest", "focus"), (), ()]
    assert stage.posted == [events.Pursued(names) for names in wanted]


def test_the_household_makes_the_list_its_own_and_can_have_the_first_one_back(
    phone: FlaskClient, pursuits: Pursuits
) -> None:
    assert send(phone, name="tea with grandmother") == 303
    assert names(pursuits)[-1] == "tea with grandmother" and pursuits.read()[-1].words == ("slow", "tea")
    assert "tea with grandmother" in phone.get("/").text
    assert send(phone, name="tea", old="tea with grandmother", valence="-0.5") == 303
    assert names(pursuits)[-1] == "tea" and pursuits.read()[-1].valence == -0.5
    assert send(phone, old="party", away="yes") == 303
    assert "party" not in names(pursuits)
    assert phone.post("/pursuits/reset", headers=OWN).status_code == 303
    assert names(pursuits) == list(SHIPPED)


@pytest.mark.parametrize(
    "form",
    [{"name": ""}, {"name": "x" * 41}, {"name": "Party"}, {"name": "t", "energy": "7"}, {"name": "tea", "energy": "-"},
     {"name": "tea", "valence": ""}, {"name": "tea", "words": ", ".join("abcdefghijklmnopqrstuvwxyz")}],
)  # fmt: skip
def test_what_cannot_be_kept_is_told_and_the_list_stays(
    phone: FlaskClient, pursuits: Pursuits, form: dict[str, str]
) -> None:
    assert send(phone, **form) == 422
    assert names(pursuits) == list(SHIPPED)
    assert send(phone, name="tea") == 303


def made(page: str, old: str = "") -> str:
    """What a form was made from: a pursuit's, or the whole list's."""
    form = page.partition(f'name="old" value="{old}"')[2] if old else page.partition('action="/pursuits/reset"')[2]
    return form.partition('name="made" value="')[2].partition('"')[0]


def test_two_tabs_change_one_pursuit_and_the_second_is_told_before_anything_is_overwritten(
    phone: FlaskClient, pursuits: Pursuits
) -> None:
    old = made(phone.get("/pursuits").text, "rest")
    assert send(phone, name="rest", old="rest", words="rain", made=old) == 303, "the other phone"
    theirs = pursuits.read()
    mine = {"name": "long rest", "old": "rest", "valence": "0.9", "energy": "-0.9", "words": "tender", "made": old}
    told = phone.post("/pursuits", data=mine, headers=OWN)
    assert told.status_code == 409 and pursuits.read() == theirs
    assert 'value="long rest"' in told.text and 'value="tender"' in told.text, "nothing is lost"
    assert "What stands now: a little bright, a little still, rain" in told.text
    assert "This was changed elsewhere while it was open here" in told.text
    phone.set_cookie("tongue", "ko", domain="localhost")
    assert "여기서 열어 둔 사이에 다른 곳에서 바뀌었어요." in phone.post("/pursuits", data=mine, headers=OWN).text
    assert send(phone, **{**mine, "made": made(told.text, "rest")}) == 303
    assert "long rest" in names(pursuits) and "rest" not in names(pursuits)


def test_what_was_renamed_or_taken_off_meanwhile_does_not_come_back_unasked(
    phone: FlaskClient, pursuits: Pursuits
) -> None:
    old = made(phone.get("/pursuits").text, "rest")
    send(phone, name="siesta", old="rest")
    told = phone.post("/pursuits", data={"name": "rest", "old": "rest", "words": "tender", "made": old}, headers=OWN)
    assert told.status_code == 409 and "rest" not in names(pursuits)
    assert "comes back if you add it" in told.text and 'value="tender"' in told.text.partition("h-new")[2]
    assert send(phone, old="rest", away="yes", made=old) == 303 and "siesta" in names(pursuits)
    assert send(phone, name="rest") == 303 and {"siesta", "rest"} <= set(names(pursuits))


def test_taking_off_and_giving_back_are_asked_anew_when_another_changed_the_list(
    phone: FlaskClient, pursuits: Pursuits
) -> None:
    page = phone.get("/pursuits").text
    send(phone, name="rest", old="rest", words="rain")
    assert send(phone, old="rest", away="yes", made=made(page, "rest")) == 409 and "rest" in names(pursuits)
    told = phone.post("/pursuits/reset", data={"made": made(page)}, headers=OWN)
    assert told.status_code == 409 and pursuits.read()[names(pursuits).index("rest")].words == ("rain",)
    assert "The list was changed elsewhere while it was open here" in told.text
    assert phone.post("/pursuits/reset", data={"made": made(told.text)}, headers=OWN).status_code == 303
    assert names(pursuits) == list(SHIPPED)


@browsing
def test_several_are_picked_by_one_tap_each(
    serve: Serve, open_tab: Open, stage: Stage, until: Until, tmp_path: Path
) -> None:
    page = serve()
    page.house.pursuits = Pursuits(SHIPPED_LIST, tmp_path / "pursuits.toml")
    tab = open_tab(page)
    tab.get_by_role("button", name="morning coffee").tap()
    until(lambda: stage.posted == [events.Pursued(("morning coffee",))])
    stage.set(pursuits=("morning coffee",))
    expect(tab.get_by_role("button", name="morning coffee")).to_have_attribute("aria-pressed", "true")
    tab.get_by_role("button", name="rest", exact=True).tap()
    until(lambda: stage.posted[1:] == [events.Pursued(("morning coffee", "rest"))])
    tab.get_by_role("heading", name="What shall the music do?").evaluate(
        "one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 40)"
    )
    picture(tab, "goal")
    tab.get_by_role("link", name="Change this list").tap()
    expect(tab.get_by_role("button", name="Back to the list as delivered")).to_be_visible()  # the page is whole
    tab.get_by_label("Name").last.fill("tea")
    plane = tab.locator("section").last.locator("svg.plane")
    box = plane.bounding_box()
    assert box
    plane.tap(position={"x": box["width"] * 0.8, "y": box["height"] * 0.2})
    expect(tab.get_by_label("From gloomy to bright").last).to_have_value("0.75")
    tab.get_by_label("From still to lively").last.fill("-0.5")
    tab.get_by_role("button", name="Add it").tap()
    expect(tab.get_by_text("Kept.")).to_be_visible()
    added = page.house.pursuits.read()[-1]
    assert (added.name, added.valence, added.energy) == ("tea", 0.75, -0.5)
