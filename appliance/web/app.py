"""The page's routes. What each says is in the reader's own tongue; what it does is one event for the owner."""

import time
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, abort, g, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from appliance import events
from appliance.web import drawing, gate, orders, view
from appliance.web.house import House
from appliance.web.live import Scene, stream
from appliance.web.words import TONGUES, Words, word

STREAMS = 32
PARTS = ("hero", "ask", "song", "wish", "eye", "trouble")
YEAR = 366 * 24 * 3600
LARGEST_FORM = 64 * 1024

FAULTS: Mapping[int, str] = {
    400: word("The box did not understand that."),
    401: word("This phone is not paired."),
    403: word("That did not come from this page."),
    404: word("There is nothing here."),
    405: word("There is nothing here."),
    413: word("That is too much at once."),
    421: word("This is not the box you were looking for."),
    429: word("Too fast. Wait a moment."),
    503: word("Too many pages are open. Close one and try again."),
}


def make_app(house: House) -> Flask:
    app = Flask(__name__)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_FORM, MAX_FORM_PARTS=100, SEND_FILE_MAX_AGE_DEFAULT=3600)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(label=_label, day=_day)
    app.jinja_env.globals.update(view=view, drawing=drawing, events=events, TONGUES=TONGUES)
    gate.put(app, house)
    _faults(app)
    _talk(app, house)
    _pairing(app, house)
    _settings(app, house)
    return app


def _label(key: str) -> str:
    """A setting's key as a person reads it: night.brightness_ceiling is Night: brightness ceiling."""
    head, _, tail = key.replace("_", " ").partition(".")
    return f"{head.capitalize()}: {tail}" if tail else head.capitalize()


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(seconds))


def speak(template: str, **values: Any) -> str:
    words: Words = g.words
    return render_template(template, _=words, tongue=words.tongue, **values)


def _quiet() -> bool:
    """Did a script ask, which wants a short answer and no page?"""
    if request.path.startswith(("/api/", "/healthz")):
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _said(text: str, back: str) -> Answer:
    if _quiet():
        return jsonify(said=text)
    return redirect(url_for(back), 303)


def _faults(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Answer:
        code = error.code or 500
        words: Words = g.get("words") or Words("en")
        text = words(FAULTS.get(code, word("Something went wrong in the box. It is written in its log.")))
        if code == 401 and not _quiet() and request.method == "GET":
            return redirect(url_for("welcome"), 303)
        if _quiet():
            answer: Answer = jsonify(fault=text)
        else:
            g.words = words
            answer = make_response(speak("fault.html", text=text))
        answer.status_code = code
        if code in (429, 503):
            answer.headers["Retry-After"] = "2"
        return answer


def _talk(app: Flask, house: House) -> None:
    """The state, live and at rest, and what a person may order."""
    drawn: dict[str, tuple[Scene, dict[str, str]]] = {}

    def draw(scene: Scene, words: Words) -> dict[str, str]:
        """The page's parts; drawn once for each scene and tongue, however many phones look."""
        last = drawn.get(words.tongue)
        if last is not None and last[0] is scene:
            return last[1]
        with app.app_context():
            parts = {
                name: render_template(f"parts/{name}.html", _=words, s=scene.snapshot, trail=scene.trail)
                for name in PARTS
            }
        drawn[words.tongue] = (scene, parts)
        return parts

    @app.get("/")
    def now() -> str:
        return speak("now.html", parts=draw(house.pulse.now(), g.words), music=house.music, here="now")

    @app.get("/events")
    def live() -> Response:
        if len(house.streams) >= STREAMS:
            abort(503)
        mark = object()
        words, phone = g.words, g.phone

        def welcome() -> bool:
            return phone is None or phone in house.phones.known()

        def told() -> Any:
            house.streams.append(id(mark))
            try:
                yield from stream(house.pulse, lambda scene: draw(scene, words), welcome)
            finally:
                house.streams.remove(id(mark))

        return Response(told(), mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})

    @app.post("/do/<order>")
    def do(order: str) -> Answer:
        try:
            event, said = orders.event(order, request.form)
        except KeyError:
            abort(404)
        except orders.Refused as fault:
            if _quiet():
                return make_response(jsonify(fault=g.words(str(fault))), 400)
            abort(400)
        house.post(event)
        return _said(g.words(said), "now")

    @app.get("/api/state")
    def state() -> Response:
        return jsonify(view.state(house.look()))

    @app.get("/healthz")
    def healthz() -> tuple[Response, int]:
        reasons = view.ill(house.look(), house.clock())
        told = {"ok": not reasons, **({"reasons": reasons} if g.paired else {})}
        return jsonify(told), 503 if reasons else 200

    @app.post("/language")
    def language() -> Answer:
        tongue = request.form.get("tongue", "")
        if tongue not in TONGUES:
            abort(400)
        answer = redirect(url_for("settings" if g.paired else "welcome"), 303)
        answer.set_cookie("tongue", tongue, max_age=YEAR, httponly=True, samesite="Strict")
        return answer


def _pairing(app: Flask, house: House) -> None:
    """How a phone comes in, and how it is shown out."""

    @app.get("/welcome")
    def welcome() -> str | Answer:
        """An unpaired phone sees this alone. It knocks by opening the page: there is nothing else to do on it."""
        if g.paired:
            return redirect(url_for("now"), 303)
        return speak("welcome.html", waits=bool(request.cookies.get("knock")))

    @app.post("/knock")
    def knock() -> Answer:
        if g.paired:
            return redirect(url_for("now"), 303)
        now = house.clock()
        if not house.knocks.spend(request.remote_addr or "", now):
            abort(429)
        secret = house.door.knock(_device(request.headers.get("User-Agent", "")), now)
        if secret is None:
            abort(429)
        answer = redirect(url_for("answer"), 303)
        answer.set_cookie("knock", secret, max_age=70, httponly=True, samesite="Strict")
        return answer

    @app.get("/answer")
    def answer() -> Answer:
        if g.paired:
            return redirect(url_for("now"), 303)
        secret = request.cookies.get("knock", "")
        told, name = house.door.answer(secret, house.clock())
        if told != "in":
            page = make_response(jsonify(answer=told) if _quiet() else speak("welcome.html", told=told))
            if told == "late":
                page.delete_cookie("knock", httponly=True, samesite="Strict")
            return page
        wall = house.wall()
        token = gate.fresh()
        house.phones.add(token, name, wall if wall > 1.7e9 else 0.0)
        page = make_response(jsonify(answer="in") if _quiet() else redirect(url_for("now"), 303))
        page.set_cookie(gate.TOKEN, token, max_age=YEAR, httponly=True, samesite="Strict")
        page.delete_cookie("knock", httponly=True, samesite="Strict")
        return page

    @app.get("/phones")
    def phones() -> str:
        return speak("phones.html", phones=house.phones.known(), mine=g.phone, here="settings")

    @app.post("/phones/remove")
    def remove() -> Answer:
        if not house.phones.remove(request.form.get("phone", "")):
            abort(404)
        return redirect(url_for("phones"), 303)

    @app.post("/press")
    def press() -> Answer:
        """`mien pair`: a press for a box without a button. By the state folder's key alone, never from a phone."""
        if not g.shell:
            abort(403)
        return jsonify(paired=house.door.press(house.clock()))


def _device(agent: str) -> str:
    for sign, name in (
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", word("Android phone")),
        ("Windows", word("Windows computer")),
        ("Mac", "Mac"),
        ("Linux", word("Linux computer")),
    ):
        if sign in agent:
            return name
    return word("A device")


def _settings(app: Flask, house: House) -> None:
    @app.get("/settings")
    def settings() -> str:
        return speak("settings.html", fields=house.settings.fields(), values=house.settings.values(), here="settings")

    @app.post("/settings")
    def change() -> Answer:
        """All or nothing; with faults the form comes back as it was filled in, each fault by its field."""
        fields = house.settings.fields()
        wanted = {f.key: _read(f.kind, request.form.get(f.key, "")) for f in fields if _sent(f)}
        faults = {fault.key: fault.text for fault in house.settings.change(wanted)}
        if not faults:
            return redirect(url_for("settings", kept="yes"), 303)
        values = {**house.settings.values(), **wanted}
        return make_response(speak("settings.html", fields=fields, values=values, faults=faults, here="settings"), 422)

    def _sent(field: Any) -> bool:
        return field.key in request.form or (field.kind == "yes/no" and f"{field.key}.shown" in request.form)


def _read(kind: str, said: str) -> Any:
    """The text of a form field as its kind, or the text itself, for the settings to refuse by name."""
    said = said.strip()
    if kind == "yes/no":
        return said == "yes"
    try:
        return int(said) if kind == "whole" else float(said) if kind == "number" else said
    except ValueError:
        return said
