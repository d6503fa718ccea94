"""What the page tells programs of itself: its description, and the document for whoever writes one."""

import re
from pathlib import Path

from flask.testing import FlaskClient

from appliance.web import charter
from appliance.web.orders import ORDERS

TOLD = Path(__file__).parents[2] / "docs" / "api.md"


def test_every_form_that_the_page_takes_is_told_of(phone: FlaskClient) -> None:
    assert set(charter.OF_ORDERS) == set(ORDERS)
    takes = {rule.endpoint for rule in phone.application.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert takes - {"do", "change", "check"} == set(charter.OF_ROUTES)
    told = phone.get("/api/openapi.json").json
    assert told and len(told["paths"]) > 30
    form = told["paths"]["/do/volume"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    assert form["properties"] == {"volume": {"type": "integer", "minimum": 0, "maximum": 100}}


def test_the_description_is_for_who_was_let_in(stranger: FlaskClient) -> None:
    assert stranger.get("/api/openapi.json").status_code == 401


def test_the_document_names_every_route_and_order_and_none_that_is_gone(phone: FlaskClient) -> None:
    rules = {
        re.sub("<.*", "", rule.rule) for rule in phone.application.url_map.iter_rules() if rule.endpoint != "static"
    }
    named = {re.sub(r"[A-Z…?].*", "", path) for path in re.findall(r"[ `](/[^\s`,]*)", TOLD.read_text())}
    assert named == rules
    assert set(re.findall(r"^\| `(\w+)` \|", TOLD.read_text().partition("## POST /do/")[2], re.M)) == set(ORDERS)
