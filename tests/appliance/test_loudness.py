"""Nothing is ever too loud, whoever turned it up, and quiet hours are quiet."""

import pytest

from appliance.commands import SetVolume, Tell
from appliance.events import Hand, JukeboxLink, MoodPicked, PlayerChanged, QuietHours
from appliance.knobs import Knobs
from firmware import wire
from tests.appliance.living_room import LivingRoom, listening


@pytest.mark.parametrize(("asked", "given"), [(30, 30), (100, 80), (-5, 0)])
def test_the_page_turns_the_volume_but_never_over_the_ceiling(asked: int, given: int) -> None:
    room = listening("happy")
    assert SetVolume(given) in room.post(Hand("volume", "page", asked))


def test_a_volume_hand_that_names_none_turns_nothing() -> None:
    room = listening("happy")
    assert not [c for c in room.post(Hand("volume", "page")) if isinstance(c, SetVolume)]


def test_whoever_turns_it_over_the_ceiling_it_comes_down_once_per_ramp() -> None:
    room = listening("happy")
    loud = type(room.player)("play", room.player.song, 20.0, 100, room.player.upcoming)
    room.post(Hand("volume", "client", 100))
    given = list(room.post(PlayerChanged(loud)))
    assert given.count(SetVolume(80, over=2.0)) == 1
    room.wait(5)
    assert room.player.volume == 80


def test_quiet_hours_come_and_go_slowly() -> None:
    room = listening("happy")
    assert SetVolume(35, over=60.0, back=50) in room.post(QuietHours(True))
    assert room.post(QuietHours(True)) == []
    room.wait(100)
    assert SetVolume(50, over=60.0) in room.post(QuietHours(False))
    assert room.player.volume == 50


def test_the_lamp_is_as_bright_as_the_household_likes_and_dimmer_in_quiet_hours() -> None:
    room = listening("happy", Knobs(lamp=60, quiet_lamp=10))
    assert Tell(wire.Glow("happy", 0.1)) in room.post(QuietHours(True))
    assert Tell(wire.Glow("happy", 0.6)) in room.post(QuietHours(False))


def test_a_hand_on_the_music_as_quiet_hours_end_puts_the_volume_off_and_no_more() -> None:
    room = listening("happy")
    room.post(QuietHours(True))
    room.wait(100)
    room.post(Hand("skip", "page"))
    room.post(QuietHours(False))
    room.wait(600)
    assert room.player.volume == 35, "hands off"
    room.wait(400)
    assert room.player.volume == 50


def test_a_music_server_found_in_quiet_hours_is_quiet_and_has_its_volume_back_after_them() -> None:
    room = LivingRoom(connect=False)
    room.post(QuietHours(True))
    room.player = type(room.player)(volume=60)
    room.post(JukeboxLink("up", songs=40))
    room.tell_player()
    room.wait(100)
    assert room.player.volume == 35
    room.post(QuietHours(False))
    room.wait(100)
    assert room.player.volume == 60


@pytest.mark.parametrize("still", [True, False], ids=["in quiet hours", "after them"])
def test_a_box_restarted_at_the_quiet_volume_still_brings_the_loud_one_back(still: bool) -> None:
    room = LivingRoom(connect=False)
    room.player = type(room.player)(volume=35)
    room.post(JukeboxLink("up", songs=40, eased=(35, 60)))
    room.tell_player()
    room.wait(100)
    assert room.player.volume == 35, "no clock is believed yet"
    if still:
        room.post(QuietHours(True))
        room.wait(100)
        assert room.player.volume == 35
    room.post(QuietHours(False))
    room.wait(2)
    assert room.player.volume == 60


def test_a_volume_that_somebody_turned_while_the_box_was_off_stays() -> None:
    room = LivingRoom(connect=False)
    room.player = type(room.player)(volume=20)
    room.post(JukeboxLink("up", songs=40, eased=(35, 60)))
    room.tell_player()
    room.post(QuietHours(False))
    room.wait(100)
    assert room.player.volume == 20


def test_a_volume_that_somebody_turned_in_quiet_hours_stays() -> None:
    room = listening("happy")
    room.post(QuietHours(True))
    room.wait(100)
    room.post(Hand("volume", "page", 20))
    assert not [c for c in room.post(QuietHours(False)) if isinstance(c, SetVolume)]


def test_a_low_volume_needs_no_quiet() -> None:
    room = LivingRoom()
    room.player = type(room.player)(volume=20)
    room.tell_player()
    assert not [c for c in room.post(QuietHours(True)) if isinstance(c, SetVolume)]
    assert not [c for c in room.post(QuietHours(False)) if isinstance(c, SetVolume)]


def test_in_quiet_hours_no_music_starts_unasked_but_a_wish_is_met() -> None:
    room = LivingRoom()
    room.post(QuietHours(True))
    room.somebody("happy")
    room.wait(60)
    assert (room.plays, room.snapshot.quiet) == ("", True)
    room.post(MoodPicked("happy"))
    assert room.plays == "happy"


def test_in_quiet_hours_music_that_waited_goes_on_when_they_end() -> None:
    room = listening("happy")
    room.nobody()
    room.wait(130)
    room.post(QuietHours(True))
    room.somebody("happy")
    room.wait(60)
    assert room.plays == ""
    room.post(QuietHours(False))
    room.wait(2)
    assert room.plays == "happy"
