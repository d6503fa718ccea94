"""The virtual Pi's disk: a Debian, the box installed on it by `setup.sh install`, and the virtual Pi's own devices.

The Debian holds what install takes from apt. The box is installed in a container, where that is quick; only then the
disk becomes a Pi's: with lgpio where Raspberry Pi OS has it, pins and a sound card at boot, and the walk.
"""

import hashlib
import shutil
import sys
import zipfile
from pathlib import Path

from tests.rig.box import roots
from tests.rig.box.machine import boxes
from tests.rig.kitchen import alone, do, need, need_root, once
from tests.rig.pi import kernel

SUITE = "bookworm"
PACKAGES = (
    "systemd,systemd-sysv,udev,dbus,kmod,libpam-systemd,iproute2,procps,ca-certificates,util-linux,mpc,"
    f"python3,{roots.TAKEN.replace(' ', ',')}"
)
MARK = hashlib.sha256(PACKAGES.encode()).hexdigest()[:8]
LGPIO = "lgpio==0.2.2.0"
INSIDE = Path(__file__).parent / "inside"
INSTALL = "./setup.sh install --camera actor --music /srv/music --sound none"


def debian(cache: Path) -> Path:
    """A Debian in a folder, with the kernel's modules in it."""
    need_root()
    need(mmdebstrap="mmdebstrap", systemd_nspawn="systemd-container")

    def make(beside: Path) -> None:
        do("mmdebstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, beside, *roots.mirror())
        modules = Path("lib") / "modules" / kernel.version()
        shutil.copytree(kernel.image(cache) / modules, beside / modules)
        do("chroot", beside, "depmod", kernel.version())
        (beside / "etc" / "pip.conf").write_text("[global]\nno-index = true\nfind-links = /wheels\n")
        (beside / "wheels").mkdir()

    return once(cache / f"debian-{MARK}", make, f"Debian {SUITE} with what a box takes from apt (some minutes)")


def lgpio(cache: Path) -> Path:
    """The wheel of what Raspberry Pi OS has as python3-lgpio and Debian has not."""

    def make(beside: Path) -> None:
        do(sys.executable, "-m", "pip", "download", "-q", "--only-binary=:all:", "--no-deps", "-d", beside,
           "--python-version", "3.11", "--platform", "manylinux_2_34_x86_64", LGPIO)  # fmt: skip

    (wheel,) = once(cache / LGPIO, make, LGPIO).glob("*.whl")
    return wheel


def system(cache: Path) -> Path:
    """The disk of the working tree as it stands: made once for each tree, the one of the last tree goes."""
    need(mke2fs="e2fsprogs")
    with alone(cache / "machine"):
        return installed(cache)


def installed(cache: Path) -> Path:
    songs, tree = roots.songs(cache), cache / "machine" / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    roots.checkout(tree)
    own = mark(tree, INSIDE / "as-a-pi.sh", *INSIDE.glob("*.service"), *INSIDE.glob("*.conf"))
    to = cache / "machine" / f"system-{own}.img"

    def make(beside: Path) -> None:
        for old in to.parent.glob("system-*"):
            old.unlink()
        for box in boxes(debian(cache), to.with_name("box"), {"/wheels": roots.wheels(cache, SUITE)}):
            shutil.copytree(tree, box.root / "root" / "mien")
            shutil.copytree(INSIDE, box.root / "as-a-pi")
            shutil.copytree(songs, box.root / "srv" / "music")
            box.says("chmod -R a+rX /srv/music && mkdir /rig")
            box.says(f"cd /root/mien && {INSTALL}")
            box.says("systemctl stop mien.target mien.service mien-eye.service mien-mpd.service")
            with zipfile.ZipFile(lgpio(cache)) as wheel:
                wheel.extractall(box.root / "usr" / "lib" / "python3" / "dist-packages")
            box.says("sh /as-a-pi/as-a-pi.sh && sync")
            do("mke2fs", "-q", "-t", "ext4", "-d", box.root, beside, "6G")

    return once(to, make, "the disk, on which the box is installed (some minutes)")


def mark(*places: Path) -> str:
    """A name for the content of these files and folders."""
    files = sorted(file for place in places for file in ([place] if place.is_file() else place.rglob("*")))
    digest = hashlib.sha256(MARK.encode())
    for file in files:
        if file.is_file():
            digest.update(f"{file.name} {file.stat().st_mode & 0o111:o} ".encode() + file.read_bytes())
    return digest.hexdigest()[:8]
