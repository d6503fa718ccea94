import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright
from playwright.sync_api import Page as Tab

from appliance.store import Store
from appliance.web.app import make_app
from appliance.web.house import House
from appliance.web.live import Pulse
from appliance.web.phones import Phones
from appliance.web.seal import Seal
from appliance.web.serve import Page
from tests import waiting
from tests.ports import free_port
from tests.web.parcel import takes_music
from tests.web.stage import History, Stage

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--no-first-run"]  # fmt: skip
browsing = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium on this machine")
Serve = Callable[..., Page]
Open = Callable[..., Tab]
Until = Callable[[Callable[[], bool]], object]
NAMES = ("mien.local", "mien", "livingroom")
PATIENCE = 60_000
"""Milliseconds for what a browser waits for: a machine may be busy with other things."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def house(stage: Stage, tmp_path: Path) -> House:
    return House(
        look=stage.look,
        post=stage.posted.append,
        settings=Store([], tmp_path / "settings.toml"),
        history=History(),
        pulse=Pulse(stage.look),
        phones=Phones(tmp_path / "phones.json"),
        clock=stage.clock,
        wall=lambda: 1.8e9,
        names=frozenset({"mien.local"}),
    )


@pytest.fixture
def stranger(house: House) -> FlaskClient:
    """A phone that was never let in."""
    return make_app(house).test_client()


@pytest.fixture
def phone(house: House) -> FlaskClient:
    """A phone that was let in."""
    house.phones.add("a-token", "Android phone", 1.8e9)
    client = make_app(house).test_client()
    client.set_cookie("mien", "a-token", domain="localhost")
    return client


@pytest.fixture
def music_folder(tmp_path: Path, house: House) -> Path:
    """Which the page's house takes music into."""
    return takes_music(house, tmp_path / "music")


@pytest.fixture
def serve(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Starts real pages on free ports, and ends each."""
    monkeypatch.setenv("MIEN_TRUST_LOCALHOST", "1")
    pages: list[Page] = []

    def start(port: int = 0, history: History | None = None) -> Page:
        state = tmp_path / "state"
        state.mkdir(exist_ok=True)
        page = Page(
            stage.look,
            stage.posted.append,
            Store([], state / "settings.toml"),
            history or History(),
            "127.0.0.1",
            port or free_port(),
            state,
        )
        page.house.clock = stage.clock
        page.start()
        pages.append(page)
        return page

    yield start
    for page in pages:
        page.stop()


def heard(line: socket.socket) -> bytes:
    """All that comes by it, until the other side ends."""
    return b"".join(iter(lambda: line.recv(65536), b""))


def asked_while_away(tab: Tab, page: Page) -> int:
    """The box goes, and then its settings are asked for: the page says that it is away. The port that it had."""
    tab.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    waiting.until(lambda: tab.evaluate("navigator.serviceWorker.controller !== null"), "the worker's control")
    port = page.port
    page.stop()
    tab.goto(f"http://localhost:{port}/settings")
    expect(tab.get_by_role("heading", level=1)).to_have_text("The box is away")
    return port


@pytest.fixture
def until() -> Until:
    """Waits for a promise to come true, within a bound."""
    return waiting.until


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for all tests: a second beside it is refused."""
    with sync_playwright() as one:
        yield one


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield browser
    browser.close()


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[Open]:
    """Opens a phone on the page; at the end, no phone may have complained of a script or a policy."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def start(page: Page, path: str = "/", width: int = 390, height: int = 844, **how: Any) -> Tab:
        context = browser.new_context(
            viewport={"width": width, "height": height}, has_touch=True, **{"reduced_motion": "reduce", **how}
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        tab.goto(f"http://localhost:{page.port}{path}")
        return tab

    yield start
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seal's folder with everything made, to be copied: making it takes a moment."""
    folder = tmp_path_factory.mktemp("seal") / "seal"
    Seal(folder, NAMES).context("192.168.1.20")
    return folder


@pytest.fixture
def folder(sealed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sealed, tmp_path / "seal"))
