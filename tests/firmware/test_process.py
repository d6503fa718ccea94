"""The running half, as a process: what it opens and writes, how it starts and ends."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from firmware import wire
from tests.firmware import jail
from tests.firmware.half import Half
from tests.waiting import PATIENCE

GLANCES = 24  # told while it is watched


def test_it_sees_the_actor_and_ends_when_told(half: Half) -> None:
    half.listen()
    half.start()
    assert isinstance(half.until(lambda w: isinstance(w, wire.Hello)), wire.Hello)
    assert half.condition("seen").faces
    half.order("leave")
    half.condition("nobody")
    half.order("dark")
    half.condition("dark")
    half.order("light")
    half.order("cover")
    half.condition("covered")
    half.order("uncover")
    half.order("return")
    half.condition("seen")
    assert half.process is not None
    half.process.send_signal(signal.SIGTERM)
    assert half.wait() == 0
    assert not (half.folder / "run" / "actor.sock").exists()


@pytest.mark.skipif(not jail.known, reason="the jail speaks the kernel's language of two machines")
def test_the_jail_lets_no_network_socket_pass() -> None:
    """So that what is shown with it below means something."""
    for family, end in (("AF_UNIX", 0), ("AF_INET", -signal.SIGSYS), ("AF_INET6", -signal.SIGSYS)):
        words = [sys.executable, "-c", f"import socket; socket.socket(socket.{family})"]
        assert subprocess.run(words, preexec_fn=jail.local_sockets_only, check=False).returncode == end


def test_it_opens_no_network_socket_and_writes_no_picture(half: Half) -> None:
    """The kernel would end it at its first network socket, and counts every byte that it writes."""
    (half.folder / "etc" / "eye.toml").write_text("[pace]\ncompany = 12.0\n")  # many glances in a short test
    half.listen()
    half.start(jail=jail.local_sockets_only if jail.known else None, PYTHONDONTWRITEBYTECODE="1")
    half.condition("seen")
    half.order("join")
    half.order("press")
    half.order("long")
    half.until(lambda w: w == wire.Shutter(True))
    half.order("long")
    for _ in range(GLANCES):
        half.condition("seen")
    assert half.process is not None
    own = Path("/proc") / str(half.process.pid)
    inodes, written = set(), []
    for descriptor in (own / "fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed between the listing and the look
            to = str(descriptor.readlink())
            if to.startswith("socket:["):
                inodes.add(to[8:-1])
            flags = int((own / "fdinfo" / descriptor.name).read_text().split("flags:")[1].split()[0], 8)
            if to.startswith("/") and not to.startswith("/dev/") and flags & (os.O_WRONLY | os.O_RDWR):
                written.append(to)
    local = {line.split()[6] for line in (own / "net" / "unix").read_text().splitlines()[1:]}
    assert inodes, "it does have sockets"
    assert inodes <= local, "and every one of them is local"
    assert written == [str(half.folder / "log")]
    shared = [line for line in (own / "maps").read_text().splitlines() if " rw-s " in line]
    assert shared == [], "nor is a file written through memory"
    counted = dict(line.split(": ") for line in (own / "io").read_text().splitlines())
    assert int(counted["wchar"]) < GLANCES * 200, "all it ever wrote is less than the smallest picture of each glance"
    half.process.send_signal(signal.SIGTERM)
    assert half.wait() == 0
    left = {file.relative_to(half.folder) for file in half.folder.rglob("*") if file.is_file()}
    assert left == {Path("log"), Path("state/shutter"), Path("etc/eye.toml")}
    assert len((half.folder / "log").read_bytes()) < 4000
    assert (half.folder / "state" / "shutter").read_bytes() == b"open  \n"


def test_systemd_is_told_when_it_is_ready_and_fed_by_frames(half: Half) -> None:
    place = half.folder / "run" / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(place))
        ear.settimeout(PATIENCE)
        half.start(NOTIFY_SOCKET=str(place))
        said = [ear.recv(200) for _ in range(4)]
        assert said[0] == b"READY=1"
        assert said[1:] == [b"WATCHDOG=1"] * 3
        assert half.process is not None
        half.process.send_signal(signal.SIGTERM)
        while said[-1] != b"STOPPING=1":
            said.append(ear.recv(200))
    assert half.wait() == 0
