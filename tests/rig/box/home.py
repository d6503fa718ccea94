"""The home's broker, told and asked from within the speaking half's walls. It is this machine's own program, let
into the box's network, which has nothing but itself in it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.rig.box.life import WELL
from tests.rig.box.machine import Box
from tests.rig.table import Checked

PLACE = "127.0.0.1:1883"
HEARS = "from paho.mqtt import subscribe; print(subscribe.simple('mien/+/status').payload.decode())"
SAYS = "from paho.mqtt import publish; publish.single('mien/{name}/do/goal', 'calm', qos=1)"


@contextmanager
def broker(box: Box, folder: Path) -> Iterator[None]:
    """One at work, and the box's settings naming it."""
    settings = box.root / "etc" / "mien" / "mien.toml"
    good = settings.read_text()
    conf = folder / "mosquitto.conf"
    conf.write_text("listener 1883 127.0.0.1\nallow_anonymous true\nuser root\n")
    with (folder / "mosquitto.log").open("ab") as log:
        running = subprocess.Popen([*inside(box), "mosquitto", "-c", conf], stdout=log, stderr=log)
    try:
        settings.write_text(f'{good}\n[broker]\naddress = "{PLACE}"\n')
        box.says("systemctl restart mien")
        yield
    finally:
        running.terminate()
        running.wait()
        settings.write_text(good)
        box.says("systemctl restart mien")


def inside(box: Box) -> list[str]:
    """Words before a command of this machine's that put it into the box's network."""
    return ["nsenter", "-t", str(box.first), "-n"]


def neighbour(box: Box, code: str) -> str:
    """What somebody else of the home prints."""
    command = [*inside(box), sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout.strip()


def told(box: Box, folder: Path) -> Iterator[Checked]:
    with broker(box, folder):
        box.until(WELL)
        said = neighbour(box, HEARS)
        yield Checked("the home's broker, told by the speaking half", said, said == "online")
        found = box.run("mien doctor | grep broker").stdout.strip()
        yield Checked("the doctor of it", found, "answers" in found)
        neighbour(box, SAYS.format(name=box.says("hostname")))
        took = box.until('mien status | grep -q "goal   calm"')
        yield Checked("an order by it", f"done after {took:.0f} s")
    box.until(WELL)
    box.says("systemctl reset-failed 'mien*'")  # these starts were ours too
