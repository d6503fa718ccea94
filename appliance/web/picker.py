"""The picker's list, made by the household: what people may say they are about."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from appliance.web.house import House
from appliance.web.needs import Fault, Pursuit
from appliance.web.speech import speak
from appliance.web.words import word

FRESH: dict[str, Any] = {"name": "", "valence": 0.0, "energy": 0.0, "words": ()}
SHIPPED = (
    word("morning coffee"),
    word("rest"),
    word("exercise"),
    word("heart-touching"),
    word("focus"),
    word("party"),
)
"""What the list holds as delivered, for those who read another tongue."""


def put(app: Flask, house: House) -> None:
    @app.get("/pursuits")
    def picker() -> str:
        return page(())

    @app.post("/pursuits")
    def picker_change() -> Answer:
        """One pursuit added, changed or taken off; the list is kept whole or not at all."""
        old = request.form.get("old", "")
        told = read()
        kept = [plain(one) for one in house.pursuits.read()]
        if request.form.get("away") == "yes":
            wanted = [one for one in kept if one["name"] != old]
        elif any(one["name"] == old for one in kept):
            wanted = [told if one["name"] == old else one for one in kept]
        else:
            wanted = [*kept, told]
        faults = [g.words(meant(fault, wanted)) for fault in house.pursuits.write(wanted)]
        if faults:
            return make_response(page(tuple(dict.fromkeys(faults)), old, told), 422)
        return redirect(url_for("picker", kept="yes"), 303)

    @app.post("/pursuits/reset")
    def picker_reset() -> Answer:
        faults = [g.words(meant(fault, ())) for fault in house.pursuits.write(())]
        return make_response(page(faults), 422) if faults else redirect(url_for("picker", kept="yes"), 303)

    def page(faults: Sequence[str], old: str = "", told: Mapping[str, Any] | None = None) -> str:
        """The list; with faults, what was filled in stays where it was."""
        sent = {**FRESH, **(told or {})}
        listed = [(one.name, sent if told and one.name == old else plain(one)) for one in house.pursuits.read()]
        fresh = sent if told and old not in dict(listed) else FRESH
        return speak("picker.html", listed=listed, faults=faults, opened=old, fresh=fresh, here="now")


def meant(fault: Fault, wanted: Sequence[Mapping[str, Any]]) -> str:
    """A fault as a person at a phone needs it; the list's own text is for whoever edits its file."""
    if fault.key in [str(one.get("name", "")).strip() for one in wanted]:
        return word("This name is empty, too long, or taken.")
    if fault.key:
        return word("This cannot be taken.")
    return word("The list is too long, or the card is full. Nothing was changed.")


def plain(one: Pursuit) -> dict[str, Any]:
    return {"name": one.name, "valence": one.valence, "energy": one.energy, "words": list(one.words)}


def read() -> dict[str, Any]:
    """The form as a pursuit; what is wrong with it, or missing, is for the list itself to say."""
    words = [said.strip() for said in request.form.get("words", "").split(",")]
    told = {"valence": number(request.form.get("valence", "")), "energy": number(request.form.get("energy", ""))}
    places = {key: value for key, value in told.items() if value is not None}
    return {"name": request.form.get("name", "").strip(), **places, "words": [said for said in words if said]}


def number(said: str) -> float | None:
    """What a slider sends; None for the rest, also for what Python alone takes for a number."""
    try:
        return float(said) if set(said) <= set("-.0123456789") else None
    except ValueError:
        return None
