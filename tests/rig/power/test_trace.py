"""What strace wrote is understood whole, or not at all."""

from pathlib import Path

import pytest

from tests.rig.power.trace import Player, Untold, calls, own


def said(text: str) -> str:
    return '"' + "".join(f"\\x{byte:02x}" for byte in text.encode()) + '"'


def player(*lines: str) -> Player:
    one = Player(Path("/state"), Path("/acks"))
    for call in calls(iter(lines)):
        one.play(call)
    return one


OPEN = f"7  openat(AT_FDCWD, {said('/state/a')}, O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0666) = 3"


def test_a_file_is_followed_from_its_opening_to_its_new_name() -> None:
    told = player(
        OPEN, f"7  write(3, {said('hel')}, 3) = 3", f"7  write(3, {said('lo')}, 2) = 2", "7  fsync(3) = 0",
        "7  close(3) = 0", f"7  rename({said('/state/a')}, {said('/state/b')}) = 0",
    )  # fmt: skip
    assert {path: file.now() for path, file in told.disk.names().items()} == {Path("/state/b"): b"hello"}


def test_a_call_that_another_thread_interrupted_is_put_together() -> None:
    told = player(OPEN, f"7  pwrite64(3, {said('x')}, 1, 4 <unfinished ...>", "8  getpid() = 8",
                  "7  <... pwrite64 resumed>) = 1")  # fmt: skip
    (file,) = told.disk.names().values()
    assert file.now() == b"\0\0\0\0x"


def test_a_program_that_is_started_closes_no_file_of_its_starters() -> None:
    lines = [
        f"7  execve({said('/bin/box')}, [], 0x7f /* 9 vars */) = 0", OPEN, "9  close(3) = 0",
        f"9  execve({said('/bin/reader')}, [], 0x7f /* 9 vars */ <unfinished ...>", "9  <... execve resumed>) = 0",
        f"7  write(3, {said('whole')}, 5) = 5", "9  write(3, 0x7f, 2) = 2", "9  +++ exited with 0 +++",
    ]  # fmt: skip
    (file,) = player(*own(lines)).disk.names().values()
    assert file.now() == b"whole"


def test_what_failed_and_what_lies_elsewhere_changes_nothing() -> None:
    told = player(
        f"7  unlink({said('/state/a')}) = -1 ENOENT (No such file or directory)",
        f"7  openat(AT_FDCWD, {said('/tmp/a')}, O_WRONLY|O_CREAT, 0666) = 3", f"7  write(3, {said('x')}, 1) = 1",
    )  # fmt: skip
    assert told.disk.names() == {}


def test_acknowledgements_are_heard_in_their_place() -> None:
    told = player(f"7  openat(AT_FDCWD, {said('/acks')}, O_WRONLY|O_CREAT|O_APPEND, 0777) = 4",
                  f"7  write(4, {said('kept a 1')}, 8) = 8")  # fmt: skip
    assert told.heard == ["kept a 1"]


def test_a_way_of_writing_that_is_not_known_stops_the_record() -> None:
    with pytest.raises(Untold, match="fallocate"):
        player(OPEN, "7  fallocate(3, 0, 0, 4096) = 0")
