"""The home's message broker: what the box is like goes there, and orders come from there. Off unless it is named.

One thread comes and goes as the broker does. It tells the state when it is another, looking about once a second; the
broker keeps it, so that who comes later knows, and says "offline" itself for a box that fell silent. An order that the
broker kept from earlier is nobody's wish now, and is left alone.
"""

import contextlib
import hashlib
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from appliance import address, edition
from appliance.entities import LONGEST, OFFLINE, ONLINE, described, order, told
from appliance.events import Event
from appliance.settings import BrokerSettings
from appliance.snapshot import Snapshot
from appliance.web.door import Budget
from appliance.web.orders import Refused

PLAIN, SEALED = 1883, 8883
REACH = 5.0
"""Seconds for a broker to answer the door."""
ALIVE = 30
"""Seconds of silence after which broker and box ask each other whether they are there."""
TURN = 1.0
FIRST, LAST = 1.0, 60.0
"""Seconds before a lost broker is tried again: twice as long each time."""
PATIENCE = 60.0
"""Seconds without a broker before the household is told: it may be starting again."""
WELL = MQTTErrorCode.MQTT_ERR_SUCCESS
log = logging.getLogger("mien.mqtt")


class Unreached(OSError):
    """Why there is no speaking with the broker, in words."""


@dataclass(frozen=True)
class Door:
    """Where the broker is, and under which name and topics the box goes there. `port`: of the page, if it is known."""

    settings: BrokerSettings
    port: int = 0
    host: str = field(default_factory=socket.gethostname)
    machine: Path = Path("/etc/machine-id")

    @property
    def identity(self) -> str:
        """The same over restarts, and another for each box; nobody learns the machine's own number from it."""
        try:
            own = self.machine.read_bytes().strip()
        except OSError:
            own = b""
        return f"mien_{hashlib.sha256(b'mien' + (own or self.host.encode())).hexdigest()[:12]}"

    @property
    def base(self) -> str:
        return self.settings.topic.strip("/") or f"mien/{self.host}"

    @property
    def name(self) -> str:
        return "Mien" if self.host == "mien" else f"Mien {self.host}"

    @property
    def page(self) -> str:
        return address.page(address.number() or address.name(), self.port) if self.port else ""

    @property
    def host_and_port(self) -> tuple[str, int]:
        """Raises Unreached where the setting names none."""
        with contextlib.suppress(ValueError):
            named = urlsplit(f"//{self.settings.address}")
            if named.hostname and named.netloc == self.settings.address:
                return named.hostname, named.port or (SEALED if self.settings.tls else PLAIN)
        raise Unreached("this is no host, and no host:port")

    def client(self, identity: str) -> paho.Client:
        made = paho.Client(CallbackAPIVersion.VERSION2, client_id=identity, clean_session=True)
        made.connect_timeout = REACH
        if self.settings.user:
            made.username_pw_set(self.settings.user, self.settings.password)
        if self.settings.tls:
            made.tls_set_context(ssl.create_default_context())
        return made

    def enter(self, client: paho.Client) -> None:
        """Raises Unreached. Whether we are welcome is told later, by the client's on_connect."""
        host, port = self.host_and_port
        try:
            client.connect(host, port, ALIVE)
        except (OSError, ValueError) as error:
            raise Unreached(getattr(error, "strerror", None) or str(error) or type(error).__name__) from error

    def knock(self) -> None:
        """Whether the broker would have us: for a doctor, beside the box itself. Raises Unreached."""
        self._met().disconnect()

    def farewell(self) -> None:
        """Have the broker forget a box that is gone. Raises Unreached."""
        client = self._met()
        topics = [f"{self.base}/status", f"{self.base}/state"]
        if prefix := self.settings.discovery:
            topics.append(f"{prefix}/device/{self.identity}/config")
        gone = [client.publish(topic, b"", qos=1, retain=True) for topic in topics]
        turned(client, lambda: all(one.is_published() for one in gone))
        client.disconnect()

    def _met(self) -> paho.Client:
        """A visitor without a name, who is welcome. Raises Unreached."""
        answers: list[ReasonCode] = []
        client = self.client("")
        client.on_connect = lambda client, data, flags, code, more: answers.append(code)
        self.enter(client)
        turned(client, lambda: bool(answers))
        if answers[0].is_failure:
            raise Unreached(refusal(answers[0]))
        return client


def turned(client: paho.Client, done: Callable[[], bool]) -> None:
    """Speak with the broker until this is so. Raises Unreached."""
    until, well = time.monotonic() + REACH, True
    while not done():
        if not well or time.monotonic() >= until:
            client.disconnect()
            raise Unreached("it does not answer as a broker does")
        well = client.loop(TURN) == WELL


def refusal(code: ReasonCode) -> str:
    return f"it refuses the box: {str(code).lower()}"


class Home:
    """The edge. `trouble` is for everybody: empty, or why the broker is out of reach."""

    def __init__(
        self,
        door: Door,
        snapshot: Callable[[], Snapshot],
        post: Callable[[Event], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._door, self._snapshot, self._post, self._now = door, snapshot, post, now
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
        return f"The home's broker at {self._door.settings.address} is away: {self._why}."

    def start(self) -> None:
        if self._door.settings.address:
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
                log.warning("the home's broker, %s: %s", self._door.settings.address, self._why)
            self._ending.wait(pause)
            pause = min(LAST, 2 * pause)

    def _visit(self) -> None:
        """From hello until either of the two goes. Raises Unreached."""
        status, client = f"{self._door.base}/status", self._door.client(self._door.identity)
        client.will_set(status, OFFLINE, qos=1, retain=True)
        client.on_connect = self._welcomed
        client.on_message = self._heard
        self._refused = ""
        self._door.enter(client)
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
        client.subscribe(f"{self._door.base}/do/+", qos=1)
        if prefix := self._door.settings.discovery:
            client.subscribe(f"{prefix}/status")
        log.info("the home's broker is there")
        self._introduce(client)

    def _introduce(self, client: paho.Client) -> None:
        door = self._door
        if prefix := door.settings.discovery:
            text = msgspec.json.encode(described(door.identity, door.name, door.base, edition.own(), door.page))
            client.publish(f"{prefix}/device/{door.identity}/config", text, qos=1, retain=True)
        client.publish(f"{door.base}/status", ONLINE, qos=1, retain=True)
        self._last = b""

    def _tell(self, client: paho.Client) -> None:
        text = msgspec.json.encode(told(self._snapshot()))
        if text != self._last:
            self._last = text
            client.publish(f"{self._door.base}/state", text, retain=True)

    def _heard(self, client: paho.Client, data: object, message: paho.MQTTMessage) -> None:
        if message.topic == f"{self._door.settings.discovery}/status":
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
