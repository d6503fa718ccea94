"""install, upgrade and uninstall under a folder of their own, where every tool only tells what it was asked."""

import json
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("setup.sh", "pyproject.toml", "install", "systemd", "config", "LICENSE", "README.md")
CODE = ("firmware", "appliance", "songs", "desk", "models")
TOOLS = {
    "apt-get": "",
    "dpkg": 'case "$1" in --print-architecture) cat "$BOX/architecture" ;; esac',
    "dpkg-query": 'for last; do :; done; grep -qx "$last" "$BOX/debian" && printf installed',
    "systemctl": (
        'case "$1" in is-enabled) for last; do :; done; grep -qx "$last" "$BOX/enabled" 2>/dev/null || exit 1 ;; '
        'enable) echo "$3" >>"$BOX/enabled" ;; esac'
    ),
    "systemd-sysusers": 'printf "mien\\nmien-eye\\nmien-mpd\\n" >"$BOX/users"',
    "systemd-tmpfiles": 'mkdir -p "$BOX/root/run/mien"',
    "getent": 'grep -x "$2" "$BOX/users" 2>/dev/null',
    "userdel": "",
    "groupdel": "",
    "journalctl": "echo last words of the new one",
    "hostname": 'case "$1" in -I) echo "192.168.1.20 " ;; *) echo mien ;; esac',
    "sleep": "",
    "sync": "",
}
DEBIAN = (
    "python3-venv",
    "python3-numpy",
    "python3-opencv",
    "opencv-data",
    "alsa-utils",
    "avahi-daemon",
    "ffmpeg",
    "python3.11-venv",
    "mpd",
)
VENV = """#!/bin/sh
echo "python $*" >>"{box}/asked"
case "$*" in
    *version_info*) echo 3.11 ;;
    *"-m venv"*) for last; do :; done; mkdir -p "$last/bin" && cp -p "$0" "$last/bin/python" ;;
    *install.trial*) ! grep -q BROKEN appliance/__init__.py || {{ echo "the eye does not start" >&2; exit 1; }} ;;
    *install.ask*) if grep -q SICK appliance/__init__.py; then echo ill; else echo well; fi ;;
    *"-m songs"*) for last; do :; done; mkdir -p "$last" && echo la >"$last/song.flac" ;;
esac
"""


class Box:
    """A machine under `root`, a checkout beside it, and tools that note what they were asked."""

    def __init__(self, place: Path) -> None:
        self.place, self.root, self.checkout = place, place / "root", place / "a checkout"
        self.environ = os.environ | {"PATH": f"{place / 'tools'}:/usr/bin:/bin", "MIEN_ROOT": str(self.root)}
        (self.root / "etc").mkdir(parents=True)
        (self.root / "etc/os-release").write_text("VERSION_CODENAME=bookworm\n")
        (self.root / "proc/asound").mkdir(parents=True)
        self.cards("vc4hdmi0", "Headphones", "sndrpihifiberry")
        (place / "architecture").write_text("arm64\n")
        (place / "debian").write_text("")
        tools = place / "tools"
        tools.mkdir()
        for name, does in TOOLS.items():
            (tools / name).write_text(f'#!/bin/sh\nBOX="{place}"\necho "{name} $*" >>"$BOX/asked"\n{does}\n')
            (tools / name).chmod(0o755)
        python = self.root / "usr/bin/python3"
        python.parent.mkdir(parents=True)
        python.write_text(VENV.format(box=place))
        python.chmod(0o755)
        self.checkout.mkdir()
        for name in SHIPPED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, self.checkout / name)
        for name in CODE:
            (self.checkout / name).mkdir()
            (self.checkout / name / "__init__.py").write_text('"""One of the rooms."""\n')

    def cards(self, *names: str) -> None:
        lines = (f" {number} [{name:<15}]: driver - {name}\n" for number, name in enumerate(names))
        (self.root / "proc/asound/cards").write_text("".join(lines))

    def setup(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(self.checkout / "setup.sh"), *words], capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, env=self.environ, timeout=120,
        )  # fmt: skip

    def well(self, *words: str) -> str:
        done = self.setup(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def asked(self) -> list[str]:
        file = self.place / "asked"
        return file.read_text().splitlines() if file.exists() else []

    def tree(self) -> dict[str, str]:
        """Every path with its kind, rights and content; the tools' own notes and the lock apart."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            if path.name != "mien-setup.lock":
                what = str(path.readlink()) if path.is_symlink() else path.read_text() if path.is_file() else "folder"
                found[str(path.relative_to(self.root))] = f"{path.lstat().st_mode:o} {what}"
        return found

    def change(self, words: str) -> None:
        (self.checkout / "appliance/__init__.py").write_text(f'"""{words}."""\n')

    def living(self) -> str:
        return str((self.root / "opt/mien/current").readlink())


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


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
    assert asked.index("systemctl daemon-reload") < asked.index("systemctl restart mien.target")
    assert 'device "default:CARD=sndrpihifiberry"' in (box.root / "etc/mien/mpd.conf").read_text()
    assert 'server = "/run/mien-mpd/socket"' in (box.root / "etc/mien/mien.toml").read_text()
    assert (box.root / "srv/music/Mien/song.flac").exists()
    assert oct((box.root / "etc/mien/mien.toml").stat().st_mode)[-3:] == "640", "it may hold a password"


def test_the_second_install_says_one_line_and_changes_nothing(box: Box) -> None:
    box.well("install")
    (box.place / "debian").write_text("\n".join(DEBIAN))
    before = box.tree()
    (box.place / "asked").unlink()
    said = box.well("install")
    assert said.startswith("Nothing to do") and said.count("\n") == 1
    assert box.tree() == before
    assert not [line for line in box.asked() if re.match(r"apt-get|systemctl (enable|restart|stop)", line)]


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


def test_settings_that_somebody_wrote_are_left_as_they_are(box: Box) -> None:
    own = box.root / "etc/mien/mien.toml"
    own.parent.mkdir()
    own.write_text('[music]\nserver = "/run/mien-mpd/socket"\nceiling = 40\n[choice]\nsong_hours = 2\n')
    before = own.read_text()
    box.well("install")
    assert own.read_text() == before


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


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda box: (box.place / "architecture").write_text("armhf\n"), "64-bit edition"),
        (lambda box: (box.root / "etc/os-release").write_text("VERSION_CODENAME=bullseye\n"), "bullseye"),
        (lambda box: fake(box, "df", "echo Avail; echo 900M"), "Only 900 MB are free"),
        (lambda box: fake(box, "date", "echo 1000000000"), "The clock stands at"),
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


def fake(box: Box, tool: str, does: str) -> None:
    file = box.place / "tools" / tool
    file.write_text(f"#!/bin/sh\n{does}\n")
    file.chmod(0o755)


@pytest.mark.parametrize(
    "words",
    [
        ("--mpd", "nas"),
        ("--mpd", 'a:6600"\nx'),
        ("--music", '/a"b'),
        ("--camera", "phone"),
        ("--overlay", "a;b"),
        ("-x",),
    ],
)
def test_words_that_are_not_understood_change_nothing(box: Box, words: tuple[str, ...]) -> None:
    done = box.setup("install", *words)
    assert done.returncode != 0 and done.stderr
    assert not (box.root / "opt").exists()


def test_a_card_that_is_not_there_is_refused_and_those_that_are_named(box: Box) -> None:
    done = box.setup("install", "--sound", "Tannoy")
    assert done.returncode != 0
    assert "vc4hdmi0 Headphones sndrpihifiberry" in done.stderr


def test_somebody_without_rights_is_told_how(tmp_path: Path) -> None:
    """As root this test gives its rights away first; where nobody may read the checkout it has nothing to show."""
    drop = ["setpriv", "--reuid", "65534", "--clear-groups"] if os.geteuid() == 0 else []
    told = subprocess.run(
        [*drop, "bash", str(ROOT / "setup.sh"), "install"], capture_output=True, text=True, check=False
    )
    assert told.returncode != 0
    assert "sudo ./setup.sh install" in told.stderr or "ermission denied" in told.stderr


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


def test_a_step_that_fails_says_so_and_leaves_no_half_release(box: Box) -> None:
    box.change("BROKEN")
    done = box.setup("install")
    assert done.returncode != 0
    assert "the eye does not start" in done.stderr and "The box is as it was" in done.stderr
    assert not (box.root / "opt/mien/current").exists()
    assert not list((box.root / "opt/mien/releases").iterdir())
    box.change("mended")
    box.well("install")


def test_an_upgrade_puts_the_new_release_in_place_and_keeps_one_way_back(box: Box) -> None:
    box.well("install")
    names = []
    for words in ("second", "third"):
        names.append(box.living())
        box.change(words)
        assert "lives" in box.well("upgrade")
    kept = {f"/opt/mien/releases/{tree.name}" for tree in (box.root / "opt/mien/releases").iterdir()}
    assert kept == {names[-1], box.living()}


def test_an_upgrade_that_cannot_be_well_is_refused_while_the_old_release_plays_on(box: Box) -> None:
    box.well("install")
    old = box.living()
    (box.place / "asked").unlink()
    box.change("BROKEN")
    assert box.setup("upgrade").returncode != 0
    assert box.living() == old
    assert not [line for line in box.asked() if re.match(r"systemctl (stop|restart)", line)]


def test_an_upgrade_that_does_not_get_well_goes_back_with_the_state_of_before(box: Box) -> None:
    box.well("install")
    old = box.living()
    state = box.root / "var/lib/mien"
    state.mkdir(parents=True)
    (state / "settings.toml").write_text("as it was")
    before = box.tree()
    box.change("SICK")
    fake(
        box,
        "systemctl",
        f'echo "systemctl $*" >>"{box.place}/asked"\n[ "$1" != restart ] || echo new >"{state}/settings.toml"',
    )
    box.environ["MIEN_HEALTH"] = "1"
    done = box.setup("upgrade")
    assert done.returncode != 0
    assert "back to" in done.stdout and "last words of the new one" in done.stderr
    assert box.living() == old
    assert not list(box.root.rglob("*.before"))
    left = {path for path in box.tree() if "releases" not in path}
    assert left == {path for path in before if "releases" not in path}


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


def test_uninstall_keeps_history_where_asked_and_refuses_where_it_cannot_ask(box: Box) -> None:
    box.well("install")
    history = box.root / "var/lib/mien/history.db"
    history.parent.mkdir(parents=True)
    history.write_text("years")
    assert box.setup("uninstall").returncode != 0
    assert box.living()
    box.well("uninstall", "--keep-history")
    assert history.read_text() == "years"
    assert not (box.root / "opt/mien").exists()


def test_the_last_uninstall_still_knows_the_packages_of_the_first_install(box: Box) -> None:
    """However often the box went with its history kept, and came back when Debian's packages were there already."""
    box.well("install")
    box.well("uninstall", "--keep-history")
    (box.place / "debian").write_text("\n".join(DEBIAN))
    box.well("install")
    box.well("uninstall", "--forget", "--packages")
    removed = next(line for line in box.asked() if line.startswith("apt-get autoremove --purge"))
    assert set(DEBIAN) <= set(removed.split())


def test_a_dry_uninstall_names_what_would_go_and_lets_it_be(box: Box) -> None:
    box.well("install")
    before = box.tree()
    said = box.well("uninstall", "--dry-run", "--forget")
    assert "rm -rf" in said and "/opt/mien" in said
    assert box.tree() == before


@pytest.mark.parametrize("python", ["3.11", "3.13"])
def test_the_pinned_packages_cover_what_the_project_asks_for(python: str) -> None:
    text = (ROOT / "install" / f"python-{python}.txt").read_text()
    pins = dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE))
    assert all(
        re.search(rf"^{re.escape(name)}==.*\\\n +--hash=sha256:[0-9a-f]{{64}}", text, re.MULTILINE) for name in pins
    )
    wanted = json.loads(subprocess.run(
        ["python3", "-c", "import json, sys, tomllib; print(json.dumps(tomllib.load(sys.stdin.buffer)))"],
        input=(ROOT / "pyproject.toml").read_bytes(), capture_output=True, check=True).stdout)["project"]  # fmt: skip
    lines = (
        wanted["dependencies"] + wanted["optional-dependencies"]["runtime"] + wanted["optional-dependencies"]["songs"]
    )
    here = [line.partition(";")[0] for line in lines if fits(line.partition(";")[2], python)]
    names = {re.split(r"[<>=! ]", line)[0] for line in here}
    assert names <= set(pins), "remake the list: see its head"
    assert "numpy" not in pins and "opencv-python-headless" not in pins, "on a Pi these come from Debian"


def fits(marker: str, python: str) -> bool:
    """Whether a line of pyproject is meant for this Python; it knows the two markers that are used."""
    return not marker.strip() or ("<" in marker) == (python == "3.11")
