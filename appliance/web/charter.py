"""What the page answers to programs, as an OpenAPI description drawn from the routes themselves.

Only the forms are told here; a test fails on a route that takes one and is not told of.
"""

from collections.abc import Mapping
from typing import Any, get_args

from flask import Flask, Response, jsonify
from werkzeug.routing import Rule

from appliance import edition, events
from appliance.web import gate
from appliance.web.house import House
from appliance.web.lessons import STEPS
from appliance.web.orders import LONGEST, LONGEST_NAME, ORDERS
from appliance.web.ruling import KINDS as KINDS_OF_RULE
from appliance.web.words import TONGUES

Form = Mapping[str, Any]


def _one(*names: str) -> Form:
    return {"type": "string", "enum": list(names)}


def _whole(low: int, high: int) -> Form:
    return {"type": "integer", "minimum": low, "maximum": high}


MOOD, FILE = _one(*get_args(events.Mood)), {"type": "string", "format": "binary"}
TEXT: Form = {"type": "string"}
PLACE: Form = {"type": "number", "minimum": -1, "maximum": 1}

OF_ORDERS: Mapping[str, Form] = {
    "look": {},
    "mood": {"mood": _one("", *get_args(events.Mood))},
    "goal": {"goal": _one(*events.GOALS)},
    "play": {"hand": _one("pause", "resume", "skip")},
    "volume": {"volume": _whole(0, 100)},
    "rate": {"like": _whole(0, 2)},
    "off": {"seconds": _whole(0, LONGEST)},
    "answer": {"feels": MOOD, "hear": MOOD},
    "others": {},
    "pursue": {"name": {"type": "string", "maxLength": LONGEST_NAME}},
    "sleep": {"seconds": _whole(0, LONGEST)},
    "right": {"true": MOOD},
    "lesson": {"note": _one("", "stop", *STEPS), "true": MOOD},
    "unlearn": {},
    "rescan": {},
}
OF_ROUTES: Mapping[str, Form] = {
    "knock": {},
    "remove": {"phone": TEXT},
    "language": {"tongue": _one(*TONGUES)},
    "restore": {"file": FILE},
    "judged": {"picture": FILE},
    "examined": {},
    "restart": {},
    "restart_eye": {},
    "was": {"at": {"type": "number"}, "true": MOOD},
    "rule_change": {"sent": _one("yes"), "back": _one("", "yes"), "made": TEXT, **dict.fromkeys(
        [name for kind in KINDS_OF_RULE for name in (kind, f"{kind}.more")], TEXT)},
    "forget": {"day": {"type": "string", "format": "date"}, "all": _one("", "yes")},
    "picker_change": {"old": TEXT, "away": _one("", "yes"), "name": TEXT, "words": TEXT, "valence": PLACE,
                      "energy": PLACE, "made": TEXT},
    "picker_reset": {"made": TEXT},
    "place": {"uri": TEXT, "back": _one("", "yes"), "valence": PLACE, "energy": PLACE},
    "sung": {"language": TEXT, "shown": TEXT},
    "upload": {"music": FILE},
    "piece": {},
}  # fmt: skip
QUERIES: Mapping[str, Form] = {
    "back": {"born": TEXT},
    "reading": {"at": {"type": "number"}},
    "song": {"uri": TEXT},
    "songs": {"q": TEXT, "field": TEXT},
    "piece": {"key": {"type": "string", "pattern": "^[0-9a-f]{32}$"}, "name": TEXT, "at": _whole(0, 2**40),
              "of": _whole(0, 2**40)},
}  # fmt: skip
"""What a route reads of the address beyond its path."""
RAW = frozenset({"piece"})
"""Routes whose body is a file as it is."""
JSON = frozenset({"state", "healthz", "back", "check", "charter", "piece"})
"""Routes that answer with JSON to everybody."""
KINDS = {"yes/no": _one("yes"), "whole": {"type": "integer"}, "number": {"type": "number"}}


def put(app: Flask, house: House) -> None:
    @app.get("/api/openapi.json")
    def charter() -> Response:
        return jsonify(described(app, house))


def described(app: Flask, house: House) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        for path, form in _paths(rule, house):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                paths.setdefault(path, {})[method.lower()] = _operation(app, rule, path, form)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Mien's page", "version": edition.own()},
        "components": {"securitySchemes": {"phone": {"type": "apiKey", "in": "cookie", "name": gate.TOKEN}}},
        "security": [{"phone": []}],
        "paths": paths,
    }


def _paths(rule: Rule, house: House) -> list[tuple[str, Form | None]]:
    """A route's paths, one for each order that it takes, and the form that goes there."""
    if rule.endpoint == "do":
        return [(f"/do/{order}", OF_ORDERS.get(order, {})) for order in ORDERS]
    path = rule.rule.replace("<path:", "<").replace("<", "{").replace(">", "}")
    if rule.endpoint in ("change", "check"):
        return [(path, {field.key: KINDS.get(field.kind, TEXT) for field in house.settings.fields()})]
    return [(path, OF_ROUTES.get(rule.endpoint, {}) if "POST" in (rule.methods or ()) else None)]


def _operation(app: Flask, rule: Rule, path: str, form: Form | None) -> dict[str, Any]:
    said = (app.view_functions[rule.endpoint].__doc__ or "").strip().partition("\n")[0]
    kind = "application/json" if rule.endpoint in JSON else "text/html"
    name = f"{rule.endpoint}-{path.rpartition('/')[2]}" if rule.endpoint == "do" else rule.endpoint
    told: dict[str, Any] = {
        "operationId": name,
        "responses": {
            "200": {"description": "As asked.", "content": {kind: {}}},
            "default": {"description": "Refused."},
        },
    }
    if said:
        told["summary"] = said
    if rule.endpoint in gate.OPEN:
        told["security"] = []
    asked = [
        {"name": one, "in": "path", "required": True, "schema": MOOD if one == "mood" else TEXT}
        for one in sorted(rule.arguments)
    ]
    queries = QUERIES.get(rule.endpoint, {})
    asked += [{"name": one, "in": "query", "schema": schema} for one, schema in queries.items()]
    if asked:
        told["parameters"] = asked
    if rule.endpoint in RAW:
        told["requestBody"] = {"content": {"application/octet-stream": {"schema": FILE}}}
    if form:
        binary = any(field.get("format") == "binary" for field in form.values())
        encoding = "multipart/form-data" if binary else "application/x-www-form-urlencoded"
        schema = {"type": "object", "properties": dict(form), "additionalProperties": False}
        told["requestBody"] = {"content": {encoding: {"schema": schema}}}
    return told
