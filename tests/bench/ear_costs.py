"""What a song costs the ear, in CPU and memory, beside what librosa takes for the like.

Each is measured in a process of its own with one thread: what waits for another thread would be counted as work.
"""

import importlib.util
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from appliance.library.decode import PATCHES, patches
from appliance.library.features import features
from appliance.library.mapping import Mapping
from appliance.library.network import Network

ROOT = Path(__file__).parents[2]
COSTED = 20  # songs over which costs are told


def cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def spent(files: Sequence[Path]) -> dict[str, float]:
    """CPU seconds of this process and of the ffmpeg that it starts, by steps."""
    network, mapping = Network(), Mapping()
    network.listen(np.zeros((1, 187, 96), np.float32))  # the first call makes room
    told = dict.fromkeys(("decoding (ffmpeg)", "decoding (here)", "plain features", "network", "mapping"), 0.0)
    for file in files:
        outside, begun = cpu(resource.RUSAGE_CHILDREN), time.process_time()
        sound = patches(file, 60.0)
        told["decoding (ffmpeg)"] += cpu(resource.RUSAGE_CHILDREN) - outside
        told["decoding (here)"] += time.process_time() - begun
        begun = time.process_time()
        numbers, bands = features(sound)
        told["plain features"] += time.process_time() - begun
        begun = time.process_time()
        embedding = network.listen(bands).mean(0)
        told["network"] += time.process_time() - begun
        begun = time.process_time()
        mapping.place(numbers, embedding)
        told["mapping"] += time.process_time() - begun
    return told


def costs(files: Sequence[Path], taught: float | None) -> Iterator[str]:
    """`taught`: what the teacher spends on a song."""
    some = files[:COSTED]
    told = json.loads(out([sys.executable, "-m", "tests.bench.ear_costs", *map(str, some)]))
    yield "| step | CPU seconds a song |"
    yield "|---|---|"
    for name, seconds in told.items():
        yield f"| {name} | {seconds / len(some):.3f} |"
    whole = sum(told.values()) / len(some)
    yield f"| **all** | **{whole:.3f}**: 10,000 songs in {whole * 10000 / 60:.0f} core-minutes |"
    if taught is not None:
        yield f"| the teacher, on the same {PATCHES} patches | {taught:.3f} |"
    yield f"| librosa: mel bands and chroma of the same {PATCHES} patches | {librosa(some[0])} |"
    own, ffmpeg = memory(some)
    yield f"\nMemory at its most: {own} MB in the listener, {ffmpeg} MB in ffmpeg, {own + ffmpeg} MB together."


def librosa(file: Path) -> str:
    """In a process of its own, since it takes so much to begin."""
    if importlib.util.find_spec("librosa") is None:
        return "left out: it is not installed"
    asked = (
        "import sys, time, resource; begun = time.process_time(); import librosa\n"
        "from pathlib import Path; from appliance.library.decode import patches\n"
        "sound = patches(Path(sys.argv[1]), 60.0).ravel()\n"
        "def once():\n"
        "    librosa.feature.melspectrogram(y=sound, sr=16000, n_fft=512, hop_length=256, n_mels=96)\n"
        "    librosa.feature.chroma_stft(y=sound, sr=16000); librosa.beat.beat_track(y=sound, sr=16000)\n"
        "once(); first = time.process_time() - begun; begun = time.process_time(); once()\n"
        "most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "print(f'{time.process_time() - begun:.3f}; {first:.1f} the first time; {most} MB')"
    )
    return out([sys.executable, "-c", asked, str(file)])


def memory(files: Sequence[Path]) -> tuple[int, int]:
    """MB at the most, of a fresh listener and of any ffmpeg that one starts.

    The latter is read in a process that is smaller than ffmpeg: a child counts its parent's pages until it is another.
    """
    hearing = (
        "import sys, resource; from pathlib import Path\n"
        "from appliance.library.__main__ import ear\n"
        "listener = ear(False)\n"
        "for file in sys.argv[1:]: listener.hear(Path(file), 60.0)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    decoding = (
        "import sys, resource; from pathlib import Path\n"
        "from appliance.library.decode import patches\n"
        "for file in sys.argv[1:]: patches(Path(file), 60.0)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    )
    own, ffmpeg = (int(out([sys.executable, "-c", asked, *map(str, files)])) for asked in (hearing, decoding))
    return own, ffmpeg


def out(command: list[str]) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    print(json.dumps(spent([Path(word) for word in sys.argv[1:]])))
