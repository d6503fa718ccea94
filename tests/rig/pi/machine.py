"""The machine itself: QEMU without KVM, a disk that outlasts it, and a second serial port for what it has to tell."""

import json
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.rig.kitchen import do, need

CONSOLE = (
    "console=ttyS0 panic=-1 systemd.show_status=0 net.ifnames=0 nokaslr mitigations=off audit=0"
    " systemd.mask=mien-library.path"  # each song heard is seconds of the one processor; guests.py calls the listener
)
CPU = "max,avx2=off"
"""QEMU 7.2 emulates AVX2's gathers wrongly: numpy, which looks for AVX2, reads beyond its arrays and dies."""
PACE = "shift=0,sleep=on"
"""The machine's clock goes by what its processor does, a nanosecond for each instruction. A billion of them a second is
about what a Pi 3 does; how long that takes here, and what else this PC does meanwhile, is not felt in there: a press of
0.1 s is one, and a watchdog of 30 s means 30 s of work."""
PATIENCE = 4 * 60 * 60.0
"""Seconds after which a machine that still runs is cut off; on a quiet core a walk takes a twentieth of that."""


@dataclass(frozen=True)
class Machine:
    """What is written to its disk stays, over power cuts too; the one that it was made from is never touched."""

    kernel: Path
    first_steps: Path
    disk: Path
    share: Path
    """A folder of ours that the machine has at /rig."""
    layer: Path
    """Where it keeps what it writes."""

    def prepare(self) -> None:
        """A fresh disk: a layer over what was built."""
        need(qemu_system_x86_64="qemu-system-x86", qemu_img="qemu-utils")
        self.layer.unlink(missing_ok=True)
        do("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", self.disk, self.layer)

    def run(self, console: Path, boot: int = 1) -> Iterator[dict[str, Any]]:
        """From the mains' coming, at noon or an hour for each boot later, to their going: what the machine tells, one
        object a line. Closing this cuts them."""
        day = datetime.now(UTC).date() + timedelta(days=1)  # never before its files were written
        command = [
            "nice", "-n", "10", "qemu-system-x86_64", "-accel", "tcg,thread=single", "-icount", PACE, "-cpu", CPU,
            "-smp", "1", "-m", "1536", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-nic", "none",
            "-rtc", f"base={day}T{11 + boot:02}:00:00,clock=vm",  # in quiet hours its lamp would be too dim to be told
            "-kernel", str(self.kernel), "-initrd", str(self.first_steps), "-append", CONSOLE,
            "-drive", f"file={self.layer},if=virtio,format=qcow2", "-device", "virtio-rng-pci",
            "-virtfs", f"local,path={self.share},mount_tag=rig,security_model=none",
            "-serial", f"file:{console}", "-serial", "stdio",
        ]  # fmt: skip
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, errors="replace") as qemu:
            assert qemu.stdout is not None
            late = threading.Timer(PATIENCE, qemu.kill)
            late.daemon = True
            late.start()
            try:
                for line in qemu.stdout:
                    if line.startswith("{"):
                        yield json.loads(line)
                    elif line.strip():
                        print(f"   | {line.rstrip()}", flush=True)
            finally:
                late.cancel()
                qemu.kill()
