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
from firmware.__main__ import AGAIN, BAD_MODEL, BAD_SETTINGS, HUNG
from firmware.prompter import tell
from tests.firmware import jail

PATIENCE = 60.0
SETTLING = "import runpy, firmware.eye as e; e.SETTLED = {}; runpy.run_module('firmware', run_name='__main__')"
GLANCES = 24  # told while it is watched


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

    def start(
        self, *words: str, jail: Callable[[], None] | None = None, settled: float | None = None, **environment: str
    ) -> None:
        """`settled`: seconds that it must have run before it may be asked to start again, in place of its own."""
        asked = ["-m", "firmware"] if settled is None else ["-c", SETTLING.format(settled)]
        names = {f"MIEN_{name.upper()}": str(self.folder / name) for name in ("run", "state", "etc")}
        variables = os.environ | names | {"HOME": str(self.folder / "home"), "TMPDIR": str(self.folder / "home")}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *asked, "--model", str(self.model), *(words or ("--camera", "actor"))],
                env=variables | environment,
                stdout=subprocess.DEVNULL,
                stderr=log,
                preexec_fn=jail,
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

    def forget(self) -> None:
        """What the one before said, and the channel it said it through."""
        if self.channel:
            self.channel.close()
        self.channel = None
        self.heard.clear()

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


def test_asked_by_the_other_half_it_ends_to_be_started_again_and_a_closed_shutter_stays_closed(half: Half) -> None:
    """The real process, but for the minute and a half that it must have run."""
    half.listen()
    half.start(settled=0.0)
    half.condition("seen")
    assert half.channel is not None
    half.order("long")
    half.until(lambda w: w == wire.Shutter(True))
    half.channel.sendall(wire.pack(wire.Again()))
    assert half.wait() == AGAIN
    half.forget()
    half.start()
    assert half.until(lambda w: isinstance(w, wire.Shutter)) == wire.Shutter(True)
    assert half.channel is not None
    half.channel.sendall(wire.pack(wire.Again()))
    health = half.until(lambda w: isinstance(w, wire.Health))
    assert isinstance(health, wire.Health) and health.camera == "closed", "one that has only just begun goes on"
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


@pytest.mark.parametrize("moment", ["at once", "before the first glance", "seen", "moving the shutter", "camera lost"])
def test_killed_at_any_moment_the_next_start_sees_again(half: Half, moment: str) -> None:
    half.listen()
    half.start()
    if moment != "at once":
        half.until(lambda w: isinstance(w, wire.Hello))
    if moment in ("seen", "camera lost", "moving the shutter"):
        half.condition("seen")
    if moment == "camera lost":
        half.order("lose")
        half.until(lambda w: isinstance(w, wire.Health) and w.camera == "lost")
    if moment == "moving the shutter":
        half.order("long")
        half.order("long")
    assert half.process is not None
    half.process.kill()
    half.wait()
    left = {file.name for file in (half.folder / "state").iterdir()}
    assert left <= {"shutter", "shutter.new"}, "at worst a file half written, beside the whole one"
    half.forget()
    half.start()
    if half.until(lambda w: isinstance(w, wire.Shutter)) == wire.Shutter(True):
        half.order("long")  # as the hand would: the kill came between closing and opening
    half.condition("seen")


def test_a_recording_that_goes_and_comes_back_is_a_camera_unplugged_and_found(half: Half) -> None:
    """Not the actor's word for it: a source that is truly not there."""
    import cv2

    from firmware.actor import Scene
    from tests.firmware.frames import shots

    half.listen()
    half.start("--camera", f"replay:{half.folder / 'film'}")
    half.until(lambda w: isinstance(w, wire.Health) and w.camera == "lost" and "no such recording" in w.trouble)
    (half.folder / "beside").mkdir()
    for index, frame in enumerate(shots(Scene(), 2)):
        cv2.imwrite(str(half.folder / "beside" / f"{index}.png"), frame)
    (half.folder / "beside").rename(half.folder / "film")
    half.condition("seen")
    shutil.rmtree(half.folder / "film")
    half.until(lambda w: isinstance(w, wire.Health) and w.camera == "lost" and "nothing in it can be read" in w.trouble)
    (half.folder / "film").mkdir()
    cv2.imwrite(str(half.folder / "film" / "0.png"), shots(Scene())[0])
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
    half.forget()
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
    half.forget()
    assert isinstance(half.until(lambda w: isinstance(w, wire.Hello)), wire.Hello)
    half.condition("seen")


def test_a_model_that_is_missing_or_damaged_stops_it_with_the_reason_and_a_whole_one_starts_it(
    half: Half, model: Path
) -> None:
    half.model = half.folder / "expression.tflite"
    contract = half.model.with_suffix(".json")
    half.start()
    assert half.wait() == BAD_MODEL
    assert "expression.tflite: cannot be read" in half.log() and "restore models/" in half.log()
    whole = model.read_bytes()
    half.model.write_bytes(whole)
    half.start()
    assert half.wait() == BAD_MODEL
    assert "expression.json: cannot be read" in half.log()
    shutil.copy(model.with_suffix(".json"), contract)
    half.model.write_bytes(whole[: len(whole) // 2])
    half.start()
    assert half.wait() == BAD_MODEL
    assert "is for network" in half.log()
    half.model.write_bytes(whole)
    half.listen()
    half.start()
    half.condition("seen")


def test_a_model_of_another_shape_stops_it_with_the_reason_and_the_right_one_starts_it(half: Half, model: Path) -> None:
    half.model = half.folder / "expression.tflite"
    shutil.copy(model, half.model)
    contract = half.model.with_suffix(".json")
    right = json.loads(model.with_suffix(".json").read_text())
    contract.write_text(json.dumps(right | {"side": right["side"] + 16}))
    half.start()
    assert half.wait() == BAD_MODEL
    assert f"not one int8 [1, {right['side'] + 16}" in half.log()
    contract.write_text(json.dumps(right))
    half.listen()
    half.start()
    half.condition("seen")


def test_corrupt_settings_stop_it_with_every_fault_and_mended_ones_start_it(half: Half) -> None:
    mine = half.folder / "etc" / "eye.toml"
    mine.write_text("[camera]\nwidht = 320\n[pace]\nalone = 99\n")
    half.start()
    assert half.wait() == BAD_SETTINGS
    assert "did you mean width?" in half.log() and "pace.alone" in half.log()
    mine.write_bytes(bytes(range(128, 256)) * 8)
    half.start()
    assert half.wait() == BAD_SETTINGS
    assert "eye.toml: cannot be read" in half.log()
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
