"""Everything that the page answers to, asked in ways that nobody meant: what was tried is told in docs/hostile.md."""

import dataclasses
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from schemathesis.specs.openapi.schemas import OpenApiSchema

from appliance.store import Store
from appliance.web import charter
from appliance.web.app import make_app
from appliance.web.door import Budget
from appliance.web.house import House
from appliance.web.live import Pulse
from appliance.web.orders import ORDERS
from appliance.web.phones import Phones
from appliance.web.sight import Unjudged
from tests.web.stage import History, Stage

ENDLESS = ("/events", "/listen")
"""Streams: they never end, and have tests of their own."""


def test_every_form_that_the_page_takes_is_told_of(phone: FlaskClient) -> None:
    assert set(charter.OF_ORDERS) == set(ORDERS)
    takes = {rule.endpoint for rule in phone.application.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert takes - {"do", "change", "check"} == set(charter.OF_ROUTES)
    told = phone.get("/api/openapi.json").json
    assert told and len(told["paths"]) > 30
    assert told["paths"]["/do/volume"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"][
        "properties"
    ] == {"volume": {"type": "integer", "minimum": 0, "maximum": 100}}


def test_the_description_is_for_who_was_let_in(stranger: FlaskClient) -> None:
    assert stranger.get("/api/openapi.json").status_code == 401
