"""A phone, as the page sees one: it knocks, is let in by the button, and comes again with what it was given."""

import http.client
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.rig.pi.inside import pins
from tests.rig.pi.inside.telling import PATIENCE, until

HOST, PORT = "127.0.0.1", 8080
KEY = "mien"
"""The cookie that a phone is known by."""


class Phone:
    """`cookies` are all that it has."""

    def __init__(self, cookies: dict[str, str]) -> None:
        self.cookies = cookies

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """The answer's number and text; a form is sent, and none is a look at the page."""
        line = http.client.HTTPConnection(HOST, PORT, timeout=PATIENCE)
        told = {"Accept": "application/json", "Origin": f"http://{HOST}:{PORT}"}
        if self.cookies:
            told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if form is None:
            line.request("GET", path, headers=told)
        else:
            told["Content-Type"] = "application/x-www-form-urlencoded"
            line.request("POST", path, urlencode(form), told)
        answer = line.getresponse()
        text = answer.read().decode(errors="replace")
        for given in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(given).items():
                self.cookies[name] = morsel.value
        line.close()
        return answer.status, text

    def let_in(self) -> bool:
        self.ask("/answer")
        return bool(self.cookies.get(KEY))

    def pair(self) -> float:
        """Knock, and press the box's button; the seconds until it is let in."""
        self.ask("/knock", {})
        pins.press()
        return until("the phone is let in", self.let_in)
