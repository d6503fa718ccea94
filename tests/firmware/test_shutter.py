"""The shutter remembers: over restarts, over power cuts, on a full card, and doubts in favour of closed."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest

from firmware.shutter import Shutter


def test_it_is_open_at_the_first_start_and_then_stays_as_it_was_left(tmp_path: Path) -> None:
    file = tmp_path / "shutter"
    assert not Shutter(file).closed
    Shutter(file).move(True)
    assert Shutter(file).closed
    Shutter(file).move(False)
    assert not Shutter(file).closed


@pytest.mark.parametrize("left", [b"", b"clo", b"open", b"\x00" * 7, b"OPEN  \n"])
def test_a_damaged_memory_means_closed_and_a_hand_mends_it(tmp_path: Path, left: bytes) -> None:
    file = tmp_path / "shutter"
    file.write_bytes(left)
    shutter = Shutter(file)
    assert shutter.closed
    shutter.move(False)
    assert not Shutter(file).closed


def test_a_memory_that_cannot_be_read_means_closed_is_told_and_is_believed_again_once_it_can(tmp_path: Path) -> None:
    file = tmp_path / "shutter"
    file.mkdir()  # root can read everything else
    shutter = Shutter(file)
    assert shutter.closed and "cannot be read, so the shutter is closed" in shutter.trouble
    file.rmdir()
    shutter.move(False)
    assert not shutter.trouble and not Shutter(file).closed


def test_a_full_card_does_not_keep_it_from_closing_for_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "shutter"
    shutter = Shutter(file)
    really = Path.open

    def full(self: Path, mode: str = "r", *args: Any) -> IO[Any]:
        if mode == "wb":
            raise OSError(errno.ENOSPC, "No space left on device")
        return really(self, mode, *args)

    monkeypatch.setattr(Path, "open", full)
    shutter.move(True)
    assert shutter.closed and not shutter.trouble
    monkeypatch.undo()
    assert Shutter(file).closed
    shutter.move(False)
    assert not Shutter(file).closed


def test_what_will_not_be_remembered_is_told_and_obeyed_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    shutter = Shutter(folder / "shutter")
    (folder / "shutter").unlink()
    folder.rmdir()
    shutter.move(True)
    assert shutter.closed and "will not outlast a restart" in shutter.trouble
    folder.mkdir()
    shutter.move(True)
    assert not shutter.trouble and Shutter(folder / "shutter").closed


def test_on_a_slow_card_it_has_moved_before_that_is_written_and_says_when_it_is(tmp_path: Path) -> None:
    file = tmp_path / "shutter"
    deeds: list[Callable[[], None]] = []
    shutter = Shutter(file, deeds.append)
    assert shutter.lasting
    shutter.move(True)
    assert shutter.closed and not shutter.lasting and not Shutter(file).closed
    shutter.move(False)
    shutter.move(True)
    while deeds:
        deeds.pop(0)()
        assert Shutter(file).closed, "not once is it open on the card, for it is not"
    assert shutter.lasting
    (tmp_path / "shutter.new").mkdir()
    file.unlink()
    shutter.move(False)
    deeds.pop()()
    assert "will not outlast a restart" in shutter.trouble and not shutter.lasting
    (tmp_path / "shutter.new").rmdir()
    shutter.move(False)
    deeds.pop()()
    assert not shutter.trouble and shutter.lasting and not Shutter(file).closed
