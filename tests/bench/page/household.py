"""What a family does with the speaker of an evening, before it and on its phones."""

import csv

import cv2
import numpy as np
from playwright.sync_api import expect

from tests.bench.page.evening import Evening, heading


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
