"""The home's broker: a real one, which comes and goes."""

import logging
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from appliance import answering
from appliance.events import (
    Event,
    GoalSet,
    Hand,
    MoodPicked,
    OtherSongs,
)
from appliance.hub import Hub, Unreached
from appliance.mqtt import PATIENCE, Home
from appliance.settings import BrokerSettings, Settings
from appliance.snapshot import Belief
from firmware.wire import EXPRESSIONS
from tests.appliance.box import Box
from tests.appliance.broker import MOSQUITTO, PASSWORD, PLAYING, USER, Broker, Neighbour
from tests.appliance.conftest import Server
from tests.waiting import until

REAL = pytest.mark.skipif(not MOSQUITTO, reason="no broker is installed: apt install mosquitto")


@pytest.fixture
def broker() -> Iterator[Broker]:
    made = Broker()
    yield made
    made.close()


@pytest.fixture
def neighbour(broker: Broker) -> Iterator[Neighbour]:
    made = Neighbour(broker)
    yield made
    made.close()


class Speaker:
    """The edge with a snapshot to tell and a box for what is posted."""

    def __init__(self, settings: BrokerSettings) -> None:
        self.snapshot = PLAYING
        self.posted: list[Event] = []
        self.late = 0.0
        self.hub = Hub(settings, 8080, host="attic")
        self.home = self.fresh()

    def fresh(self) -> Home:
        return Home(self.hub, lambda: self.snapshot, self.posted.append, lambda: time.monotonic() + self.late)


Make = Callable[..., Speaker]


@pytest.fixture
def speaker(broker: Broker) -> Iterator[Make]:
    made: list[Speaker] = []

    def make(**more: Any) -> Speaker:
        one = Speaker(msgspec.structs.replace(broker.settings, **more))
        made.append(one)
        one.home.start()
        return one

    yield make
    for one in made:
        one.home.stop()


@REAL
def test_the_home_learns_of_the_box_and_whoever_comes_later_too(broker: Broker, speaker: Make) -> None:
    box = speaker()
    first = Neighbour(broker)
    until(lambda: first.last("home/box/status") == b"online", "the box")
    assert first.read("home/box/state")["mood"] == "happy"
    box.snapshot = replace(PLAYING, belief=Belief(mood="sad"))
    until(lambda: first.read("home/box/state")["mood"] == "sad", "the new mood")
    first.close()
    later = Neighbour(broker)
    assert later.read("home/box/state")["mood"] == "sad" and later.last("home/box/status") == b"online"
    config = later.read(f"homeassistant/device/{box.hub.identity}/config")
    assert config["device"]["identifiers"] == [box.hub.identity] and config["availability_topic"] == "home/box/status"
    assert config["device"]["configuration_url"].endswith(":8080/")
    later.close()


@REAL
def test_what_does_not_change_is_not_told_again(neighbour: Neighbour, speaker: Make) -> None:
    box = speaker()
    for mood in EXPRESSIONS:
        box.snapshot = replace(PLAYING, belief=Belief(mood=mood))
        until(lambda mood=mood: neighbour.read("home/box/state")["mood"] == mood, mood)  # type: ignore[misc]
        box.snapshot = replace(box.snapshot, at=box.snapshot.at + 1)
    assert len([topic for topic, _ in neighbour.heard if topic == "home/box/state"]) <= len(EXPRESSIONS) + 1


@REAL
def test_the_home_may_ask_and_a_bad_order_costs_itself_alone(
    neighbour: Neighbour, speaker: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "mien.mqtt")
    box = speaker()
    until(lambda: neighbour.last("home/box/status"), "the box")
    neighbour.say("home/box/do/mood", "sad")
    neighbour.say("home/box/do/shutter", "open")
    neighbour.say("home/box/do/volume", "loud")
    neighbour.say("home/box/do/goal", b"\xff\xfe")
    neighbour.say("home/box/do/pursue", "x" * 5000)
    neighbour.say("home/box/do/play", "skip")
    until(lambda: len(box.posted) > 1, "both orders")
    assert box.posted == [MoodPicked("sad"), Hand("skip", by="home")]
    for word in ("shutter: there is no such order", "volume: That number", "goal: 'utf-8'", "pursue: that is too long"):
        assert word in caplog.text


@REAL
def test_an_order_that_the_broker_kept_is_nobodys_wish(neighbour: Neighbour, speaker: Make) -> None:
    neighbour.say("home/box/do/play", "skip", keep=True)
    box = speaker()
    until(lambda: neighbour.last("home/box/status"), "the box")
    neighbour.say("home/box/do/goal", "lift")
    until(lambda: box.posted, "the order")
    assert box.posted == [GoalSet("lift")]


@REAL
def test_an_automation_run_wild_is_not_obeyed_at_every_turn(neighbour: Neighbour, speaker: Make) -> None:
    box = speaker()
    until(lambda: neighbour.last("home/box/status"), "the box")
    for _ in range(200):
        neighbour.say("home/box/do/others")
    neighbour.say("home/box/do/goal", "calm")
    until(lambda: GoalSet("calm") in box.posted, "another order")
    assert box.posted.count(OtherSongs()) < 150


@REAL
def test_home_assistant_that_begins_anew_is_told_again(neighbour: Neighbour, speaker: Make) -> None:
    box = speaker()
    topic = f"homeassistant/device/{box.hub.identity}/config"
    neighbour.read(topic)
    until(lambda: neighbour.last("home/box/state"), "the state")
    neighbour.heard.clear()
    neighbour.say("homeassistant/status", "offline")
    neighbour.say("homeassistant/status", "online")
    assert neighbour.read(topic) and neighbour.read("home/box/state")


@REAL
def test_without_discovery_home_assistant_is_told_nothing(neighbour: Neighbour, speaker: Make) -> None:
    speaker(discovery="")
    until(lambda: neighbour.last("home/box/state"), "the state")
    assert not [topic for topic, _ in neighbour.heard if topic.startswith("homeassistant")]


@REAL
def test_a_broker_that_dies_is_told_in_time_and_found_again(broker: Broker, speaker: Make) -> None:
    box = speaker()
    first = Neighbour(broker)
    until(lambda: first.last("home/box/status") == b"online", "the box")
    first.close()
    broker.kill()
    until(lambda: box.home._why, "the loss")
    assert not box.home.trouble  # it may be starting again
    box.late = PATIENCE
    assert box.home.trouble.startswith(f"The home's broker at 127.0.0.1:{broker.port} is away: ")
    broker.start()
    again = Neighbour(broker)
    until(lambda: again.last("home/box/status") == b"online" and again.last("home/box/state"), "the box again")
    assert not box.home.trouble
    again.close()


@REAL
def test_who_ends_says_goodbye(neighbour: Neighbour, speaker: Make) -> None:
    box = speaker()
    until(lambda: neighbour.last("home/box/status") == b"online", "the box")
    box.home.stop()
    until(lambda: neighbour.last("home/box/status") == b"offline", "the goodbye")


@REAL
def test_a_box_that_is_gone_for_good_is_forgotten(broker: Broker, speaker: Make) -> None:
    box = speaker()
    before = Neighbour(broker)
    until(lambda: before.last("home/box/state"), "the box")
    box.home.stop()
    before.close()
    box.hub.farewell()
    after = Neighbour(broker)
    after.say("marker", "here")
    until(lambda: after.last("marker"), "the marker")
    assert [topic for topic, _ in after.heard] == ["marker"]
    after.close()
    broker.kill()
    with pytest.raises(Unreached, match="Connection refused"):
        box.hub.farewell()


@REAL
def test_a_wrong_password_is_told_and_the_right_one_serves() -> None:
    broker = Broker(strict=True)
    try:
        wrong = Speaker(msgspec.structs.replace(broker.settings, user=USER, password="guess"))
        wrong.home.start()
        until(lambda: wrong.home._why, "the refusal")
        assert "refuses the box: not authorized" in wrong.home._why
        [found] = answering.broker(Settings(broker=wrong.hub.settings))
        assert "not authorized" in found.said and "[broker]" in found.fix and not found.well
        wrong.home.stop()
        right = Speaker(msgspec.structs.replace(broker.settings, user=USER, password=PASSWORD))
        right.home.start()
        until(lambda: right.home._there, "the welcome")
        [found] = answering.broker(Settings(broker=right.hub.settings))
        assert found.well and right.home._there
        right.home.stop()
    finally:
        broker.close()


@REAL
def test_by_tls_a_broker_is_believed_once_the_system_trusts_who_signed_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker(sealed=True)
    box = Speaker(broker.settings)
    try:
        box.home.start()
        until(lambda: "its certificate is not trusted" in box.home._why, "the doubt")
        [found] = answering.broker(Settings(broker=broker.settings))
        assert "its certificate is not trusted" in found.said and "update-ca-certificates" in found.fix
        monkeypatch.setenv("SSL_CERT_FILE", str(broker.authority))
        neighbour = Neighbour(broker)
        until(lambda: neighbour.last("home/box/status") == b"online", "the box, by itself")
        neighbour.say("home/box/do/goal", "lift")
        until(lambda: box.posted == [GoalSet("lift")], "the order")
        neighbour.close()
        [found] = answering.broker(Settings(broker=broker.settings))
        assert found.well
        named = msgspec.structs.replace(broker.settings, address=f"127.0.0.2:{broker.port}")
        with pytest.raises(Unreached, match="refused"):
            Hub(named).knock()
    finally:
        box.home.stop()
        broker.close()


@REAL
def test_a_broker_spoken_to_in_the_wrong_way_says_which_way_is_right(broker: Broker) -> None:
    with pytest.raises(Unreached, match="does not speak TLS there"):
        Hub(msgspec.structs.replace(broker.settings, tls=True)).knock()
    sealed = Broker(sealed=True)
    try:
        with pytest.raises(Unreached, match="does not answer as a broker does"):
            Hub(msgspec.structs.replace(sealed.settings, tls=False)).knock()
    finally:
        sealed.close()


def test_without_a_broker_there_is_no_thread() -> None:
    box = Speaker(BrokerSettings())
    box.home.start()
    assert not box.home._thread.is_alive() and not box.home.trouble
    box.home.stop()


@REAL
def test_a_whole_half_tells_the_home_what_it_sees_and_a_killed_one_is_missed(
    broker: Broker, neighbour: Neighbour, server: Server
) -> None:
    box = Box(server)
    try:
        text = (box.folder / "etc" / "mien.toml").read_text()
        box.write(f'{text}[broker]\naddress = "127.0.0.1:{broker.port}"\ntopic = "home/box"\n')
        box.start()
        box.eye().shows = "happy"

        def state() -> dict[str, Any]:
            return neighbour.read("home/box/state")

        until(lambda: state()["mood"] == "happy" and state()["present"] and state()["playing"], "a happy home")
        neighbour.say("home/box/do/play", "pause")
        until(lambda: not state()["playing"], "silence")
        box.end(signal.SIGKILL)
        until(lambda: neighbour.last("home/box/status") == b"offline", "the broker's word")
        box.start()
        until(lambda: neighbour.last("home/box/status") == b"online", "the box again")
        assert box.end() == 0
        assert until(lambda: neighbour.last("home/box/status") == b"offline", "the goodbye")
    finally:
        box.close()
