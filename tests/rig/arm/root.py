"""A Debian for each processor, with the wheels that are pinned for a box installed in it."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.rig.box import roots
from tests.rig.kitchen import Absent, clear, do, need, need_root, once

SUITE, PYTHON = "bookworm", "3.11"
PACKAGES = "python3,python3-venv,python3-numpy,python3-opencv,opencv-data,ca-certificates"
MACHINES = {"arm64": "aarch64", "amd64": "x86_64"}
"""Debian's names of the processors, and Python's."""


def debian(cache: Path, machine: str) -> Path:
    """The PC's is what the rig's box has; the Pi's has of that what the eye needs, for all in it is emulated."""
    if machine == "amd64":
        return roots.fed(cache, SUITE)
    need_root()
    need(mmdebstrap="mmdebstrap", arch_test="arch-test")
    try:
        do("arch-test", machine)
    except RuntimeError:
        raise Absent(
            f"{machine} programs do not run here: sudo apt-get install qemu-user-static binfmt-support; "
            "and where both are, sudo update-binfmts --enable"
        ) from None

    def make(beside: Path) -> None:
        do("mmdebstrap", f"--arch={machine}", "--variant=minbase", f"--include={PACKAGES}",
           "--dpkgopt=force-unsafe-io", "--dpkgopt=path-exclude=/usr/share/doc/*",
           "--dpkgopt=path-exclude=/usr/share/man/*", SUITE, beside, *roots.mirror())  # fmt: skip

    return once(cache / f"debian-{machine}", make, f"Debian {SUITE} for {machine} (long where emulated)")


def wheels(cache: Path, machine: str) -> Path:
    """As pinned by their hashes for this processor; a wheel that it has not is an error."""

    def make(beside: Path) -> None:
        platforms = [f"manylinux_2_{minor}_{MACHINES[machine]}" for minor in (34, 28, 27, 17)]
        target = [word for name in (*platforms, f"manylinux2014_{MACHINES[machine]}") for word in ("--platform", name)]
        pinned = roots.ROOT / "install" / f"python-{PYTHON}.txt"
        do(sys.executable, "-m", "pip", "download", "-q", "--only-binary=:all:", "--no-deps", "-d", beside,
           "--python-version", PYTHON, *target, "--require-hashes", "-r", pinned)  # fmt: skip

    return once(cache / f"wheels-{machine}-{roots.MARK}", make, f"the pinned wheels for {machine}")


@contextmanager
def installed(cache: Path, machine: str) -> Iterator[Path]:
    """A root with our tree and its environment in /opt/mien, gone afterwards; what it stands on is not touched."""
    lower, place = debian(cache, machine), cache / f"over-{machine}"
    clear(place)
    for name in ("upper", "work", "root"):
        (place / name).mkdir(parents=True)
    root = place / "root"
    do("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={lower},upperdir={place}/upper,workdir={place}/work", root)
    try:
        do("mount", "-t", "proc", "proc", root / "proc")
        roots.checkout(root / "opt" / "mien")
        shutil.copytree(wheels(cache, machine), root / "wheels", dirs_exist_ok=True)
        inside = ("chroot", root)
        do(*inside, "python3", "-m", "venv", "--system-site-packages", "/opt/mien/.venv")
        do(*inside, "/opt/mien/.venv/bin/python", "-m", "pip", "install", "-q", "--no-index", "--find-links", "/wheels",
           "--no-deps", "--require-hashes", "-r", f"/opt/mien/install/python-{PYTHON}.txt")  # fmt: skip
        yield root
    finally:
        clear(place)
