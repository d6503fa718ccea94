"""The page's benchmark: a large family's load, the first look, a siege, and a great library.

    python -m tests.bench.page [--seconds 60] [--siege 3000] [--pictures 200] [--songs 100000]
                               [--lighthouse COMMAND] [--docs FOLDER]

The load and the first look are taken of the whole speaker, started as by `./setup.sh run` in folders of its own, a
drawn actor before its camera. Lighthouse 12 is used where it is found (npm install lighthouse); without it the table
of bytes, requests and axe's findings stands alone. A part given 0 is left out.
"""

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tests.bench.page import great, load, look, siege, visit
from tests.speaker import ROOT, Speaker


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.page", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=60, help="of load")
    parser.add_argument("--visit", type=int, default=1, help="an evening with the page")
    parser.add_argument("--siege", type=int, default=3000, help="requests that nobody meant")
    parser.add_argument("--pictures", type=int, default=200, help="spoiled pictures")
    parser.add_argument("--songs", type=int, default=great.SONGS, help="of a great library")
    parser.add_argument("--lighthouse", default="", help="its command, where it is not in the path")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="where the table goes")
    wanted = parser.parse_args(words)
    lines = []
    for line in told(wanted):
        print(line, flush=True)
        lines.append(line)
    (wanted.docs / "bench-page.md").write_text("\n".join(lines) + "\n")
    return 0


def told(wanted: argparse.Namespace) -> Iterator[str]:
    busy = os.getloadavg()[0]
    yield "# What the page bears"
    yield ""
    yield f"Made by `python -m tests.bench.page` on {date.today()}: {platform.machine()}, {os.cpu_count()} cores,"
    yield f"Python {platform.python_version()}. Load average at the start {busy:.1f}: the machine was"
    yield f"{'busy' if busy > 0.5 else 'quiet'}. The whole speaker ran, its eye at work on a drawn actor."
    speaker = Speaker()
    try:
        speaker.ready()
        base = f"http://localhost:{speaker.port}"
        if wanted.seconds:
            yield "\n## A large family\n"
            yield f"{load.STREAMS} open streams and {load.RATE} requests a second for {wanted.seconds} s, each on a"
            yield "connection of its own; one a second is an order; the face before the camera changes every 5 s."
            yield "The load is made on the same machine.\n"
            yield from load.load(speaker, wanted.seconds).lines()
        if wanted.visit:
            yield "\n## An evening\n"
            yield "Each step in a real Chromium on a phone's screen, with nothing staged: a second phone comes by the"
            yield "box's name and is let in by the button, which the actor presses.\n"
            yield from visit.visit(speaker)
        yield "\n## The first look\n"
        yield from look.costs(base)
        if command := look.found(wanted.lighthouse):
            yield "\nLighthouse, a phone on a slow network as it simulates one; below each page what it would mend:\n"
            yield from look.scores(base, command)
        else:
            yield "\nLighthouse was not found."
    finally:
        speaker.close()
    if wanted.siege:
        yield "\n## Under siege\n"
        yield from siege.requests(wanted.siege)
    if wanted.pictures:
        yield f"\n{wanted.pictures} spoiled pictures, each judged by a process of its own:\n"
        yield from siege.pictures(wanted.pictures)
    if wanted.songs:
        yield f"\n## The songs page with {wanted.songs:,} songs\n"
        yield "The page's app in a process of its own, without the rest of the half; each row after the one above it.\n"
        yield from great.report(wanted.songs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
