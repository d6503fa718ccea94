"""What the household made its own, as a file that a phone takes along and brings back. Checked wholly before it
replaces anything; a card that refuses in the middle gets back what was there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Flask, Response, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from appliance.web import picker, ruling, trust
from appliance.web.house import House
from appliance.web.keepsake import Keepsake, Unreadable, pack, unpack
from appliance.web.needs import Fault
from appliance.web.preferences import plainly
from appliance.web.ruling import Names
from appliance.web.speech import day, speak
from appliance.web.words import word

NAME = "mien-settings.toml"
LARGEST = 1024 * 1024
"""Bytes that a file may have: a household's rules can be long."""

Told = list[tuple[str | None, str]]
"""Faults as the page tells them: what they are about, where that has a name, and what is wrong."""


def put(app: Flask, house: House) -> None:
    @app.get("/backup")
    def backup() -> str:
        return speak("backup.html", faults=(), here="settings")

    @app.get(f"/backup/{NAME}")
    def taken() -> Response:
        wall = house.wall()
        text = pack(kept(house), day(wall) if wall > 1.7e9 else "a day when its clock was not set")
        return Response(
            text, mimetype="application/toml", headers={"Content-Disposition": f"attachment; filename={NAME}"}
        )

    @app.post("/backup")
    def restore() -> Answer:
        """All or nothing; every fault is told at once."""
        request.max_content_length = LARGEST
        sent = request.files.get("file")
        try:
            brought, faults = unpack(sent.read() if sent else b"")
        except Unreadable as why:
            return refused([(None, g.words(str(why)))])
        found: Told = [(fault.key or None, g.words(fault.text)) for fault in faults]
        found += checked(house, brought)
        before = kept(house)
        if not found:
            found = changed(house, brought)
            if found and changed(house, before):
                found.append((None, g.words(word("And what it had taken already could not be undone: look it over."))))
        return refused(found) if found else redirect(url_for("settings", kept="yes"), 303)

    def refused(faults: Told) -> Answer:
        return make_response(speak("backup.html", faults=faults, here="settings"), 422)


def kept(house: House) -> Keepsake:
    """All that stands now. A rule as delivered is left out: the next edition may deliver a better one."""
    delivered = house.rules.delivered()
    rules: dict[str, Names] = {
        mood: ruling.plain(rule) for mood, rule in house.rules.read().items() if rule != delivered.get(mood)
    }
    return Keepsake(dict(house.settings.values()), [picker.plain(one) for one in house.pursuits.read()], rules)


def checked(house: House, brought: Keepsake) -> Told:
    """Every reason for which this house cannot take it. Nothing is kept."""
    settings = [*house.settings.check(brought.settings), *trust.locked_out(house, brought.settings)]
    pursuits = house.pursuits.check(brought.pursuits) if brought.pursuits is not None else ()
    rules = house.rules.check(brought.rules) if brought.rules is not None else ()
    return about_settings(house, settings) + about_pursuits(brought, pursuits) + about_rules(rules)


def changed(house: House, brought: Keepsake) -> Told:
    """Keeps one after the other, as far as the card takes it. What went wrong, if anything."""

    def steps() -> Iterator[Told]:
        if brought.settings:
            yield about_settings(house, house.settings.change(brought.settings))
        if brought.pursuits is not None:
            yield about_pursuits(brought, house.pursuits.write(brought.pursuits))
        if brought.rules is not None:
            named: Mapping[str, Any] = brought.rules
            yield about_rules(house.rules.write({mood: named.get(mood) for mood in house.rules.read()}))

    return next((faults for faults in steps() if faults), [])


def about_settings(house: House, faults: Sequence[Fault]) -> Told:
    fields = {field.key: field for field in house.settings.fields()}
    return [plainly(fault, fields, g.words) for fault in faults]


def about_pursuits(brought: Keepsake, faults: Sequence[Fault]) -> Told:
    names = {fault.key: fault.key.partition(".")[0] or g.words(word("What are you about?")) for fault in faults}
    return [(names[fault.key], g.words(picker.meant(fault, brought.pursuits or ()))) for fault in faults]


def about_rules(faults: Sequence[Fault]) -> Told:
    return [ruling.told(fault, g.words) for fault in faults]
