"""The page's port: plain HTTP and TLS on the same one, and no address may hold more than its share of it.

A connection waits for its first byte without a thread, so silence costs nothing. That byte tells what is spoken: a TLS
client begins with 22, HTTP with a letter. The handshake happens in a thread of the pool, never where all wait.

A client that hears its answer while it still sends, as one whose photo is too large, is listened to until it is done:
to hang up on it would take the answer away from it. It too holds a thread only for as long as it says something.
"""

import ipaddress
import logging
import select
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from cheroot import wsgi
from cheroot.makefile import MakeFile
from cheroot.server import HTTPConnection, HTTPRequest

SHARE = 16
"""Connections that one address may hold at once; this machine itself has no limit."""
HELLO = b"\x16"
PEEK = 1
SPARE = 64 * 1024
"""Bytes of a body that nobody wanted which are read to keep the connection; after more it is given up."""
PATIENCE = 30.0
"""Seconds for which a client that has its last answer may go on sending."""
log = logging.getLogger("mien.page")

Sealed = Callable[[str], ssl.SSLContext | None]
"""How to speak TLS to who came by this address of ours; None to refuse."""


class Asked(HTTPRequest):
    """A request. cheroot reads an unwanted body into memory, whole, before it answers: here only a small one."""

    def send_headers(self) -> None:
        if getattr(self.rfile, "remaining", 0) > SPARE:
            self.close_connection = True
        super().send_headers()


class Connection(HTTPConnection):
    """One phone's connection. It counts against its address from its first moment to its last."""

    server: "Port"
    RequestHandlerClass = Asked

    def __init__(self, server: "Port", sock: socket.socket, makefile: Any = MakeFile) -> None:
        super().__init__(server, sock, makefile)
        self.fresh = True
        try:
            self.address = str(sock.getpeername()[0])
        except OSError:
            self.address = ""  # gone already
        self._counted = True
        self._until: float | None = None
        server.come(self.address)

    def communicate(self) -> bool:
        if self._until is not None:
            return self._sends_on(self._until)
        if self.fresh:
            self.fresh = False
            try:
                if not self._greeted():
                    return False
            except OSError as error:  # a client that hangs up, is no TLS client, or does not trust us
                log.debug("%s: %s", self.address, error)
                return False
        return bool(super().communicate()) or self._said_all()  # type: ignore[no-untyped-call]  # cheroot's stubs

    def _said_all(self) -> bool:
        """Say that nothing more will be said. True while the client may still be reading it."""
        if not self.wfile.bytes_written:
            return False
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            return False  # gone already
        self.rfile.close()
        self.rfile = MakeFile(self.socket, "rb", self.rbufsize)  # what the old one still held is nobody's
        self._until = time.monotonic() + PATIENCE
        return True

    def _sends_on(self, until: float) -> bool:
        try:
            return bool(self.socket.recv(SPARE)) and time.monotonic() < until
        except OSError:
            return False

    def _greeted(self) -> bool:
        if self.socket.recv(PEEK, socket.MSG_PEEK) != HELLO:
            return True
        context = self.server.sealed(str(self.socket.getsockname()[0]))
        if context is None:
            return False
        wrapped = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        wrapped.settimeout(self.server.timeout)
        self.socket = wrapped
        self.rfile, self.wfile = (MakeFile(wrapped, mode, self.rbufsize) for mode in ("rb", "wb"))
        wrapped.do_handshake()
        self.ssl_env = {"wsgi.url_scheme": "https", "HTTPS": "on"}
        return True

    def close(self) -> None:
        if self._counted:
            self._counted = False
            self.server.gone(self.address)
        super().close()


class Port(wsgi.Server):
    """cheroot's server with the promises above."""

    ConnectionClass = Connection

    def __init__(self, *args: Any, sealed: Sealed = lambda address: None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.sealed = sealed
        self._held: Counter[str] = Counter()
        self._counting = threading.Lock()

    def come(self, address: str) -> None:
        with self._counting:
            self._held[address] += 1

    def gone(self, address: str) -> None:
        with self._counting:
            self._held[address] -= 1
            if self._held[address] <= 0:
                del self._held[address]

    def process_conn(self, conn: Connection) -> None:
        """A thread is given to a connection that has said something."""
        if conn.fresh and self._held[conn.address] > SHARE and not near(conn.address):
            conn.close()
        elif waiting(conn):
            super().process_conn(conn)
        else:
            super().put_conn(conn)

    def put_conn(self, conn: Connection) -> None:
        """After an answer. What TLS has read ahead would not wake whoever waits for the socket."""
        if isinstance(conn.socket, ssl.SSLSocket) and conn.socket.pending():
            super().process_conn(conn)
        else:
            super().put_conn(conn)

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """To the log; what clients do wrong is their own affair."""
        log.log(level if level >= logging.ERROR else logging.DEBUG, msg, exc_info=traceback)


def near(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def waiting(conn: Connection) -> bool:
    """Has the client said something that is not yet read?"""
    if conn.rfile.has_data():
        return True
    poll = select.poll()
    try:
        poll.register(conn.socket, select.POLLIN)
        return bool(poll.poll(0))
    except (OSError, ValueError):
        return True  # it is broken: reading will tell
