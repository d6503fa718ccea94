"""The page by HTTPS, as a phone meets it: its key, its way there, and no way to lock oneself out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from appliance.web.app import make_app
from appliance.web.house import House
from appliance.web.seal import Seal
from appliance.web.trust import fingerprint
from tests.web.conftest import NAMES
from tests.web.stage import OWN, Stage

AWAY = {"REMOTE_ADDR": "192.168.1.9"}
BY_TLS = {"Origin": "https://localhost"}


@pytest.fixture
def home(house: House, folder: Path) -> House:
    """HTTPS beside plain HTTP, one phone let in."""
    house.seal = Seal(folder, NAMES)
    house.phones.add("a-token", "Android phone", 1.8e9)
    assert not house.settings.change({"page.https": "beside"})
    return house


@pytest.fixture
def by_tls(home: House) -> Iterator[FlaskClient]:
    yield make_app(home).test_client()


def told_cookies(told: TestResponse) -> dict[str, str]:
    return {one.partition("=")[0]: one for one in told.headers.getlist("Set-Cookie")}


def test_over_https_the_phones_key_is_a_cookie_that_plain_http_never_sees(by_tls: FlaskClient, home: House) -> None:
    by_tls.post("/knock", headers=BY_TLS, base_url="https://localhost")
    assert home.door.press(home.clock())
    cookie = told_cookies(by_tls.get("/answer", base_url="https://localhost"))["__Host-mien"]
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie
    assert by_tls.get("/", base_url="https://localhost").status_code == 200
    assert by_tls.get("/", base_url="http://localhost").status_code == 303, "a stranger by plain HTTP"


def test_a_knock_that_plain_http_slipped_to_a_phone_is_not_its_own_over_https(by_tls: FlaskClient, home: House) -> None:
    """Whoever can change what goes over plain HTTP would be let in by a press that meant this phone."""
    foreign = home.door.knock("A device", home.clock())
    assert foreign
    by_tls.set_cookie("knock", foreign, domain="localhost")
    by_tls.post("/knock", headers=BY_TLS, base_url="https://localhost")
    assert not home.door.press(home.clock()), "two phones wait"
    assert by_tls.post("/knock", headers=BY_TLS, base_url="https://localhost").status_code == 303
    assert home.door.press(home.clock())
    assert by_tls.get("/answer", base_url="https://localhost").headers["Location"] == "/"


def test_a_phone_let_in_before_stays_in_when_it_comes_by_https(by_tls: FlaskClient) -> None:
    by_tls.set_cookie("mien", "a-token", domain="localhost")
    told = by_tls.get("/", base_url="https://localhost")
    assert told.status_code == 200 and "Secure" in told_cookies(told)["__Host-mien"]
    by_tls.delete_cookie("mien", domain="localhost")
    assert by_tls.get("/", base_url="https://localhost").status_code == 200


def test_by_https_too_each_page_lets_a_phone_in_for_another_year(by_tls: FlaskClient) -> None:
    by_tls.set_cookie("mien", "a-token", domain="localhost")
    for _ in range(2):
        given = told_cookies(by_tls.get("/", base_url="https://localhost"))
        assert "Secure" in given["__Host-mien"] and "Max-Age=31622400" in given["__Host-mien"]
        assert "mien" not in given, "nothing that plain HTTP sees"


def test_the_page_that_came_by_plain_http_cannot_act_on_the_one_by_https(by_tls: FlaskClient, stage: Stage) -> None:
    by_tls.set_cookie("mien", "a-token", domain="localhost")
    assert by_tls.post("/do/look", headers=OWN, base_url="https://localhost").status_code == 403
    assert not stage.posted
    assert by_tls.post("/do/look", headers=BY_TLS, base_url="https://localhost").status_code == 303


def test_https_alone_is_chosen_only_by_a_phone_that_came_by_https(by_tls: FlaskClient, home: House) -> None:
    by_tls.set_cookie("mien", "a-token", domain="localhost")
    form = {"page.https": "only", "music.ceiling": "900"}
    told = by_tls.post("/settings", data=form, headers=OWN)
    assert told.status_code == 422 and "Open this page by HTTPS first" in told.text and "From 0" in told.text
    checked = by_tls.post("/settings/check", data=form, headers=OWN).json
    assert checked and set(checked["faults"]) == set(form), "all faults at once"
    assert by_tls.post("/settings", data={"page.https": "only"}, headers=OWN).status_code == 422
    assert home.https == "beside"
    told = by_tls.post("/settings", data={"page.https": "only"}, headers=BY_TLS, base_url="https://localhost")
    assert told.status_code == 303 and home.https == "only"


def test_with_https_alone_plain_http_explains_and_does_nothing(by_tls: FlaskClient, home: House, stage: Stage) -> None:
    assert not home.settings.change({"page.https": "only"})
    by_tls.set_cookie("mien", "a-token", domain="mien.local")
    plain = {"base_url": "http://mien.local", "environ_overrides": AWAY}
    told = by_tls.get("/settings", **plain)
    assert told.headers["Location"] == "/secure"
    assert by_tls.get("/secure", **plain).status_code == 200
    assert by_tls.get("/mien-box.crt", **plain).data.startswith(b"-----BEGIN")
    origin = {"Origin": "http://mien.local"}
    told = by_tls.post("/do/look", headers=origin, **plain)
    assert told.status_code == 403 and not stage.posted
    told = by_tls.get("/", base_url="https://mien.local", environ_overrides=AWAY)
    assert told.status_code == 200 and "Secure" not in told_cookies(told)["sealed"]
    told = by_tls.get("/settings?a=1", **plain)
    assert told.headers["Location"] == "https://mien.local/settings?a=1", "it has shown that it can"
    assert not home.settings.change({"page.https": "off"})
    assert by_tls.get("/settings", **plain).status_code == 200


def test_the_page_says_why_and_gives_the_certificate_with_its_fingerprint(by_tls: FlaskClient, home: House) -> None:
    assert home.seal
    by_tls.set_cookie("mien", "a-token", domain="localhost")
    certificate = by_tls.get("/mien-box.crt")
    assert certificate.mimetype == "application/x-x509-ca-cert" and b"PRIVATE" not in certificate.data
    text = by_tls.get("/secure").text
    shown = fingerprint(certificate.data)
    assert shown in text and re.fullmatch(r"([0-9A-F]{2}:){31}[0-9A-F]{2}", shown)
    assert not home.settings.change({"page.https": "off"})
    assert by_tls.get("/mien-box.crt").status_code == 404 and "switched off" in by_tls.get("/secure").text
