"""The state, live and at rest, and what a person may order."""

from typing import Any

from flask import Flask, Response, abort, g, jsonify, make_response, request
from werkzeug.wrappers import Response as Answer

from appliance.web import orders, view
from appliance.web.house import House
from appliance.web.live import mark, stream
from appliance.web.parts import Parts
from appliance.web.speech import quiet, said, speak

STREAMS = 32


def put(app: Flask, house: House, drawn: Parts) -> None:
    @app.get("/")
    def now() -> str:
        parts = drawn.draw(house.pulse.now(), g.words)
        return speak("now.html", parts=parts, seen=mark(parts), music=house.music, here="now")

    @app.get("/teach")
    def teach() -> str:
        parts = drawn.draw(house.pulse.now(), g.words)
        return speak("teach.html", part=parts["lesson"], seen=mark(parts), here="settings")

    @app.get("/events")
    def live() -> Response:
        if len(house.streams) >= STREAMS:
            abort(503)
        mine = object()
        words, phone = g.words, g.phone
        # A browser that comes again by itself tells so: what it shows is then no longer what its address says.
        seen = "" if request.headers.get("Last-Event-ID") else request.args.get("seen", "")[:200]

        def welcome() -> bool:
            return phone is None or phone in house.phones.known()

        def told() -> Any:
            house.streams.append(id(mine))
            try:
                yield from stream(house.pulse, lambda scene: drawn.draw(scene, words), welcome, seen)
            finally:
                house.streams.remove(id(mine))

        return Response(told(), mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})

    @app.post("/do/<order>")
    def do(order: str) -> Answer:
        try:
            event, reply = orders.event(order, request.form, house.look())
        except KeyError:
            abort(404)
        except orders.Refused as fault:
            if quiet():
                return make_response(jsonify(fault=g.words(str(fault))), 400)
            abort(400)
        house.post(event)
        return said(g.words(reply), orders.BACK.get(order, "now"))

    @app.get("/api/state")
    def state() -> Response:
        return jsonify(view.state(house.look()))

    @app.get("/healthz")
    def healthz() -> tuple[Response, int]:
        reasons = view.ill(house.look(), house.clock())
        told = {"ok": not reasons, **({"reasons": reasons} if g.paired else {})}
        return jsonify(told), 503 if reasons else 200
