"""What the page needs of the other rooms: their shapes, so that it can be tried without them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from appliance import events
from appliance.library.chart import Chart
from appliance.rules import Rule
from appliance.snapshot import Snapshot

Post = Callable[[events.Event], None]
Look = Callable[[], Snapshot]


class Field(Protocol):
    """One setting that a phone may change. `choices` is empty but for the kind "choice"."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> Literal["yes/no", "whole", "number", "text", "choice", "time"]: ...
    @property
    def meaning(self) -> str: ...
    @property
    def default(self) -> Any: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def choices(self) -> Sequence[str]: ...


class Fault(Protocol):
    """Why one value was refused."""

    @property
    def key(self) -> str: ...
    @property
    def text(self) -> str: ...


class Settings(Protocol):
    def fields(self) -> Sequence[Field]: ...
    def values(self) -> Mapping[str, Any]: ...
    def check(self, wanted: Mapping[str, Any]) -> Sequence[Fault]:
        """Every reason for which `change` would refuse these values. Nothing is kept."""
        ...

    def change(self, wanted: dict[str, Any]) -> Sequence[Fault]:
        """Takes all or nothing: no faults means that every value is kept, any fault that none is."""
        ...


class Row(Protocol):
    """One thing that the history remembers; `at` in seconds of the wall clock."""

    @property
    def at(self) -> float: ...
    @property
    def kind(self) -> str: ...
    @property
    def mood(self) -> str | None: ...
    @property
    def song(self) -> str: ...
    @property
    def value(self) -> float | None: ...
    @property
    def note(self) -> str: ...


class History(Protocol):
    def recent(self, kind: str, since: float) -> Iterable[Row]:
        """Rows of this kind at or after the wall-clock second `since`, oldest first."""
        ...

    def forget(self, since: float, until: float) -> bool:
        """Nothing of these wall-clock seconds is left. False if it could not be done, and is all still there."""
        ...

    def forget_all(self) -> bool:
        """As above, and what faces taught goes too."""
        ...


class Finding(Protocol):
    """One thing that was looked at; `fix` says what to do where it is not well."""

    @property
    def what(self) -> str: ...
    @property
    def said(self) -> str: ...
    @property
    def fix(self) -> str: ...
    @property
    def well(self) -> bool: ...


class Log(Protocol):
    """The last lines of one log, the oldest first."""

    @property
    def where(self) -> str: ...
    @property
    def lines(self) -> Sequence[str]: ...


class Pursuit(Protocol):
    """Something that people may say they are about: a place on the plane, and what such songs are tagged with."""

    @property
    def name(self) -> str: ...
    @property
    def valence(self) -> float: ...
    @property
    def energy(self) -> float: ...
    @property
    def words(self) -> Sequence[str]: ...


class Pursuits(Protocol):
    def read(self) -> Sequence[Pursuit]:
        """The picker's list, in its order."""
        ...

    def check(self, wanted: Sequence[Mapping[str, Any]]) -> Sequence[Fault]:
        """Every reason for which `write` would refuse this list. Nothing is kept."""
        ...

    def write(self, wanted: Sequence[Mapping[str, Any]]) -> Sequence[Fault]:
        """Replaces the list, or tells every fault; an empty one gives the list as delivered back."""
        ...


class NoPursuits:
    """A house without a picker."""

    def read(self) -> Sequence[Pursuit]:
        return ()

    def check(self, wanted: Sequence[Mapping[str, Any]]) -> Sequence[Fault]:
        return ()

    def write(self, wanted: Sequence[Mapping[str, Any]]) -> Sequence[Fault]:
        return ()


class Progress(Protocol):
    """How far the listening to the songs has come."""

    @property
    def done(self) -> int: ...
    @property
    def total(self) -> int: ...
    @property
    def seconds_left(self) -> float | None: ...
    @property
    def unreadable(self) -> Sequence[tuple[str, str]]: ...
    @property
    def unnamed(self) -> int:
        """So many songs could not be heard besides those."""
        ...


@dataclass(frozen=True)
class Nothing:
    """Nothing heard yet, of no songs."""

    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    unreadable: tuple[tuple[str, str], ...] = ()
    unnamed: int = 0


class Catalogue(Protocol):
    """A library may be great: nothing here tells all of every song at once."""

    def chart(self) -> Chart: ...
    def uris(self) -> Iterable[Sequence[str]]:
        """Every song in order, a part at a time."""
        ...

    def trouble(self, uri: str) -> str | None:
        """Why this song could not be heard, if so; None for a song that is not there."""
        ...

    def edition(self) -> int:
        """Another number whenever the catalogue changed."""
        ...

    def correct(self, uri: str, valence: float, energy: float) -> None:
        """A person says where this song lies. KeyError for a song that is not there."""
        ...

    def restore(self, uri: str) -> None:
        """Takes a correction back. KeyError as above."""
        ...

    def progress(self) -> Progress: ...


class NoCatalogue:
    """A house whose songs nobody listens to."""

    def chart(self) -> Chart:
        return Chart()

    def uris(self) -> Iterable[Sequence[str]]:
        return ()

    def trouble(self, uri: str) -> str | None:
        return None

    def edition(self) -> int:
        return 0

    def correct(self, uri: str, valence: float, energy: float) -> None:
        raise KeyError(uri)

    def restore(self, uri: str) -> None:
        raise KeyError(uri)

    def progress(self) -> Progress:
        return Nothing()


class Rules(Protocol):
    """What makes a song fit which mood, as the household has it."""

    def read(self) -> Mapping[events.Mood, Rule]: ...
    def delivered(self) -> Mapping[events.Mood, Rule]:
        """What each mood's rule goes back to."""
        ...

    def check(self, wanted: Mapping[str, Mapping[str, Any]]) -> Sequence[Fault]:
        """Every reason for which `write` would refuse these rules. Nothing is kept."""
        ...

    def write(self, wanted: Mapping[str, Mapping[str, Any] | None]) -> Sequence[Fault]:
        """Replaces these moods' rules, or tells every fault; None gives a mood its delivered rule back."""
        ...


class NoRules:
    """A house whose rules nobody tells."""

    def read(self) -> Mapping[events.Mood, Rule]:
        return {}

    def delivered(self) -> Mapping[events.Mood, Rule]:
        return {}

    def check(self, wanted: Mapping[str, Mapping[str, Any]]) -> Sequence[Fault]:
        return ()

    def write(self, wanted: Mapping[str, Mapping[str, Any] | None]) -> Sequence[Fault]:
        return ()
