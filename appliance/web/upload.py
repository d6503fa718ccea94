"""Music from a phone: in pieces where scripts run, as one small form where they do not."""

import threading
from secrets import token_hex

from flask import Flask, abort, g, jsonify, make_response, request
from werkzeug.wrappers import Response as Answer

from appliance import events
from appliance.web.house import House
from appliance.web.intake import Elsewhere, Refused
from appliance.web.speech import speak
from appliance.web.words import word

PIECE = 4 * 1024 * 1024
WHOLE = 20 * 1024 * 1024
"""Bytes that a form without scripts may bring at once."""


def put(app: Flask, house: House) -> None:
    app.jinja_env.globals.update(PIECE=PIECE)
    one = threading.Semaphore(1)  # a whole form of music takes memory: whoever comes second is told to wait

    @app.post("/songs/piece")
    def piece() -> Answer:
        """One piece, as it is; its file's key and name, where it belongs and how long the whole is, in the address."""
        request.max_content_length = PIECE
        asked = request.args
        try:
            at, of = int(asked.get("at", "")), int(asked.get("of", ""))
        except ValueError:
            abort(400)
        try:
            uri = house.intake.piece(asked.get("key", ""), at, of, request.get_data(cache=False), asked.get("name", ""))
        except Elsewhere as there:
            return make_response(jsonify(at=there.size), 409)
        except Refused as why:
            return make_response(jsonify(fault=g.words(str(why))), 422)
        except OSError:
            return make_response(jsonify(fault=g.words(word("The card refused. Try again."))), 503)
        if uri:
            house.post(events.Rescan())
        return jsonify(uri=uri)

    @app.post("/songs/upload")
    def upload() -> Answer:
        request.max_content_length = WHOLE + 64 * 1024
        if not one.acquire(blocking=False):
            abort(429)
        try:
            results = kept()
        finally:
            one.release()
        house.post(events.Rescan())
        return make_response(speak("taken.html", results=results, here="songs"))

    def kept() -> list[tuple[str, str]]:
        """What came of each file in the form."""
        results: list[tuple[str, str]] = []
        for sent in request.files.getlist("music")[:20]:
            content = sent.read()
            name = sent.filename or ""
            try:
                house.intake.piece(token_hex(16), 0, len(content), content, name)
                results.append((name, word("It is in the music folder now.")))
            except Refused as why:
                results.append((name, str(why)))
            except OSError:
                results.append((name, word("The card refused. Try again.")))
        return results
