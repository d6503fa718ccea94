"""The household's music: where each song lies, how far the listening has come, and what fits which mood."""

import sqlite3
from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Flask, abort, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from appliance.web.atlas import FIELDS, Found
from appliance.web.house import House
from appliance.web.picker import number
from appliance.web.speech import speak
from appliance.web.survey import Survey
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


def put(app: Flask, house: House) -> None:
    survey = Survey(house)

    @app.get("/songs")
    def songs() -> str:
        text, said = request.args.get("q", "").strip()[:100], request.args.get("field", "")
        chosen = int(said) if said.isascii() and said.isdigit() and len(said) < 3 and int(said) < FIELDS else None
        asked = bool(text) or chosen is not None
        found = survey.found(text, chosen) if asked else Found()
        read = survey()
        return speak(
            "songs.html",
            s=house.look(),
            every=len(read.atlas),
            atlas=read.atlas,
            text=text,
            chosen=chosen,
            found=found.uris,
            more=found.count - len(found.uris),
            asked=asked,
            progress=read.progress,
            heard=chosen_languages(),
            names=LANGUAGES,
            label=house.labels,
            rules=house.rules.read(),
            room=house.intake.room(),
            here="songs",
        )

    def chosen_languages() -> list[str]:
        return listed(str(house.settings.values().get("choice.languages", "")))

    @app.post("/songs/language")
    def sung() -> Answer:
        """One tap adds a language to those that are to be heard, or takes it away; none means all. What was `shown`
        when it was tapped tells which: another may have tapped the same one since."""
        asked, heard = request.form.get("language", ""), chosen_languages()
        if asked and asked not in survey().atlas.spoken and asked not in heard:
            abort(400)
        others = [one for one in heard if one != asked]
        shown = listed(request.form["shown"]) if "shown" in request.form else heard
        wanted = [] if not asked else others if asked in shown else [*others, asked]
        if house.settings.change({"choice.languages": ", ".join(wanted)}):
            return make_response(speak("fault.html", text=g.words(word("The card refused. Nothing was changed."))), 503)
        return redirect(url_for("songs") + "#h-sung", 303)

    def trouble(uri: str) -> str:
        told = house.catalogue.trouble(uri)
        return abort(404) if told is None else told

    @app.get("/songs/song")
    def song() -> str:
        uri = request.args.get("uri", "")
        spot = survey().atlas.spot(uri, trouble(uri))
        return speak("song.html", spot=spot, label=house.labels(uri), here="songs")

    @app.post("/songs/place")
    def place() -> Answer:
        """A person says where this song lies, or takes that back."""
        uri = request.form.get("uri", "")
        trouble(uri)
        try:
            if request.form.get("back") == "yes":
                house.catalogue.restore(uri)
            else:
                valence, energy = (number(request.form.get(key, "")) for key in ("valence", "energy"))
                if valence is None or energy is None:
                    abort(400)
                house.catalogue.correct(uri, valence, energy)
        except KeyError:
            abort(404)
        except (sqlite3.Error, OSError):
            return make_response(speak("fault.html", text=g.words(word("The card refused. Nothing was changed."))), 503)
        survey.corrected()
        return redirect(f"{url_for('song')}?{urlencode({'uri': uri, 'kept': 'yes'})}", 303)


def listed(languages: str) -> list[str]:
    return [one.strip().casefold() for one in languages.split(",") if one.strip()]
