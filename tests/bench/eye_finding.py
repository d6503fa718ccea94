"""What is found: recall on clips and on composed frames, and false faces, beside plain Haar and a peer's pipeline."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2

from firmware.camera import Grey
from firmware.cameras.replay import VIDEOS, Replay
from firmware.cascades import cascade
from firmware.expression import Network
from firmware.faces import Faces
from firmware.glance import Glancer
from firmware.settings import CameraSettings, FacesSettings, Settings
from firmware.wire import EXPRESSIONS, Glance
from tests.bench.composed import LOOKS_EACH, WIDTHS, Composed, rooms, scenes
from tests.bench.eye_costs import PLAIN
from tests.bench.peer import Peer

PER_SECOND = 3  # frames that are taken of each second of a clip, as the eye would
EACH = 20  # composed scenes of each width

Found = tuple[float, float, float]  # centre and width, in pixels
Seer = Callable[[Grey, float], Sequence[Found]]


def ours(following: Faces) -> Seer:
    return lambda frame, now: [(f.x, f.y, f.width) for f in following.look(frame, now) if not f.missed]


def told(glancer: Glancer) -> Seer:
    """After the network's refusal, and found twice: what goes over the wire."""

    def see(frame: Grey, now: float) -> Sequence[Found]:
        high, wide = frame.shape
        return [(f.x * wide, f.y * high, f.size * wide) for f in glancer.judge(frame, now).faces]

    return see


def seers(network: Network, peer: Peer | None) -> dict[str, Seer]:
    """Each as one camera's, with no past."""
    plain = cascade(PLAIN)

    def boxes(found: Sequence[Sequence[int]]) -> Sequence[Found]:
        return [(x + w / 2, y + h / 2, w) for x, y, w, h in found]

    all_of_them: dict[str, Seer] = {
        "ours, found": ours(Faces(FacesSettings())),
        "ours, told after the network's refusal": told(Glancer(Settings(), network)),
        "plain Haar (1.1, 5)": lambda frame, now: boxes(plain.detectMultiScale(frame, 1.1, 5)),
    }
    if peer:
        all_of_them["`fer`'s pipeline"] = lambda frame, now: boxes(peer.look(frame))
    return all_of_them


@dataclass
class Count:
    """Of one who looks."""

    looks: int = 0
    right: int = 0
    false: int = 0
    by_width: dict[int, int] = field(default_factory=lambda: dict.fromkeys(WIDTHS, 0))
    last: int = 0  # found in the last of a scene's looks


def counted(scene: Composed, see: Seer, count: Count) -> None:
    for index, (frame, truth) in enumerate(zip(scene.frames, scene.truth, strict=True)):
        hits = [truth.holds(*found) for found in see(frame, index / PER_SECOND)]
        count.looks += 1
        count.right += any(hits)
        count.false += len(hits) - sum(hits)
        count.by_width[scene.width] += any(hits)
        count.last += any(hits) and index == LOOKS_EACH - 1


def composed(data: Path | None, network: Network, peer: Peer | None, each: int = EACH) -> Iterator[str]:
    counts: dict[str, Count] = {}
    for scene in scenes(data, each):
        for name, see in seers(network, peer).items():
            counted(scene, see, counts.setdefault(name, Count()))
    what = "faces of the test mosaic in the faceless pictures" if data else "drawn faces in drawn rooms"
    yield f"## Composed frames: {what}"
    yield ""
    yield f"{each} scenes of each width, 640x480, {LOOKS_EACH} looks at each, {PER_SECOND} a second; the face sways a"
    yield "twentieth of its width, and the sensor is noisy. A look counts as right if a box stands on the face."
    yield ""
    widths = " | ".join(f"{width} px" for width in WIDTHS)
    yield f"| who looks | all looks | sixth look | {widths} | false faces in 100 looks |"
    yield "|---" * (len(WIDTHS) + 4) + "|"
    for name, count in counts.items():
        shares = " | ".join(f"{found / (each * LOOKS_EACH):.2f}" for found in count.by_width.values())
        last = count.last * LOOKS_EACH / count.looks
        false = 100 * count.false / count.looks
        yield f"| {name} | {count.right / count.looks:.3f} | {last:.3f} | {shares} | {false:.1f} |"
    yield ""


def frames_of(clip: Path) -> list[Grey]:
    """A clip as the eye would see it, PER_SECOND frames of each of its seconds."""
    video = cv2.VideoCapture(str(clip))
    rate, count = video.get(cv2.CAP_PROP_FPS) or 25.0, int(video.get(cv2.CAP_PROP_FRAME_COUNT))
    video.release()
    replay = Replay(CameraSettings(), clip)
    step = max(1, round(rate / PER_SECOND))
    frames = [frame for index in range(count) for frame in [replay.read()] if index % step == 0]
    replay.close()
    return frames


@dataclass
class Steady:
    """How steadily one face is read over a clip: the strongest expression of the nearest, from look to look."""

    pairs: int = 0
    flips: int = 0
    before: tuple[int, str] | None = None  # the face's number, and what it was read as

    def see(self, glance: Glance) -> None:
        now = None
        if glance.faces:
            nearest = max(glance.faces, key=lambda face: face.size)
            now = (nearest.number, EXPRESSIONS[nearest.scores.index(max(nearest.scores))])
            if self.before and self.before[0] == now[0]:
                self.pairs += 1
                self.flips += self.before[1] != now[1]
        self.before = now


def clips(folder: Path, network: Network, peer: Peer | None, most: int = 26) -> Iterator[str]:
    seen: dict[str, int] = {}
    steady = Steady()
    total = 0
    for clip in sorted(file for file in folder.iterdir() if file.suffix.lower() in VIDEOS)[:most]:
        eyes = seers(network, peer)
        glancer, steady.before = Glancer(Settings(), network), None
        for index, frame in enumerate(frames_of(clip)):
            total += 1
            steady.see(glancer.judge(frame, index / PER_SECOND))
            for name, see in eyes.items():
                seen[name] = seen.get(name, 0) + bool(see(frame, index / PER_SECOND))
    yield "## Clips of people"
    yield ""
    yield f"{total} frames, {PER_SECOND} of each second. People are in most; where is not known: a false face counts."
    yield ""
    yield "| who looks | frames with a face |"
    yield "|---|---|"
    for name, frames in seen.items():
        yield f"| {name} | {frames / total:.1%} |"
    yield ""
    yield f"Of {steady.pairs} pairs of neighbouring looks at one face, {steady.flips} were read as two expressions;"
    yield "some of these people do change theirs."
    yield ""


def faceless(data: Path | None, network: Network, peer: Peer | None, most: int = 26) -> Iterator[str]:
    pictures = rooms(data)[:most]
    counts: dict[str, int] = {}
    for frame in pictures:
        for name, see in seers(network, peer).items():
            looks = LOOKS_EACH if name.startswith("ours") else 1  # the others see the same each time
            counts[name] = counts.get(name, 0) + max(len(see(frame, look * 6.0)) for look in range(looks))
    yield f"## {len(pictures)} {'pictures' if data else 'drawn rooms'} without a face"
    yield ""
    yield f"{LOOKS_EACH} looks of ours at each, one of the others; the most faces seen at once in a picture, added up."
    yield ""
    yield "| who looks | false faces |"
    yield "|---|---|"
    yield from (f"| {name} | {count} |" for name, count in counts.items())
    yield ""
