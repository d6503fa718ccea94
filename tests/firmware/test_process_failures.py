"""The running half killed, left alone, and given what it cannot take: it says why, and the next start sees again."""

import json
import shutil
from pathlib import Path

import pytest

from firmware import wire
from firmware.__main__ import AGAIN, BAD_MODEL, BAD_SETTINGS
from tests.firmware.half import Half


def test_the_shutter_closes_with_the_other_half_dead_and_stays_so_over_a_kill(half: Half) -> None:
    half.start()
    half.order("long")
    assert (half.folder / "state" / "shutter").read_bytes() == b"closed\n"
    assert half.process is not None
    half.process.kill()
    half.wait()
    half.listen()
    half.start()
    assert half.until(lambda w: isinstance(w, wire.Shutter)) == wire.Shutter(True)
    health = half.until(lambda w: isinstance(w, wire.Health))
    assert isinstance(health, wire.Health) and health.camera == "closed"
    half.order("long")
    half.condition("seen")


def test_asked_by_the_other_half_it_ends_to_be_started_again_and_a_closed_shutter_stays_closed(half: Half) -> None:
    """The real process, but for the minute and a half that it must have run."""
    half.listen()
    half.start(settled=0.0)
    half.condition("seen")
    assert half.channel is not None
    half.order("long")
    half.until(lambda w: w == wire.Shutter(True))
    half.channel.sendall(wire.pack(wire.Again()))
    assert half.wait() == AGAIN
    half.forget()
    half.start()
    assert half.until(lambda w: isinstance(w, wire.Shutter)) == wire.Shutter(True)
    assert half.channel is not None
    half.channel.sendall(wire.pack(wire.Again()))
    health = half.until(lambda w: isinstance(w, wire.Health))
    assert isinstance(health, wire.Health) and health.camera == "closed", "one that has only just begun goes on"
    half.order("long")
    half.condition("seen")


@pytest.mark.parametrize("moment", ["at once", "before the first glance", "seen", "moving the shutter", "camera lost"])
def test_killed_at_any_moment_the_next_start_sees_again(half: Half, moment: str) -> None:
    half.listen()
    half.start()
    if moment != "at once":
        half.until(lambda w: isinstance(w, wire.Hello))
    if moment in ("seen", "camera lost", "moving the shutter"):
        half.condition("seen")
    if moment == "camera lost":
        half.order("lose")
        half.until(lambda w: isinstance(w, wire.Health) and w.camera == "lost")
    if moment == "moving the shutter":
        half.order("long")
        half.order("long")
    assert half.process is not None
    half.process.kill()
    half.wait()
    left = {file.name for file in (half.folder / "state").iterdir()}
    assert left <= {"shutter", "shutter.new"}, "at worst a file half written, beside the whole one"
    half.forget()
    half.start()
    if half.until(lambda w: isinstance(w, wire.Shutter)) == wire.Shutter(True):
        half.order("long")  # as the hand would: the kill came between closing and opening
    half.condition("seen")


def test_the_other_half_may_die_and_return(half: Half) -> None:
    half.listen()
    half.start()
    half.condition("seen")
    half.forget()
    assert isinstance(half.until(lambda w: isinstance(w, wire.Hello)), wire.Hello)
    half.condition("seen")


def test_a_model_that_is_missing_or_damaged_stops_it_with_the_reason_and_a_whole_one_starts_it(
    half: Half, model: Path
) -> None:
    half.model = half.folder / "expression.tflite"
    contract = half.model.with_suffix(".json")
    half.start()
    assert half.wait() == BAD_MODEL
    assert "expression.tflite: cannot be read" in half.log() and "restore models/" in half.log()
    whole = model.read_bytes()
    half.model.write_bytes(whole)
    half.start()
    assert half.wait() == BAD_MODEL
    assert "expression.json: cannot be read" in half.log()
    shutil.copy(model.with_suffix(".json"), contract)
    half.model.write_bytes(whole[: len(whole) // 2])
    half.start()
    assert half.wait() == BAD_MODEL
    assert "is for network" in half.log()
    half.model.write_bytes(whole)
    half.listen()
    half.start()
    half.condition("seen")


def test_a_model_of_another_shape_stops_it_with_the_reason_and_the_right_one_starts_it(half: Half, model: Path) -> None:
    half.model = half.folder / "expression.tflite"
    shutil.copy(model, half.model)
    contract = half.model.with_suffix(".json")
    right = json.loads(model.with_suffix(".json").read_text())
    contract.write_text(json.dumps(right | {"side": right["side"] + 16}))
    half.start()
    assert half.wait() == BAD_MODEL
    assert f"not one int8 [1, {right['side'] + 16}" in half.log()
    contract.write_text(json.dumps(right))
    half.listen()
    half.start()
    half.condition("seen")


def test_corrupt_settings_stop_it_with_every_fault_and_mended_ones_start_it(half: Half) -> None:
    mine = half.folder / "etc" / "eye.toml"
    mine.write_text("[camera]\nwidht = 320\n[pace]\nalone = 99\n")
    half.start()
    assert half.wait() == BAD_SETTINGS
    assert "did you mean width?" in half.log() and "pace.alone" in half.log()
    mine.write_bytes(bytes(range(128, 256)) * 8)
    half.start()
    assert half.wait() == BAD_SETTINGS
    assert "eye.toml: cannot be read" in half.log()
    mine.write_text("[pace]\nalone = 2.0\n")
    half.listen()
    half.start()
    half.condition("seen")
