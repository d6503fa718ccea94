"""The rig's table keeps what each part found."""

import importlib

import pytest

from tests.rig.__main__ import BY_NAME, PAGE, PARTS, main
from tests.rig.table import HEAD, Checked, put

EMPTY = "\n".join(["# The rig", "", *HEAD, "", "## After", ""])


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


def test_every_part_can_be_had() -> None:
    assert all(hasattr(importlib.import_module(place), "check") for place in (PARTS | BY_NAME).values())


def test_a_part_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["moon"])
    assert "moon" in capsys.readouterr().err
