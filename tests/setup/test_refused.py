"""install: what does not fit, is not understood or fails is told with its fix, and nothing is left behind."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.setup.box import DEBIAN, ROOT, Box


def cloned_long_ago(box: Box) -> None:
    """By a clock that was as wrong as it is now."""
    os.utime(box.checkout / "setup.sh", (0, 0))
    box.fake("date", "echo 9")


def no_dpkg(box: Box) -> str:
    """Where a machine of another kind has its programs: all of this one's, but for Debian's own."""
    folder = box.place / "programs"
    folder.mkdir()
    for file in Path("/usr/bin").iterdir():
        if not file.name.startswith(("dpkg", "apt")):
            (folder / file.name).symlink_to(file)
    return f"{box.place / 'tools'}:{folder}"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda box: (box.place / "architecture").write_text("armhf\n"), "64-bit edition"),
        (lambda box: (box.root / "etc/os-release").write_text("VERSION_CODENAME=bullseye\n"), "bullseye"),
        (lambda box: (box.place / "tools/dpkg").unlink() or box.environ.update(PATH=no_dpkg(box)), "This is no Debian"),
        (lambda box: box.fake("df", "echo Avail; echo 900M"), "Only 900 MB are free"),
        (lambda box: box.fake("date", "echo 1000000000"), "The clock stands at"),
        (cloned_long_ago, "The clock stands at"),
    ],
)
def test_a_machine_that_does_not_fit_is_refused_with_the_fix_and_left_alone(
    box: Box, spoil: "object", words: str
) -> None:
    assert callable(spoil)
    spoil(box)
    before = box.tree()
    done = box.setup("install")
    assert done.returncode != 0
    assert words in done.stderr
    assert {path for path in box.tree() if path != "run"} == set(before)


@pytest.mark.parametrize(
    "words",
    [
        ("--mpd", "nas"),
        ("--mpd", 'a:6600"\nx'),
        ("--music", '/a"b'),
        ("--camera", "phone"),
        ("--overlay", "a;b"),
        ("--keep-history",),
        ("-x",),
    ],
)
def test_words_that_are_not_understood_change_nothing(box: Box, words: tuple[str, ...]) -> None:
    done = box.setup("install", *words)
    assert done.returncode != 0 and done.stderr
    assert not (box.root / "opt").exists()


def test_each_flag_belongs_to_its_verb_and_help_is_given_by_each(lived: Box) -> None:
    before = lived.tree()
    for verb, flag in (
        ("upgrade", "--keep=x"),
        ("upgrade", "--sound"),
        ("uninstall", "--mpd"),
        ("upgrade", "--forget"),
    ):
        assert lived.setup(verb, flag, "nas:6600").returncode != 0
    for verb in ("install", "upgrade", "uninstall"):
        assert "./setup.sh help" in lived.well(verb, "--help")
    assert lived.tree() == before


def test_a_lost_network_is_told_with_the_fix_be_it_apt_or_pip_that_misses_it(box: Box) -> None:
    box.fake("apt-get", 'echo "E: Unable to fetch some archives" >&2; [ "$1" != install ]')
    done = box.setup("install")
    assert done.returncode != 0 and "Unable to fetch" in done.stderr and "connect the network" in done.stderr
    (box.place / "debian").write_text("\n".join(DEBIAN))
    python = box.root / "usr/bin/python3"
    well = python.read_text()
    python.write_text(well.replace('case "$*" in', 'case "$*" in *"pip install"*) echo "No route" >&2; exit 1 ;;'))
    done = box.setup("install")
    assert done.returncode != 0 and "No route" in done.stderr and "Is the network there" in done.stderr
    assert not list((box.root / "opt/mien/releases").iterdir())
    python.write_text(well)
    box.well("install")


def test_lists_of_packages_that_cannot_be_renewed_are_told_and_done_without(box: Box) -> None:
    """Such as by somebody else's source that is gone: what we need may be known all the same."""
    box.fake("apt-get", '[ "$1" != update ] || { echo "E: no Release file" >&2; exit 100; }')
    assert "E: no Release file" in box.well("install")


def test_what_root_alone_may_read_a_dry_run_of_another_does_not_guess_at(lived: Box) -> None:
    """As root this test gives its rights away first; where nobody may read the checkout it has nothing to show."""
    (lived.root / "etc/mien/mien.toml").chmod(0)
    drop = ["setpriv", "--reuid", "65534", "--clear-groups"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*drop, "bash", str(lived.checkout / "setup.sh"), "install", "--dry-run"], env=lived.environ, check=False,
        capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode != 0
    assert "sudo ./setup.sh install --dry-run" in done.stderr or "ermission denied" in done.stderr


def test_a_card_that_is_not_there_is_refused_and_those_that_are_named(box: Box) -> None:
    done = box.setup("install", "--sound", "Tannoy")
    assert done.returncode != 0
    assert "vc4hdmi0 Headphones sndrpihifiberry" in done.stderr
    done = box.setup("install", "--overlay", "hifiberry-dac")
    assert done.returncode != 0 and "for a Raspberry Pi" in done.stderr
    assert box.asked() == ["dpkg --print-architecture"] * 2, "before anything was fetched"


def test_somebody_without_rights_is_told_how(tmp_path: Path) -> None:
    """As root this test gives its rights away first; where nobody may read the checkout it has nothing to show."""
    drop = ["setpriv", "--reuid", "65534", "--clear-groups"] if os.geteuid() == 0 else []
    told = subprocess.run(
        [*drop, "bash", str(ROOT / "setup.sh"), "install"], capture_output=True, text=True, check=False
    )
    assert told.returncode != 0
    assert "sudo ./setup.sh install" in told.stderr or "ermission denied" in told.stderr


def test_a_step_that_fails_says_so_and_leaves_no_half_release(box: Box) -> None:
    box.change("BROKEN")
    done = box.setup("install")
    assert done.returncode != 0
    assert "the eye does not start" in done.stderr and "The box is as it was" in done.stderr
    assert not (box.root / "opt/mien/current").exists()
    assert not list((box.root / "opt/mien/releases").iterdir())
    box.change("mended")
    box.well("install")
