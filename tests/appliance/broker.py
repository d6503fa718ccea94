"""A real message broker, and somebody else in the home who listens and asks."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any

import msgspec
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from appliance.events import Player, Song
from appliance.settings import BrokerSettings
from appliance.snapshot import Belief, Snapshot
from appliance.web.seal import Seal
from tests.ports import free_port
from tests.waiting import until

USER, PASSWORD = "mien", "a secret: \"#'"
SONG = Song("a/b.flac", "Tea", "Ida", duration=200.0)
PLAYING = Snapshot(
    state="playing", belief=Belief(mood="happy"), eye="up", jukebox="up", player=Player("play", SONG, volume=40)
)
"""What there is to tell."""
MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")


class Broker:
    """Mosquitto at a port of its own. `strict`: for those alone who know the name and the password. `sealed`: by TLS,
    with a certificate that an authority of the home's own signed."""

    def __init__(self, strict: bool = False, sealed: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mien-broker-", dir="/tmp"))
        self.port = free_port()
        lines = [f"listener {self.port} 127.0.0.1", f"allow_anonymous {'false' if strict else 'true'}"]
        if os.geteuid() == 0:
            lines.append("user root")  # else it becomes somebody who may not read its files here
        if strict:
            secrets = self.folder / "secrets"
            subprocess.run(["mosquitto_passwd", "-b", "-c", secrets, USER, PASSWORD], check=True, capture_output=True)
            lines.append(f"password_file {secrets}")
        self.authority = self.folder / "authority.crt" if sealed else None
        if self.authority:
            seal = Seal(self.folder, ["localhost"])
            self.authority.write_bytes(seal.authority())
            seal.context("127.0.0.1")
            lines += [f"certfile {self.folder}/page.pem", f"keyfile {self.folder}/page.pem"]
        (self.folder / "conf").write_text("\n".join(lines) + "\n")
        self.process = self.start()

    @property
    def settings(self) -> BrokerSettings:
        return BrokerSettings(address=f"127.0.0.1:{self.port}", topic="home/box", tls=bool(self.authority))

    def start(self) -> "subprocess.Popen[bytes]":
        assert MOSQUITTO
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([MOSQUITTO, "-c", self.folder / "conf"], stdout=log, stderr=log)
        until(self._answers, "the broker")
        return self.process

    def _answers(self) -> bool:
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder)


class Neighbour:
    """Hears everything that goes by, and what the broker has kept."""

    def __init__(self, broker: Broker) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._client = paho.Client(CallbackAPIVersion.VERSION2)
        self._client.on_message = lambda client, data, message: self.heard.append(
            (message.topic, bytes(message.payload))
        )
        self._client.on_connect = lambda client, data, flags, code, more: client.subscribe("#", qos=1)
        listens = threading.Event()
        self._client.on_subscribe = lambda client, data, number, codes, more: listens.set()
        if broker.authority:
            self._client.tls_set(str(broker.authority))
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()
        assert listens.wait(30), "the broker does not let a neighbour listen"

    def last(self, topic: str) -> bytes:
        return next((payload for said, payload in reversed(self.heard) if said == topic), b"")

    def read(self, topic: str) -> dict[str, Any]:
        """The last of this topic, once there is one."""
        told: dict[str, Any] = msgspec.json.decode(until(lambda: self.last(topic), topic))
        return told

    def say(self, topic: str, payload: str | bytes = "", keep: bool = False) -> None:
        self._client.publish(topic, payload, qos=1, retain=keep).wait_for_publish(10)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
