"""Music that a phone brings: only music, only into its folder, of any size, over a bad connection."""

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from flask.testing import FlaskClient
from playwright.sync_api import FilePayload, Route, expect

from appliance import events
from appliance.library import label
from appliance.web import intake
from appliance.web.folder import MusicFolder
from appliance.web.house import House
from appliance.web.intake import FOLDER, Elsewhere, Intake, Refused, ending, harmless
from appliance.web.serve import Page
from appliance.web.upload import PIECE
from tests.appliance.conftest import Server, bare, server
from tests.library.music import unfolding
from tests.web.conftest import CHROMIUM, Open
from tests.web.stage import Stage

__all__ = ["bare", "server"]
OWN = {"Origin": "http://localhost"}
KEY = "0123456789abcdef" * 2
KINDS = {".flac": "FLAC", ".wav": "WAV", ".ogg": "OGG", ".mp3": "MP3", ".aiff": "AIFF"}
Serve = Callable[..., Page]
Until = Callable[[Callable[[], bool]], None]


def music(kind: str = ".flac", seconds: float = 1.0) -> bytes:
    """A short tone in one of the usual files."""
    tone = 0.2 * np.sin(2 * np.pi * 330 * np.arange(int(22050 * seconds)) / 22050)
    out = io.BytesIO()
    soundfile.write(out, tone.astype("f4"), 22050, format=KINDS[kind])
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path, house: House) -> Path:
    """A music folder, which the page's house takes music into."""
    place = tmp_path / "music"
    place.mkdir()
    house.intake = Intake(lambda: place)
    return place


def kept(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", KINDS)
def test_every_usual_kind_is_known_by_its_content_alone(folder: Path, house: House, kind: str) -> None:
    content = music(kind)
    assert ending(content) == kind
    assert house.intake.piece(KEY, 0, len(content), content, "a song.txt") == f"{FOLDER}/a song{kind}"
    assert (folder / FOLDER / f"a song{kind}").read_bytes() == content


@pytest.mark.parametrize(
    ("name", "said"),
    [("../../etc/cron.d/evil.mp3", "evil"), ("C:\\music\\tea.flac", "tea"), ("..", "song"), (".hidden.mp3", "hidden"),
     ("", "song"), ("a\x00b\n/c\x1b[2J.ogg", "c[2J"), ("노래.mp3", "노래"), ("x" * 300 + ".mp3", "x" * 100),
     ("가" * 90, "가" * 33), ('a<>:"|?*b.mp3', "ab"), ("dots...  .mp3", "dots")],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder_or_chokes_a_card(name: str, said: str) -> None:
    assert harmless(name) == said


@pytest.mark.parametrize(
    "junk",
    [b"", b"<html>", b"\x7fELF" + bytes(200), b"ID3" + bytes(500), b"fLaC" + b"\xff" * 500, b"OggS" + b"x" * 500,
     b"RIFF\0\0\0\0WAVE" + b"junk" * 50, "text".encode("utf-16") * 90, b"\0\0\0\x20ftypisom" + bytes(90),
     b"\0\0\0\x20ftypM4A " + bytes(90), b"\x89PNG\r\n\x1a\n" + bytes(90)],
)  # fmt: skip
def test_what_is_no_music_is_refused_and_leaves_nothing(folder: Path, house: House, junk: bytes) -> None:
    with pytest.raises(Refused):
        house.intake.piece(KEY, 0, len(junk), junk, "song.mp3")
    assert kept(folder) == []


def test_a_song_whose_tags_would_fill_the_boxs_memory_is_refused_and_the_next_one_taken(
    folder: Path, house: House
) -> None:
    trap, song = unfolding(music(".mp3"), 2 * label.MEMORY), music(".mp3")
    assert ending(trap) == ".mp3"
    with pytest.raises(Refused, match="no music that I know"):
        house.intake.piece(KEY, 0, len(trap), trap, "trap.mp3")
    assert kept(folder) == []
    assert house.intake.piece(KEY, 0, len(song), song, "song.mp3") == f"{FOLDER}/song.mp3"


def test_a_song_comes_in_pieces_and_a_lost_or_repeated_one_costs_nothing(folder: Path, house: House) -> None:
    content = music(seconds=4.0)
    half = len(content) // 2
    take = house.intake.piece
    assert take(KEY, 0, len(content), content[:half], "a.flac") == ""
    for at in (0, half + 1, len(content) - 1):
        with pytest.raises(Elsewhere) as told:
            take(KEY, at, len(content), content[at : at + 1], "a.flac")
        assert told.value.size == half
    assert take(KEY, half, len(content), content[half:], "a.flac") == f"{FOLDER}/a.flac"
    assert take(KEY, half, len(content), content[half:], "a.flac") == f"{FOLDER}/a.flac"  # its answer was lost
    assert (folder / FOLDER / "a.flac").read_bytes() == content and kept(folder) == [f"{FOLDER}/a.flac"]


def test_nothing_that_is_there_is_ever_replaced(folder: Path, house: House) -> None:
    content = music()
    uris = [house.intake.piece(key * 32, 0, len(content), content, "a.flac") for key in "abc"]
    assert uris == [f"{FOLDER}/a.flac", f"{FOLDER}/a (2).flac", f"{FOLDER}/a (3).flac"]


def test_a_song_has_no_name_before_it_is_whole_and_after_a_power_cut_it_can_be_brought_again(
    folder: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, place = music(), folder / FOLDER
    place.mkdir()
    before = []

    def cut(part: Path, final: Path, follow_symlinks: bool) -> None:
        before.extend(kept(folder))
        raise OSError("the mains went")

    monkeypatch.setattr(os, "link", cut)
    with pytest.raises(OSError, match="mains"):
        house.intake.piece(KEY, 0, len(content), content, "a.flac")
    assert before == [f"{FOLDER}/.{KEY}.part"], "nothing of its name lies there yet"
    monkeypatch.undo()
    assert house.intake.piece(KEY, 0, len(content), content, "a.flac") == f"{FOLDER}/a.flac"
    assert kept(folder) == [f"{FOLDER}/a.flac"]


def test_a_disk_without_links_takes_songs_too_and_replaces_none(
    folder: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "FAT has no links")

    monkeypatch.setattr(os, "link", refuses)
    content = music()
    uris = [house.intake.piece(key * 32, 0, len(content), content, "a.flac") for key in "ab"]
    assert uris == kept(folder)[::-1] == [f"{FOLDER}/a.flac", f"{FOLDER}/a (2).flac"]
    assert {(folder / uri).read_bytes() for uri in uris} == {content}


def test_the_music_server_may_read_what_came_whatever_the_umask(folder: Path, house: House) -> None:
    before = os.umask(0o077)
    try:
        house.intake.piece(KEY, 0, len(music()), music(), "a.flac")
    finally:
        os.umask(before)
    assert (folder / FOLDER).stat().st_mode & 0o777 == 0o755
    assert (folder / FOLDER / "a.flac").stat().st_mode & 0o777 == 0o644


def test_a_link_laid_in_the_way_is_not_followed(folder: Path, house: House, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / FOLDER).symlink_to(outside)
    with pytest.raises(Refused):
        house.intake.piece(KEY, 0, len(music()), music(), "a.flac")
    (folder / FOLDER).unlink()
    (folder / FOLDER).mkdir()
    (folder / FOLDER / f".{KEY}.part").symlink_to(outside / "victim")
    with pytest.raises(OSError):
        house.intake.piece(KEY, 0, len(music()), music(), "a.flac")
    assert not any(outside.iterdir())


def test_the_boxs_own_room_is_never_used_up_and_there_may_be_room_again(
    folder: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = music()
    with monkeypatch.context() as full:
        full.setattr(intake, "RESERVE", 1 << 60)
        with pytest.raises(Refused, match="not enough room"):
            house.intake.piece(KEY, 0, len(content), content, "a.flac")
        assert house.intake.room() == 0 and kept(folder) == []
    assert house.intake.piece(KEY, 0, len(content), content, "a.flac")


def test_what_was_never_finished_is_cleared_away(folder: Path, house: House) -> None:
    content = music()
    house.intake.piece("f" * 32, 0, len(content), content[:100], "left.flac")
    part = folder / FOLDER / f".{'f' * 32}.part"
    os.utime(part, (0, 0))
    house.intake.piece(KEY, 0, len(content), content, "a.flac")
    assert not part.exists()


@pytest.mark.parametrize(
    ("asked", "code"),
    [({"key": "../../etc", "at": "0", "of": "9"}, 422), ({"key": KEY, "at": "x", "of": "9"}, 400), ({}, 400),
     ({"key": KEY, "at": "0", "of": str(1 << 60)}, 422), ({"key": KEY, "at": "-5", "of": "9"}, 422),
     ({"key": KEY, "at": "7", "of": "99999"}, 409)],
)  # fmt: skip
def test_a_piece_that_makes_no_sense_is_refused(
    phone: FlaskClient, folder: Path, asked: dict[str, str], code: int
) -> None:
    told = phone.post("/songs/piece", query_string=asked, data=music()[:50], headers=OWN)
    assert told.status_code == code and kept(folder) == []


def test_a_stranger_brings_nothing(stranger: FlaskClient, folder: Path) -> None:
    asked = {"key": KEY, "at": "0", "of": str(len(music())), "name": "a.flac"}
    stranger.post("/songs/piece", query_string=asked, data=music(), headers=OWN)
    stranger.post("/songs/upload", data={"music": (io.BytesIO(music()), "a.flac")}, headers=OWN)
    assert kept(folder) == []


def test_without_scripts_a_form_brings_songs_and_tells_what_came_of_each(
    phone: FlaskClient, folder: Path, stage: Stage
) -> None:
    files = [(io.BytesIO(music()), "a.flac"), (io.BytesIO(b"<html>"), "b.mp3")]
    told = phone.post("/songs/upload", data={"music": files}, headers=OWN)
    assert "<b>a.flac</b>: It is in the music folder now." in told.text
    assert "<b>b.mp3</b>: This is no music that I know." in told.text
    assert kept(folder) == [f"{FOLDER}/a.flac"] and stage.posted == [events.Rescan()]


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
    where, music_folder = MusicFolder(server.dial), server.folder / "music"
    writable = {music_folder / FOLDER}
    monkeypatch.setattr("os.access", lambda path, how: path in writable)
    assert where() is None
    (music_folder / FOLDER).mkdir()
    assert where() == music_folder
    writable.clear()
    assert where() is None


def test_a_server_that_is_away_is_asked_again_later(server: Server) -> None:
    where = MusicFolder(server.dial)
    server.stop()
    assert where() is None
    server.start()
    assert where() == server.folder / "music"


@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium on this machine")
def test_songs_brought_again_after_a_failure_go_on_where_it_stopped_and_none_is_there_twice(
    serve: Serve, open_tab: Open, tmp_path: Path
) -> None:
    page = serve()
    (tmp_path / "music").mkdir()
    page.house.intake = Intake(lambda: tmp_path / "music")
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
    assert kept(tmp_path / "music") == [f"{FOLDER}/one.wav", f"{FOLDER}/two.wav"]
    assert (tmp_path / "music" / FOLDER / "two.wav").read_bytes() == large


@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium on this machine")
def test_a_phone_brings_large_songs_over_a_bad_connection(
    serve: Serve, open_tab: Open, tmp_path: Path, stage: Stage, until: Until
) -> None:
    page = serve()
    (tmp_path / "music").mkdir()
    page.house.intake = Intake(lambda: tmp_path / "music")
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
    assert kept(tmp_path / "music") == [f"{FOLDER}/long.wav"]
    assert (tmp_path / "music" / FOLDER / "long.wav").read_bytes() == large
    assert events.Rescan() in stage.posted
