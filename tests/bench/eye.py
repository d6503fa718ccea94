"""The eye's cost benchmark: what finding and reading faces costs, beside plain Haar in the same run.

    python -m tests.bench.eye [--clips FOLDER] [--empty FOLDER] [--docs FOLDER]

Costs are CPU time of this process, so that a busy machine changes them little; the ratio to plain Haar (scale step 1.1,
5 neighbours, the whole frame) changes least. The frames are drawn. FOLDER with clips of people and with pictures that
hold no face are what recall and false faces are counted on; they are nobody's business but their owner's and are not
part of the project.
"""

import argparse
import itertools
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import cv2

from firmware.actor import Actor, Scene, Stage
from firmware.camera import CameraLost, Grey
from firmware.cameras.replay import VIDEOS, Replay
from firmware.cascades import cascade
from firmware.expression import Network, crop
from firmware.faces import Faces
from firmware.glance import Glancer
from firmware.settings import CameraSettings, FacesSettings, Settings

PLAIN = "haarcascade_frontalface_default"
ROOT = Path(__file__).parents[2]
SIZES = ((320, 240), (640, 480))
LOOKS = 40
AT_REST = 20.0  # seconds of the running half that its share of a core is measured over
NO_SEARCH = FacesSettings(full_search=600)  # so that following alone is measured
PER_SECOND = 3  # frames that are taken of each second of a clip, as the eye would


def cost(deed: Callable[[Grey], object], frames: Sequence[Grey]) -> float:
    """Median CPU milliseconds a frame."""
    spent = []
    for frame in frames:
        begun = time.process_time()
        deed(frame)
        spent.append((time.process_time() - begun) * 1000)
    return statistics.median(spent)


def drawn(size: tuple[int, int], people: int, count: int) -> list[Grey]:
    """Frames of so many people; three are a couple with a third between them, drawn from two shots."""
    settings = CameraSettings(width=size[0], height=size[1])
    scene = Scene(here=people > 0, company=people > 1, distance=1.6)
    actor = Actor(settings, Stage(scene))
    frames = [actor.read() for _ in range(count)]
    if people == 3:
        alone = Actor(settings, Stage(Scene(distance=2.4, glow=1.0)))
        left, right, bottom = int(size[0] * 0.44), int(size[0] * 0.60), int(size[1] * 0.75)
        for frame in frames:
            one = alone.read()
            shift = int(size[0] * 0.08)
            frame[:bottom, left + shift : right + shift] = one[:bottom, left - 6 : right - 6]
    return frames


def _at(deed: Callable[[Grey, float], object], moments: Iterator[float], frame: Grey) -> object:
    return deed(frame, next(moments))


def _read(network: Network, place: tuple[float, float, float], frame: Grey) -> object:
    return network.read(crop(frame, *place, network.contract))


def costs(network: Network) -> Iterator[str]:
    plain = cascade(PLAIN)
    yield "| frame | faces | full search ms | followed ms | expression ms | whole ms | plain Haar ms | whole / Haar |"
    yield "|---|---|---|---|---|---|---|---|"
    for size in SIZES:
        for people in (0, 1, 3):
            frames = drawn(size, people, LOOKS)
            searching, following = Faces(FacesSettings()), Faces(NO_SEARCH)
            glancer = Glancer(Settings(faces=NO_SEARCH), network)
            moments = itertools.count(0.0, 0.1)
            middle = (size[0] / 2, size[1] / 2, size[1] * 0.3)
            full = cost(partial(searching.search, second=False), frames)
            near = cost(partial(_at, following.look, moments), frames)
            one = cost(partial(_read, network, middle), frames)
            whole = cost(partial(_at, glancer.judge, moments), frames)
            haar = cost(partial(plain.detectMultiScale, scaleFactor=1.1, minNeighbors=5), frames[:8])
            told = len(glancer.judge(frames[-1], next(moments)).faces)
            followed = f"{near:.1f}" if people else "-"
            yield (
                f"| {size[0]}x{size[1]} | {people} (told {told}) | {full:.1f} | {followed} | {one:.1f} "
                f"| {whole:.1f} | {haar:.1f} | {whole / haar:.3f} |"
            )


def running(scene: str) -> tuple[float, float, float]:
    """Of the whole half as a process: seconds to the first glance, share of a core afterwards, most memory in MB."""
    import socket

    from firmware.prompter import tell
    from firmware.wire import VERSION, Glance, Hello, Reader, pack

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
        channel, _ = door.accept()
        channel.sendall(pack(Hello(VERSION)))
        reader, first = Reader(), 0.0
        while not first:
            if any(isinstance(word, Glance) for word in reader.feed(channel.recv(4096))):
                first = time.monotonic() - begun
        tell(Path(folder) / "actor.sock", scene)
        until = time.monotonic() + AT_REST + 3
        spent, since = 0.0, 0.0
        while time.monotonic() < until:
            channel.recv(4096)
            if not since and time.monotonic() > until - AT_REST:
                since, spent = time.monotonic(), processor(half.pid)
        share = (processor(half.pid) - spent) / (time.monotonic() - since)
        status = Path(f"/proc/{half.pid}/status").read_text()
        memory = int(status.split("VmHWM:")[1].split()[0]) / 1000
        half.terminate()
        half.wait()
        channel.close()
    return first, share, memory


def processor(number: int) -> float:
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def frames_of(clip: Path) -> list[Grey]:
    """A clip as the eye would see it, PER_SECOND frames of each of its seconds."""
    video = cv2.VideoCapture(str(clip))
    rate, count = video.get(cv2.CAP_PROP_FPS) or 25.0, int(video.get(cv2.CAP_PROP_FRAME_COUNT))
    video.release()
    settings = CameraSettings()
    replay = Replay(settings, clip)
    step = max(1, round(rate / PER_SECOND))
    frames = [frame for index in range(count) for frame in [replay.read()] if index % step == 0]
    replay.close()
    return frames


def recall(clips: Path, empty: Path | None, network: Network) -> Iterator[str]:
    plain = cascade(PLAIN)
    total = ours = haar = after = 0
    mine = theirs = 0.0
    for clip in sorted(file for file in clips.iterdir() if file.suffix.lower() in VIDEOS):
        glancer, faces = Glancer(Settings(), network), Faces(FacesSettings())
        for index, frame in enumerate(frames_of(clip)):
            begun = time.process_time()
            glance = glancer.judge(frame, index / PER_SECOND)
            mine += time.process_time() - begun
            begun = time.process_time()
            boxes = plain.detectMultiScale(frame, 1.1, 5)
            theirs += time.process_time() - begun
            total += 1
            after += bool(glance.faces)
            ours += any(not face.missed for face in faces.look(frame, index / PER_SECOND))
            haar += len(boxes) > 0
    yield f"- Clips of people, {total} frames, {PER_SECOND} of each second; people are in most, but no truth is known."
    yield f"  Plain Haar finds a face in {haar / total:.1%}. Ours follows one in {ours / total:.1%}, and tells of one"
    yield f"  (found twice, not refused by the network) in {after / total:.1%}."
    yield f"  CPU a frame: {mine / total * 1000:.1f} ms against {theirs / total * 1000:.1f} ms."
    if empty is None:
        return
    replay = Replay(CameraSettings(), empty)
    pictures = [replay.read() for _ in sorted(empty.iterdir())]
    false = boxes_all = once = 0
    for frame in pictures:
        glancer, faces = Glancer(Settings(), network), Faces(FacesSettings())
        boxes_all += len(plain.detectMultiScale(frame, 1.1, 5))
        once += len(faces.search(frame, second=False))
        false += max(len(glancer.judge(frame, at * 6.0).faces) for at in range(6))
    yield f"- Pictures without a face, {len(pictures)}: plain Haar sees {boxes_all} faces, one of our searches {once};"
    yield f"  told of in six looks at each: {false}."


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.eye", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--clips", type=Path, help="a folder with clips of people")
    parser.add_argument("--empty", type=Path, help="a folder with pictures in which there is no face")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="where the table goes")
    arguments = parser.parse_args(words)
    cv2.setNumThreads(1)
    network, load = Network(), os.getloadavg()[0]
    lines = [
        "# What the eye costs",
        "",
        f"Made by `python -m tests.bench.eye` on {date.today()}: {platform.machine()}, {os.cpu_count()} cores, Python",
        f"{platform.python_version()}, OpenCV {cv2.__version__}, network {network.fingerprint}. Load average at the",
        f"start {load:.1f}: the machine was {'busy' if load > 0.5 else 'quiet'}. Frames are drawn;",
        "times are CPU milliseconds on one core, medians. A Raspberry Pi 4 is about nine times slower at Haar.",
        "",
        *costs(network),
        "",
        "Full search: the whole picture, first cascade, close looks included. Followed: a look at followed faces.",
        "Whole: light, followed faces and their expressions. With nobody there a still picture costs only the light.",
        "",
    ]
    for scene, said in (("leave", "nobody there"), ("return", "one face there")):
        first, share, memory = running(scene)
        lines.append(
            f"- The running half, {said}, default pace, {AT_REST:.0f} s: {share:.1%} of a core, with what drawing the\n"
            f"  actor costs; most memory {memory:.0f} MB; first glance {first:.2f} s after its start."
        )
    if arguments.clips:
        try:
            lines += recall(arguments.clips, arguments.empty, network)
        except (CameraLost, OSError) as error:
            print(f"clips: {error}", file=sys.stderr)
            return 1
    lines.append(f"- This benchmark's own peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB.")
    text = "\n".join(lines) + "\n"
    (arguments.docs / "bench-eye.md").write_text(text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
