"""How the home's message broker is reached, and under which name and topics the box goes there."""

import contextlib
import hashlib
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from appliance import address
from appliance.dial import reason
from appliance.settings import BrokerSettings

PLAIN, SEALED = 1883, 8883
REACH = 5.0
"""Seconds for a broker to answer the door."""
ALIVE = 30
"""Seconds of silence after which broker and box ask each other whether they are there."""
TURN = 1.0
WELL = MQTTErrorCode.MQTT_ERR_SUCCESS


class Unreached(OSError):
    """Why there is no speaking with the broker, in words."""


class Untrusted(Unreached):
    """Whoever is there shows a certificate that this system does not believe, or that names somebody else."""


@dataclass(frozen=True)
class Hub:
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
        except ssl.SSLCertVerificationError as error:
            raise Untrusted(f"its certificate is not trusted: {error.verify_message.rstrip('.')}") from error
        except (ssl.SSLError, ConnectionResetError) as error:
            raise Unreached(f"it does not speak TLS there: {reason(error)}") from error
        except (OSError, ValueError) as error:
            raise Unreached(reason(error)) from error

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
