"""What the mood's filter knows of the network's errors: what was measured, or else what is usual."""

import json
import logging
from pathlib import Path

import pytest

from appliance import places
from appliance.__main__ import Half
from appliance.confusions import filtered
from appliance.mood import CONFUSION


def test_the_running_half_weighs_readings_by_what_was_measured_of_the_network_that_ships(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = json.loads(places.CONTRACT.read_bytes())["confusion"]
    for name in ("ETC", "STATE", "RUN"):
        monkeypatch.setenv(f"MIEN_{name}", str(tmp_path / name.lower()))
    half = Half()
    assert half.owner._state.knobs.mood.confusion == tuple(map(tuple, told)) != CONFUSION


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (None, "is not there"),
        (b"\xff no contract", "is not taken"),
        (b'{"version": 1}', "is not taken"),
        (b'{"confusion": [[1.0, 0.0], [0.0, 1.0]]}', "are not 7 by 7"),
        (b'{"confusion": 7}', "is not taken"),
    ],
    ids=["missing", "damaged", "without", "too small", "another kind"],
)
def test_a_contract_that_cannot_be_had_is_told_and_the_usual_errors_stand_in_until_it_can(
    written: bytes | None, said: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    contract = tmp_path / "expression.json"
    if written is not None:
        contract.write_bytes(written)
    with caplog.at_level(logging.INFO):
        assert filtered(contract).confusion == CONFUSION
    assert said in caplog.text
    contract.write_bytes(places.CONTRACT.read_bytes())
    assert filtered(contract).confusion != CONFUSION
