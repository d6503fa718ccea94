"""A family's evening with the whole speaker: every step in a real Chromium on a phone's screen, none of them staged.

Each step's first line is what somebody does.
"""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Error, expect, sync_playwright

from tests.bench.page import access, household, photos, upkeep
from tests.bench.page.evening import NAME, PATIENCE, Evening, Speaks
from tests.bench.page.look import CHROMIUM, FLAGS

STEPS: tuple[Callable[[Evening], None], ...] = (
    household.a_room, household.a_second_phone, household.several_tabs,
    photos.a_good_photo, photos.a_large_photo, photos.a_bad_photo,
    household.a_minute, household.the_diary, household.the_card,
    access.no_mouse, access.no_scripts, access.twice_as_large,
    upkeep.there_and_back, upkeep.both_halves,
)  # fmt: skip


def visit(speaker: Speaks) -> Iterator[str]:
    """A table of the steps, and what came of each."""
    expect.set_options(timeout=PATIENCE)
    yield "| somebody | and it is so |"
    yield "|---|---|"
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        words = [*FLAGS[1:], f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=words, env={**os.environ})
        evening = Evening(speaker, browser, Path(folder))
        for step in STEPS:
            try:
                step(evening)
                came = "yes"
            except (AssertionError, Error, LookupError, OSError, subprocess.SubprocessError) as fault:
                came = "**no**: " + " ".join(str(fault).split())[:200].replace("|", "/")
            yield f"| {step.__doc__} | {came} |"
        evening.close()
        browser.close()
