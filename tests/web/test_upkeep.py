"""The pages for keeping the box well are easy on every eye and thumb: axe, the smallest phone, the largest text."""

from collections.abc import Iterator

import pytest
from axe_core_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from appliance.finding import Finding
from appliance.journal import Log
from appliance.store import Store
from appliance.web.serve import Page
from tests.web.conftest import browsing
from tests.web.stage import History, Stage

pytestmark = browsing
FINDINGS = (
    Finding("settings", "well formed: /var/lib/mien/a-folder-with-a-long-name/settings.toml"),
    Finding("music server", "localhost:6600: connection refused", "sudo systemctl start mpd"),
)
LOGS = (Log("mien", ("mien.page: the page is at port 8080", "x" * 300)), Log("eye", ()))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One box for all, with something to tell of everything, HTTPS beside plain HTTP."""
    folder, stage = tmp_path_factory.mktemp("box"), Stage()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MIEN_TRUST_LOCALHOST", "1")
        store = Store([], folder / "settings.toml")
        made = Page(stage.look, stage.posted.append, store, History(), "127.0.0.1", 0, folder, lambda: None)
    assert not store.change({"page.https": "beside", "music.ceiling": 55})
    made.house.examine, made.house.logs = lambda: FINDINGS, lambda: LOGS
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Tab]:
    """A small phone in the dark, its owner Korean, its text twice as large."""
    context = browser.new_context(viewport={"width": 320, "height": 568}, color_scheme="dark", locale="ko")
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", ["/health", "/logs", "/backup", "/secure", "/settings"])
def test_every_page_for_keeping_the_box_well_is_easy_to_use(page: Page, tab: Tab, path: str) -> None:
    tab.goto(f"http://localhost:{page.port}{path}")
    if path == "/health":
        tab.locator("form[action='/health'] button").click()
        tab.get_by_text("connection refused").wait_for()
    if path == "/backup":
        tab.locator("input[type=file]").set_input_files(
            {
                "name": "x.toml",
                "mimeType": "text/plain",
                "buffer": b"version = 1\n[music]\nceiling = 900\ncieling = 1\n",
            }
        )
        tab.locator("form[action='/backup'] button").click()
        tab.get_by_role("alert").wait_for()
    found = Axe().run(tab)["violations"]
    assert not [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
    tab.evaluate("document.documentElement.style.fontSize = '200%'")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
