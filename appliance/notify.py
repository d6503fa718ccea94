"""systemd's readiness and watchdog protocol: one datagram a message, and silence where there is no systemd."""

import logging
import os
import socket

log = logging.getLogger("mien")


def notify(*lines: str) -> None:
    """Tell systemd, for example notify("READY=1"). Does nothing outside of a unit with Type=notify. Never raises."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]  # an abstract address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
            channel.sendto("\n".join(lines).encode(), address)
    except OSError as error:  # music must not end because systemd is not listening
        log.warning("systemd cannot be told: %s", error)
