"""The page as one Flask app: the gate first, then each room's routes. Errors reveal nothing."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import Flask, Request, g, jsonify, make_response, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from appliance import events
from appliance.web import (
    backup,
    care,
    charter,
    cover,
    drawing,
    dress,
    gate,
    guests,
    lessons,
    listen,
    pairing,
    photo,
    picker,
    preferences,
    records,
    ruling,
    songs,
    talk,
    trust,
    upload,
    view,
    why,
)
from appliance.web.house import House
from appliance.web.parts import Parts
from appliance.web.speech import day, hour, quiet, speak
from appliance.web.words import TONGUES, word

LARGEST_FORM = 64 * 1024

FAULTS: Mapping[int, str] = {
    400: word("The box did not understand that."),
    401: word("This phone is not paired."),
    403: word("That did not come from this page."),
    404: word("There is nothing here."),
    405: word("There is nothing here."),
    411: word("The box did not understand that."),
    413: word("That is too much at once."),
    421: word("I don’t go by this name. Use the address on the card for guests, which is the box’s number."),
    429: word("Too fast. Wait a moment."),
    503: word("Too many pages are open. Close one and try again."),
}


class InMemory(Request):
    """A request whose uploads never touch the disk: a photo is nobody's but its sender's."""

    def _get_file_stream(self, *args: Any, **more: Any) -> BytesIO:
        return BytesIO()


def make_app(house: House) -> Flask:
    app = Flask(__name__)
    app.request_class = InMemory
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_FORM, MAX_FORM_PARTS=100, SEND_FILE_MAX_AGE_DEFAULT=3600)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(day=day, hour=hour)
    app.jinja_env.globals.update(view=view, drawing=drawing, lessons=lessons, why=why.why)
    app.jinja_env.globals.update(events=events, TONGUES=TONGUES)
    gate.put(app, house)
    dress.put(app)
    drawn = Parts(app, house)
    talk.put(app, house, drawn)
    care.put(app, house, drawn)
    for room in (
        pairing,
        preferences,
        records,
        guests,
        photo,
        listen,
        cover,
        picker,
        ruling,
        songs,
        upload,
        backup,
        trust,
        charter,
    ):
        room.put(app, house)
    _faults(app)
    return app


def _faults(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Answer:
        code = error.code or 500
        text = g.words(FAULTS.get(code, word("Something went wrong in the box. It is written in its log.")))
        if code == 401 and not quiet() and request.method == "GET":
            return redirect(url_for("welcome"), 303)
        if quiet():
            answer: Answer = jsonify(fault=text)
        else:
            answer = make_response(speak("fault.html", text=text, code=code))
        answer.status_code = code
        if code in (429, 503):
            answer.headers["Retry-After"] = "2"
        return answer
