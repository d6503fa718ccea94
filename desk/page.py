"""The page as seen from outside: a free port for it, and whether it says that all is well."""

import json
import socket
import urllib.error
import urllib.request


def free_port(wanted: int, host: str = "") -> int:
    """The port wanted, or the next one above that nobody has. OSError when none of a hundred is free."""
    for port in range(wanted, min(wanted + 100, 65536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, port))
            except OSError:
                continue
            return port
    raise OSError(f"no port from {wanted} to {wanted + 99} is free")


def ills(port: int) -> list[str] | None:
    """What the page says is wrong: nothing, once all is well. None while it does not answer."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz")
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:
            told = json.load(answer)
    except urllib.error.HTTPError as error:
        try:
            told = json.load(error)
        except ValueError:
            return [f"the page answers {error.code}"]
    except (OSError, ValueError):
        return None
    return [] if told.get("ok") else [str(reason) for reason in told.get("reasons", ["not well yet"])]
