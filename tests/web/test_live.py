"""The event streams: what changed and nothing else, for many phones at once."""

import http.client
import json
import urllib.request
from collections.abc import Callable
from dataclasses import replace

import pytest

from appliance.journey import Point
from appliance.web import live
from appliance.web.live import HOUR, STEP, Pulse, Scene, Trail, mark, stream
from appliance.web.parts import PARTS
from appliance.web.serve import Page
from appliance.web.talk import STREAMS
from tests.web.conftest import Serve
from tests.web.stage import AT_WORK, Stage


class Hand(Pulse):
    """A pulse whose beats come from the test: each wait is one beat."""

    def wait(self, seconds: float) -> bool:
        self.beat()
        return False


def draw(scene: Scene) -> dict[str, str]:
    return {"song": scene.snapshot.why, "goal": scene.snapshot.goal}


def test_only_what_changed_is_sent() -> None:
    stage = Stage()
    told = stream(Hand(stage.look), draw, lambda: True)
    assert next(told).startswith("retry:")
    assert json.loads(next(told).split("data: ")[1]) == {"song": AT_WORK.why, "goal": "match"}
    stage.set(goal="calm")
    assert json.loads(next(told).split("data: ")[1]) == {"goal": "calm"}


def test_what_a_page_brought_along_is_not_sent_again() -> None:
    stage = Stage()
    pulse = Hand(stage.look)
    seen = mark(draw(pulse.now()))
    stage.set(goal="calm")
    told = stream(pulse, draw, lambda: True, seen)
    next(told)
    assert json.loads(next(told).split("data: ")[1]) == {"goal": "calm"}
    stage.set(goal="match")
    assert json.loads(next(told).split("data: ")[1]) == {"goal": "match"}


def test_a_page_that_was_told_more_and_comes_again_is_told_everything(serve: Serve, stage: Stage) -> None:
    base = f"http://localhost:{serve().port}"
    with urllib.request.urlopen(base, timeout=60) as page:
        seen = page.read().decode().partition('data-seen="')[2].partition('"')[0]
    stage.set(goal="calm")

    def parts(**headers: str) -> set[str]:
        asked = urllib.request.Request(f"{base}/events?seen={seen}", headers=headers)
        with urllib.request.urlopen(asked, timeout=60) as stream:
            return set(json.loads(next(line for line in stream if line.startswith(b"data: "))[6:]))

    assert "wish" in parts() and "song" not in parts()
    assert set(PARTS) == parts(**{"Last-Event-ID": "told"})


def test_a_page_just_opened_is_never_told_something_older() -> None:
    stage = Stage()
    pulse = Pulse(stage.look)
    stage.set(goal="calm")
    assert pulse.now().snapshot.goal == "calm"
    told = stream(pulse, draw, lambda: True)
    next(told)
    assert json.loads(next(told).split("data: ")[1])["goal"] == "calm"


def test_a_silent_stream_breathes() -> None:
    told = stream(Hand(Stage().look), draw, lambda: True)
    next(told), next(told)
    breath = next(line for line in told if not line.startswith(":"))
    assert breath.startswith("event: breath\ndata: h"), "without data a browser drops it"


def test_a_removed_phone_is_told_nothing_more() -> None:
    welcome = True
    told = stream(Hand(Stage().look), draw, lambda: welcome)
    next(told), next(told)
    welcome = False
    assert list(told) == []


def test_the_trail_is_one_place_a_minute_for_an_hour() -> None:
    trail = Trail((Point(-0.5, 0.0),))
    for second in range(0, int(3 * HOUR), 7):
        trail.note(replace(AT_WORK, at=float(second)))
        if second < HOUR:
            assert trail.points()[0] == Point(-0.5, 0.0)
    assert 50 < len(trail.points()) <= HOUR / STEP
    for second in range(int(3 * HOUR), int(5 * HOUR), 60):
        trail.note(replace(AT_WORK, at=float(second), belief=replace(AT_WORK.belief, mood=None)))
    assert trail.points() == ()


def listen(page: Page) -> http.client.HTTPResponse:
    line = http.client.HTTPConnection("localhost", page.port, timeout=10)
    line.request("GET", "/events")
    return line.getresponse()


def ask(page: Page, path: str) -> int:
    with urllib.request.urlopen(f"http://localhost:{page.port}{path}", timeout=10) as told:
        return int(told.status)


def test_twenty_streams_are_open_and_every_question_is_still_answered(serve: Serve, stage: Stage) -> None:
    page = serve()
    streams = [listen(page) for _ in range(20)]
    assert all(told.status == 200 and told.readline() == b"retry: 2000\n" for told in streams)
    for _ in range(20):
        assert ask(page, "/api/state") == ask(page, "/") == ask(page, "/static/page.css") == 200
    stage.set(goal="lift")
    for told in streams:
        while b'aria-pressed=\\"true\\"><b>Lift' not in told.readline():
            pass
        told.close()


def test_a_stream_too_many_is_refused_and_room_is_made_again(
    serve: Serve, until: Callable[[Callable[[], bool]], None]
) -> None:
    page = serve()
    page._pulse._every = 0.01
    streams = [listen(page) for _ in range(STREAMS)]
    until(lambda: len(page.house.streams) == STREAMS)
    assert listen(page).status == 503
    assert ask(page, "/api/state") == 200
    page.house.phones.add("t", "x", 0.0)
    page.stop()
    for told in streams:
        told.close()
    again = serve(page.port)
    assert listen(again).status == 200


def test_a_phone_that_hangs_up_leaves_its_place_to_others_though_nothing_happens(
    serve: Serve, until: Callable[[Callable[[], bool]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who goes from page to page opens a stream on each: none waits for a breath to be noticed."""
    monkeypatch.setattr(live, "BREATH", float("inf"))
    page = serve()
    for _ in range(2):
        told = listen(page)
        assert told.readline() == b"retry: 2000\n"
        until(lambda: len(page.house.streams) == 1)
        told.close()
        until(lambda: not page.house.streams and not page._server._held)


def test_the_page_ends_with_streams_open(serve: Serve) -> None:
    page = serve()
    told = listen(page)
    page.stop()
    told.read()
    assert not page._thread.is_alive()


@pytest.mark.parametrize("path", ["/", "/diary", "/diary.csv", "/guest", "/health", "/photo", "/settings", "/phones",
                                  "/away", "/manifest.webmanifest", "/sw.js", "/healthz"])  # fmt: skip
def test_every_page_is_served(serve: Serve, path: str) -> None:
    assert ask(serve(), path) == 200
