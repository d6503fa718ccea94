"""The virtual Pi's two disks: a Debian that is built once, and the project's tree with what the rig brings, each time.

The Debian holds what `setup.sh install` takes from apt, but for what Raspberry Pi OS alone has (picamera2, lgpio);
lgpio is unpacked from its wheel to where apt would put it. pip finds the pinned wheels in a folder, for the machine has
no network; their hashes are checked as on a Pi.
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
from tests.rig.kitchen import do, need, need_root, once
from tests.rig.pi import kernel

ROOT = Path(__file__).resolve().parents[3]
SUITE, MIRROR = "bookworm", "http://deb.debian.org/debian"
PACKAGES = (
    "systemd,systemd-sysv,udev,dbus,kmod,libpam-systemd,iproute2,procps,sudo,ca-certificates,util-linux,"
    "python3,python3-venv,python3-numpy,python3-opencv,opencv-data,mpd,mpc,alsa-utils,avahi-daemon,curl"
)
LGPIO = "lgpio==0.2.2.0"
SCENES = {name: name for name in ("neutral", "happy", "sad", "angry")} | {"nobody": "leave"}


def debian(cache: Path) -> Path:
    """A Debian in a folder, with the kernel's modules in it."""
    need_root()
    need(mmdebstrap="mmdebstrap")

    def make(beside: Path) -> None:
        do("mmdebstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, beside, MIRROR)

    root = once(cache / "debian", make, f"Debian {SUITE} with what a Pi's box takes from apt (some minutes)")
    modules = root / "lib" / "modules" / kernel.version()
    if not (modules / "modules.dep").exists():
        shutil.copytree(kernel.image(cache) / "lib" / "modules" / kernel.version(), modules, dirs_exist_ok=True)
        shutil.copy(kernel.pins(cache), modules)
        do("chroot", root, "depmod", kernel.version())
    return root


def wheels(cache: Path) -> Path:
    """The wheels that are pinned for this Debian's Python, and lgpio."""
    pinned = ROOT / "install" / "python-3.11.txt"
    mark = hashlib.sha256(pinned.read_bytes()).hexdigest()[:8]

    def make(beside: Path) -> None:
        target = ("--python-version", "3.11", "--platform", "manylinux_2_34_x86_64", "--platform",
                  "manylinux_2_28_x86_64", "--platform", "manylinux2014_x86_64")  # fmt: skip
        pip = (sys.executable, "-m", "pip", "download", "-q", "--only-binary=:all:", "--no-deps", "-d", beside, *target)
        do(*pip, "--require-hashes", "-r", pinned)
        do(*pip, LGPIO)

    return once(cache / f"wheels-{mark}", make, "the pinned wheels")


def disk(place: Path, folder: Path, size: str, label: str) -> Path:
    place.unlink(missing_ok=True)
    need(mke2fs="e2fsprogs")
    do("mke2fs", "-q", "-t", "ext4", "-L", label, "-d", folder, place, size)
    return place


def system_disk(cache: Path) -> Path:
    """Debian, the rig's walk begun at each boot, and lgpio where Raspberry Pi OS has it."""
    root = debian(cache)

    def make(beside: Path) -> None:
        (lgpio,) = wheels(cache).glob("lgpio-*.whl")
        with zipfile.ZipFile(lgpio) as wheel:
            wheel.extractall(root / "usr" / "lib" / "python3" / "dist-packages")
        (root / "rig").mkdir(exist_ok=True)
        (root / "etc" / "hostname").write_text("mien\n")
        (root / "etc" / "fstab").write_text("/dev/vda / ext4 defaults,noatime 0 1\n/dev/vdb /rig ext4 noatime 0 2\n")
        units = root / "etc" / "systemd" / "system"
        inside = Path(__file__).parent / "inside"
        for unit in ("rig.service", "devices.service"):
            shutil.copy(inside / unit, units)
            wants = units / "multi-user.target.wants" / unit
            wants.unlink(missing_ok=True)
            wants.symlink_to(f"/etc/systemd/system/{unit}")
        for half, dropin in (("mien-eye", "mien-eye.conf"), ("mien", "slow.conf"), ("mien-mpd", "slow.conf")):
            place = units / f"{half}.service.d"
            place.mkdir(exist_ok=True)
            shutil.copy(inside / dropin, place / "rig.conf")
        disk(beside, root, "6G", "system")

    return once(cache / "system.img", make, "the system's disk")


def rig_disk(cache: Path, to: Path) -> Path:
    """/rig: the working tree as it stands, the wheels, songs, the faces that the box will see, and the walk."""
    folder = cache / "rig"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(Path(__file__).parent / "inside", folder)
    for name in do("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT).splitlines():
        if (ROOT / name).is_file():
            (folder / "mien" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / "mien" / name)
    shutil.copytree(wheels(cache), folder / "wheels")
    fill(cache / "songs")
    shutil.copytree(cache / "songs", folder / "songs")
    draw(folder / "scenes")
    return disk(to, folder, "1G", "rig")


def draw(folder: Path) -> None:
    """What the box will see: some frames of each, drawn by the actor that ships with the box."""
    for name, order in SCENES.items():
        (folder / name).mkdir(parents=True)
        stage = Stage()
        stage.order(order)
        actor = Actor(CameraSettings(), stage)
        for number in range(4):
            cv2.imwrite(str(folder / name / f"{number}.png"), actor.read())
