"""How an MPD is reached: a socket's path or host:port, and a password. Each call makes one fresh connection."""

import contextlib
from dataclasses import dataclass

import mpd

LOST = (OSError, EOFError, UnicodeDecodeError, mpd.ConnectionError, mpd.ProtocolError)
"""What a connection raises when it is no longer one."""
REPLY = 10.0
"""Seconds after which a server that answers nothing is taken for lost."""


class Client(mpd.MPDClient):  # type: ignore[misc]  # python-mpd2 ships no types
    """One that also understands Mopidy's refusals: they bear the number 0, which the library takes for a broken one.
    And all that MPD tells of its settings: from 0.24 on that is several lines, of which the library makes None."""

    def _read_line(self) -> str | None:
        try:
            line: str | None = super()._read_line()
        except UnicodeError:
            raise
        except ValueError:
            raise mpd.CommandError("[5@0] {} this server has no such command") from None
        return line


Client.add_command("config", mpd.MPDClient._parse_object)


@dataclass(frozen=True)
class Dial:
    server: str = "localhost:6600"
    password: str = ""

    def __repr__(self) -> str:
        return f"Dial({self.server!r})"

    def connect(self) -> mpd.MPDClient:
        """A connection, with the password given. Raises one of LOST, or CommandError for a wrong password."""
        client = Client()
        client.timeout = REPLY
        if self.server.startswith("/"):
            client.connect(self.server)
        else:
            host, _, port = self.server.rpartition(":")
            client.connect((host or self.server).strip("[]"), int(port) if host else 6600)
        if self.password:
            try:
                client.password(self.password)
            except mpd.CommandError:
                hang_up(client)
                raise
        return client


def hang_up(client: mpd.MPDClient) -> None:
    with contextlib.suppress(*LOST):  # it may be dead already, which is what is wanted
        client.close()
    with contextlib.suppress(*LOST):
        client.disconnect()


def version(client: mpd.MPDClient) -> tuple[int, ...]:
    """The protocol's version: a server of another kind, such as Mopidy, says 0.19."""
    return tuple(int(part) for part in str(client.mpd_version).split(".") if part.isdigit())


def reason(error: BaseException) -> str:
    """In words, why somebody could not be reached or would not do it."""
    if isinstance(error, mpd.CommandError):
        return error.msg or str(error)
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
