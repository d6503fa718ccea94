"""The eye on a Pi's processor: the pinned wheels install, it runs whole, and it sees what it sees on a PC."""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from firmware import wire
from tests.rig.arm.root import installed, wheels
from tests.rig.pi.disks import draw
from tests.rig.table import Checked

OUTLOOK = Path(__file__).with_name("outlook.py")
PYTHON = "/opt/mien/.venv/bin/python"
PATIENCE = 1200.0
STEP = 1 / 256
"""One step of the network's eight bits."""


def check(cache: Path) -> Iterator[Checked]:
    told: dict[str, Any] = {}
    for machine in ("arm64", "amd64"):
        with installed(cache, machine) as root:
            yield Checked(
                f"{machine}: the pinned wheels install", f"{len(list(wheels(cache, machine).iterdir()))} wheels"
            )
            draw(root / "scenes")
            shutil.copy(OUTLOOK, root / "outlook.py")
            told[machine] = json.loads(looked(root))
            if machine == "arm64":
                yield from whole(root)
    arm, pc = told["arm64"], told["amd64"]
    yield Checked("the machine that judged", f"{arm['machine']} and {pc['machine']}", arm["machine"] == "aarch64")
    faces = [(a, b) for a, b in zip(arm["glances"], pc["glances"], strict=True)]
    same = all(boxes(a) == boxes(b) for a, b in faces)
    found = f"{sum(len(a['faces']) for a, _ in faces)}, {'at the same places' if same else 'not at the same places'}"
    yield Checked("faces found in 20 frames of 5 scenes, on both", found, same)
    apart, agree = compared(faces)
    found = f"furthest apart {apart / STEP:.1f} steps of 256; the strongest is the same in {agree:.0%}"
    yield Checked("their scores", found, apart <= 2 * STEP and agree == 1.0)


def looked(root: Path) -> str:
    done = subprocess.run(
        ["chroot", root, "sh", "-c", f"cd /opt/mien && PYTHONPATH=. {PYTHON} /outlook.py /scenes"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return done.stdout


def boxes(glance: dict[str, Any]) -> list[tuple[float, ...]]:
    return [tuple(round(face[key], 6) for key in ("x", "y", "size")) for face in glance["faces"]]


def compared(glances: list[tuple[Any, Any]]) -> tuple[float, float]:
    """The furthest that two scores of one face lie apart, and the share of faces whose strongest is the same."""
    pairs = [(a["scores"], b["scores"]) for arm, pc in glances for a, b in zip(arm["faces"], pc["faces"], strict=False)]
    apart = max((abs(x - y) for a, b in pairs for x, y in zip(a, b, strict=True)), default=1.0)
    agree = [a.index(max(a)) == b.index(max(b)) for a, b in pairs]
    return apart, sum(agree) / max(1, len(agree))


def whole(root: Path) -> Iterator[Checked]:
    """The half that sees as it is started on a box, at the other end of its socket."""
    run = root / "run" / "mien"
    run.mkdir(parents=True)
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.bind(str(run / "eye.sock"))
    door.listen(1)
    door.settimeout(PATIENCE)
    eye = subprocess.Popen(["chroot", root, "sh", "-c", f"cd /opt/mien && exec {PYTHON} -m firmware --camera actor"])
    try:
        line, _ = door.accept()
        line.settimeout(PATIENCE)
        line.sendall(wire.pack(wire.Hello(wire.VERSION)))
        with line.makefile("rb") as words:
            seen = next(word for word in map(wire.unpack, words) if isinstance(word, wire.Glance) and word.faces)
        best = wire.EXPRESSIONS[seen.faces[0].scores.index(max(seen.faces[0].scores))]
        yield Checked("arm64: the whole eye runs and tells of the drawn face", f"one face, {best}", best == "neutral")
    finally:
        door.close()
        eye.terminate()
        eye.wait(60)
