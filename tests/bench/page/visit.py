"""A family's evening with the whole speaker: every step in a real Chromium on a phone's screen, none of them staged.

The eye sees a drawn actor, the button is a mock pin that the actor presses, and a second phone comes by the box's name
in the home, so that it is nobody whom the page would trust. Each step's first line is what somebody does.
"""

import csv
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from cv2.typing import MatLike
from playwright.sync_api import Browser, BrowserContext, Error, expect, sync_playwright
from playwright.sync_api import Page as Tab

from firmware.actor import Scene
from tests.bench.page.look import CHROMIUM, FLAGS
from tests.firmware.frames import shots
from tests.waiting import until

PATIENCE = 60_000
NAME = "mien.local"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(2000)


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


def face(size: int = 640) -> MatLike:
    portrait = shots(Scene(expression="happy", distance=1.2))[0]
    return cv2.resize(portrait, (size, size * portrait.shape[0] // portrait.shape[1]))


def a_room(evening: Evening) -> None:
    """Smiles at the box, then looks sad: the page follows without a reload"""
    tab = evening.at("/")
    evening.speaker.direct("happy")
    heading(tab, "I see happy faces.")
    evening.speaker.direct("sad")
    heading(tab, "Someone looks a little sad.")
    evening.speaker.direct("happy")
    expect(tab.get_by_text("Why this song")).to_be_visible()


def a_second_phone(evening: Evening) -> None:
    """Opens the page on a phone by the box's name, sees the door alone, presses the button, and is in"""
    tab = evening.phone(user_agent="Mozilla/5.0 (Linux; Android 15) Mobile")
    tab.goto(f"{evening.away}/settings")
    heading(tab, "Press the button on the box")
    assert "Why this song" not in tab.content()
    tab.get_by_role("button", name="Let this phone in").tap()
    expect(tab.get_by_text("waiting for the button")).to_be_visible()
    evening.speaker.direct("press")
    expect(tab.get_by_text("Why this song")).to_be_visible()
    assert tab.url == f"{evening.away}/"
    phones = evening.at("/phones")
    expect(phones.get_by_text("Android phone")).to_be_visible()
    phones.get_by_role("button", name="Remove Android phone").tap()
    heading(tab, "Press the button on the box")


def several_tabs(evening: Evening) -> None:
    """Has the page open in four tabs and chooses a goal in one: all show it"""
    tabs = [evening.at("/", evening.tab if not number else evening.tab.context.new_page()) for number in range(4)]
    for goal in ("Lift", "Match"):
        tabs[-1].get_by_role("button", name=goal).click()
        for tab in tabs:
            expect(tab.get_by_role("button", name=goal)).to_have_attribute("aria-pressed", "true")
    for tab in tabs[1:]:
        tab.close()


def a_good_photo(evening: Evening) -> None:
    """Hands in a JPEG, a PNG and a WebP of a smile: each is read as happy"""
    for kind in ("jpg", "png", "webp"):
        picture = cv2.imencode(f".{kind}", face())[1].tobytes()
        tab = evening.read(evening.picture(f"smile.{kind}", picture))
        expect(tab.get_by_text("Face 1: happy")).to_be_visible()


def a_large_photo(evening: Evening) -> None:
    """Hands in a picture of nearly 20 MB, which is read, and one of more, which is refused in words"""
    small = cv2.imencode(".jpg", face())[1].tobytes()
    tab = evening.read(evening.picture("large.jpg", small + bytes(20 * 2**20 - 2**10 - len(small))))
    expect(tab.get_by_text("Face 1: happy")).to_be_visible()
    huge = evening.picture("huge.jpg", small + bytes(20 * 2**20 + 2**17))
    said = "This picture is larger than 20 MB. Please send a smaller one."
    evening.read(huge, tab)
    assert tab.get_by_label("A picture that this phone has").evaluate("input => input.validationMessage") == said
    expect(tab.get_by_role("alert")).to_have_count(0)
    expect(evening.read(huge, evening.phone(java_script_enabled=False)).get_by_role("alert")).to_have_text(said)


def a_bad_photo(evening: Evening) -> None:
    """Hands in HEIC, a broken JPEG and a text: each is told in words, and the next good one is read"""
    small = cv2.imencode(".jpg", face())[1].tobytes()
    for name, content, said in (
        ("phone.heic", HEIC, "This is a HEIC picture, which this box cannot read. Please send it as JPEG."),
        ("half.jpg", small[:3000], "This picture is broken or tiny."),
        ("letter.jpg", b"Dear box, " * 100, "This is not a JPEG, PNG or WebP picture."),
    ):
        tab = evening.read(evening.picture(name, content))
        expect(tab.get_by_role("alert")).to_contain_text(said)
    expect(evening.read(evening.picture("good.jpg", small)).get_by_text("Face 1: happy")).to_be_visible()


def a_minute(evening: Evening) -> None:
    """Gives the guided minute, and is told how well each expression is read"""
    tab = evening.at("/teach")
    for number, expression in enumerate(("neutral", "happy", "neutral", "neutral")):
        evening.speaker.direct(expression)
        tab.get_by_role("button", name="Ready").nth(number).click()
        expect(tab.get_by_role("button", name="Stop")).to_be_visible()
        expect(tab.get_by_role("button", name="Ready")).to_have_count(4)
    for mood in ("neutral", "happy"):
        expect(tab.get_by_role("listitem").filter(has_text=mood).filter(has_text="looks")).to_be_visible()
    tab.get_by_text("Forget all this").click()
    tab.get_by_role("button", name="Yes, forget what I learned").click()
    expect(tab.get_by_text("Nothing learned yet.")).to_be_visible()


def the_diary(evening: Evening) -> None:
    """Looks at the diary, says that a mood was right, and takes all along as CSV"""
    tab = evening.at("/diary")
    expect(tab.get_by_role("img", name="Moods of the day")).to_be_visible()
    tab.get_by_role("button", name="yes,").first.click()
    expect(tab.get_by_text("Thank you. I’ll remember that.")).to_be_visible()
    with tab.expect_download() as taken:
        tab.get_by_role("link", name="Take it along as CSV").click()
    rows = list(csv.DictReader(taken.value.path().read_text().splitlines()))
    assert {"mood", "played"} <= {row["kind"] for row in rows}, "moods and music"


def the_card(evening: Evening) -> None:
    """Prints the card for guests: its code leads to the address below it"""
    tab = evening.at("/guest")
    tab.emulate_media(media="print")
    expect(tab.get_by_role("navigation")).to_have_count(0)
    shot = np.frombuffer(tab.locator("svg.qr").screenshot(), np.uint8)
    told = cv2.QRCodeDetector().detectAndDecode(cv2.imdecode(shot, cv2.IMREAD_GRAYSCALE))[0]
    tab.emulate_media(media="screen")
    assert told and told in tab.inner_text("main"), told


def no_mouse(evening: Evening) -> None:
    """Uses the keyboard alone: to the content, to a goal, to the volume, to the settings"""
    tab = evening.at("/", evening.phone(has_touch=False))
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="To the content")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_be_focused()
    tabbed(tab, "Calm")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("button", name="Calm")).to_have_attribute("aria-pressed", "true")
    tab.get_by_label("Volume").focus()
    before = int(tab.get_by_label("Volume").input_value())
    tab.keyboard.press("ArrowLeft")
    expect(tab.locator("#toast")).to_have_text("Volume set.")
    expect(tab.get_by_label("Volume")).to_have_value(str(before - 1))
    tab.keyboard.press("ArrowRight")
    tabbed(tab, "Settings")
    tab.keyboard.press("Enter")
    heading(tab, "Settings")


def tabbed(tab: Tab, name: str) -> None:
    """From where the focus is, on with the Tab key until it is on this; it is seen to be there."""
    for _ in range(80):
        tab.keyboard.press("Tab")
        words = tab.evaluate("document.activeElement.innerText || document.activeElement.ariaLabel || ''")
        if str(words).strip().startswith(name):
            assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"80 steps never came to {name}")


def no_scripts(evening: Evening) -> None:
    """Has JavaScript off: a goal, a setting, a photo and a lesson all work"""
    tab = evening.at("/", evening.phone(java_script_enabled=False))
    tab.get_by_role("button", name="Match").click()
    expect(tab.get_by_role("button", name="Match")).to_have_attribute("aria-pressed", "true")
    evening.at("/settings", tab).get_by_label("Never louder than this").fill("79")
    tab.get_by_role("button", name="Keep these").click()
    expect(tab.get_by_text("Kept.")).to_be_visible()
    expect(tab.get_by_label("Never louder than this")).to_have_value("79")
    small = cv2.imencode(".jpg", face())[1].tobytes()
    expect(evening.read(evening.picture("plain.jpg", small), tab).get_by_text("Face 1: happy")).to_be_visible()
    evening.at("/teach", tab).get_by_role("button", name="Ready").first.click()
    expect(tab.get_by_role("button", name="Stop")).to_be_visible()
    tab.get_by_role("button", name="Stop").click()
    expect(tab.get_by_role("button", name="Ready")).to_have_count(4)


def twice_as_large(evening: Evening) -> None:
    """Zooms every page to 200 %: nothing scrolls sideways"""
    tab = evening.phone(viewport={"width": 195, "height": 422})
    for path in ("/", "/teach", "/photo", "/songs", "/diary", "/settings", "/backup", "/health", "/logs", "/phones",
                 "/guest", "/secure", "/pursuits", "/rules/happy"):  # fmt: skip
        evening.at(path, tab)
        wide = tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= 195, f"{path} is {wide} wide"


def there_and_back(evening: Evening) -> None:
    """Takes settings, list and rules along in a file, changes them, and brings them back"""
    tab = evening.at("/backup")
    with tab.expect_download() as taken:
        tab.get_by_role("link", name="Save the file").click()
    file = evening.folder / "kept.toml"
    taken.value.save_as(file)
    tab = evening.at("/pursuits")
    tab.locator("#h-1").click()
    tab.get_by_role("button", name="Take it off the list").first.click()
    expect(tab.get_by_text("Kept.")).to_be_visible()
    expect(tab.get_by_role("heading", name="morning coffee")).to_have_count(0)
    evening.at("/rules/happy", tab).get_by_label("Pop", exact=True).uncheck()
    tab.get_by_role("button", name="Keep these").click()
    expect(tab.get_by_text("Kept.")).to_be_visible()
    evening.at("/backup", tab).get_by_label("A file that was saved here").set_input_files(file)
    tab.get_by_role("button", name="Bring back these settings").click()
    expect(tab.get_by_text("Kept.")).to_be_visible()
    expect(evening.at("/pursuits", tab).get_by_role("heading", name="morning coffee")).to_be_visible()
    expect(evening.at("/rules/happy", tab).get_by_label("Pop", exact=True)).to_be_checked()


def both_halves(evening: Evening) -> None:
    """Has the box examined, and each half started again: the page finds it again by itself"""
    tab = evening.at("/health")
    tab.get_by_role("button", name="Look now, at everything").click()
    expect(tab.get_by_role("button", name="Look again")).to_be_visible()
    now = evening.at("/", evening.phone())
    both = ("firmware", "appliance")
    until(lambda: set(both) <= evening.speaker.children().keys(), "both halves at work")
    sees, speaks = (evening.speaker.children()[half] for half in both)
    again(evening, tab, "Start the eye again")
    expect(tab.get_by_text("I asked it.")).to_be_visible()
    until(lambda: evening.speaker.children().get("firmware", sees) != sees, "another half that sees")
    again(evening, tab, "Start again")
    until(lambda: evening.speaker.children().get("appliance", speaks) != speaks, "another half that speaks")
    expect(tab.get_by_role("heading", level=1)).to_have_text("How the box is")
    expect(tab.get_by_role("listitem").filter(has_text="The half that sees")).not_to_contain_text("not well")
    evening.speaker.direct("sad")
    heading(now, "Someone looks a little sad.")


def again(evening: Evening, tab: Tab, name: str) -> None:
    """Ask until the half has run for long enough to be asked."""
    for _ in range(40):
        evening.at("/health", tab)
        with tab.expect_navigation():
            tab.get_by_role("button", name=name, exact=True).click()
        if not tab.get_by_text("Too fast. Wait a moment.").count():
            return
        tab.wait_for_timeout(3000)
    raise AssertionError(f"“{name}” was refused for two minutes")


STEPS: tuple[Callable[[Evening], None], ...] = (
    a_room, a_second_phone, several_tabs, a_good_photo, a_large_photo, a_bad_photo, a_minute, the_diary, the_card,
    no_mouse, no_scripts, twice_as_large, there_and_back, both_halves,
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
