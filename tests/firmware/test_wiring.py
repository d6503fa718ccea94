"""The wiring that is drawn is the wiring that the box drives."""

import re
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from firmware import boards, wiring
from firmware.settings import Settings, read

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = read(wiring.DEFAULTS)
KINDS: tuple[wiring.Kind, ...] = ("rgb", "three")


def with_lamp(**changes: object) -> Settings:
    return msgspec.structs.replace(SETTINGS, lamp=msgspec.structs.replace(SETTINGS.lamp, **changes))


@pytest.mark.parametrize("kind", KINDS)
def test_the_drawing_in_the_docs_is_the_one_that_the_settings_make(kind: wiring.Kind) -> None:
    """Else: python -m firmware.wiring KIND > docs/pictures/wiring-KIND.svg"""
    assert (ROOT / "docs" / "pictures" / f"wiring-{kind}.svg").read_text() == wiring.svg(SETTINGS, kind)


def test_each_board_of_the_page_is_drawn_with_its_camera_port_and_the_corner_of_its_first_pins() -> None:
    """Else: python -m firmware.boards > docs/pictures/boards.svg"""
    assert (ROOT / "docs" / "pictures" / "boards.svg").read_text() == boards.svg()
    row = next(line for line in (ROOT / "docs" / "wiring.md").read_text().splitlines() if line.startswith("| | Pi 3"))
    assert [board.name for board in boards.BOARDS] == [name.strip() for name in row.split("|")[2:-1]]
    for board in boards.BOARDS:
        words = {port.word for port in board.ports}
        assert {"camera", "power"} <= words
        assert ("jack" in words) == (board.name in ("Pi 3 B, 3 B+", "Pi 4 B")), "as the page's table says"
        assert all(0 <= port.x < board.wide and port.y < board.high for port in board.ports)


@pytest.mark.parametrize("kind", KINDS)
def test_every_pin_of_the_settings_is_drawn_by_its_number_and_its_place(kind: wiring.Kind) -> None:
    words = [node.text for node in ElementTree.fromstring(wiring.svg(SETTINGS, kind)).iter() if node.text]
    lamp = SETTINGS.lamp
    for pin in (lamp.red, lamp.green, lamp.blue, lamp.camera, SETTINGS.button.pin):
        place = wiring.GPIO[pin]
        assert f"{place} · GPIO {pin}" in words or f"GPIO {pin} · {place}" in words


def test_the_page_names_the_same_pins() -> None:
    page = (ROOT / "docs" / "wiring.md").read_text()
    lamp = SETTINGS.lamp
    for pin in (lamp.red, lamp.green, lamp.blue, lamp.camera, SETTINGS.button.pin, *wiring.I2S.values()):
        assert re.search(rf"\| GPIO {pin} \| {wiring.GPIO[pin]} \|", page), f"GPIO {pin}"


def test_the_wires_to_buy_are_as_many_as_are_drawn() -> None:
    legs = {part.name.partition(":")[0]: len(part.legs) for part in wiring.parts(SETTINGS, "rgb")}
    row = next(line for line in (ROOT / "docs" / "wiring.md").read_text().splitlines() if "jumper wires" in line)
    assert [int(number) for number in re.findall(r"\d+", row)] == [
        sum(legs.values()) - legs["Sound"],
        sum(legs.values()),
    ]


def test_each_place_of_the_connector_is_one_thing() -> None:
    assert not set(wiring.GPIO.values()) & set(wiring.POWER)
    assert sorted([*wiring.GPIO.values(), *wiring.POWER]) == list(range(1, 41))
    assert sorted(wiring.GPIO) == list(range(28))


def test_a_pin_of_the_dac_is_refused_by_its_use() -> None:
    with pytest.raises(wiring.Taken, match=r"lamp\.camera wants pin 18, which is the DAC's BCLK"):
        wiring.svg(with_lamp(camera=18), "rgb")


def test_a_common_anode_goes_to_the_supply_and_not_to_ground() -> None:
    assert "− ground, common" not in wiring.svg(with_lamp(anode=True), "rgb")
    assert "+ 3.3 V, common" in wiring.svg(with_lamp(anode=True), "rgb")


def test_the_camera_lamp_goes_to_ground_whatever_the_mood_lamps_common_leg_is() -> None:
    cathode, anode = (wiring.parts(with_lamp(anode=anode), "rgb")[-1] for anode in (False, True))
    assert cathode == anode and {leg.place for leg in anode.legs} == {wiring.GPIO[SETTINGS.lamp.camera], 20}


def test_a_household_with_other_pins_gets_a_drawing_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "eye.toml"
    own.write_text("[lamp]\nred = 12\n")
    assert wiring.main(["rgb", str(own)]) == 0
    assert "GPIO 12 · 32" in capsys.readouterr().out
    own.write_text("[lamp]\nred = 27\n")
    assert wiring.main(["rgb", str(own)]) == 1
    assert "both want pin 27" in capsys.readouterr().err
    assert wiring.main([]) == 2
