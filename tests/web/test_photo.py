"""A photo instead of the camera: judged once, kept by nobody, and every picture gets a plain answer."""

from io import BytesIO
from pathlib import Path

import cv2
import msgspec
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import FilePayload, expect

from appliance import events
from appliance.web import photo
from appliance.web.house import House
from appliance.web.sight import Unjudged
from firmware import wire
from firmware.actor import Scene
from tests.firmware.frames import shots
from tests.web.conftest import Open, Serve, browsing
from tests.web.stage import HAPPY, OWN, Stage, face, glance


def send(phone: FlaskClient, picture: bytes) -> tuple[int, str]:
    told = phone.post("/photo", data={"picture": (BytesIO(picture), "a.jpg")}, headers=OWN)
    return told.status_code, told.text


def test_a_photo_is_read_and_what_was_read_is_shown(phone: FlaskClient, house: House) -> None:
    house.judge = lambda picture: glance(face(1, HAPPY, 0.5, 0.5, 0.3))
    code, text = send(phone, b"a picture")
    assert code == 200 and "Face 1: happy, 82 %" in text


def test_a_refused_photo_is_answered_plainly_and_the_next_one_is_taken(phone: FlaskClient, house: House) -> None:
    def refuse(picture: bytes) -> wire.Glance:
        raise Unjudged("This picture cannot be read.")

    house.judge = refuse
    code, text = send(phone, b"junk")
    assert code == 422 and "This picture cannot be read." in text
    house.judge = lambda picture: glance()
    assert send(phone, b"fine")[0] == 200


@pytest.mark.parametrize("junk", [b"", b"GIF89a", b"\xff\xd8\xff junk", b"\x00\x00\x00\x18ftypheic", b"<svg/>"])
def test_the_real_judge_refuses_what_is_no_picture(phone: FlaskClient, junk: bytes) -> None:
    code, text = send(phone, junk)
    assert code == 422 and 'role="alert"' in text and "Traceback" not in text


def test_a_photo_over_the_limit_is_refused_before_it_is_judged(phone: FlaskClient, house: House) -> None:
    seen: list[bytes] = []
    house.judge = lambda picture: seen.append(picture) or glance()  # type: ignore[func-returns-value]  # notes the call
    assert send(phone, b"x" * (21 * 1024 * 1024))[0] == 413
    assert not seen
    assert send(phone, b"x" * (19 * 1024 * 1024))[0] == 200 and len(seen) == 1


def test_a_photo_never_touches_the_disk(
    phone: FlaskClient, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    def forbidden(*args: object, **more: object) -> None:
        raise AssertionError("a temporary file for a photo")

    for maker in ("TemporaryFile", "SpooledTemporaryFile", "NamedTemporaryFile"):
        monkeypatch.setattr(tempfile, maker, forbidden)
        monkeypatch.setattr(f"werkzeug.formparser.{maker}", forbidden, raising=False)
    house.judge = lambda picture: glance()
    assert send(phone, b"x" * 5_000_000)[0] == 200


def test_a_photo_from_a_stranger_is_not_even_read(stranger: FlaskClient, house: House) -> None:
    house.judge = lambda picture: pytest.fail("judged a stranger's photo")
    assert send(stranger, b"x")[0] == 401


def test_what_the_judge_says_is_a_glance_as_the_wire_has_it() -> None:
    told = msgspec.json.decode(msgspec.json.encode(glance(face(1, HAPPY, 0.5, 0.5, 0.3))), type=wire.Glance)
    assert told.faces[0].number == 1


@browsing
def test_a_phone_is_told_in_words_what_came_of_any_picture(
    serve: Serve, open_tab: Open, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HEIC, a broken one and one that is too large; and the next good one is read, by the real judge."""
    smile = cv2.imencode(".jpg", shots(Scene(expression="happy", distance=1.2))[0])[1].tobytes()
    monkeypatch.setattr(photo, "LARGEST", len(smile) + 1000)
    tab = open_tab(serve(), "/photo")

    def give(name: str, content: bytes) -> None:
        file = FilePayload(name=name, mimeType="image/jpeg", buffer=content)
        tab.get_by_label("A picture that this phone has").set_input_files(file)
        tab.get_by_role("button", name="Read it").first.tap()

    give("phone.heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic")
    expect(tab.get_by_role("alert")).to_have_text(
        "This is a HEIC picture, which this box cannot read. Please send it as JPEG."
    )
    give("half.jpg", smile[:3000])
    expect(tab.get_by_role("alert")).to_contain_text("This picture is broken or tiny.")
    give("large.jpg", smile + bytes(2000))
    said = tab.get_by_label("A picture that this phone has").evaluate("input => input.validationMessage")
    assert said == "This picture is larger than 20 MB. Please send a smaller one.", "before it is sent"
    give("smile.jpg", smile)
    expect(tab.get_by_text("Face 1: happy")).to_be_visible()
    expect(tab.get_by_role("alert")).to_have_count(0)
    tab.get_by_role("button", name="Play for happy").tap()
    expect(tab.get_by_role("heading", level=1)).to_have_text("I see happy faces.")
    assert stage.posted == [events.MoodPicked("happy")], "instead of what the camera sees"
