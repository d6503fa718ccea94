"""The rig's table keeps what each part found."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.rig import __main__ as rig
from tests.rig.__main__ import PAGE, PARTS, main
from tests.rig.kitchen import made
from tests.rig.table import HEAD, Checked, put

EMPTY = "\n".join(["# The rig", "", *HEAD, "", "## After", ""])


def told(page: Path) -> list[str]:
    """The rows that a page has, where it was empty."""
    return page.read_text().splitlines()[4:-2]


def test_a_part_replaces_its_own_rows_and_leaves_the_others() -> None:
    page = put(EMPTY, "power", [Checked("cuts", "1 of 2", good=False)])
    page = put(page, "arm", [Checked("wheels", "all")])
    assert put(page, "power", [Checked("cuts", "2 of 2")]).splitlines()[4:] == [
        "| arm | wheels | all | yes |",
        "| power | cuts | 2 of 2 | yes |",
        "",
        "## After",
    ]


def test_a_fault_stands_out_and_a_cell_stays_a_cell() -> None:
    assert Checked("a|b", "no\nway", good=False).row("x") == "| x | a/b | no way | **no** |"


def test_the_page_in_the_docs_has_the_table() -> None:
    assert put(PAGE.read_text(), "nobody", []) == PAGE.read_text()


def test_a_part_that_fails_on_its_way_keeps_what_it_saw_and_says_that_it_saw_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(_: Path) -> Iterator[Checked]:
        yield Checked("the first", "seen")
        raise TimeoutError("not within 300 s: the second")

    page = tmp_path / "rig.md"
    page.write_text(EMPTY)
    monkeypatch.setattr(rig, "PAGE", page)
    monkeypatch.setattr(rig, "cache", lambda: tmp_path)
    monkeypatch.setitem(rig.PARTS, "moon", "moon")
    monkeypatch.setitem(sys.modules, "moon", SimpleNamespace(check=check))
    assert main(["moon"]) == 1
    assert told(page)[:2] == [
        "| moon | the first | seen | yes |",
        "| moon | what comes after this | not seen, for the rig failed: not within 300 s: the second | **no** |",
    ]
    assert told(page)[2].startswith("| moon | the part itself | took ")


def test_another_debian_has_rows_of_its_own_beside_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(_: Path, suite: str = "bookworm") -> Iterator[Checked]:
        yield Checked("booted", suite)

    page = tmp_path / "rig.md"
    page.write_text(EMPTY)
    monkeypatch.setattr(rig, "PAGE", page)
    monkeypatch.setattr(rig, "cache", lambda: tmp_path)
    monkeypatch.setitem(rig.PARTS, "box", "moon")
    monkeypatch.setitem(sys.modules, "moon", SimpleNamespace(check=check))
    for words in (["box"], ["box", "--release", "trixie"], ["box", "--release", "bookworm"]):
        assert main(words) == 0
    assert [row for row in told(page) if "booted" in row] == [
        "| box trixie | booted | trixie | yes |",
        "| box | booted | bookworm | yes |",
    ]


@pytest.mark.parametrize("empty", [True, False])
def test_the_whole_by_one_command_is_told_with_its_faults_its_time_and_what_it_found_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty: bool
) -> None:
    def lane(parts: tuple[str, ...], release: str) -> int:
        (larder / parts[0]).touch()
        print(f"{parts[0]:8}   ok   the tide: comes and goes\n", end="")  # a line in one piece, as `beside` says it
        return int("sun" in parts)

    page, larder = tmp_path / "rig.md", tmp_path / "cache"
    page.write_text(EMPTY)
    larder.mkdir()
    if not empty:
        (larder / "built").touch()
    monkeypatch.setattr(rig, "PAGE", page)
    monkeypatch.setattr(rig, "cache", lambda: larder)
    monkeypatch.setattr(rig, "PARTS", {"moon": "moon", "stars": "stars", "sun": "sun"})
    monkeypatch.setattr(rig, "LANES", (("moon", "stars"), ("sun",)))
    monkeypatch.setattr(rig, "beside", lane)
    assert main([]) == 1
    begun = "from an empty cache" if empty else "with what lay in the cache"
    (row,) = told(page)
    assert row.startswith(
        f"| all | every part, in three lanes, by one command | 2 of 3 parts are well; {begun} it took "
    )
    assert row.endswith("| **no** |")
    said = page.with_suffix(".log").read_text().splitlines()
    assert {"moon       ok   the tide: comes and goes", "sun        ok   the tide: comes and goes"} < set(said)
    assert said[-1].startswith("-> rig: 2 of 3 parts are well")


@pytest.mark.parametrize(
    ("end", "faults"), [("sys.exit(0)", 0), ("sys.exit(1)", 1), ("sys.exit(77)", 2), ("os.kill(os.getpid(), 9)", 2)]
)
def test_a_lane_tells_which_part_says_what_and_where_it_dies_none_of_its_parts_is_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], end: str, faults: int
) -> None:
    (tmp_path / "tests" / "rig").mkdir(parents=True)
    script = f"import os, sys\nfor part in sys.argv[1:]: print('-> rig:', part); print('   ok')\n{end}\n"
    (tmp_path / "tests" / "rig" / "__main__.py").write_text(script)
    monkeypatch.chdir(tmp_path)
    assert rig.beside(("arm", "pi"), "") == faults
    said = capsys.readouterr().out.splitlines()
    assert said == ["arm     -> rig: arm", "arm        ok", "pi      -> rig: pi", "pi         ok"]


def test_each_part_runs_in_one_lane() -> None:
    assert sorted(part for lane in rig.LANES for part in lane) == sorted(PARTS)


def test_every_part_can_be_had() -> None:
    assert all(hasattr(importlib.import_module(place), "check") for place in PARTS.values())


def test_a_part_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["moon"])
    assert "moon" in capsys.readouterr().err


def test_what_a_killed_part_left_mounted_is_let_go_and_not_emptied(tmp_path: Path) -> None:
    """As mmdebstrap leaves /proc and /dev in a Debian that it could not end."""
    ours, left = tmp_path / "ours", tmp_path / "a root.unfinished" / "dev"
    ours.mkdir()
    left.mkdir(parents=True)
    (ours / "null").touch()
    if subprocess.run(["mount", "--bind", ours, left], capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here")
    try:
        place = made(tmp_path / "a root", lambda beside: beside.write_text("whole"), "a root")
    finally:
        subprocess.run(["umount", "--quiet", left], check=False)
    assert place.read_text() == "whole" and not left.parent.exists()
    assert (ours / "null").exists()
