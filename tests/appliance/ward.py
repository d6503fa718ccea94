"""What the doctor's tests share: a machine to look at, and what is found to be wrong with one."""

import os
from pathlib import Path

from appliance.devices import Machine, Person
from appliance.finding import Finding

ROOT, ANA = Person("root", 0, frozenset()), Person("ana", 4711, frozenset({os.getgid() + 1}))


def machine(root: Path, person: Person = ROOT, **devices: str) -> Machine:
    """`devices`: a name under /dev, and where its hardware hangs; its kernel name where that starts with "=" ."""
    shown = root / "sys" / "class" / "video4linux"
    shown.mkdir(parents=True, exist_ok=True)
    (root / "dev").mkdir(exist_ok=True)
    for name, at in devices.items():
        hardware = root / "hardware" / at.strip("=") / name
        hardware.mkdir(parents=True)
        (hardware / "name").write_text(at.strip("="))
        (shown / name).symlink_to(hardware)
        (root / "dev" / name).touch()
        (root / "dev" / name).chmod(0o660)
    return Machine(root / "dev", root / "sys", root / "model", person)


def faults(found: list[Finding]) -> dict[str, str]:
    return {one.what: f"{one.said} — {one.fix}" for one in found if not one.well}
