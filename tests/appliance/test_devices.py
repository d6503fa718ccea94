"""What the doctor says of the machine: its camera, its pins, its supply, as a person at a shell sees them."""

import os
from pathlib import Path

import pytest

from appliance import board, devices
from appliance.devices import Machine, Person
from tests.appliance.ward import ANA, ROOT, faults, machine


def of_devices(machine: Machine) -> dict[str, str]:
    return faults(list(devices.examine(machine)))


def test_a_camera_on_usb_or_on_the_ribbon_cable_is_one_and_a_codec_is_none(tmp_path: Path) -> None:
    bare = machine(tmp_path, video10="=codec")
    assert of_devices(bare) == {}, "a desk without a camera has the actor"
    (tmp_path / "model").write_bytes(b"Raspberry Pi 4 Model B")
    (tmp_path / "dev" / "gpiochip0").touch()
    assert "plug one in" in of_devices(bare)["camera"]
    assert "plug one in" in of_devices(machine(tmp_path, video13="=bcm2835-isp"))["camera"]
    assert of_devices(machine(tmp_path, video0="usb1")) == {}
    assert of_devices(machine(tmp_path / "pi", video0="=unicam")) == {}


def test_a_recording_or_an_actor_that_was_chosen_is_no_fault_on_a_pi_without_a_camera(tmp_path: Path) -> None:
    bare = machine(tmp_path)
    (tmp_path / "model").write_bytes(b"Raspberry Pi 4 Model B")
    (tmp_path / "dev" / "gpiochip0").touch()
    settings = tmp_path / "eye.toml"
    at = Machine(bare.dev, bare.sys, bare.model, ROOT, settings)
    for source in ("actor", f"replay:{tmp_path}"):
        settings.write_text(f'[camera]\nsource = "{source}"\n')
        assert of_devices(at) == {}
    settings.write_text(f'[camera]\nsource = "replay:{tmp_path}/gone"\n')
    assert "source" in of_devices(at)["camera"]
    (tmp_path / "gone").mkdir()
    assert of_devices(at) == {}
    for other in ('[camera]\nsource = "auto"\n', "[camera\n", '[camera]\nsource = "replay:"\n'):
        settings.write_text(other)
        assert "plug one in" in of_devices(at)["camera"], other


def test_a_camera_that_is_closed_to_the_eye_is_told_with_the_group_that_opens_it(tmp_path: Path) -> None:
    shut = machine(tmp_path, ANA, video0="usb1")
    assert "sudo usermod -aG" in of_devices(shut)["camera"]
    assert "ana" in of_devices(shut)["camera"]
    opened = Person("ana", 4711, frozenset({(tmp_path / "dev" / "video0").stat().st_gid}))
    assert of_devices(Machine(shut.dev, shut.sys, shut.model, opened)) == {}


def test_pins_are_missed_on_a_pi_alone_and_told_where_they_are_closed(tmp_path: Path) -> None:
    here = machine(tmp_path, video0="usb1")
    assert of_devices(here) == {}, "a desk has no pins, and needs none"
    (tmp_path / "model").write_bytes(b"Raspberry Pi 4 Model B")
    assert "pins' driver" in of_devices(here)["pins"]
    (tmp_path / "dev" / "gpiochip0").touch(mode=0o600)
    assert of_devices(here) == {}
    (tmp_path / "dev" / "video0").chmod(0o666)
    assert "closed to ana" in of_devices(Machine(here.dev, here.sys, here.model, ANA))["pins"]


@pytest.mark.parametrize(
    ("flags", "faulty"),
    [
        ("0", {}),
        ("50005", {"power": "too little, now", "heat": "held back, now"}),
        ("10000", {"power": "too little, at some time since the start"}),
        ("80000", {"heat": "held back, at some time since the start"}),
    ],
)
def test_a_weak_supply_and_heat_are_told_by_what_the_boards_firmware_notes(
    tmp_path: Path, flags: str, faulty: dict[str, str]
) -> None:
    here = machine(tmp_path)
    file = tmp_path / "sys/devices/platform/soc/soc:firmware/get_throttled"
    file.parent.mkdir(parents=True)
    file.write_text(f"{flags}\n")
    assert list(board.examine(here)) == [], "no Pi has no such firmware"
    (tmp_path / "model").write_bytes(b"Raspberry Pi 4 Model B")
    found = faults(list(board.examine(here)))
    assert set(found) == set(faulty) and all(words in found[what] for what, words in faulty.items())


def test_memory_without_limits_is_told_and_mended(tmp_path: Path) -> None:
    here = machine(tmp_path)
    (tmp_path / "model").write_bytes(b"Raspberry Pi 4 Model B")
    file = tmp_path / "sys/fs/cgroup/cgroup.controllers"
    file.parent.mkdir(parents=True)
    file.write_text("cpuset cpu io pids\n")
    assert "sudo reboot" in faults(list(board.examine(here)))["memory"]
    file.write_text("cpuset cpu io memory pids\n")
    assert faults(list(board.examine(here))) == {}


def test_a_device_of_a_group_without_a_name_is_told_by_its_number(tmp_path: Path) -> None:
    node = tmp_path / "gpiochip0"
    node.touch(mode=0o600)
    if os.geteuid() == 0:
        os.chown(node, 0, 54321)
        assert "-aG 54321 ana" in devices.barred("pins", node, ANA).fix
    assert devices.seer().name
