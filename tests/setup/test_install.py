"""install: each step told, none half done, and whatever was interrupted repeated from its beginning."""

import os
import pty
import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.setup.box import DEBIAN, RESTART, Box


def test_a_dry_run_tells_each_step_in_order_and_does_none(box: Box) -> None:
    before = box.tree()
    said = box.well("install", "--dry-run")
    steps = [
        f"Debian packages: {' '.join(DEBIAN)}",
        "The release in /opt/mien/releases/",
        "Its Python packages",
        "A trial of it",
        "Users",
        "Settings in /etc/mien",
        "songs from /srv/music, sound to sndrpihifiberry",
        "The music folder /srv/music",
        "The folder /srv/music/from-phones",
        "Its name in the home's network",
        "The command mien",
        "composes",
        "The release begins to live",
        "The units",
        "Start",
    ]
    places = [said.index(step) for step in steps]
    assert places == sorted(places)
    assert box.tree() == before
    assert not [line for line in box.asked() if re.match(r"apt-get|pip|systemctl (enable|restart)|systemd-", line)]


def test_install_ends_with_units_at_work_and_the_page_told(box: Box) -> None:
    said = box.well("install")
    asked = box.asked()
    assert "http://192.168.1.20:8080" in said
    assert any("--require-hashes --only-binary :all: -r" in line for line in asked)
    assert asked.index("systemctl daemon-reload") < asked.index(RESTART)
    assert 'device "default:CARD=sndrpihifiberry"' in (box.root / "etc/mien/mpd.conf").read_text()
    assert 'server = "/run/mien-mpd/socket"' in (box.root / "etc/mien/mien.toml").read_text()
    assert (box.root / "srv/music/Mien/song.flac").exists()
    assert oct((box.root / "etc/mien/mien.toml").stat().st_mode)[-3:] == "640", "it may hold a password"


def test_the_chime_is_heard_before_the_music_has_the_card(box: Box) -> None:
    box.fake("aplay", f'cat >/dev/null; echo "aplay $*" >>"{box.place}/asked"')
    assert "A chime on sndrpihifiberry" in box.well("install")
    asked = box.asked()
    heard = asked.index("aplay -q -D default:CARD=sndrpihifiberry -")
    assert asked.index("systemctl stop mien-mpd.service") < heard < asked.index(RESTART)


APT = """
case "$1" in install)
    for share in 0.0000 42.8571 100.0000; do echo "pmstatus:mpd:$share:Unpacking mpd" >&2; done
    echo "E: the archive is full of holes" >&2; exit 100 ;;
esac"""


def test_whoever_watches_sees_how_far_debians_packages_are_and_what_they_complain_of(box: Box) -> None:
    ours, theirs = pty.openpty()
    box.fake("apt-get", APT)
    done = subprocess.run(
        [str(box.checkout / "setup.sh"), "install"], env=box.environ, check=False, timeout=120, text=True,
        stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(theirs)
    assert "\r    42 % " in os.read(ours, 65536).decode()
    os.close(ours)
    assert done.returncode != 0 and "full of holes" in done.stderr and "pmstatus" not in done.stderr
    assert "%" not in box.setup("install").stdout, "nobody watches"


def test_the_second_install_says_one_line_and_changes_nothing(lived: Box) -> None:
    (lived.place / "debian").write_text("\n".join(DEBIAN))
    before = lived.tree()
    (lived.place / "asked").unlink()
    said = lived.well("install")
    assert said.startswith("Nothing to do") and said.count("\n") == 1
    assert lived.tree() == before
    assert not [line for line in lived.asked() if re.match(r"apt-get|systemctl (enable|restart|stop)", line)]


def test_what_was_chosen_once_is_kept_when_install_is_repeated_without_it(box: Box) -> None:
    music = box.place / "songs"
    music.mkdir()
    box.well("install", "--music", str(music), "--sound", "Headphones", "--camera", "usb")
    before = box.tree()
    box.well("install")
    assert box.tree() == before
    assert f'music_directory     "{music}"' in (box.root / "etc/mien/mpd.conf").read_text()


def test_a_music_server_elsewhere_means_none_here(box: Box) -> None:
    box.well("install", "--mpd", "nas.local:6600")
    assert 'server = "nas.local:6600"' in (box.root / "etc/mien/mien.toml").read_text()
    assert not (box.root / "etc/mien/mpd.conf").exists()
    assert not any("mien-mpd" in line for line in (box.place / "enabled").read_text().splitlines())
    assert not any(line.startswith("apt-get install") and " mpd" in line for line in box.asked())


def test_music_in_a_home_is_shown_to_the_music_server_and_nothing_else_of_that_home(box: Box) -> None:
    box.well("install", "--music", "/home/ann/My Music")
    lines = (box.root / "etc/systemd/system/mien-mpd.service.d/music.conf").read_text().splitlines()
    assert lines[1:] == ['BindReadOnlyPaths="-/home/ann/My Music"']
    lines = (box.root / "etc/systemd/system/mien.service.d/music.conf").read_text().splitlines()
    assert lines[1:] == ["ProtectHome=tmpfs", 'BindPaths="-/home/ann/My Music/from-phones"']


def test_phones_may_bring_songs_into_one_folder_of_the_music_and_the_box_composes_beside_it(lived: Box) -> None:
    lines = (lived.root / "etc/systemd/system/mien.service.d/music.conf").read_text().splitlines()
    assert lines[1:] == ['ReadWritePaths="-/srv/music/from-phones"']
    assert (lived.root / "srv/music/from-phones").is_dir() and (lived.root / "srv/music/Mien/song.flac").exists()
    (lived.root / "srv/music/from-phones/song.flac").write_text("la")
    lived.well("uninstall", "--forget")
    assert (lived.root / "srv/music/from-phones/song.flac").read_text() == "la"


def test_settings_that_somebody_wrote_are_left_as_they_are(box: Box) -> None:
    own = box.root / "etc/mien/mien.toml"
    own.parent.mkdir()
    own.write_text('[music]\nserver = "/run/mien-mpd/socket"\nceiling = 40\n[choice]\nsong_hours = 2\n')
    before = own.read_text()
    box.well("install")
    assert own.read_text() == before


READERS = """
HERE=$1 MIEN_ROOT= DRY= CHANGED=
step() { echo "$*"; }
. install/box.sh
SETTINGS=$2 MPD=
chown() { printf '640 %s\n' "$1" >"$SETTINGS.owner"; }
stat() { cat "$SETTINGS.owner"; }
settings
"""


def test_a_box_that_comes_back_to_settings_that_were_kept_may_read_them(box: Box) -> None:
    """An uninstall with --keep-history leaves them to root, for whoever read them goes."""
    own = box.place / "mien.toml"
    own.write_text('[music]\nserver = "/run/mien-mpd/socket"\n')
    owner = own.with_suffix(".toml.owner")
    owner.write_text("640 root:root\n")

    def again() -> str:
        script = ["bash", "-euc", READERS, "-", str(box.checkout), str(own)]
        return subprocess.run(script, cwd=box.checkout, capture_output=True, text=True, check=True).stdout

    assert "may read" in again()
    assert owner.read_text() == "640 root:mien\n"
    assert own.stat().st_mode & 0o777 == 0o640
    assert again() == "", "and then there is nothing to do"


def test_boot_lines_are_written_once_where_asked_and_taken_out_again(box: Box) -> None:
    config = box.root / "boot/firmware/config.txt"
    config.parent.mkdir(parents=True)
    config.write_text("dtparam=audio=on\n")
    box.well("install", "--overlay", "hifiberry-dac", "--overlay", "imx519")
    box.well("install", "--overlay", "hifiberry-dac", "--overlay", "imx519")
    text = config.read_text()
    assert text.startswith("dtparam=audio=on\n")
    assert text.count("dtoverlay=hifiberry-dac\n") == text.count("dtoverlay=imx519\n") == 1
    box.well("uninstall", "--forget")
    assert config.read_text() == "dtparam=audio=on\n"


def test_a_machine_without_a_sound_card_plays_in_silence_until_it_has_one_and_is_told(box: Box) -> None:
    box.cards()
    assert "There is no sound card" in box.well("install")
    assert '"nowhere"' in (box.root / "etc/mien/mpd.conf").read_text()
    box.cards("Device")
    box.well("install")
    assert "CARD=Device" in (box.root / "etc/mien/mpd.conf").read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="only under sudo are files given to somebody else")
def test_what_is_written_into_a_checkout_under_sudo_is_its_owners(box: Box) -> None:
    box.environ |= {"SUDO_UID": "4711", "SUDO_GID": "4711"}
    box.well("install")
    assert {(box.checkout / ".cache" / name).stat().st_uid for name in (".", "apt.log")} == {4711}


def test_debians_own_music_server_is_put_to_rest_though_the_install_was_cut_short_after_apt(box: Box) -> None:
    (box.root / "run/systemd/system").mkdir(parents=True)
    (box.root / "etc/mien").mkdir()
    (box.root / "etc/mien/packages").write_text("ffmpeg\nmpd\n")
    (box.place / "debian").write_text("\n".join(DEBIAN))
    (box.place / "enabled").write_text("mpd.service\n")
    box.well("install")
    assert "systemctl disable --quiet --now mpd.service mpd.socket" in box.asked()


def test_a_music_server_that_was_there_before_is_let_be(box: Box) -> None:
    (box.root / "run/systemd/system").mkdir(parents=True)
    (box.root / "etc/mpd.conf").write_text("mine")
    (box.place / "debian").write_text("mpd")
    (box.place / "enabled").write_text("mpd.service\n")
    box.well("install")
    box.well("uninstall", "--forget", "--packages")
    assert not [line for line in box.asked() if re.search(r"(disable|purge).* mpd(\.service)?( |$)", line)]
    assert (box.root / "etc/mpd.conf").read_text() == "mine"


def test_a_system_with_another_python_gets_another_release(lived: Box) -> None:
    """As one does that went from Bookworm to Trixie, where the old one's environment is dead."""
    old = lived.living()
    python = lived.root / "usr/bin/python3"
    python.write_text(python.read_text().replace("echo 3.11", "echo 3.13"))
    (lived.root / "etc/os-release").write_text("VERSION_CODENAME=trixie\n")
    lived.well("install")
    assert lived.living() != old
    assert any(line.endswith("install/python-3.13.txt") for line in lived.asked())


def test_a_dry_run_on_a_system_without_python_knows_which_will_come(box: Box) -> None:
    (box.root / "usr/bin/python3").unlink()
    assert "install/python-3.11.txt" in box.well("install", "--dry-run")


def test_install_killed_at_each_step_and_repeated_ends_in_the_same_tree(box: Box, tmp_path: Path) -> None:
    whole = Box(tmp_path / "whole")
    whole.well("install")
    killed: set[str] = set()
    while (step := killed_at_a_new_step(box, killed)) is not None:
        killed.add(step)
    assert len(killed) >= 12
    mine = {path: what.replace(str(box.place), "") for path, what in box.tree().items()}
    theirs = {path: what.replace(str(whole.place), "") for path, what in whole.tree().items()}
    assert mine == theirs


def killed_at_a_new_step(box: Box, known: set[str]) -> str | None:
    """The step at which it was killed; None where there was none that was not known."""
    running = subprocess.Popen(
        [str(box.checkout / "setup.sh"), "install"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        stdin=subprocess.DEVNULL, env=box.environ, start_new_session=True,
    )  # fmt: skip
    assert running.stdout
    try:
        for line in running.stdout:
            if line.startswith("-> ") and line not in known:
                os.killpg(running.pid, signal.SIGKILL)
                return line
        return None
    finally:
        running.stdout.close()
        running.wait(60)
