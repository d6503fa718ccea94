"""The diary, its export, and a photo instead of the camera."""

import time
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from flask.testing import FlaskClient

from appliance import history
from appliance.commands import Remember
from appliance.web import diary
from appliance.web.house import House
from appliance.web.sight import Unjudged
from firmware import wire
from tests.web.stage import HAPPY, History, Row, Stage, face, glance

OWN = {"Origin": "http://localhost"}


def send(phone: FlaskClient, picture: bytes) -> tuple[int, str]:
    told = phone.post("/photo", data={"picture": (BytesIO(picture), "a.jpg")}, headers=OWN)
    return told.status_code, told.text


def test_the_export_holds_every_row_and_no_formula() -> None:
    text = diary.table([Row(0.0, "mood", "sad"), Row(1.0, "played", None, "=cmd()|x", 2.0, "@note")])
    assert text.splitlines() == [
        "time,kind,mood,song,value,note",
        "1970-01-01T00:00:00+00:00,mood,sad,,,",
        "1970-01-01T00:00:01+00:00,played,,'=cmd()|x,2,'@note",
    ]


def test_the_brighter_mood_stands_higher_and_the_later_one_further_right() -> None:
    sad, happy = diary.marks([Row(10.0, "mood", "sad"), Row(20.0, "mood", "happy"), Row(30.0, "mood", "?")], 0.0, 40.0)
    assert sad.x < happy.x and sad.y > happy.y
    assert diary.path([sad, happy]).startswith("M") and diary.path([]) == ""


def test_the_diary_reads_as_a_table_too(phone: FlaskClient, house: House) -> None:
    house.history = History([Row(1.8e9 - 60, "mood", "happy"), Row(1.8e9 - 50, "played", song="pop/a.flac")])
    text = phone.get("/diary").text
    assert "</svg> happy</td>" in text and "</span> a</li>" in text


def test_what_the_box_remembers_stands_in_the_diary(phone: FlaskClient, house: House, tmp_path: Path) -> None:
    kept = history.History(tmp_path / "history.sqlite", days=30.0)
    house.history, house.wall = kept, time.time
    kept.add(Remember("mood", mood="surprise"))
    kept.flush(patience=0.0)
    assert "</svg> surprised</td>" in phone.get("/diary").text
    assert ",mood,surprise," in phone.get("/diary.csv").text


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


def test_a_trouble_is_told_once_and_gone_when_mended(phone: FlaskClient, stage: Stage) -> None:
    stage.set(jukebox="down")
    assert "I can’t reach the music player." in phone.get("/").text
    stage.set(trouble=("The music server is away: refused.",))
    text = phone.get("/").text
    assert "The music server is away: refused." in text and "I can’t reach the music player." not in text
    stage.set(jukebox="up", trouble=())
    assert "Something needs a hand" not in phone.get("/").text
