"""The page's two languages. English is the key, so an English page needs no catalogue and a gap shows as English.

A catalogue is one JSON file of English to the other tongue: nothing to compile, and Python reads it at the start.
"""

import json
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent / "translations"
TONGUES: Mapping[str, str] = {"en": "English", "ko": "한국어"}


def word(english: str) -> str:
    """Marks a text that is put into the reader's tongue later."""
    return english


class Words:
    """One tongue. Called with English and values to fill in, answers in that tongue."""

    def __init__(self, tongue: str) -> None:
        self.tongue = tongue
        path = FOLDER / f"{tongue}.json"
        self._known: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}

    def __call__(self, english: str, /, **values: object) -> str:
        said = self._known.get(english, english)
        return said.format(**values) if values else said

    def knows(self, english: str) -> bool:
        return self.tongue == "en" or english in self._known


def library() -> dict[str, Words]:
    return {tongue: Words(tongue) for tongue in TONGUES}
