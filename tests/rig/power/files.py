"""What the box keeps as files of their own: settings, phones, the shutter, the picker, the rules, songs, a debt."""

import io
import logging
import wave
from pathlib import Path

from appliance.debts import Debts
from appliance.places import DEFAULTS
from appliance.pursuits import Pursuits
from appliance.rulebook import Rulebook
from appliance.store import Store
from appliance.web.intake import FOLDER, Intake
from appliance.web.phones import Phones
from firmware.shutter import Shutter

TURNS = 400
"""More changes than any one record makes of one kind."""


class Settings:
    """A value saved from a phone."""

    def __init__(self, folder: Path) -> None:
        self._store = Store((), folder / "settings.toml")
        self.trouble = self._store.trouble

    def change(self, turn: int) -> None:
        if faults := self._store.change({"history.days": turn, "manners.goal": "lift" if turn % 2 else "calm"}):
            raise OSError(str(faults))

    def found(self) -> set[int]:
        kept = self._store.settings
        if kept.manners.goal == "match":
            return {0}
        turn = kept.history.days
        return {turn} if kept.manners.goal == ("lift" if turn % 2 else "calm") else set()


class Pairing:
    """A phone let in; each fourth turn the oldest is shown out."""

    def __init__(self, folder: Path) -> None:
        self._phones = Phones(folder / "phones.json")
        self.trouble = self._phones.trouble

    def change(self, turn: int) -> None:
        if turn % 4 == 0:
            self._phones.remove(self._phones.known()[0].short)
        else:
            self._phones.add(f"token {turn}", f"phone {turn}", float(turn))

    def found(self) -> set[int]:
        names = [int(phone.since) for phone in self._phones.known()]
        there: list[int] = []
        same = {0} if not names else set()
        for turn in range(1, TURNS):
            there = there[1:] if turn % 4 == 0 else [*there, turn][-64:]
            if there == names and all(self._phones.holds(f"token {name}") for name in names):
                same.add(turn)
        return same


class ClosedOrOpen:
    """The shutter, moved by its button."""

    def __init__(self, folder: Path) -> None:
        self._shutter = Shutter(folder / "shutter")
        self.trouble = self._shutter.trouble

    def change(self, turn: int) -> None:
        self._shutter.move(closed=turn % 2 == 1)
        if self._shutter.trouble:
            raise OSError(self._shutter.trouble)

    def found(self) -> set[int]:
        return set(range(1 if self._shutter.closed else 0, TURNS, 2))


class Picker:
    """The list of what people may be about; each third turn the one that ships is wanted back."""

    def __init__(self, folder: Path) -> None:
        self._pursuits = Pursuits(DEFAULTS / "pursuits.toml", folder / "pursuits.toml")
        self.trouble = self._pursuits.trouble

    def change(self, turn: int) -> None:
        entry = {"name": f"turn {turn}", "valence": 0.5, "energy": 0.5, "words": []}
        if faults := self._pursuits.write([entry] if turn % 3 else []):
            raise OSError(str(faults))

    def found(self) -> set[int]:
        names = [pursuit.name for pursuit in self._pursuits.read()]
        if len(names) == 1:
            return {int(names[0].removeprefix("turn "))}
        return set(range(0, TURNS, 3))


class Ruled:
    """What fits a mood, changed from a phone; each third turn the mood's own rule is wanted back."""

    def __init__(self, folder: Path) -> None:
        self._rules = Rulebook((DEFAULTS / "moods.toml",), folder / "moods.toml")
        self.trouble = self._rules.trouble

    def change(self, turn: int) -> None:
        if faults := self._rules.write({"happy": {"tags": [f"turn {turn}"]} if turn % 3 else None}):
            raise OSError(str(faults))

    def found(self) -> set[int]:
        rule = self._rules.read()["happy"]
        if rule == self._rules.delivered()["happy"]:
            return set(range(0, TURNS, 3))
        return {int(tag.removeprefix("turn ")) for tag in rule.tags}


class Brought:
    """Songs that a phone brings, each in two pieces. The music's folder is a box's own from the first day."""

    def __init__(self, folder: Path) -> None:
        self._songs = folder / "music" / FOLDER
        self._songs.mkdir(parents=True, exist_ok=True)
        self._intake = Intake(lambda: folder / "music")
        self.trouble = ""

    def change(self, turn: int) -> None:
        song, key = sound(turn), f"{turn:032x}"
        half = len(song) // 2
        self._intake.piece(key, 0, len(song), song[:half], "song.wav")
        if not self._intake.piece(key, half, len(song), song[half:], "song.wav"):
            raise OSError("the song was not taken")

    def found(self) -> set[int]:
        """Whole songs, each once; no name without its song."""
        there = [file.read_bytes() for file in self._songs.glob("[!.]*")] if self._songs.is_dir() else []
        whole = {turn for turn in range(1, TURNS) if any(song == sound(turn) for song in there)} if there else set()
        turns = range(1, max(whole, default=0) + 1)
        return {len(turns)} if whole == set(turns) and len(whole) == len(there) else set()


def sound(turn: int) -> bytes:
    """A moment of noise that is this turn's alone."""
    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(turn.to_bytes(2, "little") * 1600)
    return kept.getvalue()


class Words(logging.Handler):
    """What a logger is told, for as long as this listens."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


class Owed:
    """The volume that a fade owes the household."""

    def __init__(self, folder: Path) -> None:
        self._debts = Debts(folder / "jukebox.json")
        self.trouble = ""

    def change(self, turn: int) -> None:
        self._debts.volume, self._debts.own = turn, {turn: f"{turn}.flac"}
        self._debts.save()

    def found(self) -> set[int]:
        complaints = logging.getLogger("mien.jukebox")
        words = Words()
        complaints.addHandler(words)
        self._debts.load((turn, f"{turn}.flac") for turn in range(TURNS + 1))
        complaints.removeHandler(words)
        self.trouble = "; ".join(words.said)
        turn = self._debts.volume or 0
        return {turn} if self._debts.own == ({turn: f"{turn}.flac"} if turn else {}) else set()
