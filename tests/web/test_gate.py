"""Hostile requests: what has no business here has no effect."""

import dataclasses
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from appliance import events
from appliance.budget import Budget
from appliance.snapshot import Snapshot
from appliance.web import dress, orders
from appliance.web.house import House
from tests.web.stage import OWN, Stage

ORDERS = {
    "look": {}, "mood": {"mood": "sad"}, "goal": {"goal": "lift"}, "play": {"hand": "skip"}, "volume": {"volume": "30"},
    "rate": {"like": "2"}, "off": {"seconds": "1800"}, "answer": {"feels": "sad", "hear": "happy"},
}  # fmt: skip


@pytest.mark.parametrize("order", ORDERS)
def test_an_unpaired_phone_has_no_effect(stranger: FlaskClient, stage: Stage, order: str) -> None:
    assert stranger.post(f"/do/{order}", data=ORDERS[order], headers=OWN).status_code == 401
    assert not stage.posted


def test_an_unpaired_phone_learns_nothing(stranger: FlaskClient, house: House) -> None:
    routes = [rule for rule in stranger.application.url_map.iter_rules() if not rule.arguments]
    assert len(routes) > 8
    for rule in routes:
        if rule.endpoint == "static":
            continue
        told = stranger.open(rule.rule, method="GET" if "GET" in (rule.methods or ()) else "POST", headers=OWN)
        text = told.get_data(as_text=True)
        assert told.status_code < 500
        for secret in ("Morning Light", "Quite sure", "0.82", "music.ceiling", "folk"):
            assert secret not in text, (rule.rule, secret)


def test_an_unpaired_phone_is_led_to_the_door(stranger: FlaskClient) -> None:
    assert stranger.get("/").headers["Location"] == "/welcome"
    assert "Press the button on the box" in stranger.get("/welcome").text


@pytest.mark.parametrize("order", ORDERS)
def test_a_page_elsewhere_cannot_act_through_a_paired_phone(phone: FlaskClient, stage: Stage, order: str) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {}, {"Origin": "http://localhost:9999"}):
        assert phone.post(f"/do/{order}", data=ORDERS[order], headers=headers).status_code == 403
    assert not stage.posted
    assert phone.post(f"/do/{order}", data=ORDERS[order], headers=OWN).status_code == 303
    assert len(stage.posted) == 1


def test_a_link_from_elsewhere_orders_nothing_wherever_it_leads(
    phone: FlaskClient, house: House, stage: Stage, tmp_path: Path
) -> None:
    """It brings the phone's key along. Whatever has an effect is asked for by a form of our own."""

    def kept() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    before = kept()
    told = {key: value for form in ORDERS.values() for key, value in form.items()} | {"all": "yes", "tongue": "ko"}
    for rule in phone.application.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            assert phone.get(rule.rule, query_string=told).status_code < 500
    for order in ORDERS:
        assert phone.get(f"/do/{order}", query_string=ORDERS[order]).status_code == 405
    assert not stage.posted and kept() == before and len(house.phones.known()) == 1


def test_a_page_elsewhere_cannot_read_either(phone: FlaskClient) -> None:
    told = phone.get("/api/state", headers={"Origin": "http://evil.example"})
    assert told.status_code == 403 and "Access-Control-Allow-Origin" not in told.headers


def test_another_name_is_not_answered(phone: FlaskClient, stage: Stage) -> None:
    for host in ("evil.example", "mien.local.evil.example:80", "[", "a b"):
        told = phone.post("/do/look", headers={"Host": host, "Origin": f"http://{host}"})
        assert told.status_code in (400, 421), host
    assert not stage.posted
    assert phone.get("/api/state", headers={"Host": "192.168.1.7:8080"}).status_code == 401, "no cookie for that name"


def test_a_huge_form_is_refused_and_the_next_one_is_taken(phone: FlaskClient, stage: Stage) -> None:
    assert phone.post("/do/mood", data={"mood": "x" * 200_000}, headers=OWN).status_code == 413
    assert not stage.posted
    assert phone.post("/do/look", headers=OWN).status_code == 303


@pytest.mark.parametrize(
    ("order", "form"),
    [
        ("mood", {"mood": "furious"}), ("goal", {"goal": "win"}), ("goal", {}), ("play", {"hand": "stop"}),
        ("volume", {"volume": "101"}), ("volume", {"volume": "-1"}), ("volume", {"volume": "1e1"}), ("volume", {}),
        ("volume", {"volume": "٣"}), ("volume", {"volume": "9" * 5000}), ("rate", {"like": "3"}),
        ("off", {"seconds": "99999"}), ("answer", {"feels": "sad"}), ("answer", {"feels": "sad", "hear": "x"}),
    ],
)  # fmt: skip
def test_a_form_that_no_page_of_ours_sends_is_refused(
    phone: FlaskClient, stage: Stage, order: str, form: dict[str, str]
) -> None:
    assert phone.post(f"/do/{order}", data=form, headers=OWN).status_code == 400
    assert not stage.posted


@given(st.sampled_from(sorted(ORDERS)), st.dictionaries(st.sampled_from(["mood", "goal", "hand", "volume", "like",
       "seconds", "feels", "hear"]), st.text() | st.sampled_from(["sad", "lift", "pause", "50", "1"])))  # fmt: skip
def test_any_form_at_all_is_an_event_or_refused(order: str, form: dict[str, str]) -> None:
    try:
        event, said = orders.event(order, form, Snapshot())
    except orders.Refused as refusal:
        assert str(refusal)
    else:
        assert said and dataclasses.is_dataclass(event)


def test_an_order_that_does_not_exist_is_not_found(phone: FlaskClient, stage: Stage) -> None:
    assert phone.post("/do/explode", headers=OWN).status_code == 404
    assert not stage.posted


def test_too_many_requests_are_slowed_and_patience_mends_it(stranger: FlaskClient, stage: Stage) -> None:
    codes = {stranger.get("/welcome").status_code for _ in range(70)}
    assert codes == {200, 429}
    stage.time += 10
    assert stranger.get("/welcome").status_code == 200


@pytest.mark.parametrize("who", ["stranger", "phone"])
def test_who_was_too_fast_reads_it_on_a_page_that_looks_like_the_box(
    who: str, request: pytest.FixtureRequest, house: House, stage: Stage
) -> None:
    """In the phone's own tongue, with its stylesheet and its script, however often it was refused before."""
    client: FlaskClient = request.getfixturevalue(who)
    house.friends = Budget(rate=10, burst=60)
    for _ in range(100):
        told = client.get("/welcome", headers={"Accept-Language": "ko"})
    assert told.status_code == 429 and "너무 빨라요" in told.text and 'lang="ko"' in told.text
    worn = re.findall(r'(?:href|src)="(/static/[^"]+)"', told.text)
    assert len(worn) >= 4
    assert {client.get(path).status_code for path in worn} == {200}
    assert 'href=""' in told.text, "the same page again"
    stage.time += 10
    assert client.get("/welcome").status_code in (200, 303)


def test_stylesheets_without_end_are_refused_and_the_page_is_not(stranger: FlaskClient, stage: Stage) -> None:
    assert {stranger.get("/static/page.css").status_code for _ in range(450)} == {200, 429}
    assert stranger.get("/welcome").status_code == 200
    stage.time += 10
    assert stranger.get("/static/page.css").status_code == 200


def test_an_upgraded_page_does_not_wear_the_clothes_of_the_last_edition(stranger: FlaskClient, tmp_path: Path) -> None:
    """Its stylesheet has an address of the edition's own, which another edition's phone has not kept."""
    [worn] = re.findall(r'href="(/static/page.css[^"]*)"', stranger.get("/welcome").text)
    assert worn == f"/static/page.css?v={dress.mark(Path(stranger.application.root_path))}"
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "page.css").write_text("p { color: red }")
    before = dress.mark(tmp_path)
    (tmp_path / "static" / "page.css").write_text("p { color: blue }")
    assert dress.mark(tmp_path) != before


def test_knocking_without_end_is_refused(stranger: FlaskClient, stage: Stage) -> None:
    codes = [stranger.post("/knock", headers=OWN).status_code for _ in range(8)]
    assert codes[0] == 303 and codes[-1] == 429
    stage.time += 120
    assert stranger.post("/knock", headers=OWN).status_code == 303


def test_errors_reveal_nothing_and_the_page_goes_on(
    phone: FlaskClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(event: events.Event) -> None:
        raise RuntimeError("/var/lib/mien/secret")

    phone.application.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(house, "post", broken)
    told = phone.post("/do/look", headers=OWN)
    assert told.status_code == 500 and "secret" not in told.text and "Traceback" not in told.text
    monkeypatch.undo()
    assert phone.post("/do/look", headers=OWN).status_code == 303


def test_every_answer_carries_the_strict_headers(phone: FlaskClient, stranger: FlaskClient) -> None:
    for told in (phone.get("/"), stranger.get("/welcome"), phone.get("/nowhere"), phone.get("/static/page.css")):
        policy = told.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "media-src 'none'" in policy
        assert told.headers["X-Content-Type-Options"] == "nosniff"
        assert told.headers["Referrer-Policy"] == "same-origin"


def test_the_policy_allows_the_boxs_own_stream_and_nothing_more(phone: FlaskClient, house: House) -> None:
    house.music = "http://192.168.1.7:8001/mien.ogg"
    told = phone.get("/")
    assert "media-src 'self';" in told.headers["Content-Security-Policy"]
    assert '<audio controls preload="none" src="/listen">' in told.text and "192.168.1.7" not in told.text


def test_health_is_plain_for_a_stranger_and_reasoned_for_a_friend(
    stranger: FlaskClient, phone: FlaskClient, stage: Stage
) -> None:
    assert phone.get("/healthz").status_code == 200
    stage.set(eye="down")
    assert stranger.get("/healthz").json == {"ok": False}
    told = phone.get("/healthz")
    assert told.status_code == 503 and told.json and "not connected" in told.json["reasons"][0]
    stage.set(eye="up")
    assert stranger.get("/healthz").status_code == 200


def test_the_state_as_json_keeps_its_promised_keys(phone: FlaskClient) -> None:
    told = phone.get("/api/state").json
    assert told and set(told) == {
        "state", "mood", "doubt", "goal", "song", "why", "eye", "jukebox", "faces", "trouble",
    }  # fmt: skip
    assert set(told["song"]) == {"title", "artist", "uri"}
    assert told["faces"][0] == {"number": 1, "x": 0.36, "y": 0.45, "size": 0.34, "label": "happy", "score": 0.82}


def test_behind_a_closed_shutter_no_face_is_told(phone: FlaskClient, stage: Stage) -> None:
    stage.set(shutter_closed=True)
    told = phone.get("/api/state").json
    assert told and told["faces"] == [] and told["eye"] == "closed"
