"""A photo from a stranger: judged by a throwaway process that always answers and can harm nothing."""

import json
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from firmware import look
from firmware.actor import Scene
from firmware.camera import Grey
from tests.firmware.frames import shots

pytestmark = pytest.mark.usefixtures("model")


def judged(data: bytes) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-m", "firmware.look"], input=data, capture_output=True, timeout=60)
    answer: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if answer["ok"] else 1)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    if not answer["ok"]:
        assert answer["why"].endswith(".") and len(answer["why"]) < 200
    return answer


def encoded(kind: str, frame: Grey) -> bytes:
    there, data = cv2.imencode(kind, frame)
    assert there
    return data.tobytes()


@pytest.fixture(scope="module")
def portrait() -> Grey:
    return shots(Scene(expression="happy", distance=1.2))[0]


@pytest.mark.parametrize("kind", [".jpg", ".png", ".webp"])
def test_a_face_in_a_photo_is_found_and_read(kind: str, portrait: Grey) -> None:
    answer = judged(encoded(kind, portrait))
    assert answer["ok"] and answer["glance"]["condition"] == "seen"
    face = answer["glance"]["faces"][0]
    assert 0.4 < face["x"] < 0.6
    assert max(face["scores"]) == face["scores"][1], "happy"


def test_a_photo_lying_on_its_side_is_turned_as_its_exif_says(portrait: Grey) -> None:
    side = encoded(".jpg", np.ascontiguousarray(np.rot90(portrait)))
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<H HHIHH I", 1, 0x0112, 3, 1, 6, 0, 0)
    exif = b"Exif\0\0" + tiff
    turned = side[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + side[2:]
    assert judged(turned)["glance"]["condition"] == "seen"


def test_a_large_photo_is_judged_too(portrait: Grey) -> None:
    grain = np.random.default_rng(1).normal(0, 12, (3000, 4000))
    large = np.clip(cv2.resize(portrait, (4000, 3000)) + grain, 0, 255).astype(np.uint8)
    data = encoded(".jpg", large)
    assert len(data) > look.LARGEST // 10
    assert judged(data)["glance"]["condition"] == "seen"


def test_a_photo_without_people_is_judged_so() -> None:
    assert judged(encoded(".png", shots(Scene(here=False))[0]))["glance"]["condition"] == "nobody"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def bomb(side: int) -> bytes:
    """A PNG of a few kilobytes that says it is `side` pixels wide and high."""
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


HOSTILE = {
    "nothing": b"",
    "text": b"hello, I am a picture",
    "a huge file": b"\xff\xd8\xff" + b"\0" * look.LARGEST,
    "heic": b"\0\0\0\x18ftypheic" + b"\0" * 100,
    "half a jpeg header": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "a png of 60,000 by 60,000": bomb(60_000),
    "a png of 2,000,000,000 squared": bomb(2_000_000_000),
    "a webp without an end": b"RIFF\xff\xff\xff\x7fWEBPVP8L\xff\xff\xff\x7f/",
    "a gif": b"GIF89a" + b"\0" * 50,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_broken_huge_and_hostile_pictures_get_a_clear_answer(name: str) -> None:
    assert not judged(HOSTILE[name])["ok"]


def test_after_hostile_pictures_a_good_one_is_judged(portrait: Grey) -> None:
    judged(HOSTILE["a png of 60,000 by 60,000"])
    assert judged(encoded(".jpg", portrait))["ok"]


@examples(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1), noise=st.binary(min_size=1, max_size=60), keep=st.floats(0.05, 1))
def test_a_spoiled_photo_is_judged_or_refused_but_never_breaks_it(
    at: float, noise: bytes, keep: float, portrait: Grey
) -> None:
    whole = encoded(".jpg", portrait)
    place = int(at * (len(whole) - len(noise)))
    spoiled = whole[:place] + noise + whole[place + len(noise) :]
    judged(spoiled[: max(1, int(keep * len(spoiled)))])


@pytest.mark.parametrize(
    "deed",
    [
        "open('/tmp/mien-harm', 'w')",
        "open('/etc/hostname')",
        "__import__('socket').socket()",
        "os.fork() or os._exit(0)",
        "bytearray(2 * look.MEMORY)",
    ],
)
def test_a_picture_that_took_over_the_judge_could_do_nothing(deed: str) -> None:
    """The same limits, with the harm tried from inside."""
    if "fork" in deed and os.geteuid() == 0:
        pytest.skip("the kernel lets root make processes whatever its limit; on a box the judge is not root")
    code = f"""
import os, sys
from firmware import look
look.confine()
try:
    {deed}
except (OSError, MemoryError) as error:
    os.write(1, b"stopped")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60)
    assert done.stdout == b"stopped", done.stderr.decode()
    assert not Path("/tmp/mien-harm").exists()


def test_one_that_never_ends_is_ended_and_answered(tmp_path: Path) -> None:
    code = """
import os
from firmware import look
look.PROCESSOR = 1
def judge(source):
    look.confine()
    while True: pass
look.judge = judge
print(look.answer(os.open("/dev/null", os.O_RDONLY)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60)
    assert "took too long" in json.loads(done.stdout)["why"]
