"""A photo instead of the camera: judged once, never kept."""

import threading
from typing import Any

from flask import Flask, abort, g, make_response, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as Answer

from appliance.web import view
from appliance.web.house import House
from appliance.web.sight import Unjudged
from appliance.web.speech import speak
from appliance.web.words import word

LARGEST = 20 * 1024 * 1024


def put(app: Flask, house: House) -> None:
    one = threading.Semaphore(1)  # a picture takes memory: one at a time, and whoever comes second is told to wait

    @app.get("/photo")
    def photo() -> str:
        return page()

    @app.post("/photo")
    def judged() -> Answer:
        request.max_content_length = LARGEST + 64 * 1024
        if not one.acquire(blocking=False):
            abort(429)
        try:
            sent = request.files.get("picture")
            glance = house.judge(sent.read() if sent else b"")
        except RequestEntityTooLarge:
            return refused(word("This picture is larger than 20 MB. Please send a smaller one."), 413)
        except Unjudged as why:
            return refused(str(why), 422)
        finally:
            one.release()
        return make_response(page(seen=view.faces(glance)))

    def refused(why: str, code: int) -> Answer:
        return make_response(page(fault=g.words(why)), code)

    def page(**told: Any) -> str:
        return speak("photo.html", most=LARGEST, here="settings", **told)
