"""The page's two languages. English is the key, so an English page needs no catalogue and a gap shows as English.

A catalogue is one JSON file of English to the other tongue: nothing to compile, and Python reads it at the start.
"""

import json
import re
import string
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent / "translations"
TELLING = 4
"""Letters of its own by which a sentence with something filled in is known again."""
TONGUES: Mapping[str, str] = {"en": "English", "ko": "한국어"}


def word(english: str) -> str:
    """Marks a text that is put into the reader's tongue later."""
    return english


class Words:
    """One tongue. Called with English and values to fill in, answers in that tongue.

    A finished English sentence from another room is found by the catalogue's own pattern: "No songs found: {why}.", and
    what fills it is looked up in turn.
    """

    def __init__(self, tongue: str) -> None:
        self.tongue = tongue
        path = FOLDER / f"{tongue}.json"
        self._known: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        telling = sorted(self._known, key=_letters, reverse=True)  # the more of a sentence is given, the surer it is it
        self._patterns = [
            (_pattern(key), self._known[key]) for key in telling if "{" in key and _letters(key) >= TELLING
        ]

    def __call__(self, english: str, /, **values: object) -> str:
        said = self._known.get(english)
        if said is None:
            said = english if values or self.tongue == "en" else self._filled(english)
        return said.format(**values) if values else said

    def knows(self, english: str) -> bool:
        return self.tongue == "en" or english in self._known

    def speaks(self, english: str) -> bool:
        """Is this sentence of another room told in this tongue? If not it stays English, and is marked as such."""
        return self.knows(english) or self._filled(english) != english

    def _filled(self, english: str) -> str:
        for pattern, said in self._patterns:
            if found := pattern.fullmatch(english):
                return said.format(**{name: self(value) for name, value in found.groupdict().items()})
        return english


def _letters(key: str) -> int:
    return sum(letter.isalpha() for text, *_ in string.Formatter().parse(key) for letter in text)


def _pattern(key: str) -> re.Pattern[str]:
    """What a sentence begins with is one word, or the end of any sentence would be taken for this one."""
    made = ""
    for text, name, _, _ in string.Formatter().parse(key):
        made += re.escape(text)
        if name:
            made += rf"(?P<{name}>{'.+' if made else r'[^ ]+'})"
    return re.compile(made)


def library() -> dict[str, Words]:
    return {tongue: Words(tongue) for tongue in TONGUES}
