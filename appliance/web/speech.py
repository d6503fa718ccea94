"""How the routes answer: a page in the reader's own tongue, or a short word to a script."""

import time
from typing import Any

from flask import g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from appliance.web.words import Words

YEAR = 366 * 24 * 3600
COOKIE: dict[str, Any] = {"httponly": True, "samesite": "Lax"}
"""What each of ours is: for no script, and brought along by a link from elsewhere, never by its forms."""


def speak(template: str, **values: Any) -> str:
    words: Words = g.words
    return render_template(template, _=words, tongue=words.tongue, **values)


def quiet() -> bool:
    """Did a script ask, which wants a short answer and no page?"""
    if request.path.startswith(("/api/", "/healthz")):
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def said(text: str, back: str) -> Answer:
    if quiet():
        return jsonify(said=text)
    return redirect(url_for(back), 303)


def day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(seconds))


def hour(seconds: float) -> str:
    return time.strftime("%H:%M", time.localtime(seconds))
