"""The lamps and the button, through gpiozero: on a Pi its real pins, elsewhere its mock pins, with the same code.

The camera lamp is not moved from here: it is handed, once, to the object that holds the camera open.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from gpiozero import LED, PWMLED, Device, DigitalInputDevice, GPIOZeroError
from gpiozero.pins.mock import MockFactory, MockPWMPin

from firmware.lamps import SHOWS, Show, ceiling
from firmware.settings import ButtonSettings, LampSettings, Settings
from firmware.wire import Pattern


class PanelError(OSError):
    """The pins cannot be had; the message says the likely fix."""


class Lamp(Protocol):
    """A lamp that is lit or not."""

    def on(self) -> None: ...

    def off(self) -> None: ...


class MoodLamp:
    """One lamp of three colours, or three plain lamps: three channels either way, and never brighter than allowed."""

    def __init__(self, settings: LampSettings) -> None:
        self._settings = settings
        self._show: Show = SHOWS["off"]
        self._most = 1.0
        self._since = 0.0
        pins = () if settings.kind == "none" else (settings.red, settings.green, settings.blue)
        self._channels = tuple(PWMLED(pin, active_high=not settings.anode) for pin in pins)

    def show(self, pattern: Pattern, now: float) -> None:
        """Begin a pattern; one that is already shown goes on undisturbed."""
        if SHOWS[pattern] is not self._show:
            self._show, self._since = SHOWS[pattern], now

    def dim(self, most: float) -> None:
        """From now on at most this share of the brightness that the settings give; at night still no more than then."""
        self._most = most

    def refresh(self, now: float, minute: int) -> float | None:
        """Shine as the pattern wants at this moment; seconds until it wants otherwise, None if never."""
        most = min(ceiling(self._settings, minute), self._settings.brightness * self._most)
        level = self._show.level(now - self._since) * most
        for channel, share in zip(self._channels, self._show.colour, strict=False):
            plain = self._settings.kind == "three"
            value = level * (float(share >= 0.5) if plain else share)
            if channel.value != value:
                channel.value = value
        return self._show.next_step(now - self._since) if self._channels else None

    def close(self) -> None:
        for channel in self._channels:
            channel.off()
            channel.close()


class Panel:
    """All of the pins. `heard(down, when)` is called from gpiozero's thread at each edge of the button."""

    def __init__(self, settings: Settings, heard: Callable[[bool, float], None]) -> None:
        self._heard = heard
        try:
            self.mood = MoodLamp(settings.lamp)
            self.camera: Lamp = LED(settings.lamp.camera)  # one to ground, whatever the mood lamp's common leg is
            self._button = DigitalInputDevice(settings.button.pin, pull_up=True)
        except (GPIOZeroError, OSError) as error:
            raise PanelError(
                f"the pins cannot be had ({error}): is python3-lgpio installed, and may this user open /dev/gpiochip*?"
            ) from error
        self._button.when_activated = lambda: self._heard(True, time.monotonic())
        self._button.when_deactivated = lambda: self._heard(False, time.monotonic())

    def close(self) -> None:
        """All lamps out, all pins free."""
        self._button.close()
        self.mood.close()
        self.camera.off()
        self.camera.close()  # type: ignore[attr-defined]  # an LED, though others need not know


def choose_pins(model: Path = Path("/proc/device-tree/model")) -> bool:
    """Take mock pins where this is no Raspberry Pi; True if they are mock. GPIOZERO_PIN_FACTORY still has its say."""
    wanted = os.environ.get("GPIOZERO_PIN_FACTORY", "")
    if Device.pin_factory is None and wanted in ("", "mock"):
        try:
            pi = "Raspberry Pi" in model.read_text(errors="replace")
        except OSError:
            pi = False
        if wanted == "mock" or not pi:
            Device.pin_factory = MockFactory(pin_class=MockPWMPin)
    return isinstance(Device.pin_factory, MockFactory)


class Finger:
    """Presses the mock button as a person would. Where pins are real there is none."""

    STROKES = ("press", "double", "long", "very_long")

    def __init__(self, settings: ButtonSettings, wait: Callable[[float], None] = time.sleep) -> None:
        self._settings = settings
        self._wait = wait

    def stroke(self, name: str) -> str:
        """Do it, in real time, until it can be told from what comes next. ValueError for what no finger knows."""
        if name not in self.STROKES:
            raise ValueError(f"a finger knows {', '.join(self.STROKES)}")
        held = {"long": self._settings.long + 0.2, "very_long": self._settings.very_long + 0.2}.get(name, 0.12)
        self._push(held)
        if name == "double":
            self._wait(self._settings.settle + 0.06)
            self._push(held)
        self._wait(self._settings.settle + self._settings.double + 0.1)
        return f"did a {name}"

    def _push(self, held: float) -> None:
        pin = Device.pin_factory.pin(self._settings.pin)
        pin.drive_low()
        self._wait(held)
        pin.drive_high()
