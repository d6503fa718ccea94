"""What the page tells visitors and phones that want to keep it: the guest card, the manifest, the worker."""

from flask import Flask, Response, g, jsonify, request, url_for
from markupsafe import Markup

from appliance import address
from appliance.web.door import bare, private
from appliance.web.house import House
from appliance.web.speech import speak


def code(text: str) -> Markup:
    """A QR code as inline SVG. Its text is ours, and the drawing holds none of it."""
    import segno  # drawn once in a while: no reason to hold it from the start

    return Markup(
        segno.make(text, error="m").svg_inline(scale=8, border=2, dark="#33231a", light="#ffffff", svgclass="qr")
    )  # numbers and colours alone


def put(app: Flask, house: House) -> None:
    @app.get("/guest")
    def guest() -> str:
        said = request.host.rpartition(":")[2]
        port = int(said) if said.isdigit() else address.PLAIN
        reached = bare(request.host)  # by a number that this phone reached, if it was one: that is proof
        own = reached if private(reached) else address.number()
        named = address.page(address.name(), port)
        numbered = address.page(own, port) if own else named
        return speak("guest.html", code=code(numbered), named=named, numbered=numbered, here="settings")

    @app.get("/away")
    def away() -> str:
        return speak("away.html")

    @app.get("/manifest.webmanifest")
    def manifest() -> Response:
        drawn = [("icon.svg", "any", "image/svg+xml"), ("icon-192.png", "192x192", "image/png")]
        drawn += [("icon-512.png", "512x512", "image/png")]
        icons = [{"src": url_for("static", filename=name), "sizes": size, "type": kind} for name, size, kind in drawn]
        told = jsonify(
            name="Mien",
            short_name="Mien",
            id="/",
            start_url="/",
            lang=g.words.tongue,
            description=g.words("A speaker that reads the room"),
            shortcuts=[
                {"name": g.words("Music"), "url": url_for("songs")},
                {"name": g.words("Diary"), "url": url_for("book")},
            ],
            display="standalone",
            background_color="#fbf4ea",
            theme_color="#a8421c",
            icons=[*icons, {**icons[-1], "purpose": "maskable"}],
        )
        told.mimetype = "application/manifest+json"
        return told

    @app.get("/sw.js")
    def worker() -> Response:
        return app.send_static_file("sw.js")
