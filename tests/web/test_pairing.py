"""A phone comes in by the button, stays in, and goes when it is removed: over the wire, and in a real browser."""

import threading
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from appliance.web.house import House
from tests.web.conftest import Open, Serve, browsing
from tests.web.pictures import picture
from tests.web.stage import OWN


def test_a_phone_pairs_by_the_button_and_can_be_removed(stranger: FlaskClient, house: House) -> None:
    stranger.post("/knock", headers={**OWN, "User-Agent": "Something Android 14"})
    assert "waiting for the button" in stranger.get("/answer").text
    assert house.door.press(house.clock())
    told = stranger.get("/answer")
    cookie = next(one for one in told.headers.getlist("Set-Cookie") if one.startswith("mien="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert stranger.get("/").status_code == 200
    assert "Android phone" in stranger.get("/phones").text
    short = house.phones.known()[0].short
    stranger.post("/phones/remove", data={"phone": short}, headers=OWN)
    assert stranger.get("/", headers={"Accept": "text/html"}).headers["Location"] == "/welcome"


def test_a_phone_that_taps_again_is_let_in_all_the_same(stranger: FlaskClient, house: House) -> None:
    for _ in range(2):
        assert stranger.post("/knock", headers=OWN).headers["Location"] == "/answer"
    assert stranger.get("/welcome").headers["Location"] == "/answer", "nor does it forget that it waits"
    assert house.door.press(house.clock())
    stranger.get("/answer")
    assert stranger.get("/").status_code == 200


def test_who_is_in_already_is_told_so_at_the_door(phone: FlaskClient) -> None:
    """A second tab that waits: the first one's answer was for both."""
    assert phone.get("/answer", headers={"Accept": "application/json"}).json == {"answer": "in"}
    assert phone.get("/answer", headers={"Accept": "text/html"}).headers["Location"] == "/"


def test_a_phone_that_comes_by_is_not_shown_out_a_year_after_it_was_let_in(
    phone: FlaskClient, stranger: FlaskClient, house: House
) -> None:
    """Each page that it opens lets it in for another year; a phone that was removed, or never let in, gets nothing."""
    [given] = phone.get("/settings").headers.getlist("Set-Cookie")
    assert given.startswith("mien=a-token;") and f"Max-Age={366 * 24 * 3600};" in given
    for word in ("HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in given
    assert not phone.get("/api/state").headers.getlist("Set-Cookie"), "what no person opened is no visit"
    assert not stranger.get("/welcome").headers.getlist("Set-Cookie")
    house.phones.remove(house.phones.known()[0].short)
    assert not phone.get("/welcome").headers.getlist("Set-Cookie")


def test_an_answer_that_was_lost_on_its_way_is_given_again(stranger: FlaskClient, house: House) -> None:
    """One phone is in, under one key, and none that nobody has."""
    stranger.post("/knock", headers=OWN)
    assert house.door.press(house.clock())
    knock = stranger.get_cookie("knock")
    assert knock
    for _ in range(3):
        stranger.get("/answer", headers={"Accept": "application/json"})
        stranger.delete_cookie("mien")
        stranger.set_cookie("knock", knock.value)
    assert stranger.get("/welcome").headers["Location"] == "/answer"
    assert stranger.get("/answer").headers["Location"] == "/"
    assert stranger.get("/").status_code == 200 and len(house.phones.known()) == 1


def test_a_card_that_refuses_leaves_the_phone_at_the_door_and_space_lets_it_in(
    stranger: FlaskClient, house: House, tmp_path: Path
) -> None:
    stranger.application.config["PROPAGATE_EXCEPTIONS"] = False
    stranger.post("/knock", headers=OWN)
    assert house.door.press(house.clock())
    (tmp_path / "phones.json.new").mkdir()  # root writes past every permission, but never into a folder
    assert stranger.get("/answer").status_code == 500 and not house.phones.known()
    (tmp_path / "phones.json.new").rmdir()
    assert stranger.get("/answer").headers["Location"] == "/" and stranger.get("/").status_code == 200


def test_a_removed_phone_does_not_come_in_again_by_the_press_that_let_it_in(
    stranger: FlaskClient, phone: FlaskClient, house: House
) -> None:
    stranger.post("/knock", headers={**OWN, "User-Agent": "Something Android 14"})
    assert house.door.press(house.clock())
    knock = stranger.get_cookie("knock")
    assert knock
    stranger.get("/answer")
    phone.post("/phones/remove", data={"phone": house.phones.known()[-1].short}, headers=OWN)
    stranger.set_cookie("knock", knock.value)
    assert "The minute is over" in stranger.get("/answer").text and len(house.phones.known()) == 1


@browsing
def test_a_phone_comes_in_by_the_button(serve: Serve, open_tab: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIEN_TRUST_LOCALHOST", "0")
    page = serve()
    page.house.trust_localhost = False
    tab = open_tab(page)
    expect(tab.get_by_role("heading", level=1)).to_have_text("Press the button on the box")
    assert "Morning Light" not in tab.content()
    tab.get_by_role("button", name="Let this phone in").tap()
    expect(tab.get_by_text("waiting for the button")).to_be_visible()
    picture(tab, "door")
    assert page.pressed()
    expect(tab.get_by_text("Morning Light")).to_be_visible()
    assert not page.pressed(), "one press, one phone"
    tab.goto(f"http://localhost:{page.port}/phones")
    expect(tab.get_by_text("this one")).to_be_visible()
    tab.get_by_role("button", name="Remove").tap()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Press the button on the box")


@browsing
@pytest.mark.parametrize("workers", ["allow", "block"])
def test_a_phone_that_follows_a_link_from_another_site_is_still_let_in(
    serve: Serve, open_tab: Open, workers: str
) -> None:
    """As Home Assistant links to the box, in the tongue that was chosen here."""
    page = serve()
    page.house.trust_localhost = False
    tab = open_tab(page, service_workers=workers)
    tab.get_by_role("button", name="Let this phone in").tap()
    expect(tab.get_by_text("waiting for the button")).to_be_visible()
    assert page.pressed()
    expect(tab.get_by_text("Morning Light")).to_be_visible()
    tab.goto(f"http://localhost:{page.port}/settings")
    tab.get_by_role("button", name="한국어").tap()
    expect(tab.locator("html")).to_have_attribute("lang", "ko")
    link = f'<a href="http://localhost:{page.port}/">Visit device</a>'
    tab.route("http://home.example/", lambda route: route.fulfill(body=link, content_type="text/html"))
    tab.goto("http://home.example/")
    tab.get_by_role("link", name="Visit device").tap()
    expect(tab.get_by_role("heading", level=1)).to_have_text("행복한 얼굴이 보여요.")


@browsing
def test_a_phone_that_taps_again_before_the_box_has_answered_knocks_once(
    serve: Serve, open_tab: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = serve()
    page.house.trust_localhost = False
    answers = threading.Event()
    monkeypatch.setattr(page.house.knocks, "spend", lambda address, now: answers.wait(60))
    tab = open_tab(page)
    tab.on("request", lambda request: answers.set() if request.url.endswith("/healthz") else None)
    tab.evaluate(
        "() => { const button = document.querySelector('form[action=\"/knock\"] button');"
        " for (const at of [0, 100, 200]) setTimeout(() => button.click(), at);"
        " setTimeout(() => fetch('/healthz'), 300); }"
    )
    expect(tab.get_by_text("waiting for the button")).to_be_visible()
    assert page.pressed()
    expect(tab.get_by_text("Morning Light")).to_be_visible()


@browsing
def test_a_phone_that_chooses_its_tongue_at_the_door_goes_on_waiting(serve: Serve, open_tab: Open) -> None:
    page = serve()
    page.house.trust_localhost = False
    tab = open_tab(page)
    tab.get_by_role("button", name="Let this phone in").tap()
    expect(tab.get_by_text("waiting for the button")).to_be_visible()
    tab.get_by_role("button", name="한국어").tap()
    expect(tab.get_by_text("버튼을 기다리고 있어요")).to_be_visible()
    assert page.pressed()
    expect(tab.get_by_text("Morning Light")).to_be_visible()
