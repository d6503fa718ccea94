"""The household's music: where each song lies, how far the listening has come, and what fits which mood."""

import sqlite3
import threading
from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Flask, abort, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from appliance.web import atlas
from appliance.web.atlas import Spot
from appliance.web.house import House
from appliance.web.picker import number
from appliance.web.speech import speak
from appliance.web.words import word

LANGUAGES: Mapping[str, str] = {
    "ko": word("Korean"),
    "en": word("English"),
    "ja": word("Japanese"),
    "zh": word("Chinese"),
    "fr": word("French"),
    "de": word("German"),
    "es": word("Spanish"),
    "it": word("Italian"),
    "pt": word("Portuguese"),
}
"""How a page calls the languages that songs are often sung in; others go by their code."""
SHOWN = 60
"""Songs of a list that a phone shows at once."""


def put(app: Flask, house: House) -> None:
    one = threading.Lock()  # reading a large library takes a moment: whoever comes meanwhile finds it read
    known: dict[int, tuple[Spot, ...]] = {}

    def spots() -> tuple[Spot, ...]:
        with one:
            edition = house.catalogue.edition()
            if edition not in known:
                known.clear()
                known[edition] = atlas.spots(house.catalogue.entries().values())
            return known[edition]

    @app.get("/songs")
    def songs() -> str:
        every = spots()
        text, field = request.args.get("q", "").strip()[:100], request.args.get("field", "")
        chosen = int(field) if field.isascii() and field.isdigit() and len(field) < 3 and int(field) < 16 else None
        wanted = atlas.found(every, text, chosen) if text or chosen is not None else ()
        return speak(
            "songs.html",
            s=house.look(),
            every=every,
            drawn=atlas.drawn(every),
            cells=atlas.cells(every),
            text=text,
            chosen=chosen,
            found=wanted[:SHOWN],
            more=len(wanted) - SHOWN,
            asked=bool(text) or chosen is not None,
            progress=house.catalogue.progress(),
            languages=atlas.spoken(every),
            heard=chosen_languages(),
            names=LANGUAGES,
            rules=house.rules.read(),
            room=house.intake.room(),
            here="songs",
        )

    def chosen_languages() -> list[str]:
        said = str(house.settings.values().get("choice.languages", ""))
        return [one.strip().casefold() for one in said.split(",") if one.strip()]

    @app.post("/songs/language")
    def sung() -> Answer:
        """One tap adds a language to those that are to be heard, or takes it away; none means all."""
        asked, heard = request.form.get("language", ""), chosen_languages()
        if asked and asked not in atlas.spoken(spots()) and asked not in heard:
            abort(400)
        wanted = [one for one in heard if one != asked] if asked in heard else [*heard, asked] if asked else []
        if house.settings.change({"choice.languages": ", ".join(wanted)}):
            return make_response(speak("fault.html", text=g.words(word("The card refused. Nothing was changed."))), 503)
        return redirect(url_for("songs") + "#h-sung", 303)

    def spot(uri: str) -> Spot:
        found = next((spot for spot in spots() if spot.uri == uri), None)
        return found or abort(404)

    @app.get("/songs/song")
    def song() -> str:
        return speak("song.html", spot=spot(request.args.get("uri", "")), here="songs")

    @app.post("/songs/place")
    def place() -> Answer:
        """A person says where this song lies, or takes that back."""
        found = spot(request.form.get("uri", ""))
        try:
            if request.form.get("back") == "yes":
                house.catalogue.restore(found.uri)
            else:
                valence, energy = (number(request.form.get(key, "")) for key in ("valence", "energy"))
                if valence is None or energy is None:
                    abort(400)
                house.catalogue.correct(found.uri, valence, energy)
        except KeyError:
            abort(404)
        except (sqlite3.Error, OSError):
            return make_response(speak("fault.html", text=g.words(word("The card refused. Nothing was changed."))), 503)
        return redirect(f"{url_for('song')}?{urlencode({'uri': found.uri, 'kept': 'yes'})}", 303)
