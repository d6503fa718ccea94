"""Sound out of a file of any kind: a few patches spread over it, by one ffmpeg that seeks to each.

Whatever the length, so much is decoded and no more. A file is a stranger's: ffmpeg may open no network and no second
kind of input, and has a bound on its time, its memory and what it says.
"""

import json
import math
import os
import resource
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 16000
PATCH = 48128
"""Samples of one patch, 3 s: 187 frames of 512 samples, 256 apart."""
PATCHES = 16
LEAST = RATE
"""Samples that a song must have; a second tells little, less tells nothing."""
FAINT = 1e-5
CPU = 20
"""Seconds of one core after which a file is given up; the usual one takes a tenth of a second."""
WALL = 180.0
"""Seconds by the clock: much, for the listener runs only when nobody else wants the core."""
MEMORY = 4 << 30
"""Bytes of addresses, most of them never touched: each input has threads with stacks of their own."""
Sound = NDArray[np.float32]
ASK = ("-v", "error", "-protocol_whitelist", "file")
FRUGAL = os.environ | {"MALLOC_ARENA_MAX": "1"}
UNTHREADED = ("-threads", "1", "-thread_queue_size", "0")
"""No thread for each input either: the sound is the same, an eighth of ffmpeg's work is saved."""


LACK = "the box had too little memory, or too many processes, to listen to it"
RULES = 2
"""Another number whenever more can be heard than before: what was refused under another one is tried once more."""
LACKS = ("Resource temporarily unavailable", "Cannot allocate memory")
"""What ffmpeg says where it is given no further thread or no memory."""


class Unreadable(ValueError):
    """A file that holds no music that can be heard, and why."""


class Lacking(OSError):
    """What this machine lacks just now to hear a file that may be well."""


def patches(file: Path, duration: float | None = None, count: int = PATCHES) -> Sound:
    """Mono patches [n, PATCH] at RATE, spread over the file. Raises Unreadable. `duration` is looked up if unknown."""
    if not file.is_file():
        raise Unreadable("there is no such file")
    if file.stat().st_size == 0:
        raise Unreadable("the file is empty")
    length = duration if duration and math.isfinite(duration) and duration > 0 else probe(file)
    heard = _cut(file, starts(length, count))
    if not len(heard):  # it is shorter than it says, or silent where we listened
        heard = _cut(file, [3.0 * i for i in range(count)])
    if not len(heard) or not np.abs(heard).max() > FAINT:
        raise Unreadable("it is silent, or holds no second of sound")
    return heard


def starts(length: float, count: int) -> list[float]:
    """Where patches begin: in the middle of equal parts; fewer where the song is short."""
    span = PATCH / RATE
    fit = max(1, min(count, int(length / span)))
    return [max(0.0, (i + 0.5) * length / fit - span / 2) for i in range(fit)]


def probe(file: Path) -> float:
    """Seconds that the file says it lasts; nought where it does not say. Raises Unreadable where it is no sound."""
    asked = ["ffprobe", *ASK, "-of", "json", "-show_entries", "format=duration:stream=codec_type", "-i", f"file:{file}"]
    told = json.loads(_run(asked, file) or b"{}")
    if not any(stream.get("codec_type") == "audio" for stream in told.get("streams", ())):
        raise Unreadable("it holds no sound")
    try:
        length = float(told.get("format", {}).get("duration", 0.0))
    except ValueError:
        return 0.0
    return length if math.isfinite(length) else 0.0


def _cut(file: Path, begins: Sequence[float]) -> Sound:
    """The patches that begin there; those that the file does not reach are left out, a short one keeps its silence."""
    command = ["ffmpeg", "-nostdin", *ASK]
    chains = []
    for i, begin in enumerate(begins):
        command += ["-protocol_whitelist", "file", *UNTHREADED, "-vn", "-sn", "-dn"]
        command += ["-ss", f"{begin:.3f}", "-t", "3.2", "-i", f"file:{file}"]
        chains.append(
            f"[{i}:a:0]aresample={RATE},aformat=sample_fmts=flt:channel_layouts=mono,"
            f"asetpts=N/SR/TB,apad=whole_len={PATCH},atrim=end_sample={PATCH}[p{i}]"
        )
    joined = "".join(f"[p{i}]" for i in range(len(begins)))
    chains.append(f"{joined}concat=n={len(begins)}:v=0:a=1[all]")
    command += ["-filter_complex_threads", "1", "-filter_complex", ";".join(chains), "-map", "[all]"]
    raw = _run([*command, "-f", "f32le", "-"], file)
    sound = np.frombuffer(raw[: len(raw) // (4 * PATCH) * (4 * PATCH)], np.float32).reshape(-1, PATCH)
    sound = np.nan_to_num(sound)
    last = np.array([np.flatnonzero(patch)[-1:].sum() for patch in sound])
    whole = last >= PATCH - RATE // 2
    return sound[whole if whole.any() else last >= LEAST]


def _run(command: list[str], file: Path) -> bytes:
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=FRUGAL
        )
    except FileNotFoundError:
        raise Lacking(f"{command[0]} is not installed: apt install ffmpeg") from None
    except OSError:
        raise Lacking(LACK) from None
    with process:
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (CPU, CPU))
        resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            out, said = process.communicate(timeout=WALL)
        except subprocess.TimeoutExpired:
            process.kill()
            raise Unreadable("it takes too long to decode") from None
        except BaseException:
            process.kill()
            raise
    complaint = said.decode(errors="replace").replace(str(file), file.name)
    if process.returncode and any(lack in complaint for lack in LACKS):  # whatever came out is less than there is
        raise Lacking(LACK)
    if process.returncode < 0:
        raise Unreadable(f"it takes too long or too much memory to decode (signal {-process.returncode})")
    if process.returncode and not out:
        raise Unreadable(reason(complaint))
    return out


def reason(said: str) -> str:
    """ffmpeg's complaint, in a few words of our own where it is a common one."""
    if "matches no streams" in said:
        return "it holds no sound"
    if "Permission denied" in said:
        return "the file may not be read"
    if any(words in said for words in ("Invalid data found", "could not find codec", "Error marking filters")):
        return "it is not sound of any known kind"
    last = said.strip().splitlines()
    return f"ffmpeg says: {last[-1][:160]}" if last else "ffmpeg cannot read it"
