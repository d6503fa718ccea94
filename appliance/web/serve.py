"""The page's server: composes the web room and serves it until told to stop."""

import logging
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path

from appliance import doctor, edition, journal
from appliance.web import view
from appliance.web.app import make_app
from appliance.web.house import House
from appliance.web.live import HOUR, Pulse, Trail
from appliance.web.needs import History, Look, Post, Settings
from appliance.web.phones import Phones
from appliance.web.port import Port
from appliance.web.seal import Seal, Unsealed
from appliance.web.talk import STREAMS

HANDS = STREAMS + 12
"""Threads of the server: each open stream holds one, and twelve are left for everything else."""

log = logging.getLogger("mien.page")

__all__ = ["Page", "make_app"]


def names() -> frozenset[str]:
    """What this box is called on its network, and what MIEN_HOSTS adds."""
    own = socket.gethostname().lower()
    more = os.environ.get("MIEN_HOSTS", "").lower().replace(",", " ").split()
    return frozenset({own, f"{own.split('.')[0]}.local", "mien.local", "mien", *more})


class Page:
    """The phone page on one port. `start` returns when it listens; `stop` when nothing of it runs any more."""

    def __init__(
        self,
        snapshot: Look,
        post: Post,
        settings: Settings,
        history: History,
        host: str,
        port: int,
        state_dir: Path,
        restart: Callable[[], None] | None = None,
        memory: journal.Memory | None = None,
    ) -> None:
        """`restart` ends this half, where something starts it again; `memory` holds its log lines of late."""
        earlier = (view.place(row.mood) for row in history.recent("mood", time.time() - HOUR))
        self._pulse = Pulse(snapshot, Trail(tuple(point for point in earlier if point)[-60:]))
        self.house = House(
            look=snapshot,
            post=post,
            settings=settings,
            history=history,
            pulse=self._pulse,
            phones=Phones(Path(state_dir) / "phones.json"),
            names=names(),
            seal=Seal(Path(state_dir) / "seal", names()),
            trust_localhost=os.environ.get("MIEN_TRUST_LOCALHOST") == "1",
            examine=doctor.examine,
            logs=lambda: journal.last_hour(memory),
            versions=edition.versions,
            restart=restart,
            music=os.environ.get("MIEN_STREAM", ""),
        )
        self._server = Port(
            (host, port),
            make_app(self.house),
            numthreads=HANDS,
            max=HANDS,
            server_name="mien",
            timeout=10,
            request_queue_size=64,
            shutdown_timeout=3,
            sealed=self._sealed,
        )
        self._server.max_request_header_size = 16 * 1024
        self._thread = threading.Thread(target=self._server.serve, name="page", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on; told after `start`, also where 0 was asked for."""
        return int(self._server.bind_addr[1])

    @property
    def trouble(self) -> str:
        return self.house.phones.trouble

    def start(self) -> None:
        """Raises OSError when the port is taken."""
        self._server.prepare()
        self._pulse.start()
        self._thread.start()

    def stop(self) -> None:
        self._pulse.stop()
        self._server.stop()
        self._thread.join(5.0)

    def _sealed(self, address: str) -> ssl.SSLContext | None:
        """How to speak TLS to who came by this address of ours; None where the household has not chosen it."""
        seal = self.house.seal
        if seal is None or self.house.https == "off":
            return None
        try:
            return seal.context(address)
        except Unsealed as error:
            log.error("no HTTPS: %s", error)
            return None

    def pressed(self) -> bool:
        """The button was pressed: lets in the phone that waits at the door. True if one was."""
        return self.house.door.press(self.house.clock())
