"""A large family at once: twenty open streams and fifty requests a second, the whole speaker at work."""

import os
import statistics
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.speaker import Speaker

STREAMS, RATE, WARM = 20, 50, 5
PATHS = ("/", "/api/state", "/static/page.css", "/healthz", "/settings", "/diary", "/", "/api/state")
EXPRESSIONS = ("happy", "sad", "neutral", "surprise")


@dataclass(frozen=True)
class Told:
    """What came of one run: milliseconds of all answers, what went wrong, and MB by process, warm and at the end."""

    times: tuple[float, ...]
    faults: Counter[str]
    lost: int
    memory: dict[str, tuple[float, float]]

    def lines(self) -> Iterator[str]:
        times = sorted(self.times)
        yield "| requests | errors | streams lost | median ms | p95 ms | worst ms |"
        yield "|---|---|---|---|---|---|"
        p95 = times[int(len(times) * 0.95)]
        wrong = sum(self.faults.values())
        yield f"| {len(times)} | {wrong} | {self.lost} | {statistics.median(times):.1f} | {p95:.1f} | {times[-1]:.1f} |"
        for fault, count in self.faults.most_common():
            yield f"\n{count} times {fault}"
        yield f"\n| process | MB after {WARM} s | MB at the end |"
        yield "|---|---|---|"
        for name, (before, after) in sorted(self.memory.items()):
            yield f"| {name} | {before:.1f} | {after:.1f} |"


def memory(pid: int) -> float:
    """Resident MB of a process on this machine; 0 for one that is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6
    except OSError:
        return 0.0


def ask(base: str, path: str, order: bytes | None = None) -> tuple[float, str]:
    request = urllib.request.Request(base + path, data=order, headers={"Origin": base} if order is not None else {})
    begun = time.perf_counter()
    fault = ""
    try:
        with urllib.request.urlopen(request, timeout=10) as told:
            told.read()
            if told.status != 200:
                fault = f"{path}: {told.status}"
    except OSError as error:
        fault = f"{path}: {error}"
    return (time.perf_counter() - begun) * 1000, fault


def listen(base: str, end: threading.Event, lost: list[str]) -> None:
    try:
        with urllib.request.urlopen(base + "/events", timeout=30) as told:
            while not end.is_set():
                if not told.readline():
                    raise OSError("the stream ended")
    except OSError as error:
        if not end.is_set():
            lost.append(str(error))


def load(speaker: Speaker, seconds: int) -> Told:
    """One run. The actor's face changes all the while, and each second one request is an order."""
    base = f"http://localhost:{speaker.port}"
    processes = {name: pid for name, pid in speaker.children().items() if name in ("appliance", "firmware")}
    end, lost, told, before = threading.Event(), [], [], {}  # type: ignore[var-annotated]  # told by Told
    listeners = [threading.Thread(target=listen, args=(base, end, lost)) for _ in range(STREAMS)]
    for listener in listeners:
        listener.start()

    def act() -> None:
        turn = 0
        while not end.wait(5.0):
            speaker.direct(EXPRESSIONS[turn % len(EXPRESSIONS)])
            turn += 1

    actor = threading.Thread(target=act)
    actor.start()
    with ThreadPoolExecutor(16) as hands:
        begun = time.monotonic()
        for turn in range(seconds * RATE):
            time.sleep(max(0.0, begun + turn / RATE - time.monotonic()))
            order = urllib.parse.urlencode({"goal": "match"}).encode() if turn % RATE == 0 else None
            path = "/do/goal" if order is not None else PATHS[turn % len(PATHS)]
            hands.submit(lambda path, order: told.append(ask(base, path, order)), path, order)
            if turn == RATE * min(WARM, seconds - 1):
                before = {name: memory(pid) for name, pid in processes.items()}
    after = {name: memory(pid) for name, pid in processes.items()}
    end.set()
    for thread in (*listeners, actor):
        thread.join(60)
    return Told(
        tuple(took for took, _ in told),
        Counter(fault for _, fault in told if fault),
        len(lost),
        {name: (before.get(name, 0.0), after[name]) for name in processes},
    )
