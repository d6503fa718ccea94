"""What the songs page costs with 100,000 songs: memory and processor seconds of each visit.

    python -m tests.bench.page.great [SONGS]

The page's own app on a catalogue as the listener writes it, in a process of its own, so that memory is told honestly.
The songs are made up. On a box the rest of the half that speaks is there too, and counts for itself.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from appliance.library.catalogue import Catalogue
from appliance.store import Store
from appliance.thrift import give_back
from appliance.web.app import make_app
from appliance.web.house import House
from appliance.web.live import Pulse
from appliance.web.phones import Phones
from tests.bench.page.load import memory
from tests.library.great import great, named
from tests.web.stage import OWN, History, Stage

SONGS = 100_000


def peak() -> float:
    """The most that this process ever held, in MB."""
    told = Path("/proc/self/status").read_text()
    return int(told.split("VmHWM:")[1].split()[0]) * 1024 / 1e6


def measured(file: Path) -> Iterator[str]:
    stage = Stage()
    house = House(
        look=stage.look, post=stage.posted.append, settings=Store([], file.with_name("settings.toml")),
        history=History(), pulse=Pulse(stage.look), phones=Phones(file.with_name("phones.json")),
        clock=time.monotonic, catalogue=Catalogue(file),
    )  # fmt: skip
    house.phones.add("a-token", "Android phone", 1.8e9)
    phone = make_app(house).test_client()
    phone.set_cookie("mien", "a-token", domain="localhost")
    phone.get("/")
    before = memory(os.getpid())
    yield f"| before | | {before:.0f} | {peak():.0f} |"
    one = named(777)
    place = {"uri": one, "valence": "0.5", "energy": "-0.25"}
    asked = (
        ("the page, first", "/songs", None), ("the page, again", "/songs", None),
        ("a search", "/songs?q=SONG 777", None), ("a search, again", "/songs?q=SONG 777", None),
        ("a search for all", "/songs?q=music", None),
        ("one field", "/songs?field=5", None), ("one song", f"/songs/song?uri={one}", None),
        ("another song", f"/songs/song?uri={named(555)}", None),
        ("a song is placed", "/songs/place", place), ("that song's page", f"/songs/song?uri={one}", None),
        ("the page after that", "/songs", None), ("the page, again", "/songs", None),
        ("another song", f"/songs/song?uri={named(4)}", None), ("a language", "/songs/language", {"language": "ko"}),
    )  # fmt: skip
    for name, path, form in asked:
        Path("/proc/self/clear_refs").write_text("5")  # the most is counted anew
        began = time.process_time()
        told = phone.get(path) if form is None else phone.post(path, data=form, headers=OWN)
        took = time.process_time() - began
        assert told.status_code in (200, 303), (path, told.status_code)
        yield f"| {name} | {took:.3f} | {memory(os.getpid()):.0f} | {peak():.0f} |"
    give_back()
    yield f"| settled | | {memory(os.getpid()):.0f} | |"


def report(count: int) -> Iterator[str]:
    yield "| asked | processor s | resident MB after | at most |"
    yield "|---|---|---|---|"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "library.db"
        great(file, count)
        words = [sys.executable, "-m", "tests.bench.page.great", "--of", str(file)]
        yield subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--of", file]:
            print("\n".join(measured(Path(file))))
        case words:
            print("\n".join(report(int(words[0]) if words else SONGS)))
