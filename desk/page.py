"""The page as seen from outside: a free port for it, and whether it says that all is well."""

import json
import socket
import urllib.error
import urllib.request
from typing import Any


def free_port(wanted: int, host: str = "") -> int:
    """The port wanted, or the next one above that nobody has. OSError when none of a hundred may be had."""
    for port in range(wanted, min(wanted + 100, 65536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, port))
            except PermissionError:
                raise OSError(f"port {port} is for root alone: choose one from 1024 on") from None
            except OSError:
                continue
            return port
    raise OSError(f"no port from {wanted} to {min(wanted + 99, 65535)} is free")


def ills(port: int) -> list[str] | None:
    """What the page says is wrong: nothing, once both halves are well. None while it does not answer."""
    told = _asked(port, "/healthz")
    if told is None or told.get("ok"):
        return None if told is None else []
    return [str(reason) for reason in told.get("reasons", ["not well yet"])]


def missing(port: int) -> list[str] | None:
    """What a run lacks to be ready. None while the page does not answer."""
    wrong, told = ills(port), _asked(port, "/api/state")
    return None if wrong is None or told is None else lacking(wrong, told)


def shut(port: int) -> bool:
    """Is the shutter closed? Whoever waits for the music to follow a face should know."""
    told = _asked(port, "/api/state")
    return told is not None and told.get("eye") == "closed"


def lacking(wrong: list[str], told: dict[str, Any]) -> list[str]:
    """Both halves and the music server, nothing less: in the words of the page's troubles, which say the likely fix,
    where it has some. An empty library is a library."""
    if not wrong and told.get("jukebox") == "up":
        return []
    return [str(trouble) for trouble in told.get("trouble", ())] or wrong or ["the music server does not answer"]


def _asked(port: int, path: str) -> dict[str, Any] | None:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
    try:
        try:
            with urllib.request.urlopen(request, timeout=2) as answer:
                told = json.load(answer)
        except urllib.error.HTTPError as error:
            told = _refusal(error)
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _refusal(error: urllib.error.HTTPError) -> Any:
    try:
        return json.load(error)
    except ValueError:
        return {"reasons": [f"the page answers {error.code}"]}
