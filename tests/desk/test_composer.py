"""The first run composes the box's own songs in a process of their own, and can be told to stop at any moment."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from desk.child import CODE
from desk.composer import Interrupted, Uncomposed, compose
from songs.edition import EDITION, MARK

STARTS = "import sys, time; [print(f'\\r{n} of 12 songs', end='', flush=True) for n in range(1, 13)];"


def composer(*then: str) -> tuple[str, ...]:
    return (sys.executable, "-c", " ".join((STARTS, *then)))


def test_progress_is_told_now_and_then(tmp_path: Path) -> None:
    said: list[str] = []
    assert compose(tmp_path / "songs", threading.Event(), said.append, composer("print()"))
    assert said == ["composing songs: 6 of 12", "composing songs: 12 of 12"]


def test_songs_that_are_there_are_not_made_again(tmp_path: Path) -> None:
    (tmp_path / MARK).write_text(EDITION)
    assert not compose(tmp_path, threading.Event(), print, ("false",))


def test_what_goes_wrong_is_told_in_the_composers_own_words_and_the_next_run_can_mend_it(tmp_path: Path) -> None:
    broken = composer("print(); sys.exit('no room on the card')")
    with pytest.raises(Uncomposed, match="no room on the card"):
        compose(tmp_path / "songs", threading.Event(), lambda said: None, broken)
    assert compose(tmp_path / "songs", threading.Event(), lambda said: None, composer("print()"))


def test_ctrl_c_ends_it_between_two_songs(tmp_path: Path) -> None:
    over = threading.Event()
    endless = composer("[(print('\\rnext', end='', flush=True), time.sleep(0.05)) for _ in iter(int, 1)]")
    with pytest.raises(Interrupted):
        compose(tmp_path / "songs", over, lambda said: over.set(), endless)


def test_a_composer_that_is_told_to_end_leaves_nothing_half_made(tmp_path: Path) -> None:
    shelf = tmp_path / "songs"
    command = [sys.executable, "-m", "songs", str(shelf)]
    with subprocess.Popen(command, cwd=CODE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert any(" of " in line for line in process.stdout)
        process.send_signal(signal.SIGTERM)
    assert list(tmp_path.iterdir()) == []


def test_the_launcher_itself_carries_nothing_that_composing_or_seeing_needs() -> None:
    """It lives as long as the speaker: with them it held 280 MB for nothing."""
    told = "import desk.run, sys; sys.exit(any(m in sys.modules for m in ('numpy', 'soundfile', 'cv2')))"
    assert subprocess.run([sys.executable, "-c", told], cwd=CODE, check=False).returncode == 0
