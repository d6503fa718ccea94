"""Two phones and the whole speaker, for an evening.

The eye sees a drawn actor, the button is a mock pin that the actor presses. The second phone comes by the box's name in
the home, so that it is nobody whom the page would trust.
"""

from pathlib import Path
from typing import Protocol

from playwright.sync_api import Browser, BrowserContext, expect
from playwright.sync_api import Page as Tab

PATIENCE = 60_000
NAME = "mien.local"


class Speaks(Protocol):
    """The whole speaker, as tests.speaker has it."""

    port: int

    def direct(self, *words: str) -> None: ...
    def children(self) -> dict[str, int]: ...


class Evening:
    """Two phones and the box: the first is trusted, as it asks on the same machine, the second is not."""

    def __init__(self, speaker: Speaks, browser: Browser, folder: Path) -> None:
        self.speaker, self.browser, self.folder = speaker, browser, folder
        self.home = f"http://localhost:{speaker.port}"
        self.away = f"http://{NAME}:{speaker.port}"
        self._open: list[BrowserContext] = []
        self.tab = self.phone()

    def phone(self, **how: object) -> Tab:
        """A fresh phone."""
        size = {"width": 390, "height": 844}
        context = self.browser.new_context(**{"viewport": size, "has_touch": True, **how})  # type: ignore[arg-type]  # as told
        context.set_default_timeout(PATIENCE)
        self._open.append(context)
        return context.new_page()

    def at(self, path: str, tab: Tab | None = None) -> Tab:
        tab = tab or self.tab
        tab.goto(self.home + path)
        return tab

    def picture(self, name: str, content: bytes) -> Path:
        file = self.folder / name
        file.write_bytes(content)
        return file

    def read(self, file: Path, tab: Tab | None = None) -> Tab:
        """Hand a picture in."""
        tab = self.at("/photo", tab)
        tab.get_by_label("A picture that this phone has").set_input_files(file)
        tab.get_by_role("button", name="Read it").first.click()
        return tab

    def close(self) -> None:
        for context in self._open:
            context.close()


def heading(tab: Tab, text: str) -> None:
    expect(tab.get_by_role("heading", level=1)).to_contain_text(text)
