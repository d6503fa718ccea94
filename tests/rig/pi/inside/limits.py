"""Memory: how much each part takes at work, and what its limit does to one that takes too much."""

import re
from collections.abc import Mapping
from pathlib import Path

from tests.rig.pi.inside import house
from tests.rig.pi.inside.telling import run, tell, until

GROUPS = Path("/sys/fs/cgroup/system.slice")
DROP_INS = Path("/run/systemd/system")
HUNGER = Path("/run/rig")
HUNGRY = """[Service]
Environment=RIG_EATS={file} PYTHONPATH=/rig/tests/rig/pi/inside/eater:/opt/mien/current
"""
KILLED = re.compile(r"oom-kill:constraint=(\w+),.*oom_memcg=([^,]*),.*pid=(\d+)")
MB = 1 << 20


def at_work() -> None:
    """The most that each part had taken by now. Files that it read count, until the kernel wants their place back."""
    for unit in house.UNITS:
        group = GROUPS / f"{unit}.service"
        most, limit = (int((group / f"memory.{name}").read_text()) for name in ("peak", "max"))
        own = counts(group / "memory.stat")["anon"]
        events = counts(group / "memory.events")
        found = f"at most {most / MB:.0f} of {limit / MB:.0f} MB, of which its own are now {own / MB:.0f}"
        touched = f", its limit touched {events['max']} times" if events["max"] else ""
        tell(f"memory of {unit} at work", f"{found}{touched}", not events["oom_kill"] and own < limit)


def counts(file: Path) -> Mapping[str, int]:
    return {name: int(number) for name, number in map(str.split, file.read_text().splitlines())}


def eaten(unit: str) -> None:
    """One half made to eat: it alone ends, by its own limit, and is there again."""
    folder = DROP_INS / f"{unit}.service.d"
    hunger = HUNGER / f"{unit}-eats"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rig-eats.conf").write_text(HUNGRY.format(file=hunger))
    run("systemctl", "daemon-reload")
    run("systemctl", "restart", unit)
    until("all is well", house.well)
    before = {one: house.pid(one) for one in house.UNITS}
    known = len(killings())
    try:
        hunger.touch()
        until(f"{unit} is ended", lambda: len(killings()) > known or house.pid(unit) != before[unit])
    finally:
        hunger.unlink()
    took = until("all is well again", lambda: house.pid(unit) not in (0, before[unit]) and house.well())
    new = killings()[known:]
    after = {one: house.pid(one) for one in house.UNITS}
    others = all(after[one] == before[one] for one in house.UNITS if one != unit)
    alone = [(why, Path(group).stem, number) for why, group, number in new]
    good = alone == [("CONSTRAINT_MEMCG", unit, before[unit])] and others
    found = "killed at its limit" if good else f"the kernel tells of {new}"
    rest = f"the others are {'the same processes' if others else 'not the same processes'}; all well after {took:.0f} s"
    tell(f"{unit} made to eat memory", f"{found}, {rest}", good)
    (folder / "rig-eats.conf").unlink()
    run("systemctl", "daemon-reload")


def killings() -> list[tuple[str, str, int]]:
    """What the kernel ended for want of memory: why, in whose limit, which process."""
    found = KILLED.findall(run("dmesg"))
    return [(why, group, int(number)) for why, group, number in found]
