"""What a phone may change for good: the settings, and the tongue that the page speaks to it."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from flask import Flask, abort, g, jsonify, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from appliance.web import trust
from appliance.web.house import House
from appliance.web.needs import Fault, Field
from appliance.web.speech import COOKIE, YEAR, speak
from appliance.web.words import TONGUES, Words, word

SECTIONS: Mapping[str, str] = {
    "music": word("Music"),
    "manners": word("Manners"),
    "choice": word("Choosing songs"),
    "quiet": word("Quiet hours"),
    "lamp": word("Lamp"),
    "history": word("Memory"),
    "page": word("This page"),
}


def put(app: Flask, house: House) -> None:
    @app.get("/settings")
    def settings() -> str:
        return page(house.settings.values(), {})

    @app.post("/settings")
    def change() -> Answer:
        """All or nothing; with faults the form comes back as it was filled in, each fault by its field."""
        wanted = asked()
        found = [*house.settings.check(wanted), *trust.locked_out(house, wanted)]
        faults = told(found or house.settings.change(wanted))
        if not faults:
            return redirect(url_for("settings", kept="yes"), 303)
        return make_response(page({**house.settings.values(), **wanted}, faults), 422)

    @app.post("/settings/check")
    def check() -> Answer:
        """What is wrong with the form as it stands, by field. Nothing is kept."""
        wanted = asked()
        return jsonify(faults=told([*house.settings.check(wanted), *trust.locked_out(house, wanted)]))

    def asked() -> dict[str, Any]:
        """What this form changes: what it left as it was shown may have been changed by another since."""
        fields = house.settings.fields()
        return {f.key: _read(f.kind, request.form.get(f.key, "")) for f in fields if _sent(f)}

    def told(faults: Iterable[Fault]) -> dict[str, str]:
        fields = {field.key: field for field in house.settings.fields()}
        return {fault.key: plainly(fault, fields, g.words)[1] for fault in faults}

    def page(values: Mapping[str, Any], faults: Mapping[str, str]) -> str:
        fields = list(house.settings.fields())
        groups = [
            (SECTIONS.get(name, name), list(some)) for name, some in groupby(fields, lambda f: f.key.split(".")[0])
        ]
        meanings = {field.key: field.meaning for field in fields}
        kept = house.settings.values()
        return speak(
            "settings.html",
            groups=groups,
            values=values,
            kept=kept,
            faults=faults,
            meanings=meanings,
            plain=plain,
            changed={field.key for field in fields if kept.get(field.key) != field.default},
            here="settings",
        )

    @app.post("/language")
    def language() -> Answer:
        tongue = request.form.get("tongue", "")
        if tongue not in TONGUES:
            abort(400)
        answer = redirect(url_for("settings" if g.paired else "welcome"), 303)
        answer.set_cookie("tongue", tongue, max_age=YEAR, **COOKIE)
        return answer


def plain(value: Any) -> str:
    """A value as a person writes it: 6, not 6.0."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def plainly(fault: Fault, fields: Mapping[str, Field], words: Words) -> tuple[str | None, str]:
    """The setting's meaning where it is one of ours, and what is wrong, in the reader's tongue."""
    if field := fields.get(fault.key):
        return words(field.meaning), words(fault.text) if isinstance(fault, trust.Spoken) else _plain(field, words)
    said = words(fault.text.partition("; known are ")[0])  # the whole list is for whoever edits the file
    return None, f"{fault.key}: {said}" if fault.key else said


def _plain(field: Field, words: Words) -> str:
    """What a value must be, in the reader's tongue; the settings' own message is for whoever edits the file."""
    if field.kind in ("whole", "number") and field.low is not None and field.high is not None:
        kind = word("A whole number from {low} to {high}.") if field.kind == "whole" else word("From {low} to {high}.")
        return words(kind, low=plain(field.low), high=plain(field.high))
    if field.kind == "time":
        return words("A time of day, as 22:00.")
    if field.kind == "choice":
        return words("One of: {choices}.", choices=", ".join(words(choice) for choice in field.choices))
    return words("This cannot be taken.")


def _sent(field: Field) -> bool:
    """A box without its tick is not sent at all: that it was shown tells."""
    said, shown = request.form.get(field.key), request.form.get(f"{field.key}.shown")
    if field.kind == "yes/no" and shown is not None:
        said = said or "no"
    return said is not None and said != shown


def _read(kind: str, said: str) -> Any:
    """The text of a form field as its kind, or the text itself, for the settings to refuse by name."""
    said = said.strip()
    if kind == "yes/no":
        return said == "yes"
    try:
        return int(said) if kind == "whole" else float(said) if kind == "number" else said
    except ValueError:
        return said
