"""The running half, as a process: what it opens and writes, how it starts, fails, recovers and ends."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from firmware import wire
from firmware.__main__ import BAD_MODEL, BAD_SETTINGS, HUNG
from firmware.prompter import tell

PATIENCE = 30.0


class Half:
    """One running eye with folders of its own, and a stand-in for the other end of its socket."""

    def __init__(self, folder: Path, model: Path) -> None:
        self.folder, self.model = folder, model
        for name in ("run", "state", "etc", "home"):
            (folder / name).mkdir(exist_ok=True)
        self.process: subprocess.Popen[bytes] | None = None
        self.door: socket.socket | None = None
        self.channel: socket.socket | None = None
        self.reader = wire.Reader()
        self.heard: list[wire.Word | wire.Fault] = []

    def start(self, *words: str, **environment: str) -> None:
        names = {f"MIEN_{name.upper()}": str(self.folder / name) for name in ("run", "state", "etc")}
        variables = os.environ | names | {"HOME": str(self.folder / "home"), "TMPDIR": str(self.folder / "home")}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "firmware", "--model", str(self.model), *(words or ("--camera", "actor"))],
                env=variables | environment,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def listen(self) -> None:
        place = self.folder / "run" / "eye.sock"
        place.unlink(missing_ok=True)
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(str(place))
        self.door.listen(1)
        self.door.settimeout(PATIENCE)

    def until(self, wanted: Callable[[wire.Word | wire.Fault], bool]) -> wire.Word | wire.Fault:
        """The next message that is wanted; those before it are kept in `heard`."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            while self.heard:
                word = self.heard.pop(0)
                if wanted(word):
                    return word
            if self.channel is None:
                assert self.door is not None
                self.channel, _ = self.door.accept()
                self.channel.settimeout(PATIENCE)
                self.channel.sendall(wire.pack(wire.Hello(wire.VERSION)))
                self.reader = wire.Reader()
            data = self.channel.recv(4096)
            if not data:
                self.channel = None
            self.heard += self.reader.feed(data)
        raise AssertionError(f"not heard in {PATIENCE} s; log: {self.log()}")

    def condition(self, name: str) -> wire.Glance:
        word = self.until(lambda w: isinstance(w, wire.Glance) and w.condition == name)
        assert isinstance(word, wire.Glance)
        return word

    def order(self, line: str) -> str:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return tell(self.folder / "run" / "actor.sock", line)
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def wait(self) -> int:
        assert self.process is not None
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for one in (self.channel, self.door):
            if one:
                one.close()


@pytest.fixture
def half(tmp_path: Path, model: Path) -> Iterator[Half]:
    half = Half(tmp_path, model)
    yield half
    half.end()


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
    assert half.process.wait(2.0) == 0, "within two seconds"
    assert not (half.folder / "run" / "actor.sock").exists()


def test_it_opens_no_network_socket_and_writes_no_picture(half: Half) -> None:
    """Watched while it works: the kinds of its sockets, the files it has open, all that it leaves behind."""
    half.listen()
    half.start()
    half.condition("seen")
    half.order("press")
    half.order("long")
    half.until(lambda w: w == wire.Shutter(True))
    half.order("long")
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
    half.process.send_signal(signal.SIGTERM)
    half.wait()
    left = {file.relative_to(half.folder) for file in half.folder.rglob("*") if file.is_file()}
    assert left == {Path("log"), Path("state/shutter")}
    assert len((half.folder / "log").read_bytes()) < 4000
    assert (half.folder / "state" / "shutter").read_bytes() == b"open  \n"


def test_the_shutter_closes_with_the_other_half_dead_and_stays_so_over_a_kill(half: Half) -> None:
    half.start()
    half.order("long")
    assert (half.folder / "state" / "shutter").read_bytes() == b"closed\n"
    assert half.process is not None
    half.process.kill()
    half.wait()
    half.listen()
    half.start()
    assert half.until(lambda w: isinstance(w, wire.Shutter)) == wire.Shutter(True)
    health = half.until(lambda w: isinstance(w, wire.Health))
    assert isinstance(health, wire.Health) and health.camera == "closed"
    half.order("long")
    half.condition("seen")


def test_an_unplugged_camera_is_told_and_comes_back_by_itself(half: Half) -> None:
    half.listen()
    half.start()
    half.condition("seen")
    half.order("lose")
    half.until(lambda w: isinstance(w, wire.Health) and w.camera == "lost" and "lost" in w.trouble)
    half.order("find")
    half.condition("seen")
    half.until(lambda w: isinstance(w, wire.Health) and w.camera == "ok")


def test_a_hung_camera_ends_it_loudly_and_the_next_start_sees_again(half: Half) -> None:
    (half.folder / "etc" / "eye.toml").write_text("[camera]\npatience = 2.0\n")
    half.listen()
    half.start()
    half.condition("seen")
    half.order("hang")
    assert half.wait() == HUNG
    assert "the camera has not answered" in half.log()
    half.channel = None
    half.heard.clear()
    half.start()
    half.condition("seen")


def test_a_hung_camera_does_not_keep_it_from_ending_when_told(half: Half) -> None:
    half.listen()
    half.start()
    half.condition("seen")
    half.order("hang")
    assert half.process is not None
    half.process.send_signal(signal.SIGTERM)
    assert half.process.wait(2.0) == 0, "within two seconds"


def test_the_other_half_may_die_and_return(half: Half) -> None:
    half.listen()
    half.start()
    half.condition("seen")
    assert half.channel is not None
    half.channel.close()
    half.channel = None
    half.heard.clear()
    assert isinstance(half.until(lambda w: isinstance(w, wire.Hello)), wire.Hello)
    half.condition("seen")


def test_a_corrupt_model_stops_it_with_the_reason_and_a_whole_one_starts_it(half: Half, model: Path) -> None:
    half.model = half.folder / "expression.tflite"
    shutil.copy(model, half.model)
    shutil.copy(model.with_suffix(".json"), half.model.with_suffix(".json"))
    whole = half.model.read_bytes()
    half.model.write_bytes(whole[: len(whole) // 2])
    half.start()
    assert half.wait() == BAD_MODEL
    assert "is for network" in half.log() and "restore models/" in half.log()
    half.model.write_bytes(whole)
    half.listen()
    half.start()
    half.condition("seen")


def test_corrupt_settings_stop_it_with_every_fault_and_mended_ones_start_it(half: Half) -> None:
    mine = half.folder / "etc" / "eye.toml"
    mine.write_text("[camera]\nwidht = 320\n[pace]\nalone = 99\n")
    half.start()
    assert half.wait() == BAD_SETTINGS
    assert "did you mean width?" in half.log() and "pace.alone" in half.log()
    mine.write_text("[pace]\nalone = 2.0\n")
    half.listen()
    half.start()
    half.condition("seen")


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


def test_a_recording_is_watched_as_a_camera_is(half: Half) -> None:
    import cv2

    from firmware.actor import Scene
    from tests.firmware.frames import shots

    film = half.folder / "film"
    film.mkdir()
    for index, frame in enumerate(shots(Scene(), 4)):
        cv2.imwrite(str(film / f"{index}.png"), np.asarray(frame))
    half.listen()
    half.start("--camera", f"replay:{film}")
    assert half.condition("seen").faces
    assert json.loads(wire.pack(half.condition("seen")))["faces"]
    assert half.order("press") == "did a press"
    assert "no actor plays here" in half.order("happy")
