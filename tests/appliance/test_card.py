"""The whole half and its memory card: what is kept there comes back, and a card that is full stops no music."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from appliance import bias
from appliance.commands import Remember
from appliance.history import History
from appliance.store import Store
from tests.appliance.box import Box
from tests.appliance.conftest import Server
from tests.waiting import until


@pytest.fixture
def box(server: Server) -> Iterator[Box]:
    """Not started yet."""
    box = Box(server)
    yield box
    box.close()


@contextmanager
def card(place: Path) -> Iterator[None]:
    """A card of one megabyte in this place, or a skip where nobody may mount one."""
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting needs root")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def small(box: Box) -> Iterator[Path]:
    """Its state folder on such a card."""
    place = box.folder / "state"
    with card(place):
        yield place
        if box.process:
            box.end()


def fill(ballast: Path) -> None:
    """Write until nothing more fits."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            return


def rows(file: Path) -> int:
    with closing(sqlite3.connect(file)) as base:
        return int(base.execute("SELECT count(*) FROM row").fetchone()[0])


def test_with_a_full_card_the_music_plays_and_once_there_is_room_what_happened_is_kept(
    box: Box, small: Path, server: Server
) -> None:
    fill(small / "ballast")
    box.start()
    until(lambda: any("history cannot be written" in said for said in box.seen()["trouble"]), "the trouble told")
    box.ask("mood", "happy")
    until(lambda: box.song().startswith("happy/"), "a happy song")
    box.eye().shows = "sad"
    until(lambda: box.seen()["belief"]["mood"] == "sad", "the mood")
    (small / "ballast").unlink()
    assert box.end() == 0
    assert rows(small / "history.db") > 0


def test_settings_that_a_full_card_refuses_leave_the_old_ones_and_nothing_half_written(tmp_path: Path) -> None:
    with card(tmp_path):
        file, ballast = tmp_path / "settings.toml", tmp_path / "ballast"
        store = Store((), file)
        assert store.change({"music.ceiling": 60}) == ()
        fill(ballast)
        (fault,) = store.change({"music.ceiling": 40})
        assert "No space left" in fault.text and store.settings.music.ceiling == 60
        assert set(tmp_path.iterdir()) == {file, ballast}
        assert Store((), file).settings.music.ceiling == 60, "also after a power cut"
        ballast.unlink()
        assert store.change({"music.ceiling": 40}) == ()
        assert Store((), file).settings.music.ceiling == 40


def test_what_faces_taught_is_known_again_after_a_restart(box: Box) -> None:
    book = History(box.folder / "state" / "history.db", days=90)
    book.add(Remember("reading", "neutral", note=bias.written((0.4, 0.0, 0.0, 0.6, 0.0, 0.0, 0.0))))
    book.flush()
    box.start()
    (taught,) = until(lambda: box.seen()["taught"], "what was taught")
    assert (taught["mood"], taught["readings"]) == ("neutral", 1)


def test_it_starts_with_its_picker_damaged_and_says_so_once(box: Box) -> None:
    (box.folder / "state" / "pursuits.toml").write_text("[tea\n")
    box.start()
    until(lambda: any("pursuits.toml is damaged" in said for said in box.seen()["trouble"]), "the trouble told")
    box.end()
    box.start()
    until(lambda: box.seen()["jukebox"] == "up", "MPD")
    assert not any("damaged" in said for said in box.seen()["trouble"])
