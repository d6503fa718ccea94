"""Settings: every fault at once, root over defaults, the phone over both, and a damaged file never stops the box."""

import os
import re
import time
from itertools import pairwise
from pathlib import Path

import pytest

from appliance import settings
from appliance.clock import quiet
from appliance.mood import Knobs as Filter
from appliance.settings import FIELDS, MusicSettings, QuietSettings, Settings, SettingsError
from appliance.store import Store

DEFAULTS = Path(__file__).parents[2] / "config" / "mien.toml"


def test_the_default_file_says_what_the_code_does_and_explains_each_key() -> None:
    assert settings.read(DEFAULTS) == Settings()
    lines = DEFAULTS.read_text().splitlines()
    keys = [line.split(" = ")[0] for line in lines if " = " in line and not line.startswith("#")]
    assert keys == [key.split(".")[1] for key in FIELDS]
    for before, line in pairwise(lines):
        assert before.startswith("#") or not re.match(r"\w+ = ", line), f"{line!r} has no comment"


def test_all_faults_are_told_at_once_with_the_nearest_key(tmp_path: Path) -> None:
    file = tmp_path / "mien.toml"
    file.write_text('[music]\ncieling = 3\nceiling = 300\npassword = 7\n[pege]\nport = 1\n[quiet]\nbegin = "25:00"\n')
    with pytest.raises(SettingsError) as caught:
        settings.read(file)
    told = str(caught.value)
    assert len(caught.value.faults) == 5
    assert "did you mean music.ceiling?" in told
    assert "did you mean page?" in told
    assert "***" in told
    file.write_text("[music]\nceiling = 30\n")
    assert settings.read(file).music.ceiling == 30


def test_a_secret_does_not_print() -> None:
    told = Settings(music=MusicSettings(password="hush"))
    assert "hush" not in f"{told} {told!r} {told.music}"
    assert "password='***'" in repr(told)


def test_what_a_phone_changes_lies_over_roots_and_stays(tmp_path: Path) -> None:
    root, own = tmp_path / "mien.toml", tmp_path / "settings.toml"
    root.write_text("[music]\nceiling = 50\nfade_in = 1.0\n")
    told: list[Settings] = []
    store = Store((root,), own, told.append)
    assert store.change({"music.ceiling": 40, "quiet.begin": "23:30", "manners.goal": "lift"}) == ()
    assert told[-1].music.ceiling == 40
    again = Store((root,), own).settings
    assert (again.music.ceiling, again.music.fade_in, again.quiet.begin, again.manners.goal) == (
        40,
        1.0,
        "23:30",
        "lift",
    )
    assert again.knobs(Filter()).goal == "lift"


def test_a_wrong_value_changes_nothing(tmp_path: Path) -> None:
    store = Store((), tmp_path / "settings.toml")
    faults = store.change({"music.ceiling": 101, "manners.goal": "party", "page.port": 1, "history.days": 3, "x.y": 1})
    assert {fault.key for fault in faults} == {"music.ceiling", "manners.goal", "page.port", "x.y"}
    assert store.settings == Settings()
    assert not (tmp_path / "settings.toml").exists()
    assert store.change({"history.days": 3}) == ()
    assert store.values()["history.days"] == 3


def test_a_damaged_file_is_set_aside_and_the_last_good_one_taken(tmp_path: Path) -> None:
    own = tmp_path / "settings.toml"
    store = Store((), own)
    store.change({"music.ceiling": 40})
    store.change({"music.ceiling": 41})
    own.write_bytes(own.read_bytes()[:20] + b"\xff\x00")
    again = Store((), own)
    assert again.settings.music.ceiling == 40
    assert "settings.toml.damaged" in again.trouble
    assert (tmp_path / "settings.toml.damaged").exists()
    assert again.change({"music.ceiling": 42}) == ()
    assert again.trouble == ""
    assert Store((), own).settings.music.ceiling == 42


def test_roots_damaged_file_leaves_the_defaults_and_says_so(tmp_path: Path) -> None:
    root = tmp_path / "mien.toml"
    root.write_text("[music\n")
    store = Store((root,), tmp_path / "settings.toml")
    assert store.settings == Settings()
    assert "mien.toml" in store.trouble
    root.write_text("[music]\nceiling = 9\n")
    assert Store((root,), tmp_path / "settings.toml").settings.music.ceiling == 9


def test_a_disk_that_takes_nothing_refuses_the_change_and_keeps_the_old(tmp_path: Path) -> None:
    place = tmp_path / "gone" / "settings.toml"
    store = Store((), place)
    (fault,) = store.change({"music.ceiling": 40})
    assert "cannot be saved" in fault.text
    assert store.settings.music.ceiling == 80
    place.parent.mkdir()
    assert store.change({"music.ceiling": 40}) == ()


def test_a_phone_file_cannot_hold_roots_keys(tmp_path: Path) -> None:
    own = tmp_path / "settings.toml"
    own.write_text('version = 1\n[page]\nhost = "1.2.3.4"\n')
    store = Store((), own)
    assert store.settings == Settings()
    assert "only root" in store.trouble


def test_quiet_hours_pass_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "TZ", "UTC")
    day = 1.8e9 - 1.8e9 % 86400
    hours = QuietSettings(on=True, begin="22:00", end="07:00")
    time.tzset()
    assert [quiet(hours, day + hour * 3600) for hour in (6, 7, 12, 21, 22, 23)] == [
        True,
        False,
        False,
        False,
        True,
        True,
    ]
    noon = QuietSettings(on=True, begin="12:00", end="14:00")
    assert [quiet(noon, day + hour * 3600) for hour in (11, 12, 14)] == [False, True, False]
    assert not quiet(QuietSettings(), day)
