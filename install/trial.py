"""`python -m install.trial`: what a release must be able to do before anything points at it.

Everything runs in the Python that will run the box: a face is drawn, found and read by the network itself, for an
import proves little where compiled parts must fit one another; both halves are imported whole; and this household's
settings are read by the code that will live with them. Says what fails, and ends with 1.
"""

import importlib
import subprocess
import sys

import cv2
import msgspec

from appliance import doctor
from firmware.actor import Actor
from firmware.settings import CameraSettings


def face() -> bytes:
    """A drawn face in a drawn room, such as a phone would send."""
    good, data = cv2.imencode(".png", Actor(CameraSettings()).read())
    if not good:
        raise ValueError("OpenCV writes no PNG")
    return data.tobytes()


def seen() -> str:
    """What is wrong with finding and reading that face; empty if nothing is."""
    done = subprocess.run([sys.executable, "-m", "firmware.look"], input=face(), capture_output=True, check=False)
    try:
        told = msgspec.json.decode(done.stdout)
    except msgspec.DecodeError:
        return f"the eye does not start: {done.stderr.decode(errors='replace').strip()[-400:]}"
    if not told["ok"]:
        return str(told["why"])
    return "" if told["glance"]["faces"] else "a drawn face was not found"


def main() -> int:
    faults = [wrong] if (wrong := seen()) else []
    for half in ("firmware.__main__", "appliance.__main__"):
        importlib.import_module(half)
    _, found = doctor.configured()
    for finding in (*found, *doctor.model()):
        if not finding.well:
            faults.append(f"{finding.what}: {finding.said}; {finding.fix}")
    for fault in faults:
        print(f"   {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
