"""What the box tells of its logs, wherever they are."""

import logging
from pathlib import Path

import pytest

from appliance.journal import HOUR, LONGEST, MOST, Log, Memory, desk, last_hour, system


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("mien", logging.INFO, "", 0, text, (), None)


def test_the_half_remembers_its_own_last_hour_and_no_more() -> None:
    now = 0.0
    memory = Memory(lambda: now)
    memory.handle(record("at first"))
    now = HOUR + 1
    memory.handle(record("later\nin two lines"))
    told = memory.last_hour()
    assert told.where == "mien" and [line[-12:] for line in told.lines] == ["7 mien: later"[-12:], "in two lines"]


def test_what_is_remembered_is_bounded_whatever_is_logged() -> None:
    memory = Memory(lambda: 0.0)
    for number in range(MOST + 50):
        memory.handle(record("x" * 5000 + str(number)))
    told = memory.last_hour().lines
    assert len(told) == MOST and max(map(len, told)) == LONGEST + 1


def test_on_a_desk_each_log_file_is_told_from_its_end(tmp_path: Path) -> None:
    (tmp_path / "eye.log").write_text("one\ntwo\n")
    (tmp_path / "mien.log").write_bytes(b"\xff\n" + b"line\n" * 1000)
    eye, mien = desk(tmp_path)
    assert eye == Log("eye", ("one", "two"))
    assert mien.where == "mien" and len(mien.lines) == MOST and mien.lines[-1] == "line"


def test_a_desk_without_its_logs_tells_so_and_what_it_remembers(tmp_path: Path) -> None:
    memory = Memory(lambda: 0.0)
    memory.handle(record("still here"))
    (tmp_path / "gone.log").symlink_to(tmp_path / "nowhere")
    told = last_hour(memory, {"MIEN_LOG": str(tmp_path)})
    assert [log.where for log in told] == ["mien", "desk"] and "cannot be read" in told[1].lines[0]
    (tmp_path / "gone.log").unlink()
    (tmp_path / "mien.log").write_text("written\n")
    assert last_hour(memory, {"MIEN_LOG": str(tmp_path)}) == (Log("mien", ("written",)),)


def test_a_journal_that_this_half_may_not_read_is_no_error_and_its_memory_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Memory(lambda: 0.0)
    memory.handle(record("still here"))
    command = tmp_path / "journalctl"
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    for script in ("exit 1", "true"):
        command.write_text(f"#!/bin/sh\n{script}\n")
        command.chmod(0o755)
        assert [log.where for log in last_hour(memory, {"INVOCATION_ID": "1"})] == ["mien"]
    command.write_text('#!/bin/sh\necho "$@"\n')
    mien, eye = system()
    assert "mien.service" in mien.lines[0] and "mien-eye.service" in eye.lines[0] and "--since=-1h" in eye.lines[0]
    assert last_hour(memory, {"INVOCATION_ID": "1"}) == (mien, eye), "the journal itself, once it can be read"
