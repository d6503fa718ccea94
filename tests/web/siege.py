"""A house under siege: the page with everything behind it recorded, asked whatever its description lets one think of.

Used by the suite for a short while, and by `python -m tests.bench.page siege` for as long as one likes.
"""

import dataclasses
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import schemathesis
from flask import Flask
from hypothesis import strategies as st
from requests import PreparedRequest, Request
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from werkzeug.test import create_environ, run_wsgi_app

from appliance import events
from appliance.budget import Budget
from appliance.store import Store
from appliance.web.app import make_app
from appliance.web.charter import described
from appliance.web.door import KNOCKS
from appliance.web.house import House
from appliance.web.intake import Intake
from appliance.web.live import Pulse
from appliance.web.phones import Phones
from appliance.web.sight import Unjudged
from firmware import wire
from tests.web.stage import History, Stage

ENDLESS = ("/events", "/listen")
"""Streams never end; they have tests of their own."""
HEADERS = {
    "Host": ["localhost", "mien.local", "127.0.0.1:8080", "[::1]", "evil.example", "", "a b", "[", "localhost:x"],
    "Origin": ["http://localhost", "https://localhost", "http://evil.example", "null", "", "http://[", "//"],
    "Accept": ["text/html", "application/json", "*/*", ";;;q=9", "é"],
    "Accept-Language": ["ko", "en", "xx;q=nan", ",,,", "k" * 500],
    "Accept-Encoding": ["gzip", "identity", "gzip;q=0", "*"],
    "Cookie": ["mien=", "mien=\"x", "tongue=../../x", "knock=" + "k" * 3000, ";;=;", "sealed=yes; tongue=ko"],
    "Content-Length": ["-1", "99999999999", "x", "0"],
    "Content-Type": ["multipart/form-data", "multipart/form-data; boundary=", "text/plain; charset=utf-99", "é"],
    "Range": ["bytes=0-0", "bytes=99999999999-", "x"],
    "If-Modified-Since": ["Thu, 99 Foo 9999 99:99:99 GMT", "0"],
    "User-Agent": ["Android", "", "\x7f" * 200],
    "X-Forwarded-For": ["127.0.0.1"],
}  # fmt: skip
"""Headers as browsers, other programs and bad people send them."""


def judge(picture: bytes) -> wire.Glance:
    if not picture:
        raise Unjudged("Nothing came. Please send a JPEG, PNG or WebP picture.")
    return wire.Glance(1.0, "nobody", 0.5)


class Siege:
    """One house, and all that came of asking it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "music").mkdir()
        self.stage = Stage()
        self.restarts: list[int] = []
        many = Budget(rate=1e9, burst=1e9)
        self.house = House(
            look=self.stage.look,
            post=self.stage.posted.append,
            settings=Store([], folder / "settings.toml"),
            history=History(),
            pulse=Pulse(self.stage.look),
            phones=Phones(folder / "phones.json"),
            clock=self.stage.clock,
            wall=lambda: 1.8e9,
            names=frozenset({"mien.local"}),
            judge=judge,
            intake=Intake(lambda: folder / "music"),
            restart=lambda: self.restarts.append(1),
            friends=many,
            strangers=many,
            knocks=many,
        )
        self.house.phones.add("a-token", "Android phone", 1.8e9)
        self.app: Flask = make_app(self.house)
        self.stage.time += 60
        self.operations = self._operations()
        self.codes: dict[int, int] = {}

    def _operations(self) -> list[Any]:
        paths = described(self.app, self.house)
        del paths["security"], paths["components"]  # who asks is for the siege to say
        paths["paths"] = {path: told for path, told in paths["paths"].items() if path not in ENDLESS}
        schema = schemathesis.openapi.from_dict(paths)
        return [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]

    def cases(self) -> st.SearchStrategy[tuple[Case[Any], dict[str, str]]]:
        """A request as described, or not quite, with headers of every kind."""
        modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        cases = [one.as_strategy(generation_mode=mode) for one in self.operations for mode in modes]
        header = st.sampled_from([(name, value) for name, values in sorted(HEADERS.items()) for value in values])

        @st.composite  # which has a name, where a tuple's is all that it is made of
        def asked(draw: st.DrawFn) -> tuple[Case[Any], dict[str, str]]:
            return draw(draw(st.sampled_from(cases))), dict(draw(st.lists(header, max_size=3)))

        return asked()

    def ask(self, case: Case[Any], headers: dict[str, str], paired: bool) -> int:
        """The answer's code. AssertionError for a 500, for an effect that it should not have had, for a stray file."""
        own = {"Origin": "http://localhost", **({"Cookie": "mien=a-token"} if paired else {})}
        asked = Request(**case.as_transport_kwargs(base_url="http://localhost")).prepare()
        environ = environment(asked, {**own, **headers})
        before = self.state()
        self.stage.posted.clear()
        with watched() as touched:
            told = self._answer(environ)
        assert told < 500, (case.method, case.formatted_path, headers, told)
        strays = [path for path in touched if not Path(path).resolve().is_relative_to(self.folder.resolve())]
        assert not strays, strays
        if not paired:
            assert not self.stage.posted and self.state() == before, (case.method, case.formatted_path)
        for event in self.stage.posted:
            assert dataclasses.is_dataclass(event) and type(event).__module__ == events.__name__
        assert len(self.house.door._knocks) <= KNOCKS and not self.house.streams
        self.codes[told] = self.codes.get(told, 0) + 1
        return told

    def _answer(self, environ: dict[str, Any]) -> int:
        body, status, _ = run_wsgi_app(self.app, environ, buffered=True)
        for _ in body:
            pass
        return int(status.split()[0])

    def state(self) -> tuple[Any, ...]:
        files = sorted(str(file) for file in self.folder.rglob("*"))
        return (dict(self.house.settings.values()), self.house.phones.known(), len(self.restarts), files)


def environment(asked: PreparedRequest, headers: dict[str, str]) -> dict[str, Any]:
    """The request as a server would hand it on, with these headers laid over its own, however wrong they are."""
    path, _, query = asked.path_url.partition("?")
    sent = asked.body or b""
    assert isinstance(sent, str | bytes)
    body = sent.encode("utf-8", "surrogatepass") if isinstance(sent, str) else sent
    environ = create_environ(unquote_to_bytes(path).decode("latin-1"), method=asked.method, input_stream=BytesIO(body))
    environ |= {"PATH_INFO": unquote_to_bytes(path).decode("latin-1"), "QUERY_STRING": query}
    environ |= {"CONTENT_LENGTH": str(len(body)), "REMOTE_ADDR": "192.168.1.9"}
    for name, value in {**asked.headers, **headers}.items():
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_LENGTH", "CONTENT_TYPE") else f"HTTP_{key}"
        environ[key] = value.decode("latin-1") if isinstance(value, bytes) else value
    return environ


_touched: list[str] | None = None


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if _touched is None:
        return
    if event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
        mode, flags = arguments[1], arguments[2] or 0
        if any(one in (mode or "") for one in "wax+") or flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            _touched.append(os.fsdecode(arguments[0]))
    elif event in ("os.rename", "os.remove", "os.mkdir", "os.link", "os.symlink"):
        _touched.extend(os.fsdecode(one) for one in arguments[:2] if isinstance(one, str | bytes | os.PathLike))
    elif event in ("subprocess.Popen", "os.system", "os.exec"):
        _touched.append(f"/a process: {arguments[0]}")


sys.addaudithook(_note)


@contextmanager
def watched() -> Iterator[list[str]]:
    """All files that this process opens to write, moves or removes meanwhile, and each program that it starts."""
    global _touched
    _touched = []
    try:
        yield _touched
    finally:
        _touched = None
