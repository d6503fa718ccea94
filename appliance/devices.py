"""The devices of the half that sees, as a doctor may see them from outside: there, and open to that half's user?

Nothing is opened here. The half that speaks is kept from all devices on a box, so this is for a person at a shell.
"""

import grp
import os
import pwd
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from appliance import places
from appliance.finding import Finding

EYE = "mien-eye"
"""Who sees, on a box; on a desk it is whoever starts the speaker."""
CSI = ("unicam", "rp1-cfe")
"""What a ribbon cable's camera is named after. Not bcm2835-isp: a Pi 3 or 4 has that without any camera."""


@dataclass(frozen=True)
class Person:
    name: str
    uid: int
    groups: frozenset[int]

    def may(self, node: Path) -> bool:
        """May this person read and write the node?"""
        at = node.stat()
        if self.uid == 0:
            return True
        shift = 6 if at.st_uid == self.uid else 3 if at.st_gid in self.groups else 0
        return at.st_mode >> shift & 0o6 == 0o6


def seer() -> Person:
    """Whoever the half that sees runs as."""
    try:
        user = pwd.getpwnam(EYE)
    except KeyError:
        user = pwd.getpwuid(os.geteuid())
    return Person(user.pw_name, user.pw_uid, frozenset(os.getgrouplist(user.pw_name, user.pw_gid)))


@dataclass(frozen=True)
class Machine:
    """Where its kernel shows devices."""

    dev: Path = Path("/dev")
    sys: Path = Path("/sys")
    model: Path = Path("/proc/device-tree/model")
    person: Person = field(default_factory=seer)
    settings: Path = field(default_factory=lambda: places.etc() / "eye.toml")
    """This box's own, of the half that sees."""

    @property
    def pi(self) -> bool:
        return self.model.exists() and b"Raspberry Pi" in self.model.read_bytes()


def examine(machine: Machine) -> Iterator[Finding]:
    yield from cameras(machine)
    yield from pins(machine)


def cameras(machine: Machine) -> Iterator[Finding]:
    """A Pi has video devices that are no cameras, so only those on USB count, and those on its ribbon cable. Whoever
    chose a recording or the drawn actor misses none."""
    chosen = source(machine.settings)
    if chosen == "actor":
        yield Finding("camera", "the drawn actor, as the settings say")
        return
    if chosen.startswith("replay:") and (place := chosen.removeprefix("replay:")):
        there = Path(place).expanduser().exists()
        fix = "" if there else f"put it there, or write another source under [camera] in {machine.settings}"
        yield Finding("camera", f"the recording {place}" + ("" if there else ", which is not there"), fix)
        return
    shown = machine.sys / "class" / "video4linux"
    found = sorted(shown.iterdir()) if shown.is_dir() else []
    usb = [device.name for device in found if "/usb" in str(device.resolve())]
    ribbon = [device.name for device in found if named(device).startswith(CSI)]
    if not usb and not ribbon:
        fix = "plug one in, on USB or by its ribbon cable; what the system sees of that: rpicam-hello --list-cameras"
        said = "none is plugged in" if machine.pi else "none is plugged in: the drawn actor stands in"
        yield Finding("camera", said, fix if machine.pi else "")
        return
    shut = [name for name in (*usb, *ribbon) if (node := machine.dev / name).exists() and not machine.person.may(node)]
    if shut:
        yield barred("camera", machine.dev / shut[0], machine.person)
    else:
        kind = "on USB" if usb else "on the ribbon cable"
        yield Finding("camera", f"{machine.dev / (usb or ribbon)[0]}, {kind}")


def source(file: Path) -> str:
    """What that half was told to see by; empty where nobody told it. What is wrong in its file it says by itself."""
    try:
        return str(tomllib.loads(file.read_text("utf-8"))["camera"]["source"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def named(device: Path) -> str:
    name = device / "name"
    return name.read_text().strip() if name.exists() else ""


def pins(machine: Machine) -> Iterator[Finding]:
    chips = sorted(machine.dev.glob("gpiochip*"))
    if not chips:
        fix = "enable the pins' driver: a Pi's kernel has it, so update the system and restart" if machine.pi else ""
        yield Finding("pins", "none on this machine: lamps and button are imagined", fix)
    elif not any(machine.person.may(chip) for chip in chips):
        yield barred("pins", chips[0], machine.person)
    else:
        yield Finding("pins", f"{', '.join(str(chip) for chip in chips)}")


def barred(what: str, node: Path, person: Person) -> Finding:
    """A device that is there, and closed to whoever should use it."""
    try:
        group = grp.getgrgid(node.stat().st_gid).gr_name
    except KeyError:
        group = str(node.stat().st_gid)
    fix = f"sudo usermod -aG {group} {person.name}, then log in anew or restart the box"
    return Finding(what, f"{node} is closed to {person.name}", fix)
