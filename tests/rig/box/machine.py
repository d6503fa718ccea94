"""One box: a Debian over which all changes are laid in a folder of their own, booted by systemd, with no network."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PATIENCE = 300.0
"""Seconds that anything may take on a busy machine before it counts as never."""
DULL = "proc|sys|dev|run|tmp|rig|srv|root|var/(log|cache|tmp)|var/lib/(apt|dpkg|systemd|private|dbus|mien[^/]*)/.+"
"""Where things come and go by themselves, or by Debian's packages."""


class Box:
    """`place` holds its changes; what lies there already is the box of an earlier boot."""

    def __init__(self, below: Path, place: Path, shared: dict[str, Path]) -> None:
        self._place, self._below, self._shared = place, below, shared
        self._container: subprocess.Popen[bytes] | None = None
        self.root = place / "root"
        for name in ("upper", "work", "root"):
            (place / name).mkdir(parents=True, exist_ok=True)

    def boot(self) -> None:
        layers = f"lowerdir={self._below},upperdir={self._place / 'upper'},workdir={self._place / 'work'}"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, self.root], check=True)
        binds = [f"--bind{'' if name.endswith('+') else '-ro'}={here}:{name.rstrip('+')}"
                 for name, here in self._shared.items()]  # fmt: skip
        Path("/run/systemd").mkdir(exist_ok=True)
        # The kernel's programs are what systemd makes its walls around devices and addresses of.
        # The container alone would bar the question whether the clock was set.
        walls = ["--capability=CAP_BPF,CAP_PERFMON", "--system-call-filter=bpf adjtimex clock_adjtime"]
        with (self._place / "console.log").open("ab") as console:
            self._container = subprocess.Popen(
                ["systemd-nspawn", "-D", self.root, f"--machine=mien-rig-{os.getpid()}", "--register=no", "--keep-unit",
                 "--private-network", "--link-journal=no", "--console=pipe", *walls, "-b", *binds],
                stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True,
                env=os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
            )  # fmt: skip
        self.until("systemctl is-system-running | grep -q -e running -e degraded")

    @property
    def first(self) -> int:
        """The number, out here, of the process that is 1 in there."""
        assert self._container
        tasks = Path(f"/proc/{self._container.pid}/task")
        children = [one for task in tasks.iterdir() for one in (task / "children").read_text().split()]
        return int(children[0]) if children else 0

    def command(self, line: str) -> list[str]:
        inside = ["env", "-i", f"PATH={PATH}", "HOME=/root", "LANG=C.UTF-8", "MIEN_HEALTH=240", "sh", "-c", line]
        return ["nsenter", "-t", str(self.first), "-a", "--root", "--wdns=/", *inside]

    def run(self, line: str) -> "subprocess.CompletedProcess[str]":
        """A shell's line, run in there by root."""
        return subprocess.run(
            self.command(line), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=1800
        )

    def says(self, line: str) -> str:
        """What it printed; raises with all of it where it failed."""
        done = self.run(line)
        if done.returncode:
            raise RuntimeError(f"{line}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done.stdout.strip()

    def drop_in(self, unit: str, **sections: str) -> None:
        """Lines that lie over a unit's own, a word for each section; none takes them away."""
        folder = self.root / "etc" / "systemd" / "system" / f"{unit}.d"
        if sections:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "rig.conf").write_text("".join(f"[{name}]\n{lines}\n" for name, lines in sections.items()))
        elif folder.exists():
            shutil.rmtree(folder)
        self.says("systemctl daemon-reload")

    def until(self, line: str, patience: float = PATIENCE) -> float:
        """Ask until it is so; the seconds that this took. TimeoutError when it never is."""
        began = time.monotonic()
        while time.monotonic() < began + patience:
            if self.first and self.run(line).returncode == 0:
                return time.monotonic() - began
            time.sleep(0.5)
        raise TimeoutError(f"not within {patience:.0f} s: {line}")

    def cut(self, line: str, after: Callable[[str], float | None]) -> str:
        """Run it, and kill all that it began so many seconds from when it prints a line as `after` says of that line;
        None lets it go on. What it said until then."""
        running = subprocess.Popen(
            self.command(f"{line} 2>&1"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
        assert running.stdout
        said = ""
        for word in running.stdout:
            said += word
            if (pause := after(word.rstrip("\n"))) is not None:
                threading.Event().wait(pause)
                os.killpg(running.pid, signal.SIGKILL)
                break
        running.stdout.close()
        running.wait()
        return said

    def tree(self) -> dict[str, str]:
        """Every path with its kind, rights, owner and aim, but for what comes and goes by itself."""
        found = self.says(
            f"find / -xdev -regextype posix-extended -regex '/({DULL})' -prune -o -printf '%P|%y %m %u %g %l\\n'"
        )
        return dict(line.split("|", 1) for line in found.splitlines())

    def end(self) -> None:
        """Off, in the right order; what will not end is killed."""
        if self._container and self._container.poll() is None:
            self.run("systemctl poweroff")
        self.ended()

    def ended(self) -> bool:
        """It is off, or is now; whether it had not to be killed for that."""
        alone = True
        if self._container:
            try:
                self._container.wait(60)
            except subprocess.TimeoutExpired:
                alone = False
                if inside := self.first:
                    os.kill(inside, signal.SIGKILL)  # and with it the kernel kills all that is in there
                os.killpg(self._container.pid, signal.SIGKILL)
                self._container.wait()
            self._container = None
        if os.path.ismount(self.root):
            subprocess.run(["umount", "-R", self.root], check=True)
        return alone


def boxes(below: Path, place: Path, shared: dict[str, Path]) -> Iterator[Box]:
    """A fresh box, gone when it is not needed any more; one in which something failed stays to be looked at."""
    box = Box(below, place, shared)
    box.ended()  # one that was killed
    shutil.rmtree(place)
    box = Box(below, place, shared)
    box.boot()
    try:
        yield box
    finally:
        box.end()
    shutil.rmtree(place, ignore_errors=True)
