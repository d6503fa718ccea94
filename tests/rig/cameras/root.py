"""The cameras' machine: a Debian that has libcamera's virtual camera, with a kernel that has what it takes its
buffers from, and with picamera2, which Debian has not."""

import hashlib
import sys
import zipfile
from pathlib import Path

from tests.rig.box import roots
from tests.rig.kitchen import do, need, need_root, once

SUITE = "trixie"
"""Its libcamera is the first with a virtual camera, and its kernel gives /dev/udmabuf."""
PACKAGES = (
    "linux-image-amd64,kmod,python3,python3-venv,python3-numpy,python3-opencv,opencv-data,python3-libcamera,"
    "libcamera-ipa,libcamera-tools,python3-prctl,python3-av,python3-piexif,python3-jsonschema,python3-pil"
)
PICAMERA2 = "picamera2==0.3.25"
"""The one that was made for this libcamera."""
WHEELS = (
    PICAMERA2, "v4l2-python3==0.3.5", "simplejpeg==1.9.0", "libarchive-c==5.3",
    "pytest==9.2.0", "pluggy==1.7.0", "iniconfig==2.3.1", "pygments==2.21.0", "packaging==26.3",
    "hypothesis==6.170.15", "sortedcontainers==2.4.0",
)  # fmt: skip
INIT = """#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs tmp /tmp
modprobe -a 9pnet_virtio 9p
mkdir -p /rig
mount -t 9p -o trans=virtio,version=9p2000.L,msize=131072 rig /rig
exec sh /rig/tests/rig/cameras/inside/start.sh
"""
MARK = hashlib.sha256(" ".join((SUITE, PACKAGES, *WHEELS, INIT)).encode()).hexdigest()[:8]


def debian(cache: Path) -> Path:
    """The Debian in a folder."""
    need_root()
    need(mmdebstrap="mmdebstrap")
    mark = hashlib.sha256(f"{SUITE} {PACKAGES}".encode()).hexdigest()[:8]

    def make(beside: Path) -> None:
        do("mmdebstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, beside, *roots.mirror())

    return once(cache / f"cameras-debian-{mark}", make, f"Debian {SUITE} with its kernel and libcamera (some minutes)")


def wheels(cache: Path) -> Path:
    """What comes from elsewhere, beside the box's own wheels."""

    def make(beside: Path) -> None:
        do(sys.executable, "-m", "pip", "download", "-q", "--only-binary=:all:", "--no-deps", "-d", beside,
           "--python-version", roots.PYTHONS[SUITE], "--platform", "manylinux_2_28_x86_64",
           "--platform", "manylinux2014_x86_64", *WHEELS)  # fmt: skip

    return once(cache / f"cameras-wheels-{MARK}", make, f"{PICAMERA2} and the tests' own packages")


def disk(cache: Path) -> Path:
    """The whole as a disk, made once."""
    need(mke2fs="e2fsprogs")
    own = wheels(cache), roots.wheels(cache, SUITE)
    base = debian(cache)

    def make(beside: Path) -> None:
        root = cache / "cameras-root"
        do("rm", "-rf", root)
        do("cp", "-a", base, root)
        packages = root / "usr" / "local" / "lib" / f"python{roots.PYTHONS[SUITE]}" / "dist-packages"
        for file in (wheel for folder in own for wheel in sorted(folder.glob("*.whl"))):
            with zipfile.ZipFile(file) as wheel:
                wheel.extractall(packages)
        (root / "usr" / "sbin" / "init").write_text(INIT)
        (root / "usr" / "sbin" / "init").chmod(0o755)
        do("mke2fs", "-q", "-t", "ext4", "-d", root, beside, "4G")
        do("rm", "-rf", root)

    name = f"system-{MARK}-{own[1].name.rpartition('-')[2]}.img"
    return once(cache / "cameras" / name, make, "the cameras' disk (a minute)")
