"""The four boards, drawn: `python -m firmware.boards > docs/pictures/boards.svg`. Where each has its pins, and in which
corner the first of them are; where the camera's ribbon, the plug and the sound go.

Places are in millimetres from the board's lower left corner as it lies with its forty pins at the upper edge: good
enough to know it by, and not to drill by. What is not needed is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from firmware.sketch import BLUE, BOLD, GREEN, GROUND, HOT, INK, SMALL, TEAL, box, dot, text

SCALE = 4.6
"""Points for a millimetre."""
PINS_FROM, PINS_STEP = 8.37, 2.54
"""The first pin's distance from the left edge, and from one to the next: the same on every board."""


@dataclass(frozen=True)
class Port:
    """Something on the board that is plugged into; `word` is its name in the drawing."""

    word: str
    x: float
    y: float
    wide: float
    high: float
    colour: str = "#999"


@dataclass(frozen=True)
class Board:
    name: str
    wide: float
    high: float
    ports: tuple[Port, ...]


CAMERA, POWER, SOUND = BLUE, HOT, TEAL
DISPLAY = Port("display", 2.5, 17, 3.5, 22)
LARGE = (Port("USB", 70, 20, 17, 33), Port("network", 66, 2, 21, 16))
BOARDS = (
    Board(
        "Pi 3 B, 3 B+",
        85,
        56,
        (
            DISPLAY,
            Port("power", 6.6, -1, 8, 6, POWER),
            Port("HDMI", 24.5, -1, 15, 11),
            Port("camera", 43.5, 0.5, 3.5, 22, CAMERA),
            Port("jack", 50.5, -2, 7, 13, SOUND),
            *LARGE,
        ),
    ),
    Board(
        "Pi 4 B",
        85,
        56,
        (
            DISPLAY,
            Port("power", 6.7, -1, 9, 7, POWER),
            Port("HDMI", 22.8, -1, 6.5, 7),
            Port("HDMI", 36.3, -1, 6.5, 7),
            Port("camera", 45, 0.5, 3.5, 22, CAMERA),
            Port("jack", 50.5, -2, 7, 13, SOUND),
            Port("network", 66, 37, 21, 16),
            Port("USB", 70, 1, 17, 34),
        ),
    ),
    Board(
        "Pi 5",
        85,
        56,
        (
            Port("power", 6.7, -1, 9, 7, POWER),
            Port("HDMI", 22.5, -1, 6.5, 7),
            Port("HDMI", 36, -1, 6.5, 7),
            Port("camera", 46.2, 0.5, 3, 17, CAMERA),
            Port("or here", 51.5, 0.5, 3, 17, CAMERA),
            *LARGE,
        ),
    ),
    Board(
        "Zero 2 W",
        65,
        30,
        (
            Port("HDMI", 6.8, -1, 11.2, 7),
            Port("USB", 37.4, -1, 8, 6),
            Port("power", 50, -1, 8, 6, POWER),
            Port("camera", 61, 6.5, 4.5, 17, CAMERA),
        ),
    ),
)


def drawn(board: Board, left: float, top: float) -> Iterator[str]:
    """One board, its upper left corner at this place of the picture."""

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x * SCALE, top + (board.high - y) * SCALE

    yield text(left, top - 30, board.name, more=BOLD)
    yield box(left, top, board.wide * SCALE, board.high * SCALE, "#e3efe3", GREEN, 12)
    for number in range(40):
        row = board.high - (4.77 if number % 2 == 0 else 2.23)  # pin 1 is of the inner row, pin 2 of the outer
        x, y = at(PINS_FROM + number // 2 * PINS_STEP, row)
        yield dot(x, y, 4, HOT if number < 2 else "#fff", HOT if number < 2 else INK)
    x, y = at(PINS_FROM, board.high - 4.77)
    yield text(x - 8, y + 18, "1", "middle", HOT, SMALL)
    yield text(x - 8, y - 25, "2", "middle", HOT, SMALL)
    yield text(x + 19 * PINS_STEP * SCALE, y + 22, "39", "middle", GROUND, SMALL)
    for port in board.ports:
        x, y = at(port.x, port.y + port.high)
        wide, high = port.wide * SCALE, port.high * SCALE
        yield box(x, y, wide, high, "#fff", port.colour, 3)
        yield named(port, x, y, wide, high)


def named(port: Port, left: float, top: float, wide: float, high: float) -> str:
    """Its word: beside a ribbon's port, inside where there is room, else above."""
    colour = GROUND if port.colour == "#999" else port.colour
    middle = top + high / 2 + 5
    upper = top + high / 3 + 5  # clear of what stands beside its foot
    if port.word.startswith("or "):
        return text(left + wide + 6, upper, port.word, "start", colour, SMALL)
    if port.word == "display":
        return text(left + wide + 6, middle, "display: not for the camera", "start", colour, SMALL)
    if port.word == "camera":
        return text(left - 6, upper, port.word, "end", colour, SMALL)
    if port.wide > 13:
        return text(left + wide / 2, middle, port.word, "middle", colour)
    return text(left + wide / 2, top - 6, port.word, "middle", colour, SMALL)


def svg() -> str:
    words = "Where the four boards have their forty pins, the camera's ribbon, the plug and the jack"
    spots = ((40, 100), (510, 100), (40, 470), (510, 470))
    body = [part for board, (x, y) in zip(BOARDS, spots, strict=True) for part in drawn(board, x, y)]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 970 800" role="img" aria-label="{words}" '
        'font-family="sans-serif" font-size="14">'
    )
    title = text(
        40, 40, "Pins 1 and 2 are at this corner on every board: 1 inside, 2 at the edge.", more=' font-size="17"'
    )
    return "\n".join([head, f"<title>{words}</title>", box(0, 0, 970, 800, "#fff"), title, *body, "</svg>", ""])


if __name__ == "__main__":
    print(svg(), end="")
