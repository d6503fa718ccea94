"""Everything that the page answers to, asked in ways that nobody meant: what was tried is told in docs/hostile.md."""

import http.client
import io
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from schemathesis import Case
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from firmware.actor import Scene
from tests.firmware.frames import shots
from tests.web.conftest import Serve, heard
from tests.web.siege import Siege, watched
from tests.web.stage import OWN, Stage


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Siege:
    return Siege(tmp_path_factory.mktemp("siege"))


SHORT = examples(
    max_examples=70,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # a failure is told as it was found: each asking may have changed the house
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("paired", [False, True], ids=["a stranger", "a phone that was let in"])
def test_no_request_breaks_the_page_acts_for_a_stranger_or_touches_another_file(siege: Siege, paired: bool) -> None:
    @SHORT
    @given(siege.cases())
    def ask(asked: tuple[Case[Any], dict[str, str]]) -> None:
        siege.ask(*asked, paired=paired)

    ask()
    assert sum(siege.codes.values()) >= 60
    told = siege.app.test_client().get("/healthz")
    assert told.status_code == 200, "and then it serves: whether a draw among the others was well made is chance"


def test_a_stray_file_or_program_would_have_been_noticed(tmp_path: Path) -> None:
    with watched() as touched:
        (tmp_path / "a").write_text("x")
        (tmp_path / "a").rename(tmp_path / "b")
        (tmp_path / "b").read_text()
        os.close(os.open(tmp_path / "c", os.O_CREAT | os.O_WRONLY))
    assert [Path(path).name for path in touched] == ["a", "a", "b", "c"]


@pytest.mark.parametrize(
    "path",
    ["/static/../serve.py", "/static/%2e%2e/serve.py", "/static/..%2fserve.py", "/static//etc/passwd", "/static/%00",
     "/static/\\..\\serve.py", "/backup/../settings.toml", "/%ff", "//evil.example/", "/do/../phones", "/static/"],
)  # fmt: skip
def test_no_path_leads_out_of_the_page(phone: FlaskClient, path: str) -> None:
    told = phone.get(path)
    assert told.status_code in (308, 404, 405, 421), path
    assert b"import" not in told.data and "evil.example" not in told.headers.get("Location", "").partition("//")[2]


@pytest.fixture
def line(serve: Serve) -> Iterator[http.client.HTTPConnection]:
    """A connection to the page as served, by whoever knows how to write his own HTTP."""
    page = serve()
    made = http.client.HTTPConnection("localhost", page.port, timeout=60)
    yield made
    made.close()


def fine(line: http.client.HTTPConnection) -> bool:
    line.close()
    line.request("GET", "/api/state")
    return line.getresponse().read() != b""


def test_a_body_of_unknown_length_is_refused(line: http.client.HTTPConnection, stage: Stage) -> None:
    pieces = iter([b"mood=sad", b"&x=" + b"x" * 60_000, b"x" * 60_000])
    form = {"Origin": f"http://localhost:{line.port}", "Content-Type": "application/x-www-form-urlencoded"}
    line.request("POST", "/do/mood", body=pieces, headers=form, encode_chunked=True)
    assert line.getresponse().status == 411
    assert not stage.posted and fine(line)


@pytest.mark.parametrize(
    "said",
    [b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", b"GET http://evil.example/ HTTP/1.1\r\n\r\n",
     b"POST /do/look HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
     b"POST /do/look HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"\r\n\r\n\r\n",
     b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", b"get / HTTP/1.1\r\n\r\n",
     b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET / HTTP/1.1\r\n: x\r\n\r\n",
     b"POST /photo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n",
     b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", b"CONNECT x:1 HTTP/1.1\r\n\r\n"],
)  # fmt: skip
def test_what_is_hardly_http_is_refused_without_effect(
    line: http.client.HTTPConnection, stage: Stage, said: bytes
) -> None:
    line.connect()
    assert line.sock
    line.sock.sendall(said)
    line.sock.shutdown(1)
    told = heard(line.sock)
    code = told.split()[1] if told else b"-"
    assert code[:1] in b"-4" or code in (b"505", b"501") or b"Location: /welcome" in told, told[:200]
    assert b"Traceback" not in told and not stage.posted and fine(line)


def jpeg() -> bytes:
    done, data = cv2.imencode(".jpg", shots(Scene(expression="happy", distance=1.2))[0])
    assert done
    return data.tobytes()


def png_of(side: int) -> bytes:
    """A few kilobytes that say they are `side` pixels wide and high."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(4_000_000))) + chunk(b"IEND", b"")


def multipart(form: dict[str, Any]) -> tuple[str, bytes]:
    """Made beforehand: the test's own client lays large forms down in a file."""
    boundary, body = encode_multipart(form)
    return f"multipart/form-data; boundary={boundary}", body


def send(phone: FlaskClient, picture: bytes) -> tuple[int, str]:
    kind, body = multipart({"picture": FileStorage(io.BytesIO(picture), "../../x.jpg")})
    with watched() as touched:
        told = phone.post("/photo", data=body, content_type=kind, headers=OWN)
    assert not [path for path in touched if not path.startswith(("/a process:", "/dev/null"))], "it never is a file"
    return told.status_code, told.text


def test_hostile_pictures_get_a_clear_answer_and_the_next_good_one_is_judged(phone: FlaskClient) -> None:
    good = jpeg()
    for picture, answer in (
        (b"", "Nothing came"),
        (b"\0\0\0\x18ftypheic" + bytes(200), "HEIC"),
        (b"GIF89a" + bytes(200), "not a JPEG, PNG or WebP"),
        (good[: len(good) // 40], "broken or tiny"),
        (png_of(60_000), "too many pixels"),
        (good + bytes(20 * 1024 * 1024 - len(good) + 1), "larger than 20 MB"),
    ):
        code, text = send(phone, picture)
        assert code == 422 and answer in text, answer
    code, text = send(phone, good)
    assert code == 200 and "happy" in text


def test_a_photo_that_lies_on_its_side_is_turned_as_it_says(phone: FlaskClient) -> None:
    picture = cv2.imdecode(np.frombuffer(jpeg(), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    side = cv2.imencode(".jpg", np.ascontiguousarray(np.rot90(picture)))[1].tobytes()
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, 6, 0, 0)
    code, text = send(phone, side[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + side[2:])
    assert code == 200 and "Face 1" in text


def test_a_photo_over_the_limit_is_refused_before_it_is_read(phone: FlaskClient, stage: Stage) -> None:
    told = phone.post("/photo", data={"picture": (io.BytesIO(bytes(22 * 1024 * 1024)), "x.jpg")}, headers=OWN)
    assert told.status_code == 413 and not stage.posted


@examples(max_examples=25, deadline=None, database=None)
@given(st.binary(max_size=400), st.sampled_from(["", "; boundary=x", "; boundary=" + "x" * 90, "; charset=utf-99"]))
def test_any_body_at_all_sent_as_a_form_is_answered(siege: Siege, body: bytes, tail: str) -> None:
    client = siege.app.test_client()
    client.set_cookie("mien", "a-token", domain="localhost")
    for path in ("/photo", "/backup", "/settings", "/do/volume"):
        told = client.post(path, data=b"--x\r\n" + body, headers=OWN, content_type="multipart/form-data" + tail)
        assert told.status_code < 500
