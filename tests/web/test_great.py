"""A great library's songs page: few bytes a song, one reading for all phones, and never all hands on it."""

import gc
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

from flask.testing import FlaskClient

from appliance.library.chart import Chart
from appliance.library.entry import Entry
from appliance.web import survey
from appliance.web.app import make_app
from appliance.web.house import House
from tests.library.great import great, named
from tests.waiting import until
from tests.web.stage import OWN, Catalogue, Stage

MANY = 4000
SHELF = [Entry(named(n), str(n), rank_valence=n / 50 - 1, rank_energy=0.1) for n in range(100)]


def test_a_visit_a_search_and_a_correction_make_no_object_for_each_song(
    phone: FlaskClient, house: House, tmp_path: Path
) -> None:
    house.catalogue = great(tmp_path / "few.db", 100)
    visits: tuple[Callable[[], object], ...] = (
        lambda: phone.get("/songs").text,
        lambda: phone.get("/songs?q=song").text,
        lambda: phone.get("/songs?field=5").text,
        lambda: phone.get("/songs/song", query_string={"uri": named(7)}).text,
        lambda: phone.post("/songs/place", data={"uri": named(7), "valence": "1", "energy": "0"}, headers=OWN).text,
        lambda: phone.get("/songs").text,
    )
    whole = great(tmp_path / "library.db", MANY)
    for visit in visits:
        visit()  # templates and such are there from now on
    tracemalloc.start()
    try:
        for visit in visits:
            visit()
        gc.collect()
        small = tracemalloc.get_traced_memory()[0]
        house.catalogue = whole
        for number, visit in enumerate(visits):
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            visit()
            most = tracemalloc.get_traced_memory()[1] - before
            assert most < 500 * MANY, f"visit {number} takes {most / MANY:.0f} bytes a song"
        gc.collect()
        kept = tracemalloc.get_traced_memory()[0] - small
        assert kept < 70 * MANY, f"{kept / MANY:.0f} bytes of each song are kept"
    finally:
        tracemalloc.stop()


def test_however_often_a_phone_asks_all_songs_are_read_once(phone: FlaskClient, house: House) -> None:
    house.catalogue = kept = Catalogue(*SHELF)
    for _ in range(20):
        for path in ("/songs", "/songs?q=song", "/songs?field=11", f"/songs/song?uri={named(3)}"):
            assert phone.get(path).status_code == 200
    assert kept.read == 3, "the places once, and for each search the names once"
    phone.post("/songs/place", data={"uri": named(3), "valence": "0.9", "energy": "0.9"}, headers=OWN)
    assert "Somebody here placed it." in phone.get(f"/songs/song?uri={named(3)}").text
    assert kept.read == 4


class Busy(Catalogue):
    """Its listener writes down a song whenever one looks, and reading it takes two seconds."""

    stage: Stage

    def edition(self) -> int:
        self._edition += 1
        return self._edition

    def chart(self) -> Chart:
        self.stage.time += 2.0
        return super().chart()


def test_while_the_listener_is_at_work_a_tenth_of_the_time_is_for_reading(
    phone: FlaskClient, house: House, stage: Stage
) -> None:
    house.catalogue = kept = Busy(*SHELF)
    kept.stage = stage
    for _ in range(44):
        assert phone.get("/songs").status_code == 200
        stage.time += 1.0
    assert kept.read == 3
    phone.post("/songs/place", data={"uri": named(3), "valence": "0.9", "energy": "0.9"}, headers=OWN)
    assert "Somebody here placed it." in phone.get(f"/songs/song?uri={named(3)}").text, (
        "a person's word is not kept back"
    )


def test_a_song_that_came_since_has_its_page_and_can_be_placed(phone: FlaskClient, house: House, stage: Stage) -> None:
    house.catalogue = kept = Busy(*SHELF)
    kept.stage = stage
    phone.get("/songs")
    kept._heard["new/song.flac"] = Entry("new/song.flac", "new", rank_valence=0.5, rank_energy=0.5)
    assert "I have not listened to it yet." in phone.get("/songs/song?uri=new/song.flac").text
    stage.time += 60.0
    assert "I placed it by listening." in phone.get("/songs/song?uri=new/song.flac").text


def test_those_who_wait_for_a_reading_leave_hands_for_all_else(house: House, phone: FlaskClient) -> None:
    gate, begun = threading.Event(), threading.Event()

    class Slow(Catalogue):
        def uris(self) -> Iterator[tuple[str, ...]]:
            begun.set()
            assert gate.wait(60.0)
            return super().uris()

    house.catalogue = Slow(*SHELF)
    app = make_app(house)
    codes: list[int] = []

    def seek(what: str) -> None:
        one = app.test_client()
        one.set_cookie("mien", "a-token", domain="localhost")
        codes.append(one.get(f"/songs?q={what}").status_code)

    threads = [threading.Thread(target=seek, args=(f"song {n}",)) for n in range(survey.WAITING + 3)]
    for thread in threads:
        thread.start()
    try:
        assert begun.wait(60.0)
        until(lambda: len(codes) == 3, "the three for whom there is no room")
        assert codes == [429] * 3
        one = app.test_client()
        one.set_cookie("mien", "a-token", domain="localhost")
        assert one.get("/songs").status_code == one.get("/").status_code == 200
    finally:
        gate.set()
        for thread in threads:
            thread.join(60.0)
    assert sorted(codes) == [200] * survey.WAITING + [429] * 3
    assert phone.get("/songs?q=song").status_code == 200
