"""Likes, plays and skips are shared with every other player of the same MPD, on the real one."""

import subprocess

from appliance import stickers
from appliance.commands import Remember
from appliance.dial import Dial
from appliance.stickers import Stickers
from tests.appliance.conftest import Server, answers, group, user
from tests.waiting import until

SUN, RAIN, WIND = "happy/sun.flac", "happy/rain.flac", "happy/wind.flac"


def kept(server: Server, uri: str) -> dict[str, str]:
    client = server.client()
    told: dict[str, str] = client.sticker_list("song", uri)
    client.disconnect()
    return told


def test_plays_skips_and_likes_are_kept_under_the_names_that_other_clients_know(server: Server) -> None:
    edge = Stickers(server.dial, wall=lambda: 1.8e9)
    edge.start()
    for said in (
        Remember("played", "happy", SUN, 200.0),
        Remember("played", "sad", SUN, 200.0),
        Remember("skipped", "happy", RAIN, 25.0),
        Remember("skipped", "happy", WIND, 3.0),
        Remember("rated", "happy", SUN, 2),
        Remember("mood", "happy"),
        Remember("rated", None, RAIN, 0),
    ):
        edge.learned(said)
    until(lambda: "like" in kept(server, RAIN), "the last sticker", 60)
    assert kept(server, SUN) == {"playCount": "2", "lastPlayed": "1800000000", "like": "2"}
    assert kept(server, RAIN) == {"skipCount": "1", "lastSkipped": "1800000000", "like": "0"}
    assert kept(server, WIND) == {}, "a song that was hardly begun was not skipped"
    edge.stop()
    client = server.client()
    client.sticker_set("song", WIND, "rating", "9")
    client.sticker_set("song", "sad/fog.flac", "rating", "x")
    found = stickers.read(client)
    assert found.likes == {SUN: 2, RAIN: 0, WIND: 2}
    assert (found.plays, found.skips) == ({SUN: 2}, {RAIN: 1})
    client.disconnect()


def test_not_when_i_am_sad_is_no_dislike_for_everybody(server: Server) -> None:
    client = server.client()
    stickers.write(client, Remember("rated", "sad", SUN, 0), 0)
    assert kept(server, SUN) == {}
    stickers.write(client, Remember("rated", "happy", SUN, 2), 0)
    stickers.write(client, Remember("rated", "sad", SUN, 0), 0)
    assert kept(server, SUN) == {"like": "1"}
    stickers.write(client, Remember("played", "sad", "gone.flac", 99.0), 0)  # refused, and no harm done
    stickers.write(client, Remember("played", "sad", SUN, 99.0), 0)
    assert kept(server, SUN) == {"like": "1", "playCount": "1"}, "no date while the clock is not believed"
    client.disconnect()


def test_what_happened_while_the_server_was_away_is_kept_when_it_is_back(server: Server) -> None:
    server.stop()
    edge = Stickers(server.dial, again=0.1)
    edge.start()
    edge.learned(Remember("played", "happy", SUN, 200.0))
    until(lambda: edge._waiting, "the row that waits", 60)
    server.start()
    until(lambda: kept(server, SUN).get("playCount") == "1", "the play", 60)
    edge.learned(Remember("played", "happy", RAIN, 200.0))
    until(lambda: kept(server, RAIN).get("playCount") == "1", "the next play", 60)
    edge.stop()


def test_a_server_without_stickers_costs_nothing(bare: Server) -> None:
    bare.put(SUN, "Sun", "Ada", "Pop", seconds=1)
    bare.start()
    conf = bare.folder / "mpd.conf"
    bare.stop()
    conf.write_text("\n".join(line for line in conf.read_text().splitlines() if "sticker" not in line))
    bare.process = subprocess.Popen(["mpd", "--no-daemon", str(conf)], user=user(), group=group(), extra_groups=[])
    until(lambda: answers(bare.dial), "MPD", 60)
    bare.update()
    client = bare.client()
    assert stickers.read(client) == stickers.Kept()
    stickers.write(client, Remember("played", "happy", SUN, 200.0), 1)
    assert client.stats()["songs"] == "1", "the connection still stands"
    client.disconnect()


def test_nobody_waits_for_a_server_that_is_not_there() -> None:
    edge = Stickers(Dial("/nowhere/socket"))
    edge.start()
    for _ in range(stickers.WAITING + 10):
        edge.learned(Remember("played", "happy", SUN, 200.0))
    edge.stop()
