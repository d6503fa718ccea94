"""How a phone comes in, and how it is shown out."""

from flask import Flask, abort, g, jsonify, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from appliance.web import gate
from appliance.web.house import House
from appliance.web.speech import YEAR, quiet, speak
from appliance.web.words import word


def put(app: Flask, house: House) -> None:
    @app.get("/welcome")
    def welcome() -> str | Answer:
        """An unpaired phone sees this alone: it knocks, or is led back to where it is answered."""
        if g.paired:
            return redirect(url_for("now"), 303)
        if house.door.answer(gate.cookie("knock"), house.clock())[0] in ("wait", "in"):
            return redirect(url_for("answer"), 303)
        return speak("welcome.html")

    @app.post("/knock")
    def knock() -> Answer:
        if g.paired:
            return redirect(url_for("now"), 303)
        now = house.clock()
        if not house.knocks.spend(request.remote_addr or "", now):
            abort(429)
        device = _device(request.headers.get("User-Agent", ""))
        secret = house.door.knock(device, now, gate.cookie("knock"))
        if secret is None:
            abort(429)
        answer = redirect(url_for("answer"), 303)
        gate.give(answer, "knock", secret, 130)  # a minute for the button, and one for the answer
        return answer

    @app.get("/answer")
    def answer() -> Answer:
        if g.paired:
            return come()
        secret = gate.cookie("knock")
        told, name, key = house.door.answer(secret, house.clock())
        if told != "in":
            page: Answer = make_response(jsonify(answer=told) if quiet() else speak("welcome.html", told=told))
            if told == "late":
                gate.take(page, "knock")
            return page
        wall = house.wall()
        house.phones.add(key, name, wall if wall > 1.7e9 else 0.0)
        page = come()
        gate.give(page, gate.TOKEN, key, YEAR)
        gate.take(page, "knock")
        return page

    def come() -> Answer:
        return jsonify(answer="in") if quiet() else redirect(url_for("now"), 303)

    @app.get("/phones")
    def phones() -> str:
        return speak("phones.html", phones=house.phones.known(), mine=g.phone, here="settings")

    @app.post("/phones/remove")
    def remove() -> Answer:
        house.door.close()
        if not house.phones.remove(request.form.get("phone", "")):
            abort(404)
        return redirect(url_for("phones"), 303)


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
