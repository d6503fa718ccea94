"""The page as an app: a browser that was told to believe the box, and knows nothing else of it, installs it by HTTPS.

It finds the box by its name in the home, as a phone does, and comes in by the button. What a phone's own settings look
like in which the certificate is taken cannot be shown here.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Playwright, expect

from tests.web.conftest import CHROMIUM, QUIET, Serve, browsing

pytestmark = [
    browsing,
    pytest.mark.skipif(not shutil.which("certutil"), reason="no certutil: install libnss3-tools"),
]


class Phone:
    """A browser in a home of its own, with a list of authorities of its own, on a network that knows mien.local."""

    def __init__(self, playwright: Playwright, home: Path) -> None:
        self.playwright = playwright
        self.home, self.trusted = home, home / ".pki" / "nssdb"
        self.trusted.mkdir(parents=True)
        self._certutil("-N", "--empty-password")
        self.context = self._open()

    def trust(self, certificate: Path) -> None:
        """As a person does in the settings: from the next start on it is believed."""
        self.context.close()
        self._certutil("-A", "-t", "C,,", "-n", "Mien", "-i", str(certificate))
        self.context = self._open()

    def close(self) -> None:
        self.context.close()

    def _certutil(self, *words: str) -> None:
        subprocess.run(["certutil", "-d", f"sql:{self.trusted}", *words], check=True, capture_output=True)

    def _open(self) -> BrowserContext:
        context = self.playwright.chromium.launch_persistent_context(
            self.home / "profile",
            executable_path=CHROMIUM,
            env={**os.environ, "HOME": str(self.home)},
            args=[*QUIET, "--host-resolver-rules=MAP mien.local 127.0.0.1"],
            viewport={"width": 390, "height": 844},
            has_touch=True,
            accept_downloads=True,
        )
        context.set_default_timeout(60_000)
        return context


@pytest.fixture
def phone(playwright: Playwright, tmp_path: Path) -> Iterator[Phone]:
    one = Phone(playwright, tmp_path / "home")
    yield one
    one.close()


def test_a_phone_that_believes_the_box_keeps_the_page_as_an_app(serve: Serve, phone: Phone, tmp_path: Path) -> None:
    page = serve()
    page.house.trust_localhost = False
    assert not page.house.settings.change({"page.https": "beside"})
    plain, sealed = (f"{scheme}://mien.local:{page.port}" for scheme in ("http", "https"))

    tab = phone.context.new_page()
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        tab.goto(f"{sealed}/")
    tab = phone.context.new_page()
    tab.goto(f"{plain}/secure")
    assert not tab.evaluate("isSecureContext")
    with tab.expect_download() as taken:
        tab.get_by_role("link", name="Take the box’s certificate").tap()
    taken.value.save_as(tmp_path / "box.crt")
    phone.trust(tmp_path / "box.crt")

    tab = phone.context.new_page()
    tab.goto(f"{plain}/secure")
    tab.get_by_role("link", name="Come back by HTTPS").tap()
    tab.get_by_role("button", name="Let this phone in").tap()
    expect(tab.get_by_text("waiting for the button")).to_be_visible()
    assert page.pressed()
    expect(tab.get_by_text("Morning Light")).to_be_visible()
    assert tab.url == f"{sealed}/"
    worker = tab.evaluate("navigator.serviceWorker.ready.then(one => one.active.scriptURL)")
    assert worker.partition("?")[0] == f"{sealed}/sw.js"

    wire = phone.context.new_cdp_session(tab)
    assert wire.send("Page.getAppManifest")["errors"] == []
    assert wire.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    wire.send("PWA.install", {"manifestId": f"{sealed}/", "installUrlOrBundleUrl": f"{sealed}/"})
    wire.send("PWA.changeAppUserSettings", {"manifestId": f"{sealed}/", "displayMode": "standalone"})
    with phone.context.expect_page() as launched:
        wire.send("PWA.launch", {"manifestId": f"{sealed}/"})
    app = launched.value
    expect(app.get_by_text("Morning Light")).to_be_visible()
    assert app.evaluate("matchMedia('(display-mode: standalone)').matches"), "a window of its own, without an address"

    page.stop()
    app.goto(f"{sealed}/diary")
    expect(app.get_by_role("heading", level=1)).to_have_text("The box is away")
