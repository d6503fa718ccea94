"""Load on the page: `python -m tests.bench.page [seconds] [http://localhost:PORT]`.

Twenty event streams stay open while fifty requests a second arrive; told are errors, the median and the 95th
percentile of the time to an answer, and the memory of the server before and after. With no address, a page with a
scripted room that changes every second is served by a process of its own.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

STREAMS, RATE = 20, 50
PATHS = ("/", "/api/state", "/static/page.css", "/healthz", "/settings")


def memory(pid: int) -> float:
    """Resident MB of a process on this machine."""
    text = Path(f"/proc/{pid}/statm").read_text()
    return int(text.split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


def ask(base: str, path: str) -> tuple[float, str]:
    begun = time.perf_counter()
    try:
        with urllib.request.urlopen(base + path, timeout=10) as told:
            told.read()
            fault = "" if told.status == 200 else str(told.status)
    except OSError as error:
        fault = f"{path}: {error}"
    return time.perf_counter() - begun, fault


def listen(base: str, end: threading.Event, lost: list[str]) -> None:
    try:
        with urllib.request.urlopen(base + "/events", timeout=30) as told:
            while not end.is_set():
                if not told.readline():
                    raise OSError("the stream ended")
    except OSError as error:
        if not end.is_set():
            lost.append(str(error))


def load(base: str, seconds: int, pid: int | None) -> None:
    end = threading.Event()
    lost: list[str] = []
    for _ in range(STREAMS):
        threading.Thread(target=listen, args=(base, end, lost), daemon=True).start()
    told: list[tuple[float, str]] = []
    before = 0.0
    with ThreadPoolExecutor(16) as hands:
        begun = time.monotonic()
        for turn in range(seconds * RATE):
            time.sleep(max(0.0, begun + turn / RATE - time.monotonic()))
            hands.submit(lambda path: told.append(ask(base, path)), PATHS[turn % len(PATHS)])
            if turn == RATE * 5 and pid:
                before = memory(pid)
    end.set()
    times = sorted(took * 1000 for took, _ in told)
    print(f"requests {len(told)}, errors {sum(bool(fault) for _, fault in told)}, streams lost {len(lost)}")
    for fault in sorted({fault for _, fault in told if fault}):
        print(f"  {fault}")
    print(f"ms: median {statistics.median(times):.1f}, p95 {times[int(len(times) * 0.95)]:.1f}, worst {times[-1]:.1f}")
    if pid:
        print(f"server MB: after 5 s {before:.1f}, at the end {memory(pid):.1f}")


def room() -> None:
    """The served page: a room that changes every second. Ends with its standard input."""
    from appliance.store import Store
    from appliance.web.serve import Page
    from tests.web.stage import History, Stage

    stage = Stage()
    stage.time = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        page = Page(
            stage.look, stage.posted.append, Store([], state / "settings.toml"), History(), "127.0.0.1", 0, state
        )
        page.house.clock = time.monotonic
        page.start()
        print(page.port, flush=True)
        gone = threading.Event()

        def until_told() -> None:
            sys.stdin.read()
            gone.set()

        threading.Thread(target=until_told, daemon=True).start()
        while not gone.wait(1.0):
            stage.time = time.monotonic()
            stage.set(why=f"Because it is {stage.time:.0f}.", valence=(stage.time % 10) / 10)
        page.stop()


def main(words: list[str]) -> None:
    if words == ["room"]:
        room()
    elif len(words) == 2:
        load(words[1].rstrip("/"), int(words[0]), None)
    else:
        served = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.page", "room"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "MIEN_TRUST_LOCALHOST": "1"},
        )
        with served:
            assert served.stdout is not None
            load(f"http://localhost:{served.stdout.readline().strip()}", int(words[0]) if words else 60, served.pid)
            if served.stdin:
                served.stdin.close()


if __name__ == "__main__":
    main(sys.argv[1:])
