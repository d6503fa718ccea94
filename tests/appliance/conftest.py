"""A real MPD on a private socket, with its own folders and short synthesised songs, run as an ordinary user; and the
empty folders of a box."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mpd
import numpy as np
import pytest
import soundfile
from mutagen.flac import FLAC

from appliance.dial import Dial
from tests.appliance.music_corner import Room
from tests.waiting import until

SONGS = (
    ("happy/sun.flac", "Sun", "Ada", "Pop"),
    ("happy/rain.flac", "Rain", "Ben", "Pop"),
    ("happy/wind.flac", "Wind", "Cid", "Pop"),
    ("sad/moon.flac", "Moon", "Dot", "Blues"),
    ("sad/fog.flac", "Fog", "Eve", "Blues"),
    ("sad/snow.flac", "Snow", "Fay", "Blues"),
    ("neutral/tea.flac", "Tea", "Gus", "Lounge"),
    ("neutral/bread.flac", "Bread", "Hal", "Lounge"),
)


@dataclass
class Server:
    """One MPD. `folder` holds music, playlists and all it writes. `port`: to be reached on loopback too."""

    folder: Path
    password: str = ""
    mixer: bool = True
    port: int | None = None
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def socket(self) -> str:
        return str(self.folder / "socket")

    @property
    def dial(self) -> Dial:
        return Dial(self.socket, self.password)

    def own(self) -> None:
        """Give MPD, an ordinary user, the folders that it writes to."""
        for place in (self.folder, self.folder / "playlists"):
            place.chmod(0o755)
            if (owner := user()) is not None:
                os.chown(place, owner, group() or -1)

    def start(self) -> None:
        rights = f'password "{self.password}@read,add,control,admin"\ndefault_permissions ""' if self.password else ""
        conf = self.folder / "mpd.conf"
        conf.write_text(
            f"""music_directory "{self.folder}/music"
playlist_directory "{self.folder}/playlists"
db_file "{self.folder}/db"
state_file "{self.folder}/state"
sticker_file "{self.folder}/stickers"
log_file "{self.folder}/log"
bind_to_address "{self.socket}"
{f'bind_to_address "127.0.0.1"{chr(10)}port "{self.port}"' if self.port else ""}
metadata_to_use "+comment,grouping"
auto_update "no"
{rights}
audio_output {{
  type "null"
  name "null"
  mixer_type "{"null" if self.mixer else "none"}"
}}
"""
        )
        self.process = subprocess.Popen(["mpd", "--no-daemon", str(conf)], user=user(), group=group(), extra_groups=[])
        until(lambda: answers(self.dial), "MPD")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(10)
            self.process = None

    def client(self) -> mpd.MPDClient:
        return self.dial.connect()

    def update(self) -> None:
        client = self.client()
        client.update()
        until(lambda: "updating_db" not in client.status(), "the update")
        client.disconnect()

    def mpc(self, *words: str) -> str:
        host = f"{self.password}@{self.socket}" if self.password else self.socket
        return subprocess.run(
            ["mpc", *words],
            env={"MPD_HOST": host, "PATH": os.environ["PATH"]},
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def put(self, name: str, title: str, artist: str, genre: str, seconds: float = 30.0, **tags: str) -> None:
        """Synthesise one tagged song."""
        file = self.folder / "music" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        times = np.arange(int(8000 * seconds)) / 8000
        soundfile.write(file, (0.1 * np.sin(2 * np.pi * (220 + len(name) * 7) * times)).astype("f4"), 8000)
        song: Any = FLAC(file)  # type: ignore[no-untyped-call]  # mutagen ships no types
        song.update({"title": title, "artist": artist, "album": "Test", "genre": genre} | tags)
        song.save()


def answers(reach: Dial) -> bool:
    """Does a music server answer there?"""
    try:
        reach.connect().disconnect()
    except (OSError, mpd.MPDError):
        return False
    return True


def user() -> int | None:
    """MPD runs badly as root."""
    return pwd.getpwnam("nobody").pw_uid if os.getuid() == 0 else None


def group() -> int | None:
    return pwd.getpwnam("nobody").pw_gid if os.getuid() == 0 else None


@pytest.fixture
def bare() -> Iterator[Server]:
    """An MPD not started yet, with no song. Its folder is short, as a socket's path must be, and MPD's own."""
    folder = Path(tempfile.mkdtemp(prefix="mien-", dir="/tmp"))
    server = Server(folder)
    for name in ("music", "playlists"):
        (folder / name).mkdir()
    server.own()
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def server(bare: Server) -> Server:
    """An MPD at work with a small library."""
    for name, title, artist, genre in SONGS:
        bare.put(name, title, artist, genre)
    bare.start()
    bare.update()
    return bare


@pytest.fixture
def room(server: Server, tmp_path: Path) -> Iterator[Room]:
    """A jukebox beside it."""
    room = Room(server.dial, tmp_path / "jukebox.json").up()
    yield room
    room.jukebox.stop()


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A box's folders, sound and empty. Short, for sockets lie in them."""
    folder = Path(tempfile.mkdtemp(prefix="mien-dr-", dir="/tmp"))
    for name in ("etc", "state", "run"):
        (folder / name).mkdir()
        monkeypatch.setenv(f"MIEN_{name.upper()}", str(folder / name))
    yield folder
    shutil.rmtree(folder)
