"""Figures of merit, and the two pictures of the card as SVG drawn by plain Python."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Score:
    """Accuracy and macro-F1, in percent and as a fraction, over n pictures."""

    accuracy: float
    f1: float
    n: int

    def __str__(self) -> str:
        return f"{self.accuracy:.1f} / {self.f1:.3f}"


def score(told: Whole, truth: Whole, kinds: tuple[int, ...]) -> Score:
    f1 = []
    for kind in kinds:
        both = int(((told == kind) & (truth == kind)).sum())
        either = int((told == kind).sum() + (truth == kind).sum())
        f1.append(2 * both / either if either else 0.0)
    return Score(100 * float((told == truth).mean()), float(np.mean(f1)), len(truth))


def reliability(shares: Floats, truth: Whole, bins: int = 15) -> list[tuple[float, float, int]]:
    """For each bin of stated confidence: the mean stated, the share right, how many."""
    stated, right = shares.max(1), shares.argmax(1) == truth
    rows = []
    for low in np.arange(bins) / bins:
        within = (stated > low) & (stated <= low + 1 / bins)
        if within.any():
            rows.append((float(stated[within].mean()), float(right[within].mean()), int(within.sum())))
    return rows


def calibration_error(rows: list[tuple[float, float, int]]) -> float:
    total = sum(n for _, _, n in rows)
    return sum(n * abs(stated - right) for stated, right, n in rows) / total


def _svg(width: int, height: int, title: str, body: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">'
        f'<title>{title}</title><rect width="{width}" height="{height}" fill="#fff"/>' + "".join(body) + "</svg>\n"
    )


def confusion_svg(told: Whole, truth: Whole, names: tuple[str, ...]) -> str:
    """Rows are the annotators' majority, columns what was read, in percent of the row."""
    cell, left, top = 58, 96, 64
    side = cell * len(names)
    body = [
        f'<text x="{left + side / 2}" y="18" text-anchor="middle">read by the network</text>',
        f'<text x="12" y="{top - 8}">majority (n)</text>',
    ]
    for i, name in enumerate(names):
        row = truth == i
        body.append(f'<text x="{left + cell * i + cell / 2}" y="{top - 8}" text-anchor="middle">{name}</text>')
        body.append(f'<text x="{left - 6}" y="{top + cell * i + 34}" text-anchor="end">{name} {int(row.sum())}</text>')
        for j in range(len(names)):
            share = float((told[row] == j).mean()) if row.any() else 0.0
            shade, ink = int(255 - 190 * share), "#fff" if share > 0.55 else "#222"
            x, y = left + cell * j, top + cell * i
            body.append(
                f'<rect x="{x}" y="{y}" width="{cell - 2}" height="{cell - 2}" fill="rgb({shade},{shade + 8},255)"/>'
            )
            body.append(
                f'<text x="{x + cell / 2}" y="{y + 33}" text-anchor="middle" fill="{ink}">{100 * share:.0f}</text>'
            )
    return _svg(left + side + 16, top + side + 12, "Confusion matrix", body)


def reliability_svg(rows: list[tuple[float, float, int]]) -> str:
    """Stated confidence against the share that was right; a dot's area is how many."""
    side, edge = 340, 50
    total = sum(n for _, _, n in rows)
    body = [
        f'<rect x="{edge}" y="20" width="{side}" height="{side}" fill="none" stroke="#888"/>',
        f'<line x1="{edge}" y1="{side + 20}" x2="{edge + side}" y2="20" stroke="#888" stroke-dasharray="5 4"/>',
        f'<text x="{edge + side / 2}" y="{side + 54}" text-anchor="middle">stated confidence</text>',
        f'<text transform="translate(14 {side / 2 + 20}) rotate(-90)" text-anchor="middle">share right</text>',
    ]
    for tick in (0, 0.5, 1):
        body.append(f'<text x="{edge + side * tick}" y="{side + 36}" text-anchor="middle">{tick:g}</text>')
        body.append(f'<text x="{edge - 6}" y="{24 + side * (1 - tick)}" text-anchor="end">{tick:g}</text>')
    for stated, right, n in rows:
        x, y = edge + side * stated, 20 + side * (1 - right)
        body.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3 + 22 * (n / total) ** 0.5:.1f}" '
            'fill="#3b5bdb" fill-opacity=".6"/>'
        )
    return _svg(edge + side + 24, side + 66, "Reliability", body)
