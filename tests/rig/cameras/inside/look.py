"""Looks through each camera as the eye does: the contract's own tests, and what the eye makes of its pictures."""

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as xml
from importlib import import_module, metadata
from pathlib import Path

from firmware.camera import open_camera
from firmware.expression import MODEL, Network
from firmware.glance import Glancer
from firmware.settings import CameraSettings, Settings
from firmware.wire import EXPRESSIONS
from tests.rig.pi.inside.telling import hand, say, tell

FIT = "tests.rig.cameras.inside.fit"
SAID = Path("/rig/said.json")
WEBCAM, ANY_SIZE = 0, 2
"""What vivid can be: a webcam has few sizes; its S-Video input has any."""
LOOKS = 4
BOUND = 600.0
"""Seconds of the machine's own clock that the tests may take."""


def contract(source: str, words: str) -> None:
    """The tests that each source must pass, over this one."""
    report = Path("/tmp") / f"{source}.xml"
    fitted = ["-p", FIT] if source == "picamera2" else []
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-o", "faulthandler_timeout=120", "-p", "no:cacheprovider", *fitted,
         f"--junitxml={report}", "-k", source, "tests/firmware/test_cameras.py"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=BOUND,
    )  # fmt: skip
    cases = list(xml.parse(report).iter("testcase")) if report.exists() else []
    own = [case for case in cases if case.get("name", "").endswith(f"[{source}]")]
    kept = [case for case in own if not len(case.findall("*"))]
    if len(kept) < len(own) or not own:
        say(done.stdout[-6000:] + done.stderr[-2000:])
    tell(f"the contract of all sources, over {words}", f"{len(kept)} of {len(own)} tests",
         bool(own) and len(kept) == len(own))  # fmt: skip


def driver(kind: int) -> None:
    """V4L2's own test driver, as a camera of this kind at /dev/video0."""
    subprocess.run(["modprobe", "-r", "vivid"], check=False)
    subprocess.run(
        ["modprobe", "vivid", "n_devs=1", "node_types=0x1", "num_inputs=1", f"input_types={kind}"], check=True
    )


def usb() -> None:
    driver(ANY_SIZE)
    contract("usb", f"V4L2 with the kernel's vivid ({os.uname().release})")
    driver(WEBCAM)
    asked = CameraSettings(source="usb", width=640, height=360)
    camera = open_camera(asked)
    frame = camera.read()
    camera.close()
    tell("vivid as a webcam with few sizes, asked for 640 x 360", f"{frame.shape[1]} x {frame.shape[0]}",
         frame.shape == (360, 640))  # fmt: skip
    odd = CameraSettings(source="usb", width=600, height=400)
    camera = open_camera(odd)
    frame = camera.read()
    camera.close()
    fits = frame.shape[0] <= odd.height and frame.shape[1] <= odd.width
    tell("asked for 600 x 400, which it has not: none larger", f"{frame.shape[1]} x {frame.shape[0]}", fits)
    subprocess.run(["modprobe", "-r", "vivid"], check=False)


def picamera2() -> None:
    contract("picamera2", f"picamera2 {metadata.version('picamera2')} with libcamera's virtual camera")
    import_module(FIT)
    told = json.loads(SAID.read_text())
    camera = open_camera(CameraSettings(source="auto"))
    kind = type(camera).__name__
    glancer = Glancer(Settings(), Network(MODEL))
    for moment in range(LOOKS):
        glance = glancer.judge(camera.read(), float(moment))
    camera.close()
    found = [EXPRESSIONS[face.scores.index(max(face.scores))] for face in glance.faces]
    tell("the eye behind picamera2, found by itself, with a drawn face before it",
         f"{kind}: {len(found)} face, {', '.join(found) or glance.condition}; drawn {told['order']}",
         kind == "PiCamera" and found == [told["said"]])  # fmt: skip


def main() -> int:
    for step in (picamera2, usb):
        say(step.__name__)
        try:
            step()
        except (OSError, RuntimeError, ValueError, subprocess.SubprocessError) as error:
            tell(
                f"{step.__name__}, what comes after this", f"not seen, for {type(error).__name__}: {error}", good=False
            )
    hand(end=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
