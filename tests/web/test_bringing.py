"""Music comes by the page: a form or a script, over a bad connection, into the music server's own folder."""

import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import FilePayload, Route, expect

from appliance import events
from appliance.web.folder import MusicFolder
from appliance.web.house import House
from appliance.web.intake import FOLDER, Intake
from appliance.web.upload import PIECE
from tests.appliance.conftest import Server, bare, server
from tests.web.conftest import Open, Serve, Until, browsing
from tests.web.parcel import KEY, kept, music, takes_music
from tests.web.stage import OWN, Stage

__all__ = ["bare", "server"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"key": "../../etc", "at": "0", "of": "9"}, 422), ({"key": KEY, "at": "x", "of": "9"}, 400), ({}, 400),
     ({"key": KEY, "at": "0", "of": str(1 << 60)}, 422), ({"key": KEY, "at": "-5", "of": "9"}, 422),
     ({"key": KEY, "at": "7", "of": "99999"}, 409)],
)  # fmt: skip
def test_a_piece_that_makes_no_sense_is_refused(
    phone: FlaskClient, music_folder: Path, asked: dict[str, str], code: int
) -> None:
    told = phone.post("/songs/piece", query_string=asked, data=music()[:50], headers=OWN)
    assert told.status_code == code and kept(music_folder) == []


def test_a_stranger_brings_nothing(stranger: FlaskClient, music_folder: Path) -> None:
    asked = {"key": KEY, "at": "0", "of": str(len(music())), "name": "a.flac"}
    stranger.post("/songs/piece", query_string=asked, data=music(), headers=OWN)
    stranger.post("/songs/upload", data={"music": (io.BytesIO(music()), "a.flac")}, headers=OWN)
    assert kept(music_folder) == []


def test_without_scripts_a_form_brings_songs_and_tells_what_came_of_each(
    phone: FlaskClient, music_folder: Path, stage: Stage
) -> None:
    files = [(io.BytesIO(music()), "a.flac"), (io.BytesIO(b"<html>"), "b.mp3")]
    told = phone.post("/songs/upload", data={"music": files}, headers=OWN)
    assert "<b>a.flac</b>: It is in the music folder now." in told.text
    assert "<b>b.mp3</b>: This is no music that I know." in told.text
    assert kept(music_folder) == [f"{FOLDER}/a.flac"] and stage.posted == [events.Rescan()]


def test_where_the_music_lies_elsewhere_the_page_says_so(phone: FlaskClient, house: House) -> None:
    assert "The music folder is not on this box" in phone.get("/songs").text
    told = phone.post("/songs/piece", query_string={"key": KEY, "at": "0", "of": "9"}, data=b"x", headers=OWN)
    assert told.status_code == 422


def test_the_folder_is_the_music_servers_own_and_what_comes_is_found(server: Server, house: House) -> None:
    house.intake = Intake(MusicFolder(server.dial))
    assert house.intake.room()
    uri = house.intake.piece(KEY, 0, len(music()), music(), "새 노래.flac")
    server.update()
    assert uri in server.mpc("listall").splitlines()
    assert Intake(MusicFolder(type(server.dial)("localhost:6600"))).room() is None


def test_it_is_enough_that_one_folder_may_be_written_to(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A box may keep the rest of the music out of reach of the half that speaks."""
    where, place = MusicFolder(server.dial), server.folder / "music"
    writable = {place / FOLDER}
    monkeypatch.setattr("os.access", lambda path, how: path in writable)
    assert where() is None
    (place / FOLDER).mkdir()
    assert where() == place
    writable.clear()
    assert where() is None


def test_a_server_that_is_away_is_asked_again_later(server: Server) -> None:
    where = MusicFolder(server.dial)
    server.stop()
    assert where() is None
    server.start()
    assert where() == server.folder / "music"


@browsing
def test_songs_brought_again_after_a_failure_go_on_where_it_stopped_and_none_is_there_twice(
    serve: Serve, open_tab: Open, tmp_path: Path
) -> None:
    page = serve()
    folder = takes_music(page.house, tmp_path / "music")
    small, large = music(".wav", seconds=2.0), music(".wav", seconds=120.0)
    tab = open_tab(page, "/songs")
    files = [
        FilePayload(name=name, mimeType="audio/wav", buffer=content)
        for name, content in (("one.wav", small), ("two.wav", large))
    ]
    tab.get_by_label("Songs", exact=True).set_input_files(files)
    asked: list[str] = []
    reached = False

    def network(route: Route) -> None:
        asked.append(route.request.url)
        if reached or "at=0" in route.request.url:
            route.continue_()
        else:
            route.abort()

    tab.route("**/songs/piece*", network)
    tab.clock.install()
    tab.get_by_role("button", name="Bring them").tap()
    told = tab.locator("[data-told]").get_by_role("listitem")
    expect(told.last).to_have_text(f"two.wav: {PIECE * 100 // len(large)} %")
    for _ in range(5):  # it tries again, a quarter of a minute in all
        with tab.expect_request("**/songs/piece*"):
            tab.clock.run_for(6_000)
    expect(tab.get_by_text("two.wav: That did not reach the box")).to_be_visible()
    asked.clear()
    reached = True
    tab.get_by_role("button", name="Bring them").tap()
    expect(tab.get_by_text("two.wav: It is in the music folder now.")).to_be_visible()
    expect(told).to_have_text([f"{name}: It is in the music folder now." for name in ("one.wav", "two.wav")])
    assert len(asked) == 1 and "name=two.wav" in asked[0] and "at=0" not in asked[0]
    assert kept(folder) == [f"{FOLDER}/one.wav", f"{FOLDER}/two.wav"]
    assert (folder / FOLDER / "two.wav").read_bytes() == large


@browsing
def test_a_phone_brings_large_songs_over_a_bad_connection(
    serve: Serve, open_tab: Open, tmp_path: Path, stage: Stage, until: Until
) -> None:
    page = serve()
    folder = takes_music(page.house, tmp_path / "music")
    large = music(".wav", seconds=120.0)
    assert len(large) > 4 * 1024 * 1024
    tab = open_tab(page, "/songs")
    lost = []

    def lossy(route: object) -> None:
        """Every first try is lost; one has arrived all the same."""
        lost.append(route)
        if len(lost) == 1:
            route.abort()  # type: ignore[attr-defined]  # playwright's route, whose class differs by its version
        elif len(lost) == 3:
            route.fetch()  # type: ignore[attr-defined]  # as above
            route.abort()  # type: ignore[attr-defined]  # as above
        else:
            route.continue_()  # type: ignore[attr-defined]  # as above

    tab.route("**/songs/piece*", lossy)
    brought = (("long.wav", large), ("no.mp3", b"no music"), ("empty.mp3", b""))
    files = [FilePayload(name=name, mimeType="audio/mpeg", buffer=content) for name, content in brought]
    tab.get_by_label("Songs", exact=True).set_input_files(files)
    tab.get_by_role("button", name="Bring them").tap()
    expect(tab.get_by_text("long.wav: It is in the music folder now.")).to_be_visible(timeout=60_000)
    expect(tab.get_by_text("no.mp3: This is no music that I know.")).to_be_visible(timeout=60_000)
    expect(tab.get_by_text("empty.mp3: This is no music that I know.")).to_be_visible(timeout=60_000)
    assert kept(folder) == [f"{FOLDER}/long.wav"]
    assert (folder / FOLDER / "long.wav").read_bytes() == large
    assert events.Rescan() in stage.posted
