"""Settings: strict, and all that is wrong is told at once."""

import tomllib
from pathlib import Path

import pytest

from firmware.__main__ import DEFAULTS
from firmware.settings import Settings, SettingsError, read


def test_the_commented_defaults_are_the_defaults_and_leave_out_no_key() -> None:
    assert read(DEFAULTS) == Settings()
    told = tomllib.loads(DEFAULTS.read_text())
    for section, keys in told.items():
        assert set(keys) == set(getattr(Settings(), section).__struct_fields__), section
    assert set(told) == set(Settings.__struct_fields__)


def test_the_households_file_lies_over_the_defaults(tmp_path: Path) -> None:
    mine = tmp_path / "eye.toml"
    mine.write_text("[pace]\nalone = 0.5\n")
    assert read(DEFAULTS, mine).pace.alone == 0.5
    assert read(DEFAULTS, mine).pace.company == Settings().pace.company


def test_all_faults_are_told_at_once_and_mended_ones_are_taken(tmp_path: Path) -> None:
    mine = tmp_path / "eye.toml"
    mine.write_text('[camera]\nrotatoin = 90\nwidth = "wide"\n[lamps]\nred = 1\n[button]\npin = 24\n')
    with pytest.raises(SettingsError) as caught:
        read(DEFAULTS, mine)
    told = str(caught.value)
    assert len(caught.value.faults) == 4
    assert "did you mean rotation?" in told
    assert "camera.width" in told
    assert "did you mean lamp?" in told
    assert "lamp.camera and button.pin both want pin 24" in told
    mine.write_text("[camera]\nrotation = 90\n")
    assert read(DEFAULTS, mine).camera.rotation == 90


@pytest.mark.parametrize("text", ["[camera", "camera = 3", "\x00", "[pace]\nalone = nan"])
def test_a_file_that_is_no_toml_or_no_settings_is_named(tmp_path: Path, text: str) -> None:
    mine = tmp_path / "eye.toml"
    mine.write_text(text)
    with pytest.raises(SettingsError, match=r"eye\.toml"):
        read(DEFAULTS, mine)
