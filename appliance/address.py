"""Where the page is found: by name, and by number for phones that know no names of the home."""

import socket

PLAIN = 80


def number() -> str:
    """This box's own address in its network; empty without one. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address kept for examples: only the route is looked up
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def name() -> str:
    return f"{socket.gethostname().partition('.')[0].lower()}.local"


def page(host: str, port: int) -> str:
    return f"http://{host}/" if port == PLAIN else f"http://{host}:{port}/"
