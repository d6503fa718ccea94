"""uninstall: nothing is left but the music, and what was asked for."""

import pytest

from tests.setup.box import DEBIAN, Box


def test_uninstall_leaves_nothing_but_the_music(box: Box) -> None:
    before = box.tree()
    box.well("install")
    for name in ("mien", "mien-eye", "mien-mpd"):
        (box.root / "var/lib" / name).mkdir(parents=True)
    box.well("uninstall", "--forget")
    left = {path for path, what in box.tree().items() if path not in before and not what.endswith(" folder")}
    assert left == {"srv/music/Mien/song.flac"}
    assert not {"usr/local/lib/systemd", "usr/local/lib/sysusers.d", "etc/udev"} & box.tree().keys(), "empty folders"
    assert "userdel mien-eye" in box.asked()


def test_uninstall_keeps_history_where_asked_and_refuses_where_it_cannot_ask(lived: Box) -> None:
    history = lived.root / "var/lib/mien/history.db"
    history.parent.mkdir(parents=True)
    history.write_text("years")
    assert lived.setup("uninstall").returncode != 0
    assert lived.living()
    lived.well("uninstall", "--keep-history")
    assert history.read_text() == "years"
    assert not (lived.root / "opt/mien").exists()


def test_the_last_uninstall_still_knows_the_packages_of_the_first_install(lived: Box) -> None:
    """However often the box went with its history kept, and came back when Debian's packages were there already."""
    lived.well("uninstall", "--keep-history")
    (lived.place / "debian").write_text("\n".join(DEBIAN))
    lived.well("install")
    lived.well("uninstall", "--forget", "--packages")
    removed = next(line for line in lived.asked() if line.startswith("apt-get autoremove --purge"))
    assert set(DEBIAN) <= set(removed.split())


def test_a_dry_uninstall_names_what_would_go_and_lets_it_be(lived: Box) -> None:
    before = lived.tree()
    said = lived.well("uninstall", "--dry-run", "--forget")
    assert "rm -rf" in said and "/opt/mien" in said and "is gone" not in said
    assert lived.tree() == before


@pytest.mark.parametrize(("code", "told"), [(0, False), (69, True)])
def test_the_homes_broker_is_told_that_the_box_goes_if_one_is_named(lived: Box, code: int, told: bool) -> None:
    settings, mien = lived.root / "etc/mien/mien.toml", lived.root / "usr/local/bin/mien"
    settings.write_text(settings.read_text() + '\n[broker]\naddress = "hub"\n')
    mien.write_text(f'#!/bin/sh\necho "mien $*" >>"$BOX/asked"\nexit {code}\n')
    said = lived.well("uninstall", "--forget")
    asked = lived.asked()
    assert asked.index("mien farewell") > max(
        at for at, line in enumerate(asked) if line.startswith("systemctl disable")
    )
    assert ("docs/mqtt.md" in said) == told and not mien.exists()


def test_without_a_broker_nobody_is_told(lived: Box) -> None:
    (lived.root / "usr/local/bin/mien").write_text('#!/bin/sh\necho "mien $*" >>"$BOX/asked"\n')
    lived.well("uninstall", "--forget")
    assert not [line for line in lived.asked() if line.startswith("mien ")]
