"""The eye on a Pi's processor: the pinned wheels install, it runs whole, and it sees what it sees on a PC.

Nothing here knows what the network says of any face: the PC is asked, and the Pi must say the same.
"""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2

from firmware import wire
from firmware.actor import Actor, Stage
from firmware.settings import CameraSettings
from tests.rig.arm.root import installed, wheels
from tests.rig.table import Checked

OUTLOOK = Path(__file__).with_name("outlook.py")
PYTHON = "/opt/mien/.venv/bin/python"
PATIENCE = 1200.0
SCENES = (*wire.EXPRESSIONS, "leave")
FRAMES = 4
STEPS = 2
"""So many of 256 may one answer of the network lie from the PC's: the runtimes of two processors round differently."""
APART = 0.05
"""So far may one share lie from the PC's, which is what two steps make of it where two expressions are as strong.
Such a face has no strongest that two processors must agree on."""


def check(cache: Path) -> Iterator[Checked]:
    told: dict[str, Any] = {}
    for machine in ("amd64", "arm64"):
        with installed(cache, machine) as root:
            pinned = [wheel.name for wheel in wheels(cache, machine).iterdir()]
            own = [name for name in pinned if "aarch64" in name or "x86_64" in name]
            yield Checked(
                f"{machine}: the pinned wheels install", f"{len(pinned)}, of which {len(own)} for this processor"
            )
            draw(root / "scenes")
            shutil.copy(OUTLOOK, root / "outlook.py")
            told[machine] = json.loads(looked(root))
            if machine == "arm64":
                yield from whole(root, told["amd64"])
    yield from alike(told["arm64"], told["amd64"])


def draw(folder: Path) -> None:
    """What the eyes will see: some frames of each scene, drawn by the actor that ships with the box."""
    for order in SCENES:
        (folder / order).mkdir(parents=True)
        stage = Stage()
        stage.order(order)
        actor = Actor(CameraSettings(), stage)
        for number in range(FRAMES):
            cv2.imwrite(str(folder / order / f"{number}.png"), actor.read())


def looked(root: Path) -> str:
    done = subprocess.run(
        ["chroot", root, "sh", "-c", f"cd /opt/mien && PYTHONPATH=. {PYTHON} /outlook.py /scenes"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the eye's look ended with {done.returncode}: {done.stderr[-3000:]}")
    return done.stdout


def whole(root: Path, pc: dict[str, Any]) -> Iterator[Checked]:
    """The half that sees as it is started on a box, at the other end of its socket."""
    first = sorted(SCENES).index("neutral") * FRAMES
    wanted = next(strongest(face["scores"]) for look in pc["glances"][first:] for face in look["faces"])
    run = root / "run" / "mien"
    run.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(str(run / "eye.sock"))
        door.listen(1)
        door.settimeout(PATIENCE)
        eye = subprocess.Popen(
            ["chroot", root, "sh", "-c", f"cd /opt/mien && exec {PYTHON} -m firmware --camera actor"]
        )
        try:
            line, _ = door.accept()
            with line, line.makefile("rb") as words:
                line.settimeout(PATIENCE)
                line.sendall(wire.pack(wire.Hello(wire.VERSION)))
                heard = map(wire.unpack, words)
                greeting = next(heard)
                seen = next(word for word in heard if isinstance(word, wire.Glance) and word.faces)
        finally:
            eye.terminate()
            end = eye.wait(PATIENCE)
    same = isinstance(greeting, wire.Hello) and greeting.network == pc["network"]
    yield Checked("arm64: the whole eye says Hello, with the PC's network", pc["network"], same)
    best = strongest(seen.faces[0].scores)
    yield Checked(
        "arm64: it tells of the drawn face what the PC tells", f"{len(seen.faces)} face, {best}", best == wanted
    )
    yield Checked("arm64: told to stop, it ends", f"with {end}", end == 0)


def alike(arm: dict[str, Any], pc: dict[str, Any]) -> Iterator[Checked]:
    """The same frames, seen by both."""
    yield Checked("the machine that judged", f"{arm['machine']} and {pc['machine']}", arm["machine"] == "aarch64")
    apart = [abs(a - b) for one, other in zip(arm["answers"], pc["answers"], strict=True)
             for a, b in zip(one, other, strict=True)]  # fmt: skip
    found = f"{sum(not step for step in apart)} of {len(apart)} to the bit, the others {max(apart)} of 256 steps apart"
    yield Checked(f"the network's answers to {len(pc['answers'])} drawn squares", found, max(apart) <= STEPS)
    looks = list(zip(arm["glances"], pc["glances"], strict=True))
    same = [boxes(a) == boxes(b) for a, b in looks]
    count = sum(len(b["faces"]) for _, b in looks)
    found = f"{count} faces; at the same places in {sum(same)} of {len(looks)} frames"
    yield Checked(
        f"faces found in {len(looks)} frames of {len(SCENES)} scenes, on both", found, all(same) and count > 0
    )
    faces = [(a["scores"], b["scores"]) for arms, pcs in looks
             for a, b in zip(arms["faces"], pcs["faces"], strict=False)]  # fmt: skip
    widest = max((abs(x - y) for a, b in faces for x, y in zip(a, b, strict=True)), default=1.0)
    yield Checked("their scores", f"furthest apart {widest:.4f} of 1", widest <= APART)
    clear = [(a, b) for a, b in faces if lead(b) > 2 * APART]
    agree = sum(strongest(a) == strongest(b) for a, b in clear)
    found = f"the same in {agree} of {len(clear)}; on the PC undecided {len(faces) - len(clear)}"
    yield Checked("their strongest expression, where the PC is decided", found, 0 < agree == len(clear))


def boxes(glance: dict[str, Any]) -> list[tuple[float, ...]]:
    return [tuple(face[key] for key in ("x", "y", "size")) for face in glance["faces"]]


def strongest(scores: "list[float] | tuple[float, ...]") -> wire.Expression:
    return wire.EXPRESSIONS[scores.index(max(scores))]


def lead(scores: list[float]) -> float:
    """How far the strongest lies before the next."""
    second, first = sorted(scores)[-2:]
    return first - second
