"""A song's cover, as the music server has it: in the file, or beside it. An edge with its own connection and limits."""

import hashlib
import os
import socket
import threading
from collections import OrderedDict
from io import BufferedReader

import mpd
from flask import Flask, Response, abort

from appliance import dial
from appliance.dial import LOST, Dial
from appliance.web.house import House

LARGEST = 2 * 1024 * 1024
"""A cover beyond this is no cover for a phone, and its song goes without."""
PATIENCE = 3.0
KEPT = 3
"""Covers kept in memory: the song that plays, and those around it. All phones ask for the same one."""
KINDS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF8", "image/gif"))
Picture = tuple[str, bytes]
NOTHING: Picture = ("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg"/>')
"""Laid over the drawn sleeve, which then shows."""


def kind(content: bytes) -> str:
    """What it is by its first bytes, whatever its song says; empty for anything that might be more than a picture."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((name for head, name in KINDS if content.startswith(head)), "")


def mark(uri: str) -> str:
    """The song's name in an address: it tells a browser that another song has another cover, and nothing else."""
    return hashlib.sha256(uri.encode()).hexdigest()[:16]


class Covers:
    """Asked by any thread; one asks the server at a time, and the others then find the answer."""

    def __init__(self, reach: Dial) -> None:
        self._reach = reach
        self._one = threading.Lock()
        self._known: OrderedDict[str, Picture | None] = OrderedDict()

    def __call__(self, uri: str) -> Picture | None:
        """None for a song without a cover, and for as long as the server is away."""
        with self._one:
            if uri not in self._known:
                try:
                    content = self._ask(uri)
                except (*LOST, ValueError, mpd.MPDError):
                    return None  # not remembered: it may be back for the next who asks
                self._known[uri] = (named, content) if (named := kind(content)) else None
                while len(self._known) > KEPT:
                    self._known.popitem(last=False)
            self._known.move_to_end(uri)
            return self._known[uri]

    def _ask(self, uri: str) -> bytes:
        client = self._reach.connect()
        try:
            # The client's own command would take in a picture of any size, so the same socket is read by hand.
            with socket.socket(fileno=os.dup(client.fileno())) as line:
                line.settimeout(PATIENCE)
                with line.makefile("rb") as answer:
                    for command in ("readpicture", "albumart"):
                        if content := fetch(line, answer, command, uri):
                            return content
            return b""
        finally:
            dial.hang_up(client)


def fetch(line: socket.socket, answer: BufferedReader, command: str, uri: str) -> bytes:
    """A whole picture, piece by piece; empty where there is none or it is too large. Raises OSError when cut off."""
    quoted = uri.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    got = bytearray()
    while True:
        line.sendall(f'{command} "{quoted}" {len(got)}\n'.encode())
        size, piece = read(answer)
        if size > LARGEST or not piece:
            return b""
        got += piece
        if len(got) >= size:
            return bytes(got[:size])


def read(answer: BufferedReader) -> tuple[int, bytes]:
    """One answer: the size of the whole, and this piece of it."""
    size, piece = 0, b""
    while (said := answer.readline(4096)) != b"OK\n":
        if not said.endswith(b"\n"):
            raise ConnectionError("the music server hung up in a picture")
        if said.startswith(b"ACK "):
            return 0, b""
        key, _, value = said.decode("utf-8", "replace").partition(": ")
        if key == "size":
            size = int(value)
        elif key == "binary":
            length = min(int(value), LARGEST)
            piece = answer.read(length)
            answer.readline(4096)
    return size, piece


def put(app: Flask, house: House) -> None:
    app.jinja_env.globals.update(cover_mark=mark)

    @app.get("/cover/<song>")
    def cover(song: str) -> Response:
        """Of the song that plays, and no other: a phone has no business to walk through the library by this."""
        now = house.look().player.song
        if now is None or mark(now.uri) != song:
            abort(404)
        named, content = house.cover(now.uri) or NOTHING
        return Response(content, mimetype=named)
