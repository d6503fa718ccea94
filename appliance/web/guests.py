"""What the page tells visitors and phones that want to keep it: the guest card, the manifest, the worker."""

import socket

from flask import Flask, Response, jsonify, request, url_for
from markupsafe import Markup

from appliance.web.house import House
from appliance.web.speech import speak


def address() -> str:
    """This box's own address in its network; empty without one. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address kept for examples: only the route is looked up
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def code(text: str) -> Markup:
    """A QR code as inline SVG. Its text is ours, and the drawing holds none of it."""
    import segno  # drawn once in a while: no reason to hold it from the start

    return Markup(
        segno.make(text, error="m").svg_inline(scale=8, border=2, dark="#33231a", light="#ffffff", svgclass="qr")
    )  # numbers and colours alone


def put(app: Flask, house: House) -> None:
    @app.get("/guest")
    def guest() -> str:
        port = request.host.rpartition(":")[2]
        tail = f":{port}" if port.isdigit() and port != "80" else ""
        own = address()
        named = f"http://{socket.gethostname().partition('.')[0].lower()}.local{tail}/"
        numbered = f"http://{own}{tail}/" if own else named
        return speak("guest.html", code=code(numbered), named=named, numbered=numbered, here="settings")

    @app.get("/away")
    def away() -> str:
        return speak("away.html")

    @app.get("/manifest.webmanifest")
    def manifest() -> Response:
        icon = {"src": url_for("static", filename="icon.svg"), "sizes": "any", "type": "image/svg+xml"}
        told = jsonify(
            name="Mien",
            short_name="Mien",
            start_url="/",
            display="standalone",
            background_color="#fbf4ea",
            theme_color="#a8421c",
            icons=[{**icon, "purpose": "any"}, {**icon, "purpose": "maskable"}],
        )
        told.mimetype = "application/manifest+json"
        return told

    @app.get("/sw.js")
    def worker() -> Response:
        return app.send_static_file("sw.js")
