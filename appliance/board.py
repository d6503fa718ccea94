"""The board under it all, as a doctor at a shell may see it: is its power enough, is it cool, does it limit memory?"""

from collections.abc import Iterator
from pathlib import Path

from appliance.devices import Machine
from appliance.finding import Finding

WEAK, SLOWED = 0, (2, 3)
"""Of the firmware's flags for what is so now: too little voltage; held back by heat. Sixteen bits above each stands
whether it ever was so since the start."""
EVER = 16


def examine(machine: Machine) -> Iterator[Finding]:
    """Nothing on what is no Pi."""
    if machine.pi:
        yield from firmware(machine.sys)
        yield from limits(machine.sys)


def firmware(sys: Path) -> Iterator[Finding]:
    """A weak supply and heat look like anything but themselves, and the firmware notes both."""
    for file in sorted((sys / "devices" / "platform").glob("*/*firmware/get_throttled")):
        flags = int(file.read_text().strip(), 16)
        weak, slowed = when(flags, WEAK), next((told for bit in SLOWED if (told := when(flags, bit))), "")
        yield Finding(
            "power",
            f"too little{weak}" if weak else "enough",
            "a supply as docs/wiring.md names it, and a short thick cable" if weak else "",
        )
        yield Finding(
            "heat",
            f"the processor is held back{slowed}" if slowed else "the processor is not held back",
            "a heat sink, or more holes in the case" if slowed else "",
        )
        return


def when(flags: int, bit: int) -> str:
    if flags >> bit & 1:
        return ", now"
    return ", at some time since the start" if flags >> bit + EVER & 1 else ""


def limits(sys: Path) -> Iterator[Finding]:
    """Raspberry Pi OS starts Linux without the controller of memory, and then no unit's limit is one."""
    controllers = sys / "fs" / "cgroup" / "cgroup.controllers"
    if controllers.exists() and "memory" not in controllers.read_text().split():
        fix = "sudo ./setup.sh install, which writes a boot line for it, and then: sudo reboot"
        yield Finding("memory", "is not limited: a part that leaks would take the others along", fix)
