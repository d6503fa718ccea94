"""What the running halves cost: seconds to the first glance, share of a core, memory."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from firmware.prompter import tell
from firmware.wire import VERSION, Glance, Hello, Reader, pack
from tests.speaker import ROOT, Speaker
from tests.waiting import until

SETTLING = 3.0  # seconds that a new scene is given before it is measured


@dataclass(frozen=True)
class Run:
    """Of the half that sees, as a process of its own."""

    first: float  # seconds from its start to its first glance
    share: float  # of a core, afterwards
    glances: int  # while that was measured
    memory: float  # MB at most


def watched(scene: str, seconds: float) -> Run:
    """The half that sees, told a scene, for so long."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as door:
        door.bind(f"{folder}/eye.sock")
        door.listen(1)
        begun = time.monotonic()
        half = subprocess.Popen(
            [sys.executable, "-m", "firmware", "--camera", "actor"],
            env=os.environ | {f"MIEN_{name}": folder for name in ("RUN", "STATE", "ETC")},
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
        )
        try:
            channel, _ = door.accept()
            with channel:
                channel.sendall(pack(Hello(VERSION)))
                reader, first = Reader(), 0.0
                while not first:
                    if any(isinstance(word, Glance) for word in reader.feed(channel.recv(4096))):
                        first = time.monotonic() - begun
                tell(Path(folder) / "actor.sock", scene)
                listen(channel, reader, SETTLING)
                since, spent = time.monotonic(), processor(half.pid)
                glances = listen(channel, reader, seconds)
                share = (processor(half.pid) - spent) / (time.monotonic() - since)
            return Run(first, share, glances, memory(half.pid)[1])
        finally:
            half.terminate()
            half.wait()


def listen(channel: socket.socket, reader: Reader, seconds: float) -> int:
    """Take in what is said for so long; how many glances."""
    end, glances = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        glances += sum(isinstance(word, Glance) for word in reader.feed(channel.recv(4096)))
    return glances


def processor(number: int) -> float:
    """CPU seconds of a process so far."""
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(number: int) -> tuple[float, float]:
    """MB resident of a process, now and at most."""
    status = Path(f"/proc/{number}/status").read_text()
    now, most = (int(status.split(f"{key}:")[1].split()[0]) / 1000 for key in ("VmRSS", "VmHWM"))
    return now, most


def together(seconds: float) -> Iterator[str]:
    """Both halves of a whole speaker at work: its own songs, a real music server, the page, a face that smiles."""
    speaker = Speaker()
    try:
        speaker.ready()
        speaker.direct("happy")
        until(lambda: "[playing]" in " ".join(speaker.mpc("status")), "music", 120)
        halves = {name: number for name, number in speaker.children().items() if name in ("firmware", "appliance")}
        since, spent = time.monotonic(), {name: processor(number) for name, number in halves.items()}
        time.sleep(seconds)
        for name, number in sorted(halves.items(), reverse=True):
            now, most = memory(number)
            share = (processor(number) - spent[name]) / (time.monotonic() - since)
            said = "sees" if name == "firmware" else "speaks"
            yield (
                f"- In a whole speaker that plays, the half that {said}: {now:.0f} MB resident, {most:.0f} MB at most, "
                f"{share:.1%} of a core."
            )
    finally:
        speaker.close()
