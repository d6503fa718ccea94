"""The wiring, drawn from the settings: `python -m firmware.wiring rgb|three [SETTINGS.toml] > wiring.svg`.

What is drawn are the pins that the eye takes, so the drawing cannot differ from the box. A household that has other
pins in its eye.toml names that file and gets a drawing of its own. All boards with forty pins have them in one order.
"""

import sys
from pathlib import Path
from typing import Literal

from firmware.settings import Settings, read
from firmware.sketch import BLUE, BROWN, GREEN, GROUND, HOT, ORANGE, RED, TEAL, VIOLET, Leg, Part, drawing

DEFAULTS = Path(__file__).resolve().parent.parent / "config" / "eye.toml"
Kind = Literal["rgb", "three"]

GPIO = {
    2: 3, 3: 5, 4: 7, 17: 11, 27: 13, 22: 15, 10: 19, 9: 21, 11: 23, 0: 27, 5: 29, 6: 31, 13: 33, 19: 35, 26: 37,
    14: 8, 15: 10, 18: 12, 23: 16, 24: 18, 25: 22, 8: 24, 7: 26, 1: 28, 12: 32, 16: 36, 20: 38, 21: 40,
}  # fmt: skip
"""The place on the connector of each pin that has a GPIO number."""
POWER = {1: "3.3 V", 17: "3.3 V", 2: "5 V", 4: "5 V"} | dict.fromkeys((6, 9, 14, 20, 25, 30, 34, 39), "ground")
NAMES = {place: f"GPIO {pin}" for pin, place in GPIO.items()} | POWER
I2S = {"BCLK": 18, "LRCLK": 19, "DIN": 21}
"""The only pins that a Pi's digital sound comes from."""


class Taken(ValueError):
    """A pin that is wanted has a use already."""


def parts(settings: Settings, kind: Kind) -> tuple[Part, ...]:
    """All that is wired to the connector, and to which of its places."""
    lamp, button = settings.lamp, settings.button
    colours = tuple(
        Leg(GPIO[pin], f"{name}, 330 Ω", colour, resistor=True)
        for name, pin, colour in (("red", lamp.red, RED), ("green", lamp.green, GREEN), ("blue", lamp.blue, BLUE))
    )
    common = Leg(1, "+ 3.3 V, common", HOT) if lamp.anode else Leg(9, "− ground, common", GROUND)
    sound = (
        Leg(2, "5 V", HOT),
        Leg(6, "ground", GROUND),
        Leg(GPIO[I2S["BCLK"]], "BCLK (bits)", ORANGE),
        Leg(GPIO[I2S["LRCLK"]], "LRCLK (left or right)", VIOLET),
        Leg(GPIO[I2S["DIN"]], "DIN (data)", TEAL),
    )
    mood = (
        Part("Mood lamp: one LED of three colours", "left", 250, (common, *colours), '[lamp] kind = "rgb"', "lamp")
        if kind == "rgb"
        else Part("Mood lamp: three LEDs", "left", 250, (common, *colours), '[lamp] kind = "three"', "lamps")
    )
    press = (Leg(14, "one side", GROUND), Leg(GPIO[button.pin], "the other", BROWN))
    watch = (Leg(GPIO[lamp.camera], "330 Ω", BROWN, resistor=True), Leg(20, "− ground", GROUND))
    return (
        mood,
        Part("Sound: an I2S DAC or amplifier", "right", 120, sound, "not needed with a USB sound card"),
        Part("Button", "right", 380, press, "no resistor: the Pi has one inside", "button"),
        Part("Camera lamp", "right", 530, watch, "lit while the camera is open", "lamp"),
    )


def taken(settings: Settings) -> None:
    """Refuse pins that the DAC has; those that two of ours want, the settings themselves refuse."""
    lamp = settings.lamp
    ours = {"lamp.red": lamp.red, "lamp.green": lamp.green, "lamp.blue": lamp.blue, "lamp.camera": lamp.camera}
    for name, pin in (*ours.items(), ("button.pin", settings.button.pin)):
        for use, other in I2S.items():
            if pin == other:
                raise Taken(f"{name} wants pin {pin}, which is the DAC's {use}: give it another")


def svg(settings: Settings, kind: Kind) -> str:
    taken(settings)
    return drawing(parts(settings, kind), NAMES)


def main(words: list[str]) -> int:
    if not words or words[0] not in ("rgb", "three") or len(words) > 2:
        print(__doc__, file=sys.stderr)
        return 2
    files = [DEFAULTS, *(Path(word) for word in words[1:])]
    try:
        print(svg(read(*files), "rgb" if words[0] == "rgb" else "three"), end="")
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
