"""Ports for servers that tests start."""

import socket


def free_port(host: str = "127.0.0.1") -> int:
    """One that nobody has now."""
    with socket.create_server((host, 0)) as trial:
        return int(trial.getsockname()[1])
