"""The page for who has no mouse, no scripts, or eyes that want it twice as large."""

import cv2
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.bench.page.evening import Evening, heading
from tests.bench.page.photos import face


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
