"""What a box begins as: a bare Debian that has the packages it will install lying ready, and one that has them in it.

The boxes have no network, as the rig must show the same on any day: apt and pip find what they ask for in folders.
"""

import hashlib
import shutil
import sys
from pathlib import Path

from songs.shelf import fill
from tests.rig.kitchen import alone, do, need, need_root, once

ROOT = Path(__file__).resolve().parents[3]
PYTHONS = {"bookworm": "3.11", "trixie": "3.13"}
BARE = "systemd,systemd-sysv,dbus,ca-certificates,python3,procps,iproute2"
TAKEN = (
    "python3-venv python3-numpy libopenblas0-serial python3-opencv opencv-data alsa-utils avahi-daemon libnss-mdns "
    "ffmpeg mpd"
)
"""What install takes from apt on a machine that is no Pi."""
MARK = hashlib.sha256(f"{BARE} {TAKEN}".encode()).hexdigest()[:8]


def mirror() -> tuple[str, ...]:
    """Where this machine's own Debian comes from; what is not Debian leaves the choice to mmdebstrap."""
    told = do("apt-get", "indextargets", "--format", "$(SUITE) $(LABEL) $(REPO_URI)", "Created-By: Packages")
    lines = (line.split() for line in told.splitlines())
    return tuple(uri for suite, *label, uri in lines if label == ["Debian"] and "-" not in suite)[:1]


def bare(cache: Path, suite: str) -> Path:
    """A Debian in which nothing of ours is."""
    need_root()
    need(mmdebstrap="mmdebstrap", systemd_nspawn="systemd-container")

    def make(beside: Path) -> None:
        hook = f'chroot "$1" apt-get install -y -q --no-install-recommends --download-only {TAKEN}'
        do("mmdebstrap", "--variant=minbase", f"--include={BARE}", "--skip=cleanup/apt", f"--customize-hook={hook}",
           suite, beside, *mirror())  # fmt: skip
        (beside / "etc" / "pip.conf").write_text("[global]\nno-index = true\nfind-links = /rig/wheels\n")
        (beside / "rig").mkdir()

    return once(cache / f"box-{suite}-{MARK}", make, f"a bare Debian {suite} (some minutes)")


def fed(cache: Path, suite: str) -> Path:
    """The same with the packages in it, so that an install is a matter of a minute."""
    lower = bare(cache, suite)

    def make(beside: Path) -> None:
        do("cp", "-a", lower, beside)
        do("chroot", beside, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-q",
           "--no-install-recommends", *TAKEN.split())  # fmt: skip

    return once(
        cache / f"box-{suite}-{MARK}-fed", make, f"a Debian {suite} with what a box takes from apt (some minutes)"
    )


def wheels(cache: Path, suite: str) -> Path:
    """The wheels that are pinned for this Debian's Python."""
    python = PYTHONS[suite]
    pinned = ROOT / "install" / f"python-{python}.txt"
    mark = hashlib.sha256(pinned.read_bytes()).hexdigest()[:8]

    def make(beside: Path) -> None:
        platforms = ("manylinux_2_34_x86_64", "manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux2014_x86_64")
        target = [word for platform in platforms for word in ("--platform", platform)]
        do(sys.executable, "-m", "pip", "download", "-q", "--only-binary=:all:", "--no-deps", "-d", beside,
           "--python-version", python, *target, "--require-hashes", "-r", pinned)  # fmt: skip

    return once(cache / f"box-wheels-{mark}", make, f"the wheels that are pinned for Python {python}")


def songs(cache: Path) -> Path:
    """The songs that the box composes, for a box that has no time to."""
    shelf = cache / "songs"
    with alone(shelf):
        fill(shelf)
    return shelf


def checkout(to: Path) -> None:
    """The tree as it stands here, as somebody would have it who cloned it."""
    for name in do("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT).splitlines():
        if (ROOT / name).is_file() and not name.startswith(("tests/", "docs/")):
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
