"""What the home's broker is told of the box and what it may ask for, and how Home Assistant is told of both. Pure.

Nothing of a face goes this way, only what the room amounts to; and no order opens the shutter, for there is none.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from appliance.events import GOALS, Event, Hand
from appliance.snapshot import Snapshot
from appliance.web import orders, view
from firmware.wire import EXPRESSIONS

ONLINE, OFFLINE = "online", "offline"
AUTO = "auto"
"""The mood that stands for none: leave it to the eye."""
LONGEST = 100
"""Bytes of an order's payload."""
HERE = {"watching": True, "playing": True, "asking": True, "nobody": False, "arriving": False, "leaving": False}
"""Whether somebody is there, by the session's phase. Where the box does not see, it does not know."""
FIELDS: Mapping[str, str] = {
    "look": "",
    "others": "",
    "rescan": "",
    "mood": "mood",
    "goal": "goal",
    "play": "hand",
    "volume": "volume",
    "rate": "like",
    "off": "seconds",
    "sleep": "seconds",
    "pursue": "name",
}
"""The page's orders that the home may give too, and the field of the form that the payload stands for. What teaches the
box faces is for those who stand before it."""


def told(now: Snapshot) -> dict[str, Any]:
    """The state as the page's API has it, but for what changes with every look."""
    return {
        **view.gist(now),
        "picked": now.picked,
        "present": HERE.get(now.state),
        "playing": now.player.state == "play",
        "volume": now.player.volume,
        "pursuits": list(now.pursuits),
        "hands_off": now.hands_off > 0,
    }


def order(name: str, payload: str, now: Snapshot) -> Event:
    """The event that is asked for. Raises Refused; KeyError for what the home cannot ask."""
    field = FIELDS[name]
    said = "" if name == "mood" and payload == AUTO else payload
    event, _ = orders.event(name, {field: said} if field else {}, now)
    return replace(event, by="home") if isinstance(event, Hand) else event


def described(identity: str, name: str, base: str, version: str, page: str = "") -> dict[str, Any]:
    """The box as one device of Home Assistant's, by its MQTT discovery; `page`: where a click on it leads."""

    def part(platform: str, key: str, called: str, icon: str, value: str = "", **more: Any) -> dict[str, Any]:
        shown = {"state_topic": f"{base}/state", "value_template": f"{{{{ {value} }}}}"} if value else {}
        return {
            "platform": platform,
            "unique_id": f"{identity}_{key}",
            "name": called,
            "icon": f"mdi:{icon}",
            **shown,
            **more,
        }

    def asks(wish: str) -> str:
        return f"{base}/do/{wish}"

    parts = {
        "mood": part(
            "sensor", "mood", "Mood", "emoticon-outline", "value_json.mood", device_class="enum",
            options=[*EXPRESSIONS],
        ),
        "state": part("sensor", "state", "State", "account-eye", "value_json.state"),
        "present": part(
            "binary_sensor", "present", "Somebody there", "account", "value_json.present",
            device_class="occupancy", payload_on="True", payload_off="False",
        ),
        "trouble": part(
            "binary_sensor", "trouble", "Trouble", "alert-circle-outline", "value_json.trouble | count > 0",
            device_class="problem", payload_on="True", payload_off="False", entity_category="diagnostic",
            json_attributes_topic=f"{base}/state",
            json_attributes_template="{{ {'sentences': value_json.trouble} | tojson }}",
        ),
        "eye": part(
            "sensor", "eye", "Eye", "eye-outline", "value_json.eye", device_class="enum",
            options=["up", "down", "closed"], entity_category="diagnostic",
        ),
        "song": part(
            "sensor", "song", "Song", "music", "value_json.song.title | truncate(250) if value_json.song else None",
            json_attributes_topic=f"{base}/state",
            json_attributes_template="{{ {'artist': value_json.song.artist if value_json.song else '',"
            " 'why': value_json.why} | tojson }}",
        ),
        "goal": part(
            "select", "goal", "What the music shall do", "bullseye-arrow", "value_json.goal", options=[*GOALS],
            command_topic=asks("goal"),
        ),
        "picked": part(
            "select", "picked", "Play for", "emoticon-cool-outline", f"value_json.picked or '{AUTO}'",
            options=[AUTO, *EXPRESSIONS], command_topic=asks("mood"),
        ),
        "playing": part(
            "switch", "playing", "Music", "play-pause", "'resume' if value_json.playing else 'pause'",
            command_topic=asks("play"), payload_on="resume", payload_off="pause",
        ),
        "volume": part(
            "number", "volume", "Volume", "volume-high", "value_json.volume", min=0, max=100,
            unit_of_measurement="%", command_topic=asks("volume"), command_template="{{ value | int }}",
        ),
        "skip": part("button", "skip", "Not this song", "skip-next", command_topic=asks("play"), payload_press="skip"),
        "others": part("button", "others", "Other songs", "playlist-music", command_topic=asks("others")),
        "look": part("button", "look", "Look now", "eye-check", command_topic=asks("look")),
    }  # fmt: skip
    visit = {"configuration_url": page} if page else {}
    return {
        "device": {"identifiers": [identity], "name": name, "model": "Mien", "sw_version": version, **visit},
        "origin": {"name": "Mien", "sw_version": version},
        "availability_topic": f"{base}/status",
        "components": parts,
    }
