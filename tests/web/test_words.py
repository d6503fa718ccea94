"""Every text of the page is there in both tongues."""

import ast
import re
import string
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance import events
from appliance.reasons import SENTENCES
from appliance.settings import FIELDS
from appliance.snapshot import Snapshot
from appliance.web.preferences import plain
from appliance.web.why import why
from appliance.web.words import Words, library

WEB = Path(__file__).parents[2] / "appliance" / "web"
SPOKEN = re.compile(r"""\b_\((?:"([^"]*)"|'([^']*)')""")
FOREIGN = {"iPhone", "iPad", "Mac", "Mien", "English", "한국어"}
"""Names that are the same in every tongue."""


def in_templates() -> Iterator[str]:
    for template in WEB.rglob("*.html"):
        for one, other in SPOKEN.findall(template.read_text("utf-8")):
            yield one or other


def in_code() -> Iterator[str]:
    for module in WEB.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
            if not called or not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in ("word", "words") and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def in_settings() -> Iterator[str]:
    for field in FIELDS.values():
        if field.phone:
            yield field.meaning
            yield from field.choices


def everything() -> set[str]:
    return {*in_templates(), *in_code(), *in_settings(), *SENTENCES.values()} - FOREIGN - {""}


def test_nothing_is_left_untranslated() -> None:
    missing = sorted(text for text in everything() if not Words("ko").knows(text))
    assert not missing


def test_each_translation_fills_in_the_same_values() -> None:
    korean = Words("ko")
    for text in everything():
        names = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        told = {name for _, name, _, _ in string.Formatter().parse(korean(text)) if name}
        assert names == told, text


def test_no_template_speaks_but_through_the_catalogue() -> None:
    """What is left of a template without its tags, its expressions and its comments is no word."""
    for template in WEB.rglob("*.html"):
        bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", template.read_text("utf-8"), flags=re.S)
        bare = re.sub(r"""<[^>]*>|(?:data|aria)-[\w-]+(?:="[^"]*")?""", " ", bare, flags=re.S)
        left = [found for found in re.findall(r"[A-Za-z]{2,}", bare) if found not in FOREIGN]
        assert not left, template.name


@pytest.mark.parametrize(("value", "said"), [(6.0, "6"), (0.5, "0.5"), (22, "22"), ("22:00", "22:00"), (1e5, "100000")])
def test_a_number_is_written_as_a_person_writes_it(value: object, said: str) -> None:
    assert plain(value) == said


def test_a_sentence_with_something_in_it_is_translated_around_it() -> None:
    korean = library()["ko"]
    assert korean("The music server is away: connection refused.") == "음악 서버가 응답하지 않아요: connection refused."
    assert korean("Something nobody has foreseen.") == "Something nobody has foreseen."


def test_why_a_song_plays_is_told_in_the_readers_tongue_its_weightiest_reasons_first() -> None:
    parts = (events.Reason("folder", "춤", "happy"), events.Reason("habit"), events.Reason("again"))
    told = Snapshot(why="It lies in your folder “춤”, for happy, and it comes again.", parts=parts)
    tongues = library()
    assert why(told, tongues["en"]) == told.why
    assert why(told, tongues["ko"]) == "“춤” 폴더에 있고, 행복에 어울려요. 달리 어울리는 곡이 없어 금방 다시 나와요."
    assert why(Snapshot(why="You picked it."), tongues["en"]) == "You picked it."
    assert why(Snapshot(), tongues["ko"]) == ""


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_kind_of_reason_has_a_korean_sentence(kind: Any) -> None:
    for mood in (None, "sad"):
        told = why(Snapshot(why="x", parts=(events.Reason(kind, "tea", mood),)), library()["ko"])
        assert told.endswith(".") and not re.search("[a-z]{2}", told.replace("tea", ""))


DOCTOR = ("appliance/doctor.py", "appliance/answering.py", "appliance/devices.py")
ROOMS = (
    *("appliance/chooser.py", "appliance/link.py", "appliance/recommender/pick.py", "appliance/library/decode.py"),
    *("appliance/library/entry.py", "appliance/library/hand.py", "appliance/hub.py"),
    *("firmware/actor.py", "firmware/cameras/pi.py", "firmware/cameras/replay.py", "firmware/cameras/usb.py"),
)
FAILING = {"CameraLost", "Unreadable", "Lacking", "Shelf", "Chosen", "Unreached", "Untrusted", "_let_go"}
INNER = "/x/1: closed"
"""What no household meets: a recording that is read after it was closed."""


def worded(rooms: Iterable[str], calls: Container[str], names: Container[str]) -> Iterator[str]:
    """What these rooms give to one of the calls, or keep by one of the names, as they write it, something filled in."""
    for room in rooms:
        for node in ast.walk(ast.parse((WEB.parents[1] / room).read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in calls:
                for told in (*node.args, *(given.value for given in node.keywords)):
                    yield from written(told)
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in names:
                yield from written(node.value)


def test_why_a_part_of_the_box_fails_is_told_in_korean() -> None:
    korean = Words("ko")
    told = {text for text in worded(ROOMS, FAILING, {"text", "LACK", "AWAY", "DEADLY"}) if " " in text} - {INNER}
    assert len(told) > 25
    assert not sorted(text for text in told if not korean.speaks(text))
    away = "The music server is away: no music server at localhost:6600: Connection refused."
    assert korean(away) == "음악 서버가 응답하지 않아요: localhost:6600에 음악 서버가 없어요: 연결을 거절했어요."
    away = "The home's broker at hub:1883 is away: it refuses the box: not authorized."
    assert korean(away) == "집의 메시지 브로커(hub:1883)가 응답하지 않아요: 이 기기를 받아 주지 않아요: 권한이 없어요."
    doubted = "its certificate is not trusted: Hostname mismatch, certificate is not valid for 'hub'"
    assert korean(doubted) == "인증서를 믿을 수 없어요: hub의 인증서가 아니에요"


def written(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from (*written(node.body), *written(node.orelse))
    elif isinstance(node, ast.BinOp):
        yield from (a + b for a in written(node.left) for b in written(node.right))
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "/x/1" for part in node.values)


def test_what_the_doctor_finds_and_advises_is_told_in_korean() -> None:
    korean = Words("ko")
    found = worded(DOCTOR, {"Finding"}, {"fix", "said"})
    told = {text for text in found if re.search("[a-z]{3}", text.replace("/x/1", ""))}
    assert len(told) > 40
    assert not sorted(text for text in told if not korean.speaks(text))


def test_what_fills_a_sentence_is_translated_too_and_no_sentence_is_taken_for_another() -> None:
    korean = Words("ko")
    assert korean("runs: I see nobody.") == "작동 중: 아무도 보이지 않아요."
    assert korean("43 songs") == "43곡"
    for unknown in ("Nobody has heard these songs", "nothing of this is writable", "Something nobody has foreseen."):
        assert korean(unknown) == unknown and not korean.speaks(unknown)
