"""install --keep: what the box learns lies on a disk of its own, for a card that is not written to."""

from pathlib import Path

import pytest

from tests.setup.box import DEBIAN, Box

DISK = "/dev/null"  # there is one on every machine, and the tools that would look at it are not the real ones
UNITS = ("srv-mien.mount", "var-lib-mien.mount", "var-lib-mien-eye.mount", "var-lib-mien-mpd.mount")


@pytest.fixture
def house(box: Box) -> Box:
    """A card with years on it, and a disk beside it; starting a unit of a folder notes that it is bound."""
    place = box.place
    box.fake("blkid", 'case "$*" in *TYPE*) echo ext4 ;; *) echo 1234-abcd ;; esac')
    box.fake("findmnt", 'case "$*" in *--fstab*) exit 1 ;; *) echo /dev/root ;; esac')
    box.fake("systemd-escape", 'for last; do :; done; echo "$(echo "${last#/}" | tr / -).mount"')
    box.fake("mountpoint", f'for last; do :; done; grep -qx -- "$last" "{place}/bound" 2>/dev/null')
    cut = f'if [ -e "{place}/cut" ] && grep -qxF -- "$*" "{place}/cut"; then rm "{place}/cut"; kill -9 $PPID; fi'
    box.fake("sync", cut)
    box.fake(
        "systemctl",
        f'echo "systemctl $*" >>"{place}/asked"\n{cut}\n'
        f'case "$*" in *srv-mien.mount) mkdir -p "{box.root}/srv/mien" ;; esac\n'
        f'case "$1 $2" in "start var-lib-"*) name=${{2#var-lib-}}; '
        f'echo "{box.root}/var/lib/${{name%.mount}}" >>"{place}/bound" ;; esac',
    )
    (place / "debian").write_text("\n".join(DEBIAN))
    (box.root / "run").mkdir()
    for name in ("mien/history.db", "mien-eye/shutter", "mien-mpd/stickers"):
        learn(box.root / "var/lib" / name, f"years of {name}")
    return box


def learn(file: Path, words: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(words)


def of(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*") if file.is_file()}


def whole(box: Box) -> bool:
    """Everything is on the disk, nothing of it twice, and the units say so."""
    names = ("mien/history.db", "mien-eye/shutter", "mien-mpd/stickers")
    there = of(box.root / "srv/mien") == {name: f"years of {name}" for name in names}
    return there and not of(box.root / "var/lib") and all((units(box) / unit).is_file() for unit in UNITS)


def units(box: Box) -> Path:
    return box.root / "etc/systemd/system"


def test_what_the_box_has_learnt_moves_to_the_disk_once(house: Box) -> None:
    house.well("install", "--keep", DISK)
    assert whole(house)
    assert "What=/dev/disk/by-uuid/1234-abcd\n" in (units(house) / "srv-mien.mount").read_text()
    assert "RequiredBy=mien-eye.service\n" in (units(house) / "var-lib-mien-eye.mount").read_text()
    before = house.tree()
    assert house.well("install", "--keep", DISK).startswith("Nothing to do")
    assert house.well("install").startswith("Nothing to do"), "what was chosen once is kept"
    assert house.tree() == before


@pytest.mark.parametrize("at", ["-f {root}/srv/mien", "enable --quiet var-lib-mien-eye.mount"])
def test_a_move_that_was_cut_short_is_made_again_and_loses_nothing(house: Box, at: str) -> None:
    (house.place / "cut").write_text(at.format(root=house.root) + "\n")
    assert house.setup("install", "--keep", DISK).returncode != 0
    house.well("install", "--keep", DISK)
    assert whole(house)


def test_a_new_card_finds_what_the_disk_has_kept_of_the_old_one(house: Box) -> None:
    for name in ("mien", "mien-eye", "mien-mpd"):
        (house.root / "srv/mien").mkdir(parents=True, exist_ok=True)
        (house.root / "var/lib" / name).rename(house.root / "srv/mien" / name)
    house.well("install", "--keep", DISK)
    assert whole(house)


def test_two_histories_are_never_made_one(house: Box) -> None:
    learn(house.root / "srv/mien/mien/history.db", "another's")
    done = house.setup("install", "--keep", DISK)
    assert done.returncode != 0 and "Both the card and /dev/null have a history" in done.stderr
    assert of(house.root / "srv/mien") == {"mien/history.db": "another's"}
    assert of(house.root / "var/lib")["mien/history.db"] == "years of mien/history.db"


def test_a_disk_that_would_not_keep_it_is_refused_with_the_fix(house: Box) -> None:
    before = house.tree()
    for tool, says, words in (
        ("blkid", "echo vfat", "has vfat, on which nothing can belong to anybody"),
        ("blkid", "exit 2", "sudo mkfs.ext4 /dev/null"),
        ("findmnt", "echo /srv/mien", "stands in /etc/fstab"),
    ):
        house.fake("blkid", "echo ext4")
        house.fake(tool, says)
        done = house.setup("install", "--keep", DISK)
        assert done.returncode != 0 and words in done.stderr
        assert house.tree() == before


def test_nothing_is_changed_on_a_card_that_would_forget_it(house: Box) -> None:
    house.well("install")
    before = house.tree()
    house.fake("findmnt", "echo overlayroot")
    for words in (("install",), ("upgrade",), ("uninstall", "--forget")):
        done = house.setup(*words)
        assert done.returncode != 0 and "sudo raspi-config" in done.stderr
        assert house.tree() == before
    house.fake("findmnt", "echo /dev/root")
    house.change("another release")
    house.well("upgrade")


@pytest.mark.parametrize(("word", "stays"), [("--keep-history", True), ("--forget", False)])
def test_uninstall_leaves_the_disk_as_it_was(house: Box, word: str, stays: bool) -> None:
    house.well("install", "--keep", DISK)
    house.well("uninstall", word)
    assert not (house.root / "srv/mien").exists()
    assert not list(units(house).glob("*.mount"))
    assert (house.root / "var/lib/mien/history.db").exists() == stays
