"""The settings as one file that a phone takes along, and brings back. Checked wholly before it replaces anything."""

import tomllib
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from appliance import store
from appliance.settings import Document, Fault
from appliance.web import trust
from appliance.web.house import House
from appliance.web.preferences import plainly
from appliance.web.speech import day, speak
from appliance.web.words import word

VERSION = 1
NAME = "mien-settings.toml"


class Unreadable(ValueError):
    """A file that is no backup of settings; the message is for the person who brought it."""


def pack(values: Mapping[str, Any], when: str) -> str:
    """All values in one versioned file that a person can read."""
    document: Document = {}
    for key, value in values.items():
        section, _, name = key.partition(".")
        document.setdefault(section, {})[name] = value
    return f"# Mien's settings, taken along on {when}.\nversion = {VERSION}\n{store.toml(document)}"


def unpack(content: bytes) -> tuple[dict[str, Any], list[Fault]]:
    """The values in the file by key, and what is wrong with its outer form. Raises Unreadable when it is no such file.

    Whether each value can be taken is for the settings to say.
    """
    try:
        document = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        raise Unreadable(word("This is no file of settings that this box can read.")) from None
    if "version" not in document:
        raise Unreadable(word("This is no file of settings that this box can read."))
    faults = []
    if document.pop("version") != VERSION:
        faults.append(Fault("", word("This file was written by another edition of the box.")))
    wanted = {}
    for section, keys in document.items():
        if isinstance(keys, dict):
            wanted.update({f"{section}.{name}": value for name, value in keys.items()})
        else:
            wanted[section] = keys
    if not wanted and not faults:
        faults.append(Fault("", word("This file holds no settings.")))
    return wanted, faults


def put(app: Flask, house: House) -> None:
    @app.get("/backup")
    def backup() -> str:
        return speak("backup.html", faults=(), here="settings")

    @app.get(f"/backup/{NAME}")
    def taken() -> Response:
        wall = house.wall()
        text = pack(house.settings.values(), day(wall) if wall > 1.7e9 else "a day when its clock was not set")
        return Response(
            text, mimetype="application/toml", headers={"Content-Disposition": f"attachment; filename={NAME}"}
        )

    @app.post("/backup")
    def restore() -> Answer:
        """All or nothing; every fault is told at once."""
        sent = request.files.get("file")
        try:
            wanted, faults = unpack(sent.read() if sent else b"")
        except Unreadable as why:
            return refused([(None, g.words(str(why)))])
        found = [*faults, *house.settings.check(wanted), *trust.locked_out(house, wanted)]
        if not found:
            found = list(house.settings.change(wanted))
        if not found:
            return redirect(url_for("settings", kept="yes"), 303)
        fields = {field.key: field for field in house.settings.fields()}
        return refused([plainly(fault, fields, g.words) for fault in found])

    def refused(faults: list[tuple[str | None, str]]) -> Answer:
        return make_response(speak("backup.html", faults=faults, here="settings"), 422)
