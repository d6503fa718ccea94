"""The picker's list, made by the household: what people may say they are about."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from appliance.web.atlas import named
from appliance.web.house import House
from appliance.web.imprint import SOONER, imprint, stale
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
    one = threading.Lock()  # nobody changes the list between the look at it and the keeping

    @app.get("/pursuits")
    def picker() -> str:
        return page(())

    @app.post("/pursuits")
    def picker_change() -> Answer:
        """One pursuit added, changed or taken off, and not over another's change; kept whole or not at all."""
        old, away = request.form.get("old", ""), request.form.get("away") == "yes"
        made = request.form.get("made", "")
        told = read()
        with one:
            kept = [plain(one) for one in house.pursuits.read()]
            stands = next((one for one in kept if one["name"] == old), None)
            if stale(made, stands) and (stands is not None or not away) and (away or told != stands):
                return make_response(page((), old, told, sooner=True), 409)
            if away:
                wanted = [one for one in kept if one["name"] != old]
            elif stands:
                wanted = [told if one["name"] == old else one for one in kept]
            else:
                wanted = [*kept, told]
            faults = [g.words(meant(fault, wanted)) for fault in house.pursuits.write(wanted)]
        if faults:
            return make_response(page(tuple(dict.fromkeys(faults)), old, told, made), 422)
        return redirect(url_for("picker", kept="yes"), 303)

    @app.post("/pursuits/reset")
    def picker_reset() -> Answer:
        with one:
            if stale(request.form.get("made", ""), [plain(one) for one in house.pursuits.read()]):
                return make_response(page((), sooner=True), 409)
            faults = [g.words(meant(fault, ())) for fault in house.pursuits.write(())]
        return make_response(page(faults), 422) if faults else redirect(url_for("picker", kept="yes"), 303)

    def page(
        faults: Sequence[str],
        old: str = "",
        told: Mapping[str, Any] | None = None,
        made: str = "",
        sooner: bool = False,
    ) -> str:
        """The list. What was filled in stays where it was: with faults, and where somebody else was `sooner`."""
        kept = [plain(one) for one in house.pursuits.read()]
        sent = {**FRESH, **told} if told else None
        listed = [Listed(one["name"], one, imprint(one), one) for one in kept]
        mine = [replace(one, shown=sent, made=made or one.made) if sent and one.old == old else one for one in listed]
        gone = sent is not None and old not in [one.old for one in listed]
        return speak(
            "picker.html",
            listed=mine,
            made=imprint(kept),
            faults=faults,
            sooner=SOONER if sooner else "",
            advice=advice(old, gone),
            opened=old,
            fresh=sent if gone else FRESH,
            named=named,
            here="now",
        )


@dataclass(frozen=True)
class Listed:
    """One pursuit's form: what is filled in, and what it was made from."""

    old: str
    shown: Mapping[str, Any]
    made: str
    stands: Mapping[str, Any]


def advice(old: str, gone: bool) -> str:
    """What to do, when the list is not what it was while the form was filled in."""
    if not old:
        return word(
            "The list was changed elsewhere while it was open here: look at it, and tap again if you still want."
        )
    if gone:
        return word(
            "This one was renamed or taken off the list elsewhere while it was open here: "
            "what you chose stands last on the page, and comes back if you add it."
        )
    return word(
        "This was changed elsewhere while it was open here: what you chose is filled in below, "
        "with what stands now beside it, and counts if you keep it once more."
    )


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
