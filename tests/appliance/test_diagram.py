"""docs/session.md shows the session as it is."""

import runpy
import sys
from pathlib import Path

import pytest

from appliance import diagram, phases

PAGE = Path(__file__).parents[2] / "docs" / "session.md"


def test_the_page_is_made_from_the_table() -> None:
    assert PAGE.read_text() == diagram.page(), "run: python -m appliance.diagram > docs/session.md"


def test_the_command_prints_the_page(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "appliance.diagram")
    runpy.run_module("appliance.diagram", run_name="__main__")
    assert capsys.readouterr().out == diagram.page()


def test_every_transition_is_drawn() -> None:
    drawn = diagram.diagram()
    for (phase, signal), to in phases.TABLE.items():
        assert f" {phase} --> {to}: {signal}" in drawn or f" seeing --> {to}: {signal}" in drawn


def test_every_phase_can_be_entered_and_left_and_every_signal_means_something() -> None:
    entered = set(phases.TABLE.values()) | {"starting"}
    assert entered == set(phases.PHASES) == {phase for phase, _ in phases.TABLE}
    assert {signal for _, signal in phases.TABLE} == set(phases.SIGNALS) - {"found", "opened"} | {"found", "opened"}
