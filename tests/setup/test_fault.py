"""The red lamp of a half that would not stay up."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from firmware import fault
from firmware.settings import LampSettings


@pytest.fixture
def etc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIEN_ETC", str(tmp_path))
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    return tmp_path / "eye.toml"


def test_when_its_time_is_over_it_ends_so_that_the_half_is_tried_again(etc: Path) -> None:
    """Run as its own process, for it takes signals and pins for itself."""
    assert subprocess.run([sys.executable, "-m", "firmware.fault", "0.2"], check=False, timeout=60).returncode == 75


def test_told_to_end_it_calls_nobody_back(etc: Path) -> None:
    lamp = subprocess.Popen([sys.executable, "-m", "firmware.fault", "300"], stderr=subprocess.PIPE, text=True)
    wait_for_signals(lamp.pid)
    lamp.terminate()
    assert lamp.wait(60) == 0
    assert lamp.stderr
    lamp.stderr.close()


def wait_for_signals(pid: int) -> None:
    """Until the process takes SIGTERM itself."""
    bit = 1 << (signal.SIGTERM - 1)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        status = Path(f"/proc/{pid}/status").read_text()
        if int(next(line for line in status.splitlines() if line.startswith("SigCgt")).split()[1], 16) & bit:
            return
        time.sleep(0.05)
    raise TimeoutError("it never took SIGTERM")


def test_without_pins_it_waits_in_the_dark_all_the_same(etc: Path) -> None:
    environment = os.environ | {"GPIOZERO_PIN_FACTORY": "nonsense"}
    done = subprocess.run(
        [sys.executable, "-m", "firmware.fault", "0.1"], env=environment, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    assert (done.returncode, "no lamp" in done.stderr) == (75, True)


def test_it_shines_on_the_households_pins_and_on_the_usual_ones_where_that_file_is_what_is_wrong(etc: Path) -> None:
    etc.write_text("[lamp]\nred = 5\n")
    assert fault.lamp_settings().red == 5
    etc.write_text("[lamp]\nred = 5\nnonsense = 1\n")
    assert fault.lamp_settings() == LampSettings()
