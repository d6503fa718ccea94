"""The speaking half's settings: their meaning, their bounds, and strict TOML in which every fault is told at once."""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

from appliance.knobs import Knobs
from appliance.mood import Knobs as Filter

PHONE = {"phone": True}
"""Marks a key that a phone may change. Whatever could lock the household out, or let others in, stays root's."""

Percent = Annotated[int, Meta(ge=0, le=100)]
HOUR = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
Hour = Annotated[str, Meta(pattern=HOUR)]
TOPIC = r"^[^+#\x00]*$"
"""Wildcards are for those who listen."""
Document = dict[str, dict[str, Any]]


class SettingsError(ValueError):
    """Settings that this half cannot take; the message lists every fault."""

    def __init__(self, faults: "list[Fault]") -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Fault:
    """Why one value was refused: its key, `section.name`, and the reason."""

    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.key}: {self.text}" if self.key else self.text


class Discreet(Struct, frozen=True):
    """A section whose password no log repeats."""

    def __repr__(self) -> str:
        told = msgspec.structs.asdict(self)
        shown = {key: "***" if key == "password" and value else value for key, value in told.items()}
        return f"{type(self).__name__}({', '.join(f'{key}={value!r}' for key, value in shown.items())})"


class MusicSettings(Discreet, frozen=True):
    server: Annotated[str, Meta(min_length=1, description="MPD: a socket's path, or host:port")] = "localhost:6600"
    password: Annotated[str, Meta(description="MPD's password, if it has one")] = ""
    ceiling: Annotated[Percent, Meta(description="Never louder than this, in percent", extra=PHONE)] = 80
    quiet_ceiling: Annotated[Percent, Meta(description="The same in quiet hours", extra=PHONE)] = 35
    crossfade_now: Annotated[
        bool, Meta(description="A changed mood changes the music at once, not at the song's end", extra=PHONE)
    ] = False
    resume_at_start: Annotated[bool, Meta(description="After a power cut, play on what was playing", extra=PHONE)] = (
        False
    )
    fade_out: Annotated[float, Meta(ge=0, le=60, description="Seconds in which music fades out", extra=PHONE)] = 6.0
    fade_in: Annotated[float, Meta(ge=0, le=60, description="Seconds in which music comes back", extra=PHONE)] = 4.0


class MannersSettings(Struct, frozen=True):
    goal: Annotated[
        Literal["match", "lift", "calm"], Meta(description="What the music is for when the box starts", extra=PHONE)
    ] = "match"
    rule: Annotated[
        Literal["nearest", "majority", "hold"], Meta(description="Whose mood counts with several faces", extra=PHONE)
    ] = "nearest"
    absent: Annotated[
        float, Meta(ge=10, le=3600, description="Seconds of an empty room before the music fades", extra=PHONE)
    ] = 120.0
    hands_off: Annotated[
        float, Meta(ge=0, le=86400, description="Seconds for which a person's hand is respected", extra=PHONE)
    ] = 900.0
    smile_songs: Annotated[
        int, Meta(ge=1, le=20, description="Songs without a smile before the box asks", extra=PHONE)
    ] = 5


class ChoiceSettings(Struct, frozen=True):
    song_hours: Annotated[float, Meta(ge=0, le=168, description="Hours before a song may come again", extra=PHONE)] = (
        24.0
    )
    artist_gap: Annotated[
        int, Meta(ge=0, le=20, description="Songs by others between two of one artist", extra=PHONE)
    ] = 2
    languages: Annotated[
        str, Meta(max_length=80, description="Languages to hear, as ko, en; empty for all", extra=PHONE)
    ] = ""


class QuietSettings(Struct, frozen=True):
    on: Annotated[bool, Meta(description="Keep quiet hours", extra=PHONE)] = False
    begin: Annotated[Hour, Meta(description="Quiet hours begin, as 22:00", extra=PHONE)] = "22:00"
    end: Annotated[Hour, Meta(description="Quiet hours end, as 07:00", extra=PHONE)] = "07:00"


class LampSettings(Struct, frozen=True):
    brightness: Annotated[Percent, Meta(description="Brightness of the mood lamp, in percent", extra=PHONE)] = 100
    quiet_brightness: Annotated[Percent, Meta(description="Its brightness in quiet hours", extra=PHONE)] = 100


class HistorySettings(Struct, frozen=True):
    days: Annotated[int, Meta(ge=1, le=3650, description="Days for which history is kept", extra=PHONE)] = 90


class PageSettings(Struct, frozen=True):
    host: Annotated[str, Meta(min_length=1, description="The address the page listens on")] = "0.0.0.0"
    port: Annotated[int, Meta(ge=0, le=65535, description="The page's port; 0 takes any free one")] = 8080
    https: Annotated[
        Literal["off", "beside", "only"],
        Meta(description="Speak HTTPS too: not at all, beside plain HTTP, or only", extra=PHONE),
    ] = "off"


class BrokerSettings(Discreet, frozen=True):
    address: Annotated[str, Meta(description="The home's MQTT broker: host, or host:port; empty for none")] = ""
    user: Annotated[str, Meta(description="The name by which it knows the box, if it asks for one")] = ""
    password: Annotated[str, Meta(description="The password of that name")] = ""
    tls: Annotated[bool, Meta(description="Speak TLS to it, with certificates that this system trusts")] = False
    topic: Annotated[
        str, Meta(pattern=TOPIC, description="What its topics begin with; empty for mien/ and the box's name")
    ] = ""
    discovery: Annotated[
        str, Meta(pattern=TOPIC, description="Where Home Assistant looks for new devices; empty to tell it of none")
    ] = "homeassistant"


class Settings(Struct, frozen=True):
    music: MusicSettings = MusicSettings()
    manners: MannersSettings = MannersSettings()
    choice: ChoiceSettings = ChoiceSettings()
    quiet: QuietSettings = QuietSettings()
    lamp: LampSettings = LampSettings()
    history: HistorySettings = HistorySettings()
    page: PageSettings = PageSettings()
    broker: BrokerSettings = BrokerSettings()

    def knobs(self, room: Filter) -> Knobs:
        """The session's knobs as these settings have them, with the network's own `room` filter."""
        manners, music = msgspec.structs.asdict(self.manners), msgspec.structs.asdict(self.music)
        rule = manners.pop("rule")
        del music["server"], music["password"]
        return Knobs(
            mood=replace(room, rule=rule),
            lamp=self.lamp.brightness,
            quiet_lamp=self.lamp.quiet_brightness,
            **manners,
            **music,
        )


@dataclass(frozen=True)
class Field:
    """One setting as a page shows it."""

    key: str
    kind: Literal["yes/no", "whole", "number", "text", "choice", "time"]
    meaning: str
    default: Any
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    phone: bool
    type: Any


KINDS: dict[Any, Literal["yes/no", "whole", "number", "text"]] = {bool: "yes/no", int: "whole", float: "number"}


def fields() -> Iterator[Field]:
    """Every setting, in the order in which the default file has them."""
    for section, struct in get_type_hints(Settings).items():
        for name, hint in get_type_hints(struct, include_extras=True).items():
            notes = [note for note in getattr(hint, "__metadata__", ()) if isinstance(note, Meta)]
            plain = get_args(hint)[0]
            choices = get_args(plain) if get_origin(plain) is Literal else ()
            timely = any(note.pattern == HOUR for note in notes)
            kind = "choice" if choices else "time" if timely else KINDS.get(plain, "text")
            yield Field(
                key=f"{section}.{name}",
                kind=kind,
                meaning=next((note.description for note in notes if note.description), ""),
                default=getattr(struct(), name),
                low=next((float(note.ge) for note in notes if note.ge is not None), None),
                high=next((float(note.le) for note in notes if note.le is not None), None),
                choices=choices,
                phone=any((note.extra or {}).get("phone") for note in notes),
                type=hint,
            )


FIELDS: Mapping[str, Field] = {field.key: field for field in fields()}


def read(*files: Path) -> Settings:
    """The settings in `files`, each laid over those before it. SettingsError tells all that is wrong in all of them."""
    told: Document = {}
    faults: list[Fault] = []
    for file in files:
        try:
            lay(told, parse(file.read_bytes(), str(file)))
        except OSError as error:
            faults.append(Fault("", f"{file}: cannot be read: {error.strerror}"))
        except SettingsError as error:
            faults.extend(error.faults)
    if faults:
        raise SettingsError(faults)
    return msgspec.convert(told, Settings)


def parse(text: bytes, where: str) -> Document:
    """One file's sections, checked. Raises SettingsError with every fault in it."""
    try:
        document = tomllib.loads(text.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError([Fault("", f"{where}: is not TOML: {error}")]) from None
    faults = []
    for section, keys in document.items():
        if section not in get_type_hints(Settings):
            faults.append(Fault(section, f"unknown section in {where}{nearest(section, get_type_hints(Settings))}"))
        elif not isinstance(keys, dict):
            faults.append(Fault(section, f"must be a section, [{section}], in {where}"))
        else:
            faults += [fault for name, value in keys.items() if (fault := wrong(f"{section}.{name}", value, where))]
    if faults:
        raise SettingsError(faults)
    return document


def wrong(key: str, value: Any, where: str) -> Fault | None:
    """What is wrong with one value, if anything. A password's value is not repeated."""
    if key not in FIELDS:
        return Fault(key, f"unknown key in {where}{nearest(key, FIELDS)}")
    try:
        msgspec.convert(value, FIELDS[key].type)
    except msgspec.ValidationError as error:
        shown = "***" if key.endswith("password") else repr(value)
        return Fault(key, f"{error}; it is {shown} in {where}")
    return None


def lay(under: Document, over: Document) -> None:
    """Lay one document over another."""
    for section, keys in over.items():
        under.setdefault(section, {}).update(keys)


def nearest(word: str, known: Any) -> str:
    near = difflib.get_close_matches(word, list(known), 1, 0.5)
    return f": did you mean {near[0]}?" if near else f"; known are {', '.join(known)}"
