"""The eye's benchmark: what finding and reading faces costs and what it finds, beside others in the same run.

    python -m tests.bench.eye [DATA] [--peer FOLDER] [--docs FOLDER] [--quick]

Costs are CPU time of this process, so that a busy machine changes them little; the ratio to plain Haar (scale step 1.1,
5 neighbours, the whole frame) changes least. DATA has clips of people (`clips/`), pictures without a face
(`not-faces/`) and a mosaic of faces (`faces/`); they are nobody's business but their owner's and are not part of the
project. Without DATA all is drawn. FOLDER is where the `fer` package is unpacked; see peer.py.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import cv2

from firmware.expression import Network
from tests.bench import eye_costs, eye_finding, eye_halves
from tests.bench.peer import Peer, PeerMissing

ROOT = Path(__file__).parents[2]
AT_REST = 20.0  # seconds of a running half that its share of a core is measured over
NOTES = """
First search: the whole picture with nobody known yet, close looks at each face included. Search again: the same with
the faces followed already, as every two seconds. Followed: a look at the followed faces. Whole: light, followed faces
and their expressions; with nobody there a still picture costs only the light. `fer`: its own code on the same frames.
"""


def processor() -> str:
    """The processor's name, as the kernel tells it."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def head(network: Network) -> Iterator[str]:
    load = os.getloadavg()[0]
    busy = "busy" if load > 0.5 else "quiet"
    yield "# What the eye costs, and what it finds"
    yield ""
    yield f"Made by `python -m tests.bench.eye DATA --peer FOLDER` on {date.today()}: {processor()},"
    yield f"{os.cpu_count()} cores, Python {platform.python_version()}, OpenCV {cv2.__version__}, network"
    yield f"{network.fingerprint}. Load average at the start {load:.1f}: the machine was {busy}."
    yield "Times are CPU milliseconds on one core, medians. A Raspberry Pi 4 is about nine times slower at Haar."
    yield ""


def running(seconds: float) -> Iterator[str]:
    yield "## The running halves"
    yield ""
    for scene, said in (("leave", "nobody there"), ("return", "one face there")):
        run = eye_halves.watched(scene, seconds)
        yield (
            f"- The half that sees, {said}, default pace, {seconds:.0f} s: {run.share:.1%} of a core for "
            f"{run.glances / seconds:.1f} glances a second, with what drawing the actor costs; at most "
            f"{run.memory:.0f} MB; first glance {run.first:.2f} s after its start."
        )
    yield from eye_halves.together(seconds)
    yield ""


def peers_start(folder: Path) -> str:
    told = json.loads(
        subprocess.run(
            [sys.executable, "-m", "tests.bench.peer", str(folder)], cwd=ROOT, check=True, stdout=subprocess.PIPE
        ).stdout
    )
    return (
        f"- `fer`'s pipeline in a process of its own, without TensorFlow: at most {told['memory_mb']:.0f} MB; first "
        f"answer {told['seconds']:.2f} s after its start. TensorFlow, which it asks for, comes on top.\n"
    )


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.eye", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", type=Path, nargs="?", help="a folder with clips/, not-faces/ and faces/")
    parser.add_argument("--peer", type=Path, help="where the fer package is unpacked")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="where the page goes")
    parser.add_argument("--quick", action="store_true", help="a few scenes and seconds, to see that it runs")
    arguments = parser.parse_args(words)
    cv2.setNumThreads(1)
    network = Network()
    try:
        peer = Peer(arguments.peer) if arguments.peer else None
    except PeerMissing as error:
        print(error, file=sys.stderr)
        return 1
    each, most, seconds = (1, 3, 2.0) if arguments.quick else (eye_finding.EACH, 26, AT_REST)
    lines = [*head(network), "## A frame", "", *eye_costs.table(network, peer), NOTES]
    lines += eye_costs.cluttered(arguments.data, peer, most)
    lines += running(seconds)
    if arguments.peer:
        lines.append(peers_start(arguments.peer))
    if arguments.data:
        lines += eye_finding.clips(arguments.data / "clips", network, peer, most)
    for data in dict.fromkeys((arguments.data, None)):
        lines += eye_finding.composed(data, network, peer, each)
        lines += eye_finding.faceless(data, network, peer, most)
    lines.append(f"This benchmark's own peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB.")
    text = "\n".join(lines) + "\n"
    (arguments.docs / "bench-eye.md").write_text(text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
