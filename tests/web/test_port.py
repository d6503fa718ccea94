"""Plain HTTP and TLS on one port, and nobody starves the others."""

import shutil
import socket
import ssl
import urllib.request
from pathlib import Path

import pytest

from appliance.web import port as ports
from appliance.web.photo import LARGEST
from appliance.web.port import SHARE
from appliance.web.serve import HANDS, Page
from tests.web.conftest import Serve, Until, heard
from tests.web.stage import Stage


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


def photo(line: socket.socket, size: int, origin: str = "") -> None:
    """Begins to send a photo of this size: the head."""
    host = f"localhost:{line.getpeername()[1]}"
    origin = origin or ("https" if isinstance(line, ssl.SSLSocket) else "http") + f"://{host}"
    said = f"POST /photo HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nContent-Length: {size}\r\n"
    line.sendall(f"{said}Content-Type: multipart/form-data; boundary=x\r\n\r\n".encode())


@pytest.mark.parametrize("size", [LARGEST + 100 * 1024, 3 * LARGEST], ids=["just over", "far over"])
@pytest.mark.parametrize("way", ["plain", "sealed"])
def test_who_is_refused_while_still_sending_may_send_on_and_hears_why(page: Page, way: str, size: int) -> None:
    with socket.create_connection(("localhost", page.port), timeout=60) as bare:
        line = bare if way == "plain" else client(page).wrap_socket(bare, server_hostname="localhost")
        photo(line, size)
        line.sendall(bytes(size))
        answer = heard(line)
        line.close()
    assert b" 413 " in answer.partition(b"\r\n")[0] and b"larger than 20 MB" in answer
    assert ask(page) == 200


def test_a_body_that_nobody_wants_is_not_waited_for(serve: Serve) -> None:
    page = serve()
    with socket.create_connection(("localhost", page.port), timeout=60) as line:
        photo(line, LARGEST // 2, "http://elsewhere.example")
        assert b" 403 " in heard(line), "not a byte of it was sent"


def test_who_has_the_last_answer_and_stays_holds_no_thread(serve: Serve, until: Until) -> None:
    page = serve()
    lines = [socket.create_connection(("127.0.0.1", page.port), timeout=60) for _ in range(HANDS + 5)]
    for line in lines:
        photo(line, 2 * LARGEST)
        line.sendall(b"some of it")
        assert b" 413 " in heard(line)
    with urllib.request.urlopen(f"http://localhost:{page.port}/healthz", timeout=30) as answer:
        assert answer.status == 200
    for line in lines:
        line.close()
    until(lambda: not page._server._held)


def test_who_never_ends_is_hung_up_on(serve: Serve, until: Until, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "PATIENCE", 0.0)
    page = serve()
    with socket.create_connection(("127.0.0.1", page.port), timeout=60) as line:
        photo(line, 2 * LARGEST)
        assert b" 413 " in heard(line)
        assert page._server._held
        line.sendall(b"and on")
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
            told = heard(line)
            assert b" 200 " not in told and b"Traceback" not in told
    assert ask(page) == 200
