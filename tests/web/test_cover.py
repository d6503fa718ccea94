"""A song's cover, from a real music server."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from mutagen.flac import FLAC, Picture

from appliance import events
from appliance.web import cover
from appliance.web.cover import Covers, kind, mark
from appliance.web.house import House
from tests.appliance.conftest import Server, bare, server
from tests.web.stage import AT_WORK, Stage

__all__ = ["bare", "server"]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 80
"""Longer than one piece of the server's, and with every byte in it."""


def paint(server: Server, uri: str, content: bytes) -> None:
    song = FLAC(server.folder / "music" / uri)  # type: ignore[no-untyped-call]  # mutagen ships no types
    picture = Picture()  # type: ignore[no-untyped-call]  # as above
    picture.data, picture.mime, picture.type = content, "image/png", 3
    song.add_picture(picture)  # type: ignore[no-untyped-call]  # as above
    song.save()
    server.update()


@pytest.fixture
def covers(server: Server) -> Iterator[Covers]:
    yield Covers(server.dial)


def play(stage: Stage, uri: str) -> str:
    stage.set(player=replace(AT_WORK.player, song=events.Song(uri, "A")))
    return f"/cover/{mark(uri)}"


def test_a_cover_is_shown_from_inside_the_song_or_from_beside_it(
    server: Server, covers: Covers, phone: FlaskClient, stage: Stage, house: House
) -> None:
    house.cover = covers
    paint(server, "happy/sun.flac", PNG)
    (server.folder / "music" / "sad" / "cover.jpg").write_bytes(b"\xff\xd8\xff beside")
    told = phone.get(play(stage, "happy/sun.flac"))
    assert (told.mimetype, told.data) == ("image/png", PNG)
    told = phone.get(play(stage, "sad/moon.flac"))
    assert (told.mimetype, told.data) == ("image/jpeg", b"\xff\xd8\xff beside")


def test_without_a_cover_the_drawn_sleeve_shows(covers: Covers, phone: FlaskClient, stage: Stage, house: House) -> None:
    house.cover = covers
    told = phone.get(play(stage, "happy/rain.flac"))
    assert told.status_code == 200 and told.data == cover.NOTHING[1]
    assert phone.get(play(stage, 'no/such "song"\\\n.flac')).data == cover.NOTHING[1]
    assert covers("happy/rain.flac") is None


def test_what_is_no_picture_or_too_large_is_never_passed_on(server: Server, covers: Covers) -> None:
    paint(server, "happy/sun.flac", b"<svg onload=alert(1)>")
    paint(server, "happy/rain.flac", PNG + bytes(cover.LARGEST))
    assert covers("happy/sun.flac") is None and covers("happy/rain.flac") is None
    assert [kind(head) for head in (b"GIF89a", b"RIFF....WEBP", b"<html>", b"")] == ["image/gif", "image/webp", "", ""]


def test_a_phone_sees_the_cover_of_what_plays_and_cannot_walk_through_the_library(
    phone: FlaskClient, stage: Stage, house: House
) -> None:
    house.cover = lambda uri: ("image/png", PNG)
    assert phone.get(play(stage, "a.flac")).status_code == 200
    assert phone.get(f"/cover/{mark('b.flac')}").status_code == 404
    stage.set(player=events.Player())
    assert phone.get(f"/cover/{mark('a.flac')}").status_code == 404


def test_a_server_that_is_away_costs_the_cover_until_it_is_back(server: Server, covers: Covers) -> None:
    paint(server, "happy/sun.flac", PNG)
    server.stop()
    assert covers("happy/sun.flac") is None
    server.start()
    assert covers("happy/sun.flac") == ("image/png", PNG)


def test_few_covers_are_kept(tmp_path: Path, server: Server, covers: Covers) -> None:
    for uri in ("happy/sun.flac", "happy/rain.flac", "happy/wind.flac", "sad/moon.flac", "sad/fog.flac"):
        covers(uri)
    assert len(covers._known) == cover.KEPT
