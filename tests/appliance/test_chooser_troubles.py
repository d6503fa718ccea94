"""The chooser and what befalls it: a library that cannot be read yet, and a fault that nobody foresaw."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import chooser, rules
from appliance.chooser import Chooser
from appliance.commands import Choose
from appliance.events import Chosen, Event
from appliance.settings import ChoiceSettings
from tests.appliance.conftest import Server
from tests.waiting import until

RULES = rules.read(Path(__file__).parents[2] / "config" / "moods.toml")


class Shelf:
    """A chooser, and its answers by their tickets."""

    def __init__(self, server: Server) -> None:
        self.posted: list[Event] = []
        self.tickets = 0
        self.chooser = Chooser(server.dial, self.posted.append, RULES, ChoiceSettings())
        self.chooser.start()

    def choose(self) -> Chosen:
        self.tickets += 1
        self.chooser.ask(Choose(self.tickets, "happy", 0.0, 0.0, 1))
        return until(self._answered, "an answer")[0]

    def _answered(self) -> list[Chosen]:
        return [told for told in self.posted if isinstance(told, Chosen) and told.ticket == self.tickets]


@pytest.fixture
def shelf(bare: Server) -> Iterator[Shelf]:
    shelf = Shelf(bare)
    yield shelf
    shelf.chooser.stop()


def filled(server: Server) -> None:
    server.put("happy/sun.flac", "Sun", "Ada", "Pop", seconds=1.0)
    server.start()
    server.update()


def test_a_library_that_cannot_be_read_is_told_and_read_again(
    shelf: Shelf, bare: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.chooser.library()
    assert "cannot be read" in shelf.choose().trouble
    filled(bare)
    monkeypatch.setattr(chooser, "REREAD", 0.0)  # half a minute otherwise
    assert [choice.song.uri for choice in shelf.choose().choices] == ["happy/sun.flac"]


def test_a_fault_that_nobody_foresaw_costs_one_answer_and_says_so(shelf: Shelf, bare: Server) -> None:
    filled(bare)
    shelf.chooser.library()
    well = shelf.chooser.settings
    shelf.chooser.settings = None  # type: ignore[assignment]  # the very thing that must not end the choosing
    told = shelf.choose()
    assert not told.choices and "choosing failed" in told.trouble
    shelf.chooser.settings = well
    assert shelf.choose().choices
