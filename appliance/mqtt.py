"""The home's message broker: what the box is like goes there, and orders come from there. Off unless it is named.

One thread comes and goes as the broker does. It tells the state when it is another, looking about once a second; the
broker keeps it, so that who comes later knows, and says "offline" itself for a box that fell silent. An order that the
broker kept from earlier is nobody's wish now, and is left alone.
"""

import logging
import threading
import time
from collections.abc import Callable

import msgspec
from paho.mqtt import client as paho
from paho.mqtt.reasoncodes import ReasonCode

from appliance import edition
from appliance.budget import Budget
from appliance.entities import LONGEST, OFFLINE, ONLINE, described, order, told
from appliance.events import Event
from appliance.hub import TURN, WELL, Hub, Unreached, refusal
from appliance.snapshot import Snapshot
from appliance.web.orders import Refused

FIRST, LAST = 1.0, 60.0
"""Seconds before a lost broker is tried again: twice as long each time."""
PATIENCE = 60.0
"""Seconds without a broker before the household is told: it may be starting again."""
log = logging.getLogger("mien.mqtt")


class Home:
    """The edge. `trouble` is for everybody: empty, or why the broker is out of reach."""

    def __init__(
        self,
        hub: Hub,
        snapshot: Callable[[], Snapshot],
        post: Callable[[Event], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hub, self._snapshot, self._post, self._now = hub, snapshot, post, now
        self._ending = threading.Event()
        self._there = False
        self._lost = now()
        self._last = b""
        self._why = self._refused = ""
        self._orders = Budget(rate=5.0, burst=20.0)
        self._thread = threading.Thread(target=self._live, name="mqtt", daemon=True)

    @property
    def trouble(self) -> str:
        if self._there or not self._why or self._now() - self._lost < PATIENCE:
            return ""
        return f"The home's broker at {self._hub.settings.address} is away: {self._why}."

    def start(self) -> None:
        if self._hub.settings.address:
            self._thread.start()

    def stop(self) -> None:
        """Say goodbye, and close."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(2 * TURN)

    def _live(self) -> None:
        pause, logged = FIRST, ""
        while not self._ending.is_set():
            try:
                self._visit()
                self._why = self._refused or "it went away"
            except Unreached as error:
                self._why = str(error)
            except Exception:  # the thread's top loop: one fault must not end it for good
                log.exception("a visit ended badly")
                self._why = "see the journal"
            if self._there:
                pause, logged = FIRST, ""
                self._there, self._lost = False, self._now()
            if self._why != logged and not self._ending.is_set():
                logged = self._why
                log.warning("the home's broker, %s: %s", self._hub.settings.address, self._why)
            self._ending.wait(pause)
            pause = min(LAST, 2 * pause)

    def _visit(self) -> None:
        """From hello until either of the two goes. Raises Unreached."""
        status, client = f"{self._hub.base}/status", self._hub.client(self._hub.identity)
        client.will_set(status, OFFLINE, qos=1, retain=True)
        client.on_connect = self._welcomed
        client.on_message = self._heard
        self._refused = ""
        self._hub.enter(client)
        while client.loop(TURN) == WELL and not self._ending.is_set():
            if self._there:
                self._tell(client)
        if self._there and self._ending.is_set():
            client.publish(status, OFFLINE, qos=1, retain=True)
        client.disconnect()

    def _welcomed(self, client: paho.Client, data: object, flags: object, code: ReasonCode, more: object) -> None:
        if code.is_failure:
            self._refused = refusal(code)
            return
        self._there = True
        client.subscribe(f"{self._hub.base}/do/+", qos=1)
        if prefix := self._hub.settings.discovery:
            client.subscribe(f"{prefix}/status")
        log.info("the home's broker is there")
        self._introduce(client)

    def _introduce(self, client: paho.Client) -> None:
        hub = self._hub
        if prefix := hub.settings.discovery:
            text = msgspec.json.encode(described(hub.identity, hub.name, hub.base, edition.own(), hub.page))
            client.publish(f"{prefix}/device/{hub.identity}/config", text, qos=1, retain=True)
        client.publish(f"{hub.base}/status", ONLINE, qos=1, retain=True)
        self._last = b""

    def _tell(self, client: paho.Client) -> None:
        text = msgspec.json.encode(told(self._snapshot()))
        if text != self._last:
            self._last = text
            client.publish(f"{self._hub.base}/state", text, retain=True)

    def _heard(self, client: paho.Client, data: object, message: paho.MQTTMessage) -> None:
        if message.topic == f"{self._hub.settings.discovery}/status":
            if message.payload == ONLINE.encode():  # Home Assistant begins anew, and asks who is there
                self._introduce(client)
            return
        name = message.topic.rpartition("/")[2]
        if message.retain:
            log.info("an order that the broker kept is left alone: %.40s", name)
        elif not self._orders.spend(name, self._now()):
            log.info("too many orders at once: %.40s", name)
        else:
            self._obey(name, bytes(message.payload[: LONGEST + 1]))

    def _obey(self, name: str, payload: bytes) -> None:
        try:
            if len(payload) > LONGEST:
                raise Refused("that is too long")
            self._post(order(name, payload.decode().strip(), self._snapshot()))
        except (KeyError, Refused, UnicodeDecodeError) as error:
            why = "there is no such order" if isinstance(error, KeyError) else str(error)
            log.info("an order of the home's is refused: %.40s: %s", name, why)
