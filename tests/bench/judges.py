"""Those who tell a mood from readings: three that are in use elsewhere, and ours.

Each takes the frames and gives what it would announce at each of them. The three look at the largest face, as ours does
by default, and keep still while there is none.
"""

from collections import Counter, deque
from collections.abc import Iterator, Sequence

from appliance import mood
from firmware import wire
from firmware.wire import EXPRESSIONS, Expression
from tests.bench.timelines import Frame, Read

Said = Expression | None


def best(face: Read) -> Expression:
    return EXPRESSIONS[max(range(7), key=face.scores.__getitem__)]


def nearest(frame: Frame) -> Read | None:
    return max(frame.faces, key=lambda face: face.size, default=None)


def last_frame(frames: Sequence[Frame]) -> Iterator[Said]:
    """The last frame's strongest score."""
    said: Said = None
    for frame in frames:
        face = nearest(frame)
        said = best(face) if face else said
        yield said


def vote(frames: Sequence[Frame], window: int = 20) -> Iterator[Said]:
    """The majority of the last twenty readings."""
    said: Said = None
    votes: deque[Expression] = deque(maxlen=window)
    for frame in frames:
        if face := nearest(frame):
            votes.append(best(face))
            if len(votes) == window:
                said = Counter(votes).most_common(1)[0][0]
        yield said


def quorum(frames: Sequence[Frame], window: int = 15, needed: int = 8, bypass: float = 0.70) -> Iterator[Said]:
    """Eight votes of the last fifteen, or one reading of .70 and more."""
    said: Said = None
    votes: deque[Expression] = deque(maxlen=window)
    for frame in frames:
        if face := nearest(frame):
            votes.append(best(face))
            first, count = Counter(votes).most_common(1)[0]
            if max(face.scores) >= bypass:
                said = best(face)
            elif count >= needed:
                said = first
        yield said


def filtered(frames: Sequence[Frame], knobs: mood.Knobs) -> Iterator[Said]:
    """Ours."""
    room = mood.Room()
    for frame in frames:
        faces = tuple(wire.Face(f.number, f.scores, 0.5, 0.5, f.size, 0.8) for f in frame.faces)  # type: ignore[arg-type]  # seven by construction
        room = mood.see(room, wire.Glance(frame.at, frame.condition, 0.5, faces), frame.at, knobs)
        yield room.belief.mood
