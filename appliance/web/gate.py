"""What every request passes before its route, and every answer after it.

In this order: is it meant for this box (Host), does it come from our own page (Origin), does it come the way that the
household chose (HTTPS), is it small and seldom enough, and is the phone paired. A refused request has had no effect.
"""

import gzip
from typing import Any

from flask import Flask, Response, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from appliance.web.door import loopback, ours, same_origin
from appliance.web.house import House
from appliance.web.speech import COOKIE, YEAR
from appliance.web.words import TONGUES

TOKEN = "mien"
OPEN = frozenset(
    {"static", "welcome", "knock", "answer", "healthz", "language", "manifest", "worker", "away", "secure", "authority"}
)
"""What an unpaired phone may reach: it tells nothing of the room."""
PLAIN = frozenset({"static", "healthz", "language", "manifest", "worker", "away", "secure", "authority"})
"""What plain HTTP still answers where the household chose HTTPS alone."""
GZIP = ("text/html", "text/css", "text/javascript", "image/svg+xml", "application/json")


def put(app: Flask, house: House) -> None:
    """Puts the gate before and after each of the app's routes."""

    @app.before_request
    def enter() -> Answer | None:
        tongue = request.cookies.get("tongue", "")
        g.words = house.words[tongue if tongue in TONGUES else _best()]  # first, for a refusal is read by somebody too
        host = request.host
        if not ours(host, house.names):
            abort(421)
        origin = request.headers.get("Origin")
        harmless = request.method in ("GET", "HEAD")
        if not same_origin(origin, host, request.scheme) and not (harmless and origin is None):
            abort(403)
        if "Transfer-Encoding" in request.headers:
            abort(411)  # a body of no told length would be cut off at the limit and believed; no browser sends one
        g.phone = house.phones.holds(key())
        g.paired = bool(g.phone) or (house.trust_localhost and loopback(request.remote_addr, host))
        # What an error's page is dressed in must not be refused for the same reason as the page.
        budget = house.sheets if request.endpoint == "static" else house.friends if g.paired else house.strangers
        if not budget.spend(request.remote_addr or "", house.clock()):
            abort(429)
        open_way = request.is_secure or loopback(request.remote_addr, host)
        if house.https == "only" and not open_way and request.endpoint not in PLAIN:
            return _led(harmless)
        if not g.paired and request.endpoint not in OPEN:
            abort(401)
        return None

    @app.after_request
    def leave(answer: Response) -> Response:
        media = "'self'" if house.music else "'none'"
        answer.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            f"media-src {media}; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        )
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["X-Frame-Options"] = "DENY"
        # "no-referrer" would make browsers send "Origin: null" with our own forms.
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        answer.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        if request.is_secure and g.get("phone") and not request.cookies.get("sealed"):
            # Not a secret and not Secure: it tells the plain page alone that this phone can come by HTTPS.
            answer.set_cookie("sealed", "yes", max_age=YEAR, **COOKIE)
        if answer.mimetype == "text/html":
            answer.headers["Content-Language"] = g.words.tongue
            if g.get("phone"):
                give(answer, TOKEN, key(), YEAR)  # with each page anew: whoever comes by once a year stays in
        if request.endpoint != "static":
            answer.headers["Cache-Control"] = "no-store"
        return _squeezed(answer)


def cookie(name: str) -> str:
    """What this phone was given under this name, by the way that it comes by now: plain HTTP slips HTTPS nothing."""
    return request.cookies.get(f"__Host-{name}" if request.is_secure else name, "")


def key() -> str:
    """The phone's own. Over HTTPS it may still come with the one that it was given before."""
    return cookie(TOKEN) or request.cookies.get(TOKEN, "")


def give(answer: Answer, name: str, value: str, seconds: int) -> None:
    """Over HTTPS a cookie has another name, which browsers keep from all that is not HTTPS. It comes along with a link
    from elsewhere, the home's other pages among them: following one orders nothing, for what orders is no GET."""
    more: dict[str, Any] = {**COOKIE, "max_age": seconds}
    if request.is_secure:
        answer.set_cookie(f"__Host-{name}", value, secure=True, **more)
    else:
        answer.set_cookie(name, value, **more)


def take(answer: Answer, name: str) -> None:
    """Forget it, by whichever way it was given."""
    answer.delete_cookie(name, **COOKIE)
    if request.is_secure:
        answer.delete_cookie(f"__Host-{name}", secure=True, **COOKIE)


def _led(harmless: bool) -> Answer:
    """To HTTPS, if this phone came that way before; else to the page that says what it needs for that."""
    if not harmless:
        abort(403)
    if request.cookies.get("sealed"):
        return redirect(request.url.replace("http:", "https:", 1), 302)
    return redirect(url_for("secure"), 303)


def _best() -> str:
    return request.accept_languages.best_match(list(TONGUES), "en") or "en"


def _squeezed(answer: Response) -> Response:
    """Text goes out gzipped. No page holds a secret that its length could betray."""
    if (
        (answer.is_streamed and not answer.direct_passthrough)
        or answer.mimetype not in GZIP
        or answer.status_code != 200
        or "gzip" not in request.headers.get("Accept-Encoding", "")
    ):
        return answer
    answer.direct_passthrough = False
    answer.set_data(gzip.compress(answer.get_data(), 6))
    answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Content-Length"] = str(len(answer.get_data()))
    answer.vary.add("Accept-Encoding")
    return answer
