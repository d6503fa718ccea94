"""Hundreds of power cuts, for the rig; their table goes to docs/power-cuts.md."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.rig.power.cuts import ROOT, Outcome, cut, recorded
from tests.rig.power.keepers import KEEPERS
from tests.rig.table import Checked

SEEDS, CHANGES, CUTS = (1, 2, 3, 4, 5), 90, 200
PAGE = ROOT / "docs" / "power-cuts.md"
HEAD = "| what is kept | cuts | as promised | lost | found damaged |"


def check(cache: Path) -> Iterator[Checked]:
    outcomes: list[Outcome] = []
    for seed in SEEDS:
        with tempfile.TemporaryDirectory(prefix="mien-cuts-") as place:
            for each in cut(recorded(seed, CHANGES, Path(place) / "box"), seed, CUTS):
                outcomes += each
    cuts, lost = len(SEEDS) * CUTS, [one for one in outcomes if one.lost]
    for one in lost:
        print(f"   lost: {one}")
    text = PAGE.read_text("utf-8")
    PAGE.write_text(text[: text.index(HEAD)] + table(outcomes), "utf-8")
    yield Checked("power cuts: the box starts and has what it promised", f"{cuts - len(lost)} of {cuts}", not lost)


def table(outcomes: list[Outcome]) -> str:
    cuts = Counter(one.keeper for one in outcomes)
    lost = Counter(one.keeper for one in outcomes if one.lost)
    damaged = Counter(one.keeper for one in outcomes if one.trouble)
    rows = [
        f"| {name} | {cuts[name]} | {cuts[name] - lost[name]} | {lost[name]} | {damaged[name]} |" for name in KEEPERS
    ]
    return "\n".join([HEAD, "|---|---|---|---|---|", *rows, ""])
