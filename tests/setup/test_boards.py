"""install on the boards themselves: which one it is, what its cards of sound are, what its boot lines bring."""

import subprocess

from tests.setup.box import DEBIAN, Box

PI = "Raspberry Pi 4 Model B Rev 1.5"
CONF = "etc/mien/mpd.conf"


def sound(box: Box) -> str:
    return next(line.strip() for line in (box.root / CONF).read_text().splitlines() if "CARD=" in line)


def word(box: Box) -> str:
    return (box.root / "boot/firmware/cmdline.txt").read_text()


def test_a_board_that_it_was_not_made_for_is_told_and_served_all_the_same(box: Box) -> None:
    for model, told in (
        (PI, False),
        ("Raspberry Pi Zero 2 W Rev 1.0", False),
        ("Raspberry Pi 500 Rev 1.0", False),
        ("Raspberry Pi Compute Module 4 Rev 1.1", False),
        ("Raspberry Pi 2 Model B Rev 1.2", True),
    ):
        box.pi(model)
        assert (f"This is a {model}." in board(box)) == told
    assert f"This is a {model}." in box.well("install", "--dry-run")


def board(box: Box) -> str:
    """What that step says by itself."""
    script = 'eval "$(sed \'$d\' "$1/setup.sh")"; HERE=$1; . "$1/install/box.sh"; board'  # all of it but its last line
    done = subprocess.run(
        ["bash", "-c", script, "-", str(box.checkout)], env=box.environ, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_a_pi_with_debian_itself_is_served_without_the_camera_library_that_only_its_own_system_has(box: Box) -> None:
    box.pi(PI)
    assert "python3-picamera2" in box.well("install", "--dry-run")
    (box.root / "etc/rpi-issue").unlink()
    said = box.well("install", "--dry-run")
    assert "python3-picamera2" not in said and "a USB camera will do" in said and "python3-lgpio" in said


def test_the_microphone_of_a_usb_camera_is_never_taken_for_the_speaker(box: Box) -> None:
    box.cards("vc4hdmi0", "-C270", "Headphones")
    box.well("install")
    assert "CARD=Headphones" in sound(box)
    done = box.setup("install", "--sound", "C270")
    assert done.returncode != 0 and "There are: vc4hdmi0 Headphones (" in done.stderr


def test_a_dac_that_comes_with_its_boot_lines_is_taken_by_the_next_install(box: Box) -> None:
    """Before that start it is not there, so the first install can but take the jack."""
    box.pi(PI)
    box.cards("vc4hdmi0", "Headphones")
    said = box.well("install", "--overlay", "hifiberry-dac")
    assert "sudo reboot" in said and "sudo ./setup.sh install" in said
    assert "CARD=Headphones" in sound(box)
    box.cards("vc4hdmi0", "Headphones", "sndrpihifiberry")
    assert "sudo reboot" not in box.well("install")
    assert "CARD=sndrpihifiberry" in sound(box)
    box.cards("vc4hdmi0", "Headphones", "Headset", "sndrpihifiberry")
    box.well("install")
    assert "CARD=sndrpihifiberry" in sound(box), "one that serves is kept"


def test_a_dac_that_is_named_beside_its_boot_line_is_taken_at_once(box: Box) -> None:
    box.pi(PI)
    box.cards("vc4hdmi0")
    box.well("install", "--overlay", "hifiberry-dac", "--sound", "sndrpihifiberry")
    assert "CARD=sndrpihifiberry" in sound(box)


def test_a_card_that_a_person_chose_stays_though_it_is_unplugged_and_so_does_none(box: Box) -> None:
    box.cards("Headphones", "Speaker")
    box.well("install", "--sound", "Speaker")
    box.cards("Headphones")
    assert 'The sound card "Speaker" is not there now' in box.well("install")
    assert "CARD=Speaker" in sound(box)
    box.well("install", "--sound", "none")
    box.well("install")
    assert '"nowhere"' in (box.root / CONF).read_text()


def test_memory_is_limited_on_raspberry_pi_os_which_starts_without_that_and_is_given_back_as_it_was(box: Box) -> None:
    box.pi(PI)
    before = word(box)
    assert "sudo reboot" in box.well("install")
    assert word(box) == before.rstrip("\n") + " cgroup_enable=memory\n"
    (box.place / "debian").write_text("\n".join((*DEBIAN, "python3-picamera2", "python3-lgpio")))
    assert box.well("install").startswith("Nothing to do")
    box.well("uninstall", "--keep-history")
    assert word(box) == before


def test_a_system_whose_memory_is_limited_already_keeps_its_boot_line(lived: Box) -> None:
    for where, more in (
        ("boot/firmware/cmdline.txt", " cgroup_enable=memory\n"),
        ("sys/fs/cgroup/cgroup.controllers", " memory\n"),
    ):
        lived.pi(PI)
        file = lived.root / where
        file.write_text(file.read_text().rstrip("\n") + more)
        before = word(lived)
        lived.well("install")
        assert word(lived) == before
    lived.well("uninstall", "--forget")
    assert word(lived) == before
