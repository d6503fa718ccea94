"""What servers of several ages say, over a socket: such as cannot be installed beside each other, word by word."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from appliance import dial
from appliance.dial import Dial
from appliance.library import listing
from appliance.web.folder import MusicFolder
from tests.appliance.conftest import Server

OLD = ("0.23.5", ("music_directory: /srv/songs",))
NEW = ("0.24.0", ("music_directory: /srv/songs", "playlist_directory: /var/lib/mien-mpd/playlists", "pcre: 1"))
BARE = ("0.24.0", ("pcre: 1",))


@contextmanager
def saying(place: Path, version: str, settings: tuple[str, ...]) -> Iterator[Dial]:
    """A server that knows one command."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(place / "mpd"))
        door.listen()

        def serve() -> None:
            line = door.accept()[0]
            with line, line.makefile("r") as asked:
                line.sendall(f"OK MPD {version}\n".encode())
                for word in asked:
                    told = "".join(f"{setting}\n" for setting in settings) + "OK\n"
                    if word == "config\n":
                        line.sendall(told.encode())

        thread = threading.Thread(target=serve)
        thread.start()
        yield Dial(str(place / "mpd"))
        thread.join()


@pytest.mark.parametrize(("version", "settings"), [OLD, NEW, BARE])
def test_where_the_songs_lie_is_understood_whatever_else_the_server_tells(
    tmp_path: Path, version: str, settings: tuple[str, ...]
) -> None:
    told = None if settings == BARE[1] else Path("/srv/songs")
    with saying(tmp_path, version, settings) as reach:
        client = reach.connect()
        assert listing.folder(client) == told
        dial.hang_up(client)


def test_the_page_knows_the_folder_of_a_new_server_too(tmp_path: Path) -> None:
    (tmp_path / "songs").mkdir()
    with saying(tmp_path, NEW[0], (f"music_directory: {tmp_path}/songs", *NEW[1][1:])) as reach:
        assert MusicFolder(reach)() == tmp_path / "songs"


def test_the_server_that_is_here_tells_it(server: Server) -> None:
    assert listing.folder(server.client()) == server.folder / "music"
