"""HTTPS by the box's own authority, beside plain HTTP on one port; and nobody starves the others."""

import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from appliance.web import port as ports
from appliance.web import seal as seals
from appliance.web.app import make_app
from appliance.web.house import House
from appliance.web.port import SHARE
from appliance.web.seal import DAY, FRESH, LEAF, Seal, Unsealed, openssl
from appliance.web.serve import Page
from appliance.web.trust import fingerprint
from tests.web.stage import Stage
from tests.web.test_gate import OWN

Serve = Callable[..., Page]
Until = Callable[[Callable[[], bool]], None]
NAMES = ("mien.local", "mien", "livingroom")
AWAY = {"REMOTE_ADDR": "192.168.1.9"}
BY_TLS = {"Origin": "https://localhost"}


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seal's folder with everything made, to be copied: making it takes a moment."""
    folder = tmp_path_factory.mktemp("seal") / "seal"
    Seal(folder, NAMES).context("192.168.1.20")
    return folder


@pytest.fixture
def folder(sealed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sealed, tmp_path / "seal"))


def names(folder: Path) -> str:
    return openssl(["x509", "-in", str(folder / "page.pem"), "-noout", "-ext", "subjectAltName"])


def believed(folder: Path) -> bool:
    """Would a phone that took the authority believe the page's certificate, with all that is in it?"""
    asked = ["openssl", "verify", "-CAfile", str(folder / "authority.pem"), str(folder / "page.pem")]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def test_the_keys_are_for_this_half_alone(folder: Path, sealed: Path) -> None:
    assert sealed.stat().st_mode & 0o077 == 0
    assert sorted(file.name for file in sealed.iterdir()) == ["authority.pem", "page.pem"]
    for file in sealed.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE" not in Seal(folder, NAMES).authority()


def test_a_restart_changes_nothing(folder: Path) -> None:
    before = [(file.name, file.read_bytes()) for file in sorted(folder.iterdir())]
    Seal(folder, NAMES).context("192.168.1.20")
    assert [(file.name, file.read_bytes()) for file in sorted(folder.iterdir())] == before


def test_the_certificate_is_made_anew_before_it_ends_and_phones_keep_their_trust(folder: Path) -> None:
    now = time.time()
    seal = Seal(folder, NAMES, lambda: now)
    seal.context("192.168.1.20")
    authority, before = seal.authority(), (folder / "page.pem").read_bytes()
    now += LEAF * DAY - FRESH - DAY
    seal.context("192.168.1.20")
    assert (folder / "page.pem").read_bytes() == before
    now += 2 * DAY
    seal.context("192.168.1.20")
    assert (folder / "page.pem").read_bytes() != before and seal.authority() == authority


def test_a_new_address_in_the_home_is_vouched_for_and_one_outside_never(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seals, "ADDRESSES", 3)
    seal = Seal(folder, NAMES)
    seal.context("10.0.0.7")
    assert "10.0.0.7" in names(folder) and "192.168.1.20" in names(folder)
    before = (folder / "page.pem").read_bytes()
    for outside in ("8.8.8.8", "192.0.2.7", "0.0.0.0", "nonsense"):
        seal.context(outside)  # one of these in it, and phones would refuse the whole certificate
    assert (folder / "page.pem").read_bytes() == before
    for last in range(3):
        seal.context(f"10.0.1.{last}")
    assert believed(folder)
    assert names(folder).count("IP Address") <= 5, "it does not grow for ever"


def test_the_authority_cannot_vouch_for_a_bank(folder: Path, tmp_path: Path) -> None:
    authority = str(folder / "authority.pem")
    for name, fine in (("DNS:bank.example", False), ("DNS:mien.local", True), ("IP:8.8.8.8", False)):
        told = f"[req]\ndistinguished_name=w\nx509_extensions=p\nprompt=no\n[w]\nCN=x\n[p]\nsubjectAltName={name}\n"
        leaf = openssl(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
             "/dev/null", "-CA", authority, "-CAkey", authority, "-config", "/dev/stdin", "-days", "9"], told,
        )  # fmt: skip
        (tmp_path / "leaf").write_text(leaf)
        asked = ["openssl", "verify", "-x509_strict", "-CAfile", authority, str(tmp_path / "leaf")]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        assert (done.returncode == 0) is fine, (name, done.stdout, done.stderr)


def test_a_damaged_authority_is_set_aside_and_all_is_made_anew(folder: Path) -> None:
    (folder / "authority.pem").write_text("damaged")
    seal = Seal(folder, NAMES)
    seal.context("127.0.0.1")
    assert (folder / "authority.damaged").read_text() == "damaged"
    (folder / "page.pem").write_text("damaged")
    Seal(folder, NAMES).context("127.0.0.1")
    done = subprocess.run(
        ["openssl", "verify", "-CAfile", str(folder / "authority.pem"), str(folder / "page.pem")],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0


def test_before_the_clock_is_set_nothing_is_made_and_afterwards_it_is(tmp_path: Path) -> None:
    now = 1e9
    seal = Seal(tmp_path / "seal", NAMES, lambda: now)
    with pytest.raises(Unsealed, match="clock"):
        seal.context("127.0.0.1")
    now = time.time()
    assert isinstance(seal.context("127.0.0.1"), ssl.SSLContext)


def test_without_openssl_it_is_told_and_with_it_all_is_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seal = Seal(tmp_path / "seal", NAMES)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unsealed, match="openssl"):
        seal.authority()
    monkeypatch.undo()
    assert seal.authority().startswith(b"-----BEGIN CERTIFICATE-----")


@pytest.fixture
def page(serve: Serve, sealed: Path, tmp_path: Path) -> Page:
    """The page as served, HTTPS beside plain HTTP."""
    shutil.copytree(sealed, tmp_path / "state" / "seal")
    made = serve()
    assert not made.house.settings.change({"page.https": "beside"})
    return made


def client(page: Page) -> ssl.SSLContext:
    assert page.house.seal
    return ssl.create_default_context(cadata=page.house.seal.authority().decode())


def ask(page: Page, host: str = "localhost", path: str = "/healthz") -> int:
    with urllib.request.urlopen(f"https://{host}:{page.port}{path}", timeout=30, context=client(page)) as told:
        told.read()
        return int(told.status)


def test_a_phone_that_took_the_certificate_believes_the_box_by_name_and_by_address(page: Page) -> None:
    assert ask(page) == ask(page, "127.0.0.1") == 200
    with urllib.request.urlopen(f"http://localhost:{page.port}/healthz", timeout=30) as told:
        assert told.status == 200, "plain HTTP stays, on the same port"
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(f"https://localhost:{page.port}/healthz", timeout=30)
    assert ask(page) == 200


def test_it_can_be_switched_off_and_on_without_a_restart(page: Page) -> None:
    assert not page.house.settings.change({"page.https": "off"})
    with pytest.raises(OSError):
        ask(page)
    assert not page.house.settings.change({"page.https": "beside"})
    assert ask(page) == 200


def test_who_is_silent_in_the_middle_of_the_handshake_holds_up_nobody(page: Page) -> None:
    lines = [socket.create_connection(("127.0.0.1", page.port)) for _ in range(ports.SHARE)]
    for line in lines:
        line.sendall(b"\x16\x03\x01")
    assert ask(page) == 200
    for line in lines:
        line.close()
    assert ask(page) == 200


def test_silent_connections_hold_no_thread(serve: Serve, stage: Stage) -> None:
    page = serve()
    lines = [socket.create_connection(("127.0.0.1", page.port)) for _ in range(150)]
    with urllib.request.urlopen(f"http://localhost:{page.port}/api/state", timeout=30) as told:
        assert told.status == 200
    for line in lines:
        line.close()


def test_one_address_may_hold_its_share_and_no_more(
    serve: Serve, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "near", lambda address: False)
    page = serve()
    lines = [socket.create_connection(("127.0.0.1", page.port), timeout=30) for _ in range(SHARE)]
    until(lambda: page._server._held["127.0.0.1"] == SHARE)
    with socket.create_connection(("127.0.0.1", page.port), timeout=30) as late:
        assert late.recv(1) == b"", "shown out"
    lines.pop().close()
    until(lambda: page._server._held["127.0.0.1"] < SHARE)
    with urllib.request.urlopen(f"http://localhost:{page.port}/healthz", timeout=30) as told:
        assert told.status == 200
    for line in lines:
        line.close()
    until(lambda: not page._server._held)


def test_what_is_neither_http_nor_tls_is_answered_or_hung_up_on(page: Page) -> None:
    for said in (
        b"\x16" * 400,
        b"\x80\x2e\x01",
        b"\x00" * 50 + b"\r\n\r\n",
        b"SSH-2.0-x\r\n\r\n",
        b"GET\r\n\r\n",
        b"\xff",
    ):
        with socket.create_connection(("127.0.0.1", page.port), timeout=30) as line:
            line.sendall(said)
            line.shutdown(socket.SHUT_WR)
            told = b"".join(iter(lambda: line.recv(4096), b""))
            assert b" 200 " not in told and b"Traceback" not in told
    assert ask(page) == 200


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
    for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie
    assert by_tls.get("/", base_url="https://localhost").status_code == 200
    assert by_tls.get("/", base_url="http://localhost").status_code == 303, "a stranger by plain HTTP"


def test_a_phone_let_in_before_stays_in_when_it_comes_by_https(by_tls: FlaskClient) -> None:
    by_tls.set_cookie("mien", "a-token", domain="localhost")
    told = by_tls.get("/", base_url="https://localhost")
    assert told.status_code == 200 and "Secure" in told_cookies(told)["__Host-mien"]
    by_tls.delete_cookie("mien", domain="localhost")
    assert by_tls.get("/", base_url="https://localhost").status_code == 200


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
