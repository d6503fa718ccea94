"""The owner and its shutter: closed by a hand at once, and by no restart, no fault and no word of the wire opened."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from firmware import wire
from firmware.expression import Network
from firmware.eye import SETTLED, CameraHung
from firmware.lookout import Looked
from firmware.shutter import Shutter
from tests.firmware.bench import Bench
from tests.firmware.test_wire import words


def test_a_long_press_closes_before_the_hand_lets_go_and_frees_the_camera(bench: Bench) -> None:
    bench.run(2)
    bench.eye.edge(True, bench.now)
    bench.run(1.55)
    assert bench.shutter.closed
    assert wire.Shutter(True) in bench.said
    assert bench.showing() == "closed"
    glances = len(bench.told(wire.Glance))
    bench.eye.edge(False, bench.now)
    bench.run(60)
    assert len(bench.told(wire.Glance)) == glances, "not one glance through a closed shutter"
    assert bench.told(wire.Health)[-1].camera == "closed"  # type: ignore[union-attr]  # told() keeps the kind


def test_a_long_press_frees_the_camera_and_is_told_however_long_the_card_takes(
    network: Network, tmp_path: Path
) -> None:
    deeds: list[Callable[[], None]] = []
    bench = Bench(network, tmp_path, deeds.append)
    bench.run(SETTLED)
    bench.eye.edge(True, bench.now)
    bench.run(1.55, answering=False)
    assert bench.wishes[-1] == "release" and bench.told(wire.Shutter) == [wire.Shutter(True)]
    bench.answer()
    bench.eye.edge(False, bench.now)
    bench.run(1.0)
    assert not Shutter(tmp_path / "shutter").closed, "it is not on the card yet"
    bench.eye.hear(wire.Again(), bench.now)
    assert not bench.eye.ending, "for it would be found open"
    while deeds:
        deeds.pop(0)()
    bench.eye.hear(wire.Again(), bench.now)
    assert bench.eye.ending and Shutter(tmp_path / "shutter").closed


def test_a_frame_that_was_under_way_when_it_closed_is_not_judged(bench: Bench) -> None:
    bench.run(2)
    bench.run(1.2, answering=False)
    assert bench.wishes == ["look"]
    glances = len(bench.told(wire.Glance))
    bench.eye.edge(True, bench.now)
    bench.run(1.6, answering=False)
    assert bench.wishes == ["look", "release"]
    bench.answer()
    assert len(bench.told(wire.Glance)) == glances
    bench.eye.edge(False, bench.now)
    bench.run(1)
    bench.hold(2)
    bench.run(2)
    assert len(bench.told(wire.Glance)) > glances, "opened by hand, it sees again"


def test_a_frame_from_before_it_was_closed_is_not_judged_once_it_is_open_again(bench: Bench) -> None:
    """A slow camera may answer only after a hand has closed the shutter and opened it."""
    bench.run(2)
    bench.run(1.2, answering=False)
    glances = len(bench.told(wire.Glance))
    for _ in ("closed", "opened"):
        bench.eye.edge(True, bench.now)
        bench.run(1.6, answering=False)
        bench.eye.edge(False, bench.now)
        bench.run(0.4, answering=False)
    assert not bench.shutter.closed and bench.wishes[0] == "look"
    bench.wishes.remove("look")
    bench.eye.outcome(Looked(bench.frame), bench.now)
    assert len(bench.told(wire.Glance)) == glances
    bench.run(2)
    assert len(bench.told(wire.Glance)) > glances


def test_the_shutter_opens_by_hand_only_when_the_hand_lets_go(bench: Bench) -> None:
    bench.shutter.move(True)
    bench.run(2)
    bench.eye.edge(True, bench.now)
    bench.run(3)
    assert bench.shutter.closed
    bench.eye.edge(False, bench.now)
    bench.run(2)
    assert not bench.shutter.closed
    assert bench.told(wire.Glance)


def test_shutting_the_box_down_leaves_the_shutter_as_it_was(bench: Bench) -> None:
    for closed in (False, True):
        bench.shutter.move(closed)
        bench.run(1)
        bench.hold(9)
        assert bench.shutter.closed == closed
        assert bench.told(wire.Gesture)[-1] == wire.Gesture("very_long")


def test_what_is_closed_stays_closed_over_a_restart(network: Network, tmp_path: Path) -> None:
    first = Bench(network, tmp_path)
    first.run(1)
    first.hold(2)
    again = Bench(network, tmp_path)
    again.run(30)
    assert again.wishes == [] and not again.told(wire.Glance)
    again.hold(2)
    again.run(1)
    assert again.told(wire.Glance)


@pytest.fixture(scope="module")
def closed(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    bench = Bench(network, tmp_path_factory.mktemp("closed"))
    bench.shutter.move(True)
    bench.run(1)
    return bench


@examples(max_examples=200)
@given(said=st.lists(words, min_size=1, max_size=6))
def test_nothing_that_the_wire_can_say_opens_the_shutter(said: list[wire.Word], closed: Bench) -> None:
    for word in said:
        closed.eye.hear(word, closed.now)
        closed.run(0.5)
    assert closed.shutter.closed
    assert closed.wishes == [] and not closed.told(wire.Glance)


def test_asked_to_start_again_it_ends_once_it_has_run_for_a_while(bench: Bench) -> None:
    bench.run(10)
    bench.eye.hear(wire.Again(), bench.now)
    assert not bench.eye.ending, "systemd would count the starts, and give up"
    bench.run(SETTLED)
    assert not bench.eye.ending, "what came too early is not heeded later"
    bench.eye.hear(wire.Again(), bench.now)
    assert bench.eye.ending


def test_it_does_not_end_under_a_hand_at_the_button(bench: Bench) -> None:
    bench.run(SETTLED + 1)
    bench.eye.edge(True, bench.now)
    bench.eye.hear(wire.Again(), bench.now)
    assert not bench.eye.ending
    bench.run(3)
    bench.eye.edge(False, bench.now)
    bench.run(1)
    assert bench.shutter.closed
    bench.eye.hear(wire.Again(), bench.now)
    assert bench.eye.ending


def test_a_closed_shutter_that_would_not_outlast_it_keeps_it_from_ending(
    bench: Bench, network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a phone, and a card that takes nothing, could open what a hand has closed."""
    bench.run(SETTLED + 1)

    def refused(word: bytes) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as card:
        card.setattr(bench.shutter, "_replace", refused)
        card.setattr(bench.shutter, "_overwrite", refused)
        bench.hold(3)
        bench.eye.hear(wire.Again(), bench.now)
        assert bench.shutter.closed and not bench.eye.ending
        assert not Shutter(tmp_path / "shutter").closed, "so it would have been found open"
    bench.eye.hear(wire.Again(), bench.now)
    assert bench.eye.ending and Shutter(tmp_path / "shutter").closed


def test_a_camera_that_hangs_while_the_shutter_closes_ends_this_half_closed(
    bench: Bench, network: Network, tmp_path: Path
) -> None:
    bench.run(2)
    bench.run(1.2, answering=False)
    bench.eye.edge(True, bench.now)
    with pytest.raises(CameraHung):
        bench.run(30, answering=False)
    again = Bench(network, tmp_path)
    again.run(5)
    assert again.shutter.closed and again.wishes == [], "ending has freed the camera, and nothing takes it again"
    again.hold(2)
    again.run(1)
    assert again.told(wire.Glance)
