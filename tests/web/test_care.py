"""How the box is, and what a person may do for it."""

import threading
import urllib.error
import urllib.request

import pytest
from flask.testing import FlaskClient

from appliance import edition, events
from appliance.finding import Finding
from appliance.journal import Log
from appliance.web.app import make_app
from appliance.web.house import House
from appliance.web.serve import Page
from tests.web.conftest import Serve
from tests.web.stage import OWN, Stage


def test_the_findings_are_told_with_what_to_do(phone: FlaskClient, house: House) -> None:
    house.examine = lambda: (
        Finding("disk", "900 MB free at /var/lib/mien"),
        Finding("library", "0 songs", "put songs into the music folder, then: mpc update"),
    )
    assert "900 MB" not in phone.get("/health").text, "an examination takes seconds, so it waits to be asked for"
    text = phone.post("/health", headers=OWN).text
    assert "900 MB free" in text and "mpc update" in text and text.count("What to do:") == 1


def test_two_phones_do_not_examine_the_box_at_once_and_the_next_may(phone: FlaskClient, house: House) -> None:
    begun, go = threading.Event(), threading.Event()

    def slow() -> tuple[Finding, ...]:
        begun.set()
        assert go.wait(30)
        return ()

    house.examine = slow
    other = make_app(house).test_client()
    other.set_cookie("mien", "a-token", domain="localhost")
    codes: list[int] = []
    first = threading.Thread(target=lambda: codes.append(phone.post("/health", headers=OWN).status_code))
    first.start()
    assert begun.wait(30)
    assert phone.application.test_client(use_cookies=False).post("/health", headers=OWN).status_code == 401
    same = phone.application.test_client()
    same.set_cookie("mien", "a-token", domain="localhost")
    assert same.post("/health", headers=OWN).status_code == 429
    go.set()
    first.join(30)
    assert codes == [200] and same.post("/health", headers=OWN).status_code == 200


def test_the_versions_and_the_networks_fingerprint_are_told(phone: FlaskClient, house: House) -> None:
    house.versions = edition.versions
    text = phone.get("/health").text
    assert edition.own() in text and edition.own() != "unknown" and "Python" in text and "abc" in text


def test_the_logs_are_told_as_text_and_nothing_in_them_is_markup(phone: FlaskClient, house: House) -> None:
    assert "Nothing in this hour." in phone.get("/logs").text
    house.logs = lambda: (Log("mien", ("mien: the page is at port 8080", "<script>alert(1)</script>")), Log("eye", ()))
    text = phone.get("/logs").text
    assert "port 8080" in text and "&lt;script&gt;" in text and "<script>alert" not in text


def test_a_restart_is_asked_for_once_the_half_has_settled(phone: FlaskClient, house: House, stage: Stage) -> None:
    asked: list[int] = []
    assert phone.post("/restart", headers=OWN).status_code == 404, "nothing would start it again"
    house.restart = lambda: asked.append(1)
    assert phone.post("/restart", headers=OWN).status_code == 429 and not asked
    stage.time += 100
    told = phone.post("/restart", headers=OWN)
    assert told.status_code == 202 and asked == [1]
    born = told.text.partition('data-born="')[2].partition('"')[0]
    assert phone.get(f"/restart?born={born}").json == {"back": False}
    again = make_app(house).test_client()
    again.set_cookie("mien", "a-token", domain="localhost")
    assert again.get(f"/restart?born={born}").json == {"back": True}


def test_the_eye_is_asked_to_start_again_no_oftener_than_it_may_and_not_while_it_is_away(
    phone: FlaskClient, house: House, stage: Stage
) -> None:
    def ask() -> int:
        return phone.post("/restart/eye", headers=OWN).status_code

    assert ask() == 404, "nothing would start it again"
    house.restart = lambda: None
    stage.set(eye="down")
    assert ask() == 429
    stage.set(eye="up", shutter_closed=True)
    assert ask() == 303 and ask() == 429
    assert stage.posted == [events.EyeAgain()]
    assert "only the button opens it" in phone.get("/health?asked=eye").text
    stage.time += 100
    assert ask() == 303 and len(stage.posted) == 2


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://evil.example"}])
def test_a_page_elsewhere_restarts_nothing(
    phone: FlaskClient, house: House, stage: Stage, headers: dict[str, str]
) -> None:
    asked: list[int] = []
    house.restart = lambda: asked.append(1)
    stage.time += 60
    assert phone.post("/restart", headers=headers).status_code == 403 and not asked


def test_the_guest_card_tells_the_number_by_which_this_phone_came(phone: FlaskClient, house: House) -> None:
    house.names = frozenset({"mien.local"})
    for host, told in (("192.168.7.9:8080", "http://192.168.7.9:8080/"), ("10.0.0.4", "http://10.0.0.4/")):
        phone.set_cookie("mien", "a-token", domain=host.partition(":")[0])
        assert told in phone.get("/guest", headers={"Host": host}, base_url=f"http://{host}").text
    text = phone.get("/guest").text
    assert "127.0.0.1" not in text and ".local" in text


@pytest.mark.parametrize("told", ["", "0", "yes"])
def test_this_machine_itself_is_trusted_only_where_it_was_said_so(
    monkeypatch: pytest.MonkeyPatch, serve: Serve, told: str
) -> None:
    """A box on a shelf has other programs and users; only `./setup.sh run` says that its machine is one person's."""

    def asked(page: Page) -> int:
        try:
            with urllib.request.urlopen(f"http://localhost:{page.port}/api/state", timeout=60) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    if told:
        monkeypatch.setenv("MIEN_TRUST_LOCALHOST", told)
    else:
        monkeypatch.delenv("MIEN_TRUST_LOCALHOST")
    assert asked(serve()) == 401
    monkeypatch.setenv("MIEN_TRUST_LOCALHOST", "1")
    assert asked(serve()) == 200


def test_a_trouble_is_told_once_and_gone_when_mended(phone: FlaskClient, stage: Stage) -> None:
    stage.set(jukebox="down")
    assert "I can’t reach the music player." in phone.get("/").text
    stage.set(trouble=("The music server is away: refused.",))
    text = phone.get("/").text
    assert "The music server is away: refused." in text and "I can’t reach the music player." not in text
    stage.set(jukebox="up", trouble=())
    assert "Something needs a hand" not in phone.get("/").text
