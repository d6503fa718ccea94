"""Debian's kernel for the virtual Pi, and the pins that Debian leaves out of it.

gpio-sim gives pin lines that programs drive and read as they do a Pi's, with the other end of each in sysfs. Debian
does not build it, so it is built from Debian's own source against Debian's own headers.
"""

import lzma
import re
import shutil
from pathlib import Path

from tests.rig.kitchen import Absent, do, need, once

SOURCES = ("drivers/gpio/gpio-sim.c", "drivers/gpio/gpiolib.h", "kernel/irq/irq_sim.c")
BOOT = ("virtio_pci", "virtio_blk", "ext4", "crc32c_generic")
INIT = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /root
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
while read module; do /bin/busybox insmod "$module"; done </modules
/bin/busybox mount -t ext4 /dev/vda /root || exec /bin/busybox sh
/bin/busybox mount --move /dev /root/dev
/bin/busybox umount /sys /proc
exec /bin/busybox switch_root /root /sbin/init
"""


def version() -> str:
    told = do("apt-cache", "depends", "linux-image-amd64")
    found = re.search(r"Depends: linux-image-(\S+)", told)
    if not found:
        raise RuntimeError("apt knows no linux-image-amd64: is this Debian, and was apt-get update run?")
    return found[1]


def unpacked(package: str, cache: Path) -> Path:
    """A Debian package's files, not installed."""

    def make(beside: Path) -> None:
        beside.mkdir()
        do("apt-get", "download", "-q", package, cwd=beside)
        (deb,) = beside.glob("*.deb")
        do("dpkg", "-x", deb, beside)
        deb.unlink()

    return once(cache / "packages" / package, make, f"{package}, from Debian")


def pins(cache: Path) -> Path:
    """The module, for this kernel."""
    which = version()
    need(make="make", gcc="gcc")
    headers = Path(f"/usr/src/linux-headers-{which}")
    if not headers.exists():
        raise Absent(f"the kernel's headers are not there: sudo apt-get install {headers.name}")

    def make(beside: Path) -> None:
        source = unpacked(f"linux-source-{'.'.join(which.split('.')[:2])}", cache)
        (archive,) = (source / "usr" / "src").glob("linux-source-*.tar.xz")
        place = cache / "pins"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        do("tar", "-xJf", archive, "-C", place, "--wildcards", *(f"*/{name}" for name in SOURCES))
        for name in SOURCES:
            (found,) = place.glob(f"*/{name}")
            shutil.copy(found, place)
        sim = place / "irq_sim.c"
        # irq_to_desc is not given to modules; this is the same step by its public name.
        sim.write_text(sim.read_text().replace("handle_simple_irq(irq_to_desc(irqnum))", "generic_handle_irq(irqnum)"))
        (place / "Kbuild").write_text("obj-m := mien-pins.o\nmien-pins-y := gpio-sim.o irq_sim.o\n")
        do("make", "-C", headers, f"M={place}", "modules")
        shutil.copy(place / "mien-pins.ko", beside)

    return once(cache / f"mien-pins-{which}.ko", make, "the pins' kernel module")


def image(cache: Path) -> Path:
    """The unpacked kernel: boot/vmlinuz-VERSION and lib/modules/VERSION."""
    return unpacked(f"linux-image-{version()}", cache)


def first_steps(cache: Path, modules: Path) -> Path:
    """A small first file system: the disk's drivers, from a kernel's folder of modules, and a step onto the disk."""
    need(busybox="busybox-static")

    def make(beside: Path) -> None:
        place = cache / "first-steps"
        shutil.rmtree(place, ignore_errors=True)
        (place / "bin").mkdir(parents=True)
        shutil.copy(shutil.which("busybox") or "", place / "bin" / "busybox")
        names = []
        for file in wanted((modules / "modules.dep").read_text(), BOOT):
            whole = (modules / file).read_bytes()
            names.append(Path(file).name.removesuffix(".xz"))
            (place / names[-1]).write_bytes(lzma.decompress(whole) if file.endswith(".xz") else whole)
        (place / "modules").write_text("".join(f"/{name}\n" for name in names))
        (place / "init").write_text(INIT)
        (place / "init").chmod(0o755)
        do("sh", "-c", f"find . | busybox cpio -o -H newc | gzip >'{beside}'", cwd=place)

    return once(cache / f"first-steps-{modules.name}.gz", make, "the first file system")


def wanted(table: str, names: tuple[str, ...]) -> list[str]:
    """These modules and all that they need, in the order in which they can be loaded; from depmod's table. What is not
    in it is a part of the kernel itself."""
    needs = {}
    for line in table.splitlines():
        file, _, others = line.partition(":")
        needs[Path(file).name.partition(".")[0]] = [*reversed(others.split()), file]
    order: list[str] = []
    for name in names:
        order += [file for file in needs.get(name, ()) if file not in order]
    return order
