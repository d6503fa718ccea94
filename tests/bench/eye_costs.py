"""What a frame costs: finding, reading and both, beside plain Haar and a peer's pipeline on the same frames."""

import itertools
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from firmware.actor import Actor, Scene, Stage
from firmware.camera import Grey
from firmware.cascades import cascade
from firmware.expression import Network, crop
from firmware.faces import Faces
from firmware.glance import Glancer
from firmware.settings import CameraSettings, FacesSettings, Settings
from tests.bench.composed import rooms
from tests.bench.peer import Peer

PLAIN = "haarcascade_frontalface_default"
SIZES = ((320, 240), (640, 480))
LOOKS = 40
PLAIN_LOOKS = 8  # of what is dear and steady
ROUND = 6  # searches in which each of ours has had its turn
FOLLOWING = FacesSettings(full_search=600)  # so that following alone is measured
HEAD = (
    "| frame | faces | first search ms | search again ms | followed ms | expression ms | whole ms | plain Haar ms "
    "| `fer` ms | whole / Haar | whole / `fer` |\n|---|---|---|---|---|---|---|---|---|---|---|"
)


def costs(deed: Callable[[Grey], object], frames: Sequence[Grey]) -> list[float]:
    """CPU milliseconds of each frame."""
    spent = []
    for frame in frames:
        begun = time.process_time()
        deed(frame)
        spent.append((time.process_time() - begun) * 1000)
    return spent


def cost(deed: Callable[[Grey], object], frames: Sequence[Grey]) -> float:
    """Median CPU milliseconds a frame."""
    return statistics.median(costs(deed, frames))


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


def _read(network: Network, place: tuple[float, float, float], frame: Grey) -> object:
    return network.read(crop(frame, *place, network.contract))


def row(size: tuple[int, int], people: int, network: Network, peer: Peer | None) -> str:
    plain = cascade(PLAIN)
    frames = drawn(size, people, LOOKS)
    moments = itertools.count(0.0, 0.1)
    searching, following, glancer = (
        Faces(FacesSettings()),
        Faces(FOLLOWING),
        Glancer(Settings(faces=FOLLOWING), network),
    )
    first = cost(partial(searching.search, second=False), frames)
    near = cost(lambda frame: following.look(frame, next(moments)), frames)
    known = following.look(frames[-1], next(moments))
    again = cost(partial(searching.search, known=known), frames)
    one = cost(partial(_read, network, (size[0] / 2, size[1] / 2, size[1] * 0.3)), frames)
    whole = cost(lambda frame: glancer.judge(frame, next(moments)), frames)
    told = len(glancer.judge(frames[-1], next(moments)).faces)
    haar = cost(partial(plain.detectMultiScale, scaleFactor=1.1, minNeighbors=5), frames[:PLAIN_LOOKS])
    rival = cost(peer.look, frames[:PLAIN_LOOKS]) if peer else None
    cells = [
        f"{size[0]}x{size[1]}", f"{people} (told {told})", f"{first:.1f}", f"{again:.1f}",
        f"{near:.1f}" if people else "-", f"{one:.1f}", f"{whole:.1f}", f"{haar:.1f}",
        f"{rival:.1f}" if rival else "-", f"{whole / haar:.3f}", f"{whole / rival:.3f}" if rival else "-",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def table(network: Network, peer: Peer | None) -> Iterator[str]:
    yield HEAD
    for size in SIZES:
        for people in (0, 1, 3):
            yield row(size, people, network, peer)


def cluttered(data: Path | None, peer: Peer | None, most: int = 26) -> Iterator[str]:
    """Where there is much to see and nobody: the dearest search there is."""
    pictures = rooms(data)[:most]
    plain = cascade(PLAIN)
    searches = [spent for frame in pictures for spent in costs(Faces(FacesSettings()).search, [frame] * ROUND)]
    others = {"plain Haar (1.1, 5)": costs(partial(plain.detectMultiScale, scaleFactor=1.1, minNeighbors=5), pictures)}
    if peer:
        others["`fer`'s pipeline"] = costs(peer.look, pictures)
    yield f"{len(pictures)} {'pictures' if data else 'drawn rooms'} without a face at 640x480, searched whole"
    yield f"({ROUND} searches of ours each):"
    yield ""
    yield "| who searches | median ms | nine of ten below ms | most ms |"
    yield "|---|---|---|---|"
    for name, spent in {"ours": searches, **others}.items():
        tenth = statistics.quantiles(spent, n=10)[-1]
        yield f"| {name} | {statistics.median(spent):.1f} | {tenth:.1f} | {max(spent):.1f} |"
    yield ""
