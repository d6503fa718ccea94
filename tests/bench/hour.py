"""A long life, for real: `python -m tests.bench.hour [MINUTES]` lives so long; its table goes to docs/long-life.md.
`python -m tests.bench.hour MINUTES BEAT` reads the page at another beat, and prints its table alone.

The whole speaker, real processes and a real MPD, on the drawn actor. Each half's memory, descriptors, threads and
bytes sent to the card are read from the kernel, twelve times and at the end.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from songs.shelf import fill
from tests.bench.years import PAGE, put
from tests.rig.kitchen import cache
from tests.speaker import Speaker

HEAD = "| minutes | half | memory, MB | descriptors | threads | written, KB |"
HALVES = ("firmware", "appliance", "mpd")
ROWS = 12
BEAT = 5.0
"""Seconds between two reads of the page."""
SCENE = 30.0
"""Seconds for which a face is drawn alike."""
SCENES = ("happy", "neutral", "sad", "leave", "surprise", "angry")


@dataclass(frozen=True)
class Weight:
    """What one process takes."""

    half: str
    memory: int
    descriptors: int
    threads: int
    written: int

    def row(self, minutes: float) -> str:
        return (
            f"| {minutes:.0f} | {self.half} | {self.memory / 1024:.1f} | {self.descriptors} | {self.threads} "
            f"| {self.written / 1024:.0f} |"
        )


def weigh(half: str, process: int) -> Weight:
    place = Path(f"/proc/{process}")
    told = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines())
    io = dict(line.split(": ") for line in (place / "io").read_text().splitlines())
    memory = int(told["VmRSS"].split()[0])
    written = int(io["write_bytes"]) - int(io["cancelled_write_bytes"])  # what was removed before it reached the card
    return Weight(half, memory, len(list((place / "fd").iterdir())), int(told["Threads"]), written)


def halves(speaker: Speaker) -> dict[str, int]:
    """Those that live as long as the box does; the listener comes and goes."""
    return {half: process for half, process in speaker.children().items() if half in HALVES}


def live(speaker: Speaker, minutes: float, beat: float = BEAT) -> Iterator[str]:
    """Rows, as time goes by. RuntimeError if a process was exchanged meanwhile: then nothing can be compared."""
    began = time.monotonic()
    first = halves(speaker)
    scenes = cycle(SCENES)
    turn = 0
    for row in range(1, ROWS + 1):
        while time.monotonic() - began < minutes * 60 * row / ROWS:
            if turn % round(SCENE / beat) == 0:
                speaker.direct(next(scenes))
            turn += 1
            speaker.state()
            time.sleep(beat)
        if (now := halves(speaker)) != first:
            raise RuntimeError(f"a process ended and another began: {first} and {now}")
        for half in HALVES:
            yield weigh(half, first[half]).row((time.monotonic() - began) / 60)


def main(words: list[str]) -> int:
    minutes = float(words[0]) if words else 10.0
    beat = float(words[1]) if words[1:] else BEAT
    rows = [HEAD, "|---|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory(prefix="mien-songs-") as music:
        Path(music).chmod(0o755)  # root's MPD is an ordinary user
        fill(cache() / "songs")
        shutil.copytree(cache() / "songs", music, dirs_exist_ok=True)
        speaker = Speaker("--music", music)
        try:
            speaker.ready()
            for row in live(speaker, minutes, beat):
                print(row, flush=True)
                rows.append(row)
        finally:
            speaker.close()
    if beat == BEAT:
        PAGE.write_text(put(PAGE.read_text("utf-8"), HEAD, "\n".join(rows) + "\n"), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
