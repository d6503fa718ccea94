"""What open pages are told: a pulse reads the snapshot once a second, and each stream sends the parts that changed."""

import hashlib
import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from appliance.journey import Point
from appliance.snapshot import Snapshot
from appliance.web.needs import Look

HOUR = 3600.0
STEP = 60.0
BREATH = 15.0  # a stream with nothing new says so: either end finds out by it whether the other has gone


@dataclass(frozen=True)
class Scene:
    """All that one drawing of the page needs: the snapshot, and where the mood was during the last hour."""

    snapshot: Snapshot
    trail: tuple[Point, ...] = ()


class Trail:
    """The mood's places of the last hour, one a minute. Pure: time is the snapshot's own."""

    def __init__(self, earlier: tuple[Point, ...] = ()) -> None:
        self._earlier = earlier
        self._begun: float | None = None
        self._seen: deque[tuple[float, Point]] = deque(maxlen=int(HOUR / STEP))

    def note(self, snapshot: Snapshot) -> None:
        now = snapshot.at
        self._begun = now if self._begun is None else self._begun
        if snapshot.belief.mood is not None and (not self._seen or now - self._seen[-1][0] >= STEP):
            self._seen.append((now, Point(snapshot.valence, snapshot.energy)))
        while self._seen and now - self._seen[0][0] > HOUR:
            self._seen.popleft()
        if now - self._begun > HOUR:
            self._earlier = ()

    def forget(self) -> None:
        self._earlier = ()
        self._seen.clear()

    def points(self) -> tuple[Point, ...]:
        return self._earlier + tuple(point for _, point in self._seen)


class Pulse:
    """A thread that keeps the last scene. `beat` may also be called by hand, as the tests do."""

    def __init__(self, look: Look, trail: Trail | None = None, every: float = 1.0) -> None:
        self._look, self._trail, self._every = look, trail or Trail(), every
        self._forgotten = False
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="page-pulse", daemon=True)
        self.beat()

    def beat(self) -> None:
        if self._forgotten:
            self._forgotten = False
            self._trail.forget()
        snapshot = self._look()
        self._trail.note(snapshot)
        self.scene = Scene(snapshot, self._trail.points())

    def forget(self) -> None:
        """The household forgot its diary: with the next beat, which alone may touch the trail, its hour goes too."""
        self._forgotten = True

    def now(self) -> Scene:
        """The freshest snapshot with the trail as of the last beat. One snapshot is one scene, whoever asks for it."""
        snapshot, scene = self._look(), self.scene
        if scene.snapshot is not snapshot:
            self.scene = scene = Scene(snapshot, scene.trail)
        return scene

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._end.set()
        if self._thread.ident is not None:
            self._thread.join(5.0)

    @property
    def stopped(self) -> bool:
        return self._end.is_set()

    def wait(self, seconds: float) -> bool:
        """True when it is time to end."""
        return self._end.wait(seconds)

    def _run(self) -> None:
        while not self._end.wait(self._every):
            self.beat()


def mark(parts: Mapping[str, str]) -> str:
    """Tells these drawn parts from others: what a page brings along when it asks for what changed since."""
    return ".".join(hashlib.sha256(html.encode()).hexdigest()[:12] for html in parts.values())


def stream(
    pulse: Pulse, draw: Callable[[Scene], Mapping[str, str]], welcome: Callable[[], bool], seen: str = ""
) -> Iterator[str]:
    """Server-sent events: the parts of the page that changed, each second that something did.

    `seen` is the mark of what the page shows already: most of what it would be sent first it has just been sent. Ends
    when the server does, or when this phone is no longer `welcome`.
    """
    known = frozenset(seen.split("."))
    sent = {name: html for name, html in draw(pulse.now()).items() if mark({name: html}) in known}
    quiet = 0.0
    yield "retry: 2000\n\n"
    while not pulse.stopped and welcome():
        parts = draw(pulse.now())
        fresh = {name: html for name, html in parts.items() if sent.get(name) != html}
        if fresh:
            sent.update(fresh)
            yield f"id: told\nevent: parts\ndata: {json.dumps(fresh, ensure_ascii=False)}\n\n"
            quiet = 0.0
        elif quiet >= BREATH:
            yield "event: breath\ndata: here\n\n"  # an event, for a comment would not reach the page's watch
            quiet = 0.0
        else:
            yield ":\n\n"  # only who writes learns that a phone hung up: till then it holds a thread and a stream
        quiet += 1.0
        pulse.wait(1.0)
