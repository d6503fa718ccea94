"""A small plot, drawn by hand: delay across, false switches upward on a logarithmic scale."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDE, HIGH, EDGE = 640, 400, 56
COLOURS = ("#0b6e4f", "#8a3ffc")
DASHES = ("", "6 4")  # colour is never the only sign
ROOM = 32  # pixels that a name needs: of dots closer than that the last alone is named


@dataclass(frozen=True)
class Dot:
    delay: float
    false: float
    name: str


def plot(lines: Sequence[Sequence[Dot]], names: Sequence[str]) -> str:
    """An SVG with one line for each judge. What never switched falsely is drawn at a twentieth an hour."""
    dots = [dot for line in lines for dot in line]
    far = max(dot.delay for dot in dots) * 1.08 or 1.0
    low, top = math.log10(0.05), math.ceil(math.log10(max(dot.false for dot in dots) + 1))

    def x(delay: float) -> float:
        return round(EDGE + (WIDE - 2 * EDGE) * delay / far, 1)

    def y(false: float) -> float:
        return round(HIGH - EDGE - (HIGH - 2 * EDGE) * (math.log10(max(false, 0.05)) - low) / (top - low), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDE}" height="{HIGH}" fill="#fff"/>',
        f'<text x="{WIDE / 2}" y="{HIGH - 14}" text-anchor="middle">median delay to a true change, seconds</text>',
        f'<text x="{EDGE}" y="{EDGE - 30}">false switches per hour</text>',
    ]
    for power in range(-1, top + 1):
        level = y(10.0**power)
        parts.append(f'<path d="M{EDGE} {level}H{WIDE - EDGE}" stroke="#ddd"/>')
        parts.append(f'<text x="{EDGE - 8}" y="{level + 4}" text-anchor="end">{10.0**power:g}</text>')
    stride = max(1, round(far / 8))
    for second in range(0, int(far) + 1, stride):
        parts.append(f'<text x="{x(second)}" y="{HIGH - EDGE + 18}" text-anchor="middle">{second}</text>')
    for k, line in enumerate(lines):
        path = "L".join(f"{x(dot.delay)} {y(dot.false)}" for dot in line)
        parts.append(f'<path d="M{path}" fill="none" stroke="{COLOURS[k]}" stroke-dasharray="{DASHES[k]}"/>')
        named: list[tuple[float, float]] = []
        for dot in reversed(line):
            at = (x(dot.delay), y(dot.false))
            parts.append(f'<circle cx="{at[0]}" cy="{at[1]}" r="3.5" fill="{COLOURS[k]}"/>')
            if all(abs(at[0] - other[0]) > ROOM or abs(at[1] - other[1]) > ROOM / 2 for other in named):
                named.append(at)
                parts.append(f'<text x="{at[0] + 6}" y="{at[1] - 6}" fill="{COLOURS[k]}">{dot.name}</text>')
        parts.append(
            f'<text x="{WIDE - EDGE}" y="{EDGE - 30 + 18 * k}" text-anchor="end" fill="{COLOURS[k]}">{names[k]}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])
