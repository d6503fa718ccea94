"""The box's own sound, passed on to phones that were let in.

The music server's stream listens on this machine alone, so nobody in the network can overhear it; it reaches a phone
only through the page's own gate, at whatever address and by whatever scheme the phone found the page.
"""

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlsplit

from flask import Flask, Response, abort

from appliance.web.house import House

LISTENERS = 4
"""At once: each holds one of the server's threads."""
PATIENCE = 10.0
CHUNK = 4096


def put(app: Flask, house: House) -> None:
    listening: list[int] = []

    @app.get("/listen")
    def listen() -> Response:
        if not house.music:
            abort(404)
        if len(listening) >= LISTENERS:
            abort(503)
        try:
            line, source = tune(house.music)
        except (OSError, HTTPException):
            abort(503)
        mark = object()

        def told() -> Iterator[bytes]:
            listening.append(id(mark))
            try:
                while heard := source.read1(CHUNK):
                    yield heard
            except (OSError, HTTPException):
                return  # the music server went away: the phone asks again when it is told to play
            finally:
                listening.remove(id(mark))
                line.close()

        return Response(told(), mimetype=source.headers.get_content_type(), direct_passthrough=True)


def tune(address: str) -> tuple[HTTPConnection, HTTPResponse]:
    """The stream at this address, opened. Raises OSError or HTTPException where there is none."""
    where = urlsplit(address)
    line = HTTPConnection(where.hostname or "localhost", where.port, timeout=PATIENCE)
    try:
        line.request("GET", where.path or "/")
        source = line.getresponse()
        if source.status != 200 or not source.headers.get_content_type().startswith("audio/"):
            raise HTTPException(f"no stream at {address}")
    except (OSError, HTTPException):
        line.close()
        raise
    return line, source
