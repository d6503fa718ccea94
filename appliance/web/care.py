"""How the box is, and what a person may do for it: findings and fixes, logs, versions, a restart."""

import threading
from collections.abc import Sequence

from flask import Flask, abort, g, jsonify, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from appliance import events
from appliance.web.door import fresh
from appliance.web.house import House
from appliance.web.live import mark
from appliance.web.needs import Finding
from appliance.web.parts import Parts
from appliance.web.speech import speak

SETTLED = 90.0
"""Seconds for which the half must have run before a phone may restart it: systemd gives up on one that starts more
than eight times in ten minutes."""


def put(app: Flask, house: House, drawn: Parts) -> None:
    one = threading.Semaphore(1)  # an examination opens the history and the music server: one at a time
    born = fresh()
    begun = house.clock()
    asked = [float("-inf")]  # when the other half was asked last
    turn = threading.Lock()

    @app.get("/health")
    def health() -> str:
        return page()

    @app.post("/health")
    def examined() -> str:
        if not one.acquire(blocking=False):
            abort(429)
        try:
            return page(tuple(house.examine()))
        finally:
            one.release()

    def page(findings: Sequence[Finding] | None = None) -> str:
        scene = house.pulse.now()
        parts = drawn.draw(scene, g.words)
        return speak(
            "health.html",
            s=scene.snapshot,
            parts=parts,
            seen=mark(parts),
            findings=findings,
            versions=house.versions(),
            restarts=house.restart is not None,
            here="settings",
        )

    @app.get("/logs")
    def logs() -> str:
        return speak("logs.html", logs=house.logs(), here="settings")

    @app.post("/restart")
    def restart() -> Answer:
        """Ends this half; systemd, or the desk, starts it again. The music plays on meanwhile."""
        if house.restart is None:
            abort(404)
        if house.clock() - begun < SETTLED:
            abort(429)
        house.restart()
        return make_response(speak("restarting.html", born=born, here="settings"), 202)

    @app.post("/restart/eye")
    def restart_eye() -> Answer:
        """Asks the half that sees to end; systemd, or the desk, starts it again. Its shutter stays as it is."""
        if house.restart is None:
            abort(404)
        with turn:
            now = house.clock()
            if house.look().eye == "down" or now - asked[-1] < SETTLED:
                abort(429)
            asked[:] = [now]
        house.post(events.EyeAgain())
        return redirect(url_for("health", asked="eye"), 303)

    @app.get("/restart")
    def back() -> Answer:
        """To the page that waits: is this still the half that was asked to end?"""
        return jsonify(back=request.args.get("born") != born)
