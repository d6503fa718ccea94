"""The rig: what a Raspberry Pi would show, shown without one. `python -m tests.rig [PART...]`, by `./setup.sh rig`.

Each part is a module with `check(cache)`, which does its work and yields a row for each thing that it looked at. The
rows go to docs/rig.md as each part ends. What is dear to build lies in the cache and is built once. The exit code is
the number of parts that found a fault or could not be run.
"""

import argparse
import importlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

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
}
"""In the order in which they run: the quick ones first."""
RELEASES = {"box": ("bookworm", "trixie"), "goes": ("bookworm", "trixie"), "still": ("bookworm", "trixie")}
"""The parts that are tried on more than one Debian; the first is the one that is meant where none is named."""


def run(part: str, release: str = "") -> bool:
    """`release`: the Debian, for a part that knows several. Another than the first has rows of its own."""
    began = time.monotonic()
    rows = []
    debian = (release,) if release and part in RELEASES else ()
    check = importlib.import_module(PARTS[part]).check
    if debian and debian[0] != RELEASES[part][0]:
        part = f"{part} {release}"
    print(f"-> rig: {part}", flush=True)
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
    keep(PAGE, part, rows)
    print(f"   {time.monotonic() - began:.0f} s", flush=True)
    return all(row.good for row in rows)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./setup.sh rig", description="A Raspberry Pi's checks, without one.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; without, all")
    parser.add_argument("--release", default="", choices=RELEASES["box"], help="the Debian of box, goes and still")
    told = parser.parse_args(words)
    wanted = told.parts or list(PARTS)
    if unknown := [part for part in wanted if part not in PARTS]:
        parser.error(f"there is no part {', '.join(unknown)}")
    return sum(not run(part, told.release) for part in wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
