"""A machine of a folder's making, for install, upgrade and uninstall: every tool only tells what it was asked."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("setup.sh", "pyproject.toml", "install", "systemd", "config", "LICENSE", "README.md")
CODE = ("firmware", "appliance", "songs", "desk", "models")
TOOLS = {
    "apt-get": "",
    "dpkg": 'case "$1" in --print-architecture) cat "$BOX/architecture" ;; esac',
    "dpkg-query": 'for last; do :; done; grep -qx "$last" "$BOX/debian" && printf installed',
    "systemctl": (
        'case "$1" in is-enabled) for last; do :; done; grep -qx "$last" "$BOX/enabled" 2>/dev/null || exit 1 ;; '
        'enable) echo "$3" >>"$BOX/enabled" ;; esac'
    ),
    "systemd-sysusers": 'printf "mien\\nmien-eye\\nmien-mpd\\n" >"$BOX/users"',
    "systemd-tmpfiles": 'mkdir -p "$BOX/root/run/mien"',
    "getent": 'grep -x "$2" "$BOX/users" 2>/dev/null',
    "userdel": "",
    "groupdel": "",
    "journalctl": "echo last words of the new one",
    "hostname": 'case "$1" in -I) echo "192.168.1.20 " ;; *) echo mien ;; esac',
    "sleep": "",
    "sync": "",
}
DEBIAN = (
    "python3-venv",
    "python3-numpy",
    "libopenblas0-serial",
    "python3-opencv",
    "opencv-data",
    "alsa-utils",
    "avahi-daemon",
    "libnss-mdns",
    "ffmpeg",
    "python3.11-venv",
    "mpd",
)
VENV = """#!/bin/sh
echo "python $*" >>"$BOX/asked"
case "$*" in
    *version_info*) echo 3.11 ;;
    *"-m venv"*) for last; do :; done; mkdir -p "$last/bin" && cp -p "$0" "$last/bin/python" ;;
    *install.trial*) ! grep -q BROKEN appliance/__init__.py || { echo "the eye does not start" >&2; exit 1; } ;;
    *install.ask*) if grep -q SICK appliance/__init__.py; then echo ill; else echo well; fi ;;
    *"-m songs"*) for last; do :; done; mkdir -p "$last" && echo la >"$last/song.flac" ;;
esac
"""
RESTART = "systemctl restart --no-block mien.target"


class Box:
    """A machine under `root`, a checkout beside it, and tools that note what they were asked. One that is there already
    is taken as it is."""

    def __init__(self, place: Path) -> None:
        self.place, self.root, self.checkout = place, place / "root", place / "a checkout"
        there = place.exists() and any(place.iterdir())
        self.environ = os.environ | {
            "PATH": f"{place / 'tools'}:/usr/bin:/bin", "MIEN_ROOT": str(self.root), "BOX": str(place)
        }  # fmt: skip
        if there:
            return
        (self.root / "etc").mkdir(parents=True)
        (self.root / "etc/os-release").write_text("VERSION_CODENAME=bookworm\n")
        (self.root / "proc/asound").mkdir(parents=True)
        self.cards("vc4hdmi0", "Headphones", "sndrpihifiberry")
        (place / "architecture").write_text("arm64\n")
        (place / "debian").write_text("")
        tools = place / "tools"
        tools.mkdir()
        for name, does in TOOLS.items():
            (tools / name).write_text(f'#!/bin/sh\necho "{name} $*" >>"$BOX/asked"\n{does}\n')
            (tools / name).chmod(0o755)
        python = self.root / "usr/bin/python3"
        python.parent.mkdir(parents=True)
        python.write_text(VENV)
        python.chmod(0o755)
        self.checkout.mkdir()
        for name in SHIPPED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, self.checkout / name)
        for name in CODE:
            (self.checkout / name).mkdir()
            (self.checkout / name / "__init__.py").write_text('"""One of the rooms."""\n')

    def twin(self, place: Path) -> "Box":
        """Another in which the same was done."""
        shutil.copytree(self.place, place, symlinks=True, dirs_exist_ok=True)
        return Box(place)

    def cards(self, *names: str) -> None:
        """Sound cards; a name with a dash before it can only record, as a USB camera's microphone."""
        lines, play = [], []
        for number, name in enumerate(names):
            lines.append(f" {number} [{name.lstrip('-'):<15}]: driver - {name}\n")
            way = "capture" if name.startswith("-") else "playback"
            play.append(f"{number:02}-00: {name} : {name} : {way} 1\n")
        (self.root / "proc/asound/cards").write_text("".join(lines))
        (self.root / "proc/asound/pcm").write_text("".join(play))

    def pi(self, model: str) -> None:
        """From now on it is one, with Raspberry Pi OS."""
        for file, words in (
            ("proc/device-tree/model", f"{model}\0"),
            ("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io pids\n"),
            ("boot/firmware/cmdline.txt", "console=tty1 root=PARTUUID=8f-02 rootwait\n"),
            ("boot/firmware/config.txt", "dtparam=audio=on\n"),
            ("etc/rpi-issue", "Raspberry Pi reference 2025-05-13\n"),
        ):
            (self.root / file).parent.mkdir(parents=True, exist_ok=True)
            (self.root / file).write_text(words)

    def setup(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(self.checkout / "setup.sh"), *words], capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, env=self.environ, timeout=120,
        )  # fmt: skip

    def well(self, *words: str) -> str:
        done = self.setup(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def asked(self) -> list[str]:
        file = self.place / "asked"
        return file.read_text().splitlines() if file.exists() else []

    def tree(self) -> dict[str, str]:
        """Every path with its kind, rights and content; the tools' own notes and the lock apart."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            if path.name != "mien-setup.lock":
                what = str(path.readlink()) if path.is_symlink() else path.read_text() if path.is_file() else "folder"
                found[str(path.relative_to(self.root))] = f"{path.lstat().st_mode:o} {what}"
        return found

    def change(self, words: str) -> None:
        (self.checkout / "appliance/__init__.py").write_text(f'"""{words}."""\n')

    def living(self) -> str:
        return str((self.root / "opt/mien/current").readlink())

    def fake(self, tool: str, does: str) -> None:
        file = self.place / "tools" / tool
        file.write_text(f"#!/bin/sh\n{does}\n")
        file.chmod(0o755)
