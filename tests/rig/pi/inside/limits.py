"""Memory: how much each part takes at work, and what its limit does to one that takes too much."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.rig.pi.inside import house
from tests.rig.pi.inside.telling import run, tell, until

GROUPS = Path("/sys/fs/cgroup")
DROP_INS = Path("/run/systemd/system")
HUNGER = Path("/run/rig")
HUNGRY = """[Service]
Environment=RIG_EATS={file} PYTHONPATH=/rig/tests/rig/pi/inside/eater:/opt/mien/current
"""
KILLED = re.compile(r"oom-kill:constraint=(\w+),.*oom_memcg=([^,]*),.*pid=(\d+)")
MB = 1 << 20


def at_work(*units: str) -> None:
    """The most that each part had taken by now. Files that it read count, until the kernel wants their place back."""
    for unit in units or house.UNITS:
        group = GROUPS / run("systemctl", "show", "-P", "ControlGroup", unit).lstrip("/")
        most, limit = (int((group / f"memory.{name}").read_text()) for name in ("peak", "max"))
        own = counts(group / "memory.stat")["anon"]
        events = counts(group / "memory.events")
        found = f"at most {most / MB:.0f} of {limit / MB:.0f} MB, of which its own are now {own / MB:.0f}"
        touched = f", its limit touched {events['max']} times" if events["max"] else ""
        tell(f"memory of {unit} at work", f"{found}{touched}", not events["oom_kill"] and own < limit)


def counts(file: Path) -> Mapping[str, int]:
    return {name: int(number) for name, number in map(str.split, file.read_text().splitlines())}


@contextmanager
def hungry(unit: str) -> Iterator[Path]:
    """While this lasts, a new process of the unit eats memory from when the file is there."""
    folder = DROP_INS / f"{unit}.service.d"
    file = HUNGER / f"{unit}-eats"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rig-eats.conf").write_text(HUNGRY.format(file=file))
    run("systemctl", "daemon-reload")
    try:
        yield file
    finally:
        file.unlink(missing_ok=True)
        (folder / "rig-eats.conf").unlink()
        run("systemctl", "daemon-reload")


def eaten(unit: str) -> None:
    """One half made to eat: it alone ends, by its own limit, and is there again."""
    with hungry(unit) as hunger:
        run("systemctl", "restart", unit)
        until("all is well", house.well)
        before, known = house.pids(), len(killings())
        hunger.touch()
        until(f"{unit} is ended", lambda: len(killings()) > known or house.pid(unit) != before[unit])
        hunger.unlink()
        took = until("all is well again", lambda: house.pid(unit) not in (0, before[unit]) and house.well())
        told(unit, before, known, f"all well after {took:.0f} s")


def told(unit: str, before: Mapping[str, int], known: int, besides: str) -> None:
    """Whether its limit ended it, and nothing ended anybody else. `before`: the processes; `known`: killings of old."""
    new = killings()[known:]
    after = house.pids()
    others = all(after[one] == before[one] for one in house.UNITS if one != unit)
    own = [why == "CONSTRAINT_MEMCG" and Path(group).stem.startswith(unit) for why, group, _ in new]
    good = own == [True] and new[0][2] == before.get(unit, new[0][2]) and others
    found = "killed at its limit" if good else f"the kernel tells of {new}"
    rest = f"the others are {'the same processes' if others else 'not the same processes'}; {besides}"
    tell(f"{unit} made to eat memory", f"{found}, {rest}", good)


def killings() -> list[tuple[str, str, int]]:
    """What the kernel ended for want of memory: why, in whose limit, which process."""
    found = KILLED.findall(run("dmesg"))
    return [(why, group, int(number)) for why, group, number in found]
