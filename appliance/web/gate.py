"""What every request passes before its route, and every answer after it.

In this order: is it meant for this box (Host), does it come from our own page (Origin), is it small and seldom
enough, and is the phone paired. A refused request has had no effect.
"""

import gzip
import secrets

from flask import Flask, Response, abort, g, request

from appliance.web.door import loopback, ours, same_origin
from appliance.web.house import House
from appliance.web.words import TONGUES

TOKEN = "mien"
OPEN = frozenset({"static", "welcome", "knock", "answer", "healthz", "language", "manifest", "worker", "away"})
"""What an unpaired phone may reach: it tells nothing of the room."""
GZIP = ("text/html", "text/css", "text/javascript", "image/svg+xml", "application/json")


def put(app: Flask, house: House) -> None:
    """Puts the gate before and after each of the app's routes."""

    @app.before_request
    def enter() -> None:
        host = request.host
        if not ours(host, house.names):
            abort(421)
        origin = request.headers.get("Origin")
        harmless = request.method in ("GET", "HEAD")
        if not same_origin(origin, host) and not (harmless and origin is None):
            abort(403)
        token = request.cookies.get(TOKEN, "")
        g.phone = house.phones.holds(token)
        g.paired = bool(g.phone) or (house.trust_localhost and loopback(request.remote_addr, host))
        budget = house.friends if g.paired else house.strangers
        if not budget.spend(request.remote_addr or "", house.clock()):
            abort(429)
        tongue = request.cookies.get("tongue", "")
        g.words = house.words[tongue if tongue in TONGUES else _best()]
        if not g.paired and request.endpoint not in OPEN:
            abort(401)

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
        if request.endpoint != "static":
            answer.headers["Cache-Control"] = "no-store"
        return _squeezed(answer)


def fresh() -> str:
    """A new token: 256 random bits."""
    return secrets.token_urlsafe(32)


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
