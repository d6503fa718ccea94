"""The box's own sound, heard on a phone."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from flask.testing import FlaskClient

from appliance.web import listen
from appliance.web.house import House


class Radio(BaseHTTPRequestHandler):
    """A stream of a hundred bars, and a page that is no stream."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "audio/mpeg" if self.path == "/" else "text/html")
        self.end_headers()
        with suppress(ConnectionError):  # whoever listened has gone
            for _ in range(100):
                self.wfile.write(b"la " * 100)

    def log_message(self, *said: object) -> None:
        pass


@pytest.fixture
def radio() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Radio)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_phone_hears_the_boxs_own_sound_through_the_page(phone: FlaskClient, house: House, radio: str) -> None:
    house.music = radio
    told = phone.get("/listen")
    assert told.mimetype == "audio/mpeg" and told.data == b"la " * 10_000


def test_a_stranger_hears_nothing(stranger: FlaskClient, house: House, radio: str) -> None:
    house.music = radio
    told = stranger.get("/listen")
    assert told.status_code == 303 and told.location == "/welcome"


def test_no_more_listen_than_the_server_can_bear_and_a_place_is_free_again(
    phone: FlaskClient, house: House, radio: str
) -> None:
    house.music = radio
    open_ones = [phone.get("/listen", buffered=False) for _ in range(listen.LISTENERS)]
    for told in open_ones:
        next(told.iter_encoded())
    assert phone.get("/listen").status_code == 503
    open_ones[0].close()
    assert phone.get("/listen").status_code == 200


def test_where_nothing_sounds_the_page_says_so_and_hears_it_once_it_does(
    phone: FlaskClient, house: House, radio: str
) -> None:
    assert phone.get("/listen").status_code == 404
    for silent in ("http://127.0.0.1:1/", radio + "page"):
        house.music = silent
        assert phone.get("/listen").status_code == 503
    house.music = radio
    assert phone.get("/listen").status_code == 200
