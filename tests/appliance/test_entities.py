"""What the home is told and may ask, and what Home Assistant makes of it."""

from dataclasses import replace

import msgspec
import pytest
from jinja2 import Environment

from appliance import entities
from appliance.entities import AUTO, FIELDS
from appliance.events import (
    Asked,
    Event,
    GoalSet,
    Hand,
    HandsOff,
    MoodPicked,
    OtherSongs,
    Pursued,
    Rated,
    Rescan,
    Sleep,
)
from appliance.snapshot import Snapshot
from appliance.web.orders import Refused
from tests.appliance.broker import PLAYING

BLIND = Snapshot(state="blind", trouble=("The camera is lost.", "The music server is away."))


@pytest.mark.parametrize("now", [Snapshot(), PLAYING, BLIND], ids=["at first", "playing", "blind"])
def test_home_assistant_reads_a_lawful_value_of_every_part(now: Snapshot) -> None:
    device = entities.described("mien_1", "Mien", "mien/attic", "1.0")
    state = msgspec.json.decode(msgspec.json.encode(entities.told(now)))
    world = Environment()
    for part in device["components"].values():
        if "state_topic" in part:
            assert part["state_topic"] == "mien/attic/state"
            said = world.from_string(part["value_template"]).render(value_json=state)
            lawful = {*part.get("options", ()), part.get("payload_on"), part.get("payload_off"), "None"}
            if part["platform"] in ("select", "switch", "binary_sensor") or "options" in part:
                assert said in lawful, part
            if part["platform"] == "number":
                assert said == "None" or part["min"] <= int(said) <= part["max"]
        if "json_attributes_template" in part:
            template = part["json_attributes_template"].replace("| tojson", "")
            world.from_string(template).render(value_json=state)
    assert len({part["unique_id"] for part in device["components"].values()}) == len(device["components"])


def test_home_assistant_asks_for_nothing_that_the_box_does_not_understand() -> None:
    for part in entities.described("mien_1", "Mien", "mien/attic", "1.0")["components"].values():
        if "command_topic" not in part:
            continue
        base, _, wish = part["command_topic"].rpartition("/")
        assert base == "mien/attic/do"
        keys = ("payload_on", "payload_off", "payload_press")
        for said in [*part.get("options", ()), *(part[key] for key in keys if key in part)] or ["50"]:
            assert entities.order(wish, said, PLAYING)


def test_what_is_told_says_who_is_there_and_holds_no_face() -> None:
    told = entities.told(PLAYING)
    assert (told["mood"], told["picked"], told["present"], told["playing"]) == ("happy", None, True, True)
    assert told["song"] == {"title": "Tea", "artist": "Ida", "uri": "a/b.flac"} and told["volume"] == 40
    assert not {"faces", "doubt", "glance", "scores"} & set(told)
    assert (
        entities.told(BLIND)["present"] is None and entities.told(replace(PLAYING, state="leaving"))["present"] is False
    )


ORDERS: list[tuple[str, str, Event]] = [
    ("look", "", Asked()),
    ("look", "anything", Asked()),
    ("others", "", OtherSongs()),
    ("rescan", "", Rescan()),
    ("mood", "sad", MoodPicked("sad")),
    ("mood", AUTO, MoodPicked(None)),
    ("mood", "", MoodPicked(None)),
    ("goal", "lift", GoalSet("lift")),
    ("play", "skip", Hand("skip", by="home")),
    ("volume", "35", Hand("volume", by="home", value=35)),
    ("rate", "2", Rated(2)),
    ("off", "600", HandsOff(600.0)),
    ("sleep", "1800", Sleep(1800.0)),
    ("pursue", "rest", Pursued(("rest",))),
]


@pytest.mark.parametrize(("name", "payload", "event"), ORDERS)
def test_each_order_is_the_event_that_the_page_would_post_but_for_its_sender(
    name: str, payload: str, event: Event
) -> None:
    assert entities.order(name, payload, PLAYING) == event


def test_every_order_of_the_list_is_among_those() -> None:
    assert {name for name, _, _ in ORDERS} == set(FIELDS)
    for name in ("lesson", "right", "unlearn", "answer", "shutter", "open", ""):
        with pytest.raises(KeyError):
            entities.order(name, "", PLAYING)
    for name, payload in (("volume", "101"), ("volume", "loud"), ("mood", "hungry"), ("goal", ""), ("off", "-1")):
        with pytest.raises(Refused):
            entities.order(name, payload, PLAYING)
