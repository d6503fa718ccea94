"""Music on a disk on which nothing can belong to anybody, FAT or exFAT: installed on, and left again."""

import os
import subprocess

import pytest

from tests.setup.box import Box

FUNCTIONS = """
set -euo pipefail
HERE=$PWD MIEN_ROOT= DRY= CHANGED= SUDO_UID=1000 SUDO_GID=1000
say() { printf '%s\\n' "$*"; }
step() { printf -- '-> %s\\n' "$*"; }
. install/box.sh
MUSIC=$DISK TREE=$RELEASE MPD_CONF=$DISK/mpd.conf
drop_in() { echo "$3"; }
install() { command install "$@"; [ -e "$DISK/ext4" ]; }
chmod() { [ -e "$DISK/ext4" ]; }
chown() { [ -e "$DISK/ext4" ] && printf '%s\\n' "$*" >>"$DISK/owners"; }
setpriv() { grep -qs "mien:mien -- $PWD" "$DISK/owners"; }
"""
"""What the installer does as root, with a disk that refuses owners and rights unless it bears the file ext4."""


class Disk:
    def __init__(self, box: Box) -> None:
        self.box, self.folder = box, box.place / "disk"
        self.folder.mkdir()
        (self.folder / "mpd.conf").write_text(f'music_directory     "{self.folder}"\n')
        (self.folder / "song.flac").write_text("la")

    def ask(self, line: str) -> str:
        release = self.box.root / self.box.living().lstrip("/")
        done = subprocess.run(
            ["bash", "-c", FUNCTIONS + line], cwd=self.box.checkout, capture_output=True, text=True, check=False,
            env=os.environ | {"DISK": str(self.folder), "RELEASE": str(release), "BOX": str(self.box.place)},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert not done.stderr
        return done.stdout

    def owners(self) -> str:
        return (self.folder / "owners").read_text()


@pytest.fixture
def disk(lived: Box) -> Disk:
    return Disk(lived)


def test_install_goes_on_and_says_that_phones_cannot_bring_songs_until_they_can(disk: Disk) -> None:
    said = disk.ask("from_phones")
    assert "Phones cannot bring songs" in said and "may be written" not in said
    (disk.folder / "ext4").touch()
    said = disk.ask("from_phones")
    assert "Phones cannot" not in said and "may be written by the half that speaks" in said
    assert disk.ask("from_phones").count("\n") == 1


def test_songs_from_phones_that_an_uninstall_left_to_the_household_are_joined_by_more(disk: Disk) -> None:
    (disk.folder / "ext4").touch()
    disk.ask("from_phones")
    (disk.folder / "from-phones/song.flac").write_text("la")
    disk.ask("songs_stay")
    assert f"-R 1000:1000 -- {disk.folder}/from-phones" in disk.owners()
    (disk.folder / "owners").write_text("")
    assert "may be written by the half that speaks" in disk.ask("from_phones")
    assert disk.owners() == f"mien:mien -- {disk.folder}/from-phones\n"


def test_the_boxs_own_songs_are_composed_there(disk: Disk) -> None:
    said = disk.ask('compose "$MUSIC/Mien"')
    assert "They belong to whom their disk says" in said
    assert (disk.folder / "Mien/song.flac").exists()


def test_uninstall_comes_to_its_end_and_the_songs_stay(disk: Disk) -> None:
    disk.ask("from_phones")
    (disk.folder / "from-phones/song.flac").write_text("la")
    assert "belongs to whom its disk says" in disk.ask("songs_stay")
    assert (disk.folder / "from-phones/song.flac").read_text() == "la"
    (disk.folder / "ext4").touch()
    assert disk.ask("songs_stay") == ""
