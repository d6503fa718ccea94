"""The seeing half's settings: strict TOML in which every fault is told at once."""

import difflib
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
from msgspec import Meta, Struct

Pin = Annotated[int, Meta(ge=0, le=27)]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Rate = Annotated[float, Meta(ge=0.1, le=15.0)]
Seconds = Annotated[float, Meta(ge=0.0, le=600.0)]
Hour = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class SettingsError(ValueError):
    """One or more settings that this half cannot take; the message lists every one."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class CameraSettings(Struct, frozen=True):
    source: Annotated[str, Meta(pattern=r"^(auto|picamera2|usb|actor|replay:.+)$")] = "auto"
    device: Annotated[int, Meta(ge=0, le=63)] = 0
    width: Annotated[int, Meta(ge=160, le=1920)] = 640
    height: Annotated[int, Meta(ge=120, le=1440)] = 480
    rate: Annotated[float, Meta(ge=1.0, le=60.0)] = 10.0
    rotation: Literal[0, 90, 180, 270] = 0
    mirror: bool = False
    patience: Annotated[float, Meta(ge=2.0, le=60.0)] = 8.0


class PaceSettings(Struct, frozen=True):
    alone: Rate = 1.0
    company: Rate = 3.0
    scan: Rate = 6.0
    scan_seconds: Seconds = 2.0


class FacesSettings(Struct, frozen=True):
    smallest: Annotated[float, Meta(ge=0.02, le=0.8)] = 0.05
    full_search: Seconds = 2.0
    most: Annotated[int, Meta(ge=1, le=8)] = 4
    unmoved: Annotated[float, Meta(ge=0.0, le=86400.0)] = 1800.0


class LightSettings(Struct, frozen=True):
    dark: Share = 0.06
    flat: Share = 0.1


class LampSettings(Struct, frozen=True):
    kind: Literal["rgb", "three", "none"] = "rgb"
    red: Pin = 17
    green: Pin = 27
    blue: Pin = 22
    camera: Pin = 24
    anode: bool = False
    brightness: Share = 0.6
    night_brightness: Share = 0.1
    night_from: Hour = "22:00"
    night_to: Hour = "07:00"


class ButtonSettings(Struct, frozen=True):
    pin: Pin = 23
    settle: Annotated[float, Meta(ge=0.15, le=0.5)] = 0.16
    double: Annotated[float, Meta(ge=0.3, le=2.0)] = 0.6
    long: Annotated[float, Meta(ge=0.8, le=5.0)] = 1.5
    very_long: Annotated[float, Meta(ge=5.0, le=30.0)] = 7.0


class Settings(Struct, frozen=True):
    camera: CameraSettings = CameraSettings()
    pace: PaceSettings = PaceSettings()
    faces: FacesSettings = FacesSettings()
    light: LightSettings = LightSettings()
    lamp: LampSettings = LampSettings()
    button: ButtonSettings = ButtonSettings()


def read(*files: Path) -> Settings:
    """The settings in `files`, each laid over those before it. SettingsError tells all that is wrong in all of them."""
    faults: list[str] = []
    told: dict[str, dict[str, Any]] = {}
    for file in files:
        try:
            document = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            faults.append(f"{file}: cannot be read: {error}")
            continue
        for section, keys in _checked(document, str(file), faults).items():
            told.setdefault(section, {}).update(keys)
    faults += _conflicts(told)
    if faults:
        raise SettingsError(faults)
    return msgspec.convert(told, Settings)


def _checked(document: dict[str, Any], where: str, faults: list[str]) -> dict[str, dict[str, Any]]:
    """What of a document may be used; what may not becomes a fault."""
    good: dict[str, dict[str, Any]] = {}
    sections = get_type_hints(Settings)
    for section, keys in document.items():
        if section not in sections:
            faults.append(f"{where}: unknown section [{section}]{_nearest(section, sections)}")
            continue
        if not isinstance(keys, dict):
            faults.append(f"{where}: {section} must be a section, [{section}], not a value")
            continue
        known = get_type_hints(sections[section], include_extras=True)
        for key, value in keys.items():
            if key not in known:
                faults.append(f"{where}: unknown key {section}.{key}{_nearest(key, known)}")
                continue
            try:
                msgspec.convert(value, known[key])
            except msgspec.ValidationError as error:
                faults.append(f"{where}: {section}.{key} = {value!r}: {error}")
                continue
            good.setdefault(section, {})[key] = value
    return good


def _conflicts(told: dict[str, dict[str, Any]]) -> list[str]:
    """Pins of which two things want one."""
    lamp, button = LampSettings(**told.get("lamp", {})), ButtonSettings(**told.get("button", {}))
    wanted = {"lamp.camera": lamp.camera, "button.pin": button.pin}
    if lamp.kind != "none":
        wanted |= {"lamp.red": lamp.red, "lamp.green": lamp.green, "lamp.blue": lamp.blue}
    first: dict[int, str] = {}
    faults = []
    for name, pin in wanted.items():
        if pin in first:
            faults.append(f"{first[pin]} and {name} both want pin {pin}: give one of them another")
        first.setdefault(pin, name)
    return faults


def _nearest(word: str, known: Any) -> str:
    near = difflib.get_close_matches(word, list(known), 1, 0.5)
    return f": did you mean {near[0]}?" if near else f"; known are {', '.join(known)}"
