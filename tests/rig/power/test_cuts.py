"""The mains are cut while the box is at its busiest: it starts, and has all that it promised to keep."""

import shutil
import subprocess
from dataclasses import replace

import pytest

from tests.rig.power.cuts import Record, cut, recorded
from tests.rig.power.keepers import KEEPERS

CUTS, SEED = 60, 20260131


def traceable() -> bool:
    """Where tracing is forbidden (some containers), no record can be made."""
    return bool(shutil.which("strace")) and not subprocess.run(["strace", "-o", "/dev/null", "true"]).returncode


pytestmark = pytest.mark.skipif(not traceable(), reason="strace is not installed, or may trace nothing here")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    return recorded(SEED, 60, tmp_path_factory.mktemp("box"))


def test_nothing_that_was_promised_is_lost_and_nothing_is_found_damaged(record: Record) -> None:
    outcomes = [one for each in cut(record, SEED, CUTS) for one in each]
    assert len({one.step for one in outcomes}) == CUTS
    assert [str(one) for one in outcomes if one.lost] == []
    assert [f"{one}: {one.trouble}" for one in outcomes if one.trouble] == []


def test_the_cuts_find_a_writer_that_syncs_nothing(record: Record) -> None:
    careless = replace(record, lines=tuple(line for line in record.lines if "sync(" not in line))
    outcomes = [one for each in cut(careless, SEED, 40) for one in each]
    assert {one.keeper for one in outcomes if one.lost} == set(KEEPERS)
