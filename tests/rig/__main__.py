"""The rig: what a Raspberry Pi would show, shown without one. `python -m tests.rig [PART...]`, by `./setup.sh rig`.

Each part is a module with `check(cache)`, which does its work and yields a row for each thing that it looked at. The
rows go to docs/rig.md as each part ends, and after them what that took. What is dear to build lies in the cache and is
built once. All parts run in three lanes beside each other; their log is kept too, in docs/rig.log. The exit code is the
number of parts that found a fault or could not be run.
"""

import argparse
import importlib
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.rig import log
from tests.rig.kitchen import Absent, cache
from tests.rig.table import Checked, keep

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rig.md"
PARTS = {
    "power": "tests.rig.power.check",
    "box": "tests.rig.box.check",
    "goes": "tests.rig.box.goes",
    "still": "tests.rig.box.still",
    "arm": "tests.rig.arm.check",
    "cameras": "tests.rig.cameras.check",
    "pi": "tests.rig.pi.check",
    "limits": "tests.rig.pi.limits",
}
LANES = (("box", "goes", "still"), ("pi",), ("limits", "cameras", "arm", "power"))
"""What runs one after another, for two cores: containers wait most of the time, a machine in QEMU works on one core.
The containers share one tree, so they are in one lane."""
BEGIN = "-> rig: "
RELEASES = {"box": ("bookworm", "trixie"), "goes": ("bookworm", "trixie"), "still": ("bookworm", "trixie")}
"""The parts that are tried on more than one Debian; the first is the one that is meant where none is named."""


def run(part: str, release: str = "") -> bool:
    """`release`: the Debian, for a part that knows several. Another than the first has rows of its own."""
    spent = stopwatch()
    rows = []
    debian = (release,) if release and part in RELEASES else ()
    check = importlib.import_module(PARTS[part]).check
    if debian and debian[0] != RELEASES[part][0]:
        part = f"{part} {release}"
    print(f"{BEGIN}{part}", flush=True)
    checks: Iterator[Checked] = check(cache(), *debian)
    try:
        for checked in checks:
            rows.append(checked)
            print(f"   {'ok  ' if checked.good else 'FAIL'} {checked.what}: {checked.found}", flush=True)
    except Absent as lack:
        print(f"   not run: {lack}", flush=True)
        return False
    except (RuntimeError, OSError, subprocess.SubprocessError) as fault:  # a TimeoutError is an OSError
        print(f"   FAIL {fault}", flush=True)
        first = next(iter(str(fault).splitlines()), type(fault).__name__)
        rows.append(Checked("what comes after this", f"not seen, for the rig failed: {first}", good=False))
    keep(PAGE, part, [*rows, Checked("the part itself", spent())])
    print(f"   {spent()}", flush=True)
    return all(row.good for row in rows)


def stopwatch() -> Callable[[], str]:
    """Says what time went by since, and how much work of one core the rig and all that it ran and ended did in it."""

    def work() -> float:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(each.ru_utime + each.ru_stime for each in used)

    began, before = time.monotonic(), work()
    cores = len(os.sched_getaffinity(0))
    on = "one core" if cores == 1 else f"{cores} cores"

    def spent() -> str:
        gone, done = (time.monotonic() - began) / 60, (work() - before) / 60
        return f"took {gone:.1f} min on {on}, in which it did {done:.1f} min of one core's work"

    return spent


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./setup.sh rig", description="A Raspberry Pi's checks, without one.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; without, all")
    parser.add_argument("--release", default="", choices=RELEASES["box"], help="the Debian of box, goes and still")
    told = parser.parse_args(words)
    if unknown := [part for part in told.parts if part not in PARTS]:
        parser.error(f"there is no part {', '.join(unknown)}")
    if told.parts:
        return sum(not run(part, told.release) for part in told.parts)
    with log.kept(PAGE.with_suffix(".log")):
        return whole(told.release)


def whole(release: str) -> int:
    """Every part; how many are not well."""
    spent, empty = stopwatch(), not any(cache().iterdir())
    with ThreadPoolExecutor(len(LANES)) as lanes:
        faults = sum(lanes.map(lambda parts: beside(parts, release), LANES))
    begun = "from an empty cache" if empty else "with what lay in the cache"
    found = f"{len(PARTS) - faults} of {len(PARTS)} parts are well; {begun} it {spent()}"
    print(f"{BEGIN}{found}", flush=True)
    keep(PAGE, "all", [Checked("every part, in three lanes, by one command", found, not faults)])
    return faults


def beside(parts: Sequence[str], release: str) -> int:
    """These parts in a process of their own, each of its lines after the name of its part; how many are not well."""
    command = [sys.executable, "-u", "-m", "tests.rig", *parts, *(["--release", release] if release else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as lane:
        assert lane.stdout
        part = ""
        for line in lane.stdout:
            part = line.removeprefix(BEGIN).strip() if line.startswith(BEGIN) else part
            print(f"{part:8}{line}", end="", flush=True)
    return lane.returncode if 0 <= lane.returncode <= len(parts) else len(parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
