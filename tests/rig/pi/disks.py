"""The virtual Pi's disk: a Debian, the box installed on it by `setup.sh install`, and the virtual Pi's own devices.

The Debian holds what install takes from apt. It is installed in a container, where that is quick; only then the disk
becomes a Pi's: with lgpio where Raspberry Pi OS has it, pins and a sound card at boot, and the rig's walk after it.
"""

import hashlib
import shutil
import sys
import zipfile
from pathlib import Path

import cv2

from firmware.actor import Actor, Stage
from firmware.settings import CameraSettings
from songs.shelf import fill
from tests.rig.box import roots
from tests.rig.box.machine import boxes
from tests.rig.kitchen import do, need, need_root, once
from tests.rig.pi import kernel

SUITE = "bookworm"
PACKAGES = (
    "systemd,systemd-sysv,udev,dbus,kmod,libpam-systemd,iproute2,procps,ca-certificates,util-linux,mpc,"
    f"python3,{roots.TAKEN.replace(' ', ',')}"
)
MARK = hashlib.sha256(PACKAGES.encode()).hexdigest()[:8]
LGPIO = "lgpio==0.2.2.0"
SCENES = {name: name for name in ("neutral", "happy", "sad", "angry")} | {"nobody": "leave"}
INSIDE = Path(__file__).parent / "inside"
INSTALL = "./setup.sh install --camera actor --music /srv/music --sound none"


def debian(cache: Path) -> Path:
    """A Debian in a folder, with the kernel's modules in it."""
    need_root()
    need(mmdebstrap="mmdebstrap", systemd_nspawn="systemd-container")

    def make(beside: Path) -> None:
        do("mmdebstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, beside, roots.MIRROR)
        modules = Path("lib") / "modules" / kernel.version()
        shutil.copytree(kernel.image(cache) / modules, beside / modules)
        shutil.copy(kernel.pins(cache), beside / modules)
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


def system(cache: Path, to: Path) -> Path:
    """The disk, made at `to` from the working tree as it stands."""
    need(mke2fs="e2fsprogs")
    fill(cache / "songs")
    for box in boxes(debian(cache), to.with_name("box"), {"/wheels": roots.wheels(cache, SUITE)}):
        roots.checkout(box.root / "root" / "mien")
        shutil.copytree(INSIDE, box.root / "rig")
        draw(box.root / "rig" / "scenes")
        shutil.copytree(cache / "songs", box.root / "srv" / "music")
        box.says(
            "chmod -R a+rX /srv/music /rig && mkdir -p /var/lib/rig && cp -r /rig/scenes/nobody /var/lib/rig/scene"
        )
        box.says(f"cd /root/mien && {INSTALL}")
        box.says("systemctl stop mien.target mien.service mien-eye.service mien-mpd.service")
        with zipfile.ZipFile(lgpio(cache)) as wheel:
            wheel.extractall(box.root / "usr" / "lib" / "python3" / "dist-packages")
        box.says("sh /rig/as-a-pi.sh && sync")
        to.unlink(missing_ok=True)
        do("mke2fs", "-q", "-t", "ext4", "-d", box.root, to, "6G")
    return to


def draw(folder: Path) -> None:
    """What the box will see: some frames of each, drawn by the actor that ships with the box."""
    for name, order in SCENES.items():
        (folder / name).mkdir(parents=True)
        stage = Stage()
        stage.order(order)
        actor = Actor(CameraSettings(), stage)
        for number in range(4):
            cv2.imwrite(str(folder / name / f"{number}.png"), actor.read())
