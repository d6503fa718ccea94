"""The page under siege for as long as one likes: requests by its description, and spoiled pictures by the hundred."""

import gc
import logging
import os
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from schemathesis import Case

from appliance.web.sight import Unjudged, by_look
from firmware.actor import Scene
from tests.bench.page.load import memory
from tests.firmware.frames import shots
from tests.web.siege import Siege

KINDS = (".jpg", ".png", ".webp")
WARM = 0.3
"""The part of a siege after which memory is looked at first: imports and caches have filled by then."""


def requests(count: int) -> Iterator[str]:
    """Ask, half as a stranger and half as a phone that was let in. AssertionError at the first broken promise."""
    logging.disable(logging.CRITICAL)
    marks: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        siege = Siege(Path(folder))

        def go(many: int) -> None:
            @examples(
                max_examples=many,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(siege.cases(), st.booleans())
            def ask(asked: tuple[Case[Any], dict[str, str]], paired: bool) -> None:
                siege.ask(*asked, paired=paired)

            ask()
            gc.collect()
            marks.append(memory(os.getpid()))

        go(int(count * WARM))
        go(count - int(count * WARM))
        codes = ", ".join(f"{code}: {times}" for code, times in sorted(siege.codes.items()))
        yield f"{sum(siege.codes.values())} requests to {len(siege.operations)} routes and orders: no 500, no effect by"
        yield "a stranger, no file outside the state folder, no program started."
        yield f"Answers: {codes}. Memory of the process, the tool's own included: {marks[0]:.0f} MB after {WARM:.0%},"
        yield f"{marks[1]:.0f} MB at the end."


def pictures(count: int, seed: int = 1) -> Iterator[str]:
    """Pictures of each kind, spoiled in places, cut and swollen, each judged by a process of its own."""
    dice = random.Random(seed)
    portrait = shots(Scene(expression="happy", distance=1.2))[0]
    whole = {kind: cv2.imencode(kind, portrait)[1].tobytes() for kind in KINDS}
    told: Counter[str] = Counter()
    before = memory(os.getpid())
    for turn in range(count):
        data = bytearray(whole[KINDS[turn % len(KINDS)]])
        match turn % 4:
            case 0:
                for _ in range(dice.randrange(1, 40)):
                    data[dice.randrange(len(data))] = dice.randrange(256)
            case 1:
                del data[dice.randrange(len(data)) :]
            case 2:
                place = dice.randrange(12, min(400, len(data)))
                data[place : place + 4] = dice.randbytes(4)
            case _:
                place = dice.randrange(len(data))
                data[place:place] = dice.randbytes(dice.randrange(1, 5000))
        try:
            told[f"judged, {len(by_look(bytes(data)).faces)} faces"] += 1
        except Unjudged as why:
            told[str(why)] += 1
    for answer, times in told.most_common():
        yield f"- {times}: {answer}"
    yield f"- The page's own memory: {before:.0f} MB before, {memory(os.getpid()):.0f} MB after."
