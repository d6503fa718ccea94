"""A wiring diagram as SVG: the forty pins in the middle, parts on both sides, each wire in a lane of its own. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

WIDE, HIGH, TOP, STEP = 1110, 760, 120, 29
LEFT, RIGHT = 440, 640  # where the two rows of the connector stand
NEAR = {"left": 290, "right": 840}  # the edge of the parts on either side
FOOT = TOP + STEP * 19 + 30
INK, GROUND, HOT = "#222", "#555", "#b3261e"
RED, GREEN, BLUE, ORANGE = "#d32f2f", "#2e7d32", "#1565c0", "#ef6c00"
VIOLET, TEAL, BROWN = "#7b1fa2", "#00838f", "#6d4c41"
BOLD, SMALL = ' font-weight="bold"', ' font-size="13"'


@dataclass(frozen=True)
class Leg:
    """One wire's end at a part: to which place of the connector it goes, and what stands beside it."""

    place: int
    words: str
    colour: str
    resistor: bool = False


@dataclass(frozen=True)
class Part:
    name: str
    side: Literal["left", "right"]
    y: int
    legs: tuple[Leg, ...]
    note: str = ""
    shape: Literal["lamp", "lamps", "button", "board"] = "board"

    @property
    def tall(self) -> int:
        return 34 * len(self.legs) + 22

    @property
    def out(self) -> int:
        """Which way leads away from the connector."""
        return -1 if self.side == "left" else 1

    def end(self, number: int) -> tuple[int, int]:
        """Where a leg's wire comes in."""
        return NEAR[self.side], self.y + 30 + number * 34


def drawing(parts: Sequence[Part], names: Mapping[int, str]) -> str:
    """The whole picture. `names` has a word for each place of the connector that has one."""
    body = [*connector({leg.place: leg.colour for part in parts for leg in part.legs}, names)]
    lanes = {"left": 0, "right": 0}
    deep = 0
    for part in parts:
        body += picture(part)
        # Of wires that go down, the first takes the farthest lane: so they do not cross.
        order = sorted(range(len(part.legs)), key=lambda n: -n if part.end(n)[1] > spot(part.legs[n].place)[1] else n)
        for number in order:
            lanes[part.side] += 1
            beyond = (part.legs[number].place % 2 == 1) != (part.side == "left")
            deep += beyond
            body.append(wire(part, number, lanes[part.side], deep if beyond else 0))
    body += ribbon()
    words = "How lamps, button, sound and camera are joined to the forty pins of a Raspberry Pi"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{words}" '
        'font-family="sans-serif" font-size="14">'
    )
    return "\n".join([head, f"<title>{words}</title>", box(0, 0, WIDE, HIGH, "#fff"), *body, "</svg>", ""])


def spot(place: int) -> tuple[int, int]:
    """Where a place of the connector stands in the picture."""
    return (LEFT if place % 2 else RIGHT), TOP + (place - 1) // 2 * STEP


def text(x: float, y: float, words: str, anchor: str = "start", colour: str = INK, more: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{colour}"{more}>{escape(words)}</text>'


def box(x: float, y: float, wide: float, high: float, fill: str, edge: str = "none", round_: int = 8) -> str:
    place = f'x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="{round_}"'
    return f'<rect {place} fill="{fill}" stroke="{edge}" stroke-width="2"/>'


def dot(x: float, y: float, radius: float, fill: str, edge: str = INK) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}" stroke="{edge}" stroke-width="2"/>'


def connector(used: Mapping[int, str], names: Mapping[int, str]) -> Iterator[str]:
    """Forty pins; those that are used stand out, in their wire's colour and with their names."""
    middle = (LEFT + RIGHT) / 2
    yield box(LEFT - 22, TOP - 24, RIGHT - LEFT + 44, STEP * 19 + 48, "#eef1ee")
    yield text(middle, TOP - 62, "The forty pins of a Raspberry Pi", "middle", more=' font-size="17"')
    yield text(middle, TOP - 38, "pin 1 stands next to the board's corner", "middle", GROUND, SMALL)
    for place in range(1, 41):
        x, y = spot(place)
        odd, colour = place % 2 == 1, used.get(place)
        words = [str(place), *([names[place]] if colour else [])]
        yield dot(x, y, 9, colour or "#fff", colour or "#999")
        line = " · ".join(words if odd else reversed(words))
        yield text(x + 18 if odd else x - 18, y + 5, line, "start" if odd else "end", INK if colour else "#777", SMALL)


def wire(part: Part, number: int, lane: int, deep: int) -> str:
    """From the pin outwards, along its lane, to the part; around the connector's foot if the part stands beyond."""
    leg = part.legs[number]
    (x, y), (to, level) = spot(leg.place), part.end(number)
    way = LEFT - 28 - lane * 14 if part.side == "left" else RIGHT + 28 + lane * 14
    away = part.out * 10
    path = f"M{x + away} {y}H{way}V{level}H{to}"
    if deep:
        path = f"M{x - away} {y}H{x - part.out * 30}V{FOOT + deep * 12}H{way}V{level}H{to}"
    drawn = f'<path d="{path}" fill="none" stroke="{leg.colour}" stroke-width="3" stroke-linejoin="round"/>'
    return drawn + (box(to - part.out * 22 - 14, level - 6, 28, 12, "#fff", leg.colour, 3) if leg.resistor else "")


def picture(part: Part) -> Iterator[str]:
    """The part itself, its name above, its note below, and each leg's word beside its wire's end."""
    x, _ = part.end(0)
    left = x - 230 if part.side == "left" else x
    yield box(left, part.y, 230, part.tall, "#fafafa", "#bbb")
    yield text(left, part.y - 10, part.name, more=BOLD)
    yield text(left, part.y + part.tall + 18, part.note, colour=GROUND, more=SMALL)
    for number, leg in enumerate(part.legs):
        _, level = part.end(number)
        yield text(x + part.out * 10, level + 5, leg.words, "end" if part.side == "left" else "start", leg.colour)
    middle, half = x + part.out * 185, part.y + part.tall / 2
    if part.shape == "lamp":
        yield dot(middle, half, 24, "#fff3c4")
    elif part.shape == "lamps":
        for number, leg in enumerate(part.legs):
            if leg.resistor:
                yield dot(middle, part.end(number)[1], 12, leg.colour)
    elif part.shape == "button":
        yield box(middle - 27, half - 27, 54, 54, "#ddd", INK, 6) + dot(middle, half, 16, INK)


def ribbon() -> Iterator[str]:
    """The camera, which has a connector of its own on the board."""
    yield box(60, 540, 230, 92, "#fafafa", "#bbb") + box(290, 568, 54, 36, "#c9c2ae", "#8a8370", 0)
    yield text(60, 530, "Camera", more=BOLD)
    yield dot(105, 586, 24, "#ddd") + dot(105, 586, 10, INK)
    yield text(145, 582, "its ribbon goes to the", more=SMALL) + text(145, 600, "board's camera port", more=SMALL)
    yield text(60, 650, "or a USB camera, at any USB port", colour=GROUND, more=SMALL)
