"""The first look at the page: what Lighthouse says of it where there is one, and what it costs in any case."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from axe_core_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import CDPSession, sync_playwright

CHROMIUM = os.environ.get("CHROME_PATH", "/usr/bin/chromium")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run")  # fmt: skip
CATEGORIES = ("performance", "accessibility", "best-practices")
PAGES = ("/", "/settings", "/diary", "/health", "/guest")
BUDGET = 60_000
"""Bytes on the wire of a first load, and below is how many requests it may take."""
REQUESTS = 8


def scores(base: str, command: str) -> Iterator[str]:
    """A table of Lighthouse's scores, a phone on a slow network, as it does by itself."""
    yield f"| page | {' | '.join(CATEGORIES)} | largest paint s |"
    yield "|---|" + "---|" * (len(CATEGORIES) + 1)
    for path in PAGES:
        told = lighthouse(base + path, command)
        if isinstance(told, str):
            yield f"| `{path}` | {told} |" + " |" * len(CATEGORIES)
            continue
        found = [round(100 * (told["categories"][name]["score"] or 0)) for name in CATEGORIES]
        paint = told["audits"]["largest-contentful-paint"]["numericValue"] / 1000
        yield f"| `{path}` | {' | '.join(map(str, found))} | {paint:.1f} |"
        for name in CATEGORIES:
            for part in told["categories"][name]["auditRefs"]:
                audit = told["audits"][part["id"]]
                if part["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                    yield f"|  | {name}: {audit['title']} {audit.get('displayValue', '')} | | | |"


def lighthouse(url: str, command: str) -> dict[str, Any] | str:
    """What it found; its complaint when it failed twice."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "told.json"
        asked = [command, url, "--quiet", "--output=json", f"--output-path={file}", f"--chrome-flags={' '.join(FLAGS)}",
                 f"--only-categories={','.join(CATEGORIES)}"]  # fmt: skip
        environment = os.environ | {"CHROME_PATH": CHROMIUM}
        complaint = ""
        for _ in range(2):
            try:
                done = subprocess.run(asked, check=False, timeout=180, env=environment, capture_output=True, text=True)
            except subprocess.TimeoutExpired:
                complaint = "it never ended"
                continue
            if done.returncode == 0:
                told: dict[str, Any] = json.loads(file.read_text())
                return told
            complaint = " ".join(done.stderr.split())[-200:]
        return complaint


def found(wanted: str) -> str:
    return wanted or shutil.which("lighthouse") or ""


def costs(base: str) -> Iterator[str]:
    """Bytes and requests of a first load as Chromium counts them, and what axe finds."""
    yield f"| page | bytes on the wire (at most {BUDGET}) | requests (at most {REQUESTS}) | axe's findings |"
    yield "|---|---|---|---|"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS[1:]))
        for path in PAGES:
            context = browser.new_context(viewport={"width": 390, "height": 844})
            tab = context.new_page()
            wire = context.new_cdp_session(tab)
            weights = weighed(wire, base)
            tab.goto(base + path)
            tab.wait_for_timeout(1000)
            axe = Axe().run(tab)["violations"]
            yield f"| `{path}` | {sum(weights.values()):.0f} | {len(weights)} | {len(axe)} |"
            context.close()
        browser.close()


def weighed(wire: CDPSession, base: str) -> dict[str, float]:
    """Fills with the bytes of each thing that is asked of the box. What a browser draws of its own is none of it."""
    asked: dict[str, str] = {}
    weights: dict[str, float] = {}

    def sent(told: dict[str, Any]) -> None:
        asked[told["requestId"]] = told["request"]["url"]

    def came(told: dict[str, Any]) -> None:
        if asked.get(told["requestId"], "").startswith(base):
            weights[told["requestId"]] = told["encodedDataLength"]

    wire.on("Network.requestWillBeSent", sent)
    wire.on("Network.loadingFinished", came)
    wire.send("Network.enable")
    return weights
