"""A music server of the speaker's own: MPD on a private socket, and where its sound goes."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from desk.places import Places

TEMPLATE = Path(__file__).resolve().parent.parent / "config" / "mpd.conf"
PULSE = 'audio_output {\n    type "pulse"\n    name "this machine"\n    mixer_type "software"\n}\n'
ALSA = 'audio_output {\n    type "alsa"\n    name "this machine"\n    mixer_type "software"\n}\n'
STREAM = """audio_output {{
    type "httpd"
    name "the page"
    encoder "lame"
    bitrate "160"
    bind_to_address "127.0.0.1"
    port "{port}"
    format "44100:16:2"
    always_on "yes"          # the page need not reconnect between songs
    mixer_type "software"
}}
audio_output {{
    type "null"              # keeps the time of the music while nobody listens
    name "nowhere"
    mixer_type "software"
}}
"""


class Unplayable(RuntimeError):
    """No music can be played, and why."""


@dataclass(frozen=True)
class Sound:
    """`words` say where the sound goes; `stream` is the address of the stream, where there is one."""

    words: str
    outputs: str
    stream: str = ""


def sound(stream_port: int) -> Sound:
    """The machine's own output if it has one, else a stream that the page plays."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and os.geteuid() != 0 and (Path(runtime) / "pulse" / "native").exists():
        return Sound("this machine's sound", PULSE)
    cards = Path("/proc/asound/cards")
    if cards.exists() and "no soundcards" not in cards.read_text() and Path("/dev/snd").exists():
        return Sound("this machine's sound card", ALSA)
    return Sound(
        "the page, for this machine has no sound card",
        STREAM.format(port=stream_port),
        f"http://localhost:{stream_port}/",
    )


def ordinary_user() -> str:
    """Whom MPD runs as when root starts it; nobody in particular otherwise."""
    if os.geteuid() != 0:
        return ""
    names = {person.pw_name for person in pwd.getpwall()}
    return "mpd" if "mpd" in names else "nobody"


def prepare(where: Places, music: Path, outputs: str) -> tuple[list[str], str]:
    """Folders, rights and the configuration. Returns the command and the user. Raises Unplayable."""
    program = shutil.which("mpd") or "/usr/bin/mpd"
    if not Path(program).exists():
        raise Unplayable("MPD is not installed: apt install mpd")
    user = ordinary_user()
    data, room = where.data(music), where.socket.parent
    room.mkdir(mode=0o700)
    (data / "playlists").mkdir(parents=True, exist_ok=True)
    if user:
        person = pwd.getpwnam(user)
        for place in (data, *data.rglob("*"), room):
            os.chown(place, person.pw_uid, person.pw_gid)
        for place, test in ((music, "-r"), (data, "-w"), (room, "-w")):
            _may(user, place, test)
    conf = TEMPLATE.read_text()
    for name, value in (("MUSIC", music), ("DATA", data), ("SOCKET", where.socket)):
        conf = conf.replace(f"@{name}@", str(value).replace("\\", "\\\\").replace('"', '\\"'))
    file = room / "mpd.conf"
    file.write_bytes(os.fsencode(conf.replace("@OUTPUTS@", outputs)))
    return [program, "--no-daemon", "--stderr", str(file)], user


def remote(address: str) -> str:
    """How `mpc` is told of a server."""
    if address.startswith("/"):
        return f"mpc --host={quote(address)}"
    host, port = address.rsplit(":", 1)
    return f"mpc --host={quote(host)} --port={port}"


def _may(user: str, place: Path, test: str) -> None:
    person = pwd.getpwnam(user)
    asked = ["setpriv", "--reuid", str(person.pw_uid), "--regid", str(person.pw_gid), "--init-groups", "--"]
    if subprocess.run([*asked, "test", test, str(place), "-a", "-x", str(place)], check=False).returncode:
        raise Unplayable(
            f"MPD runs as {user}, who may not {'read' if test == '-r' else 'write'} {place}: "
            "choose a place that others may reach, or start the speaker as yourself"
        )
