"""Pictures handed in: good ones, large ones, and what phones send that is none."""

import cv2
from cv2.typing import MatLike
from playwright.sync_api import expect

from firmware.actor import Scene
from tests.bench.page.evening import Evening
from tests.firmware.frames import shots

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(2000)


def face(size: int = 640) -> MatLike:
    portrait = shots(Scene(expression="happy", distance=1.2))[0]
    return cv2.resize(portrait, (size, size * portrait.shape[0] // portrait.shape[1]))


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
