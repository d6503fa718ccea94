"""Songs that came or went while the music server was away, with a real MPD that looks for none by itself."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.dial import Dial
from appliance.stocktaking import take_stock
from tests.appliance.conftest import Server
from tests.appliance.music_corner import Room


@contextmanager
def beside(reach: Dial, tmp_path: Path) -> Iterator[Room]:
    room = Room(reach, tmp_path / "jukebox.json")
    try:
        yield room.up()
    finally:
        room.jukebox.stop()


def test_songs_put_into_the_folder_while_the_server_was_away_are_found_when_it_is_back(
    server: Server, tmp_path: Path
) -> None:
    server.stop()
    server.put("happy/new.flac", "New", "Ida", "Pop")
    server.start()
    with beside(server.dial, tmp_path) as room:
        room.wait(lambda: room.links()[-1].songs == 9, "the new song")
        room.play("happy/new.flac")
        room.wait(lambda: room.playing("happy/new.flac"), "the new song")


def test_a_disk_that_is_not_there_costs_the_household_no_song(server: Server, tmp_path: Path) -> None:
    server.mpc("sticker", "happy/sun.flac", "set", "like", "2")
    music, away = server.folder / "music", server.folder / "away"
    server.stop()
    music.rename(away)
    music.mkdir()
    server.start()
    with beside(server.dial, tmp_path) as room:
        assert room.links()[-1].songs == 8
        assert "updating_db" not in server.client().status()
    server.stop()
    music.rmdir()
    away.rename(music)
    server.start()
    with beside(server.dial, tmp_path) as room:
        room.play("happy/sun.flac")
        room.wait(lambda: room.playing("happy/sun.flac"), "a song that is there again")
    assert "like=2" in server.mpc("sticker", "happy/sun.flac", "get", "like")


def test_a_server_elsewhere_in_the_house_is_left_to_those_who_run_it(server: Server) -> None:
    shutil.rmtree(server.folder / "music" / "sad")
    client = server.client()
    take_stock(client, "192.168.1.20:6600")
    assert "updating_db" not in client.status()
    assert client.stats()["songs"] == "8"
