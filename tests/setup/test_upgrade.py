"""upgrade: a release that is not well never lives, and the one before comes back with its state."""

import re

from tests.setup.box import Box


def test_an_upgrade_puts_the_new_release_in_place_and_keeps_one_way_back(box: Box) -> None:
    box.well("install")
    names = []
    for words in ("second", "third"):
        names.append(box.living())
        box.change(words)
        assert "lives" in box.well("upgrade")
    kept = {f"/opt/mien/releases/{tree.name}" for tree in (box.root / "opt/mien/releases").iterdir()}
    assert kept == {names[-1], box.living()}


def test_a_dry_upgrade_names_what_would_be_done_and_does_none_of_it(box: Box) -> None:
    box.well("install")
    box.change("second")
    before = box.tree()
    (box.place / "asked").unlink()
    said = box.well("upgrade", "--dry-run")
    assert f"From {box.living().rpartition('/')[2]} to " in said and "would run: systemctl restart mien.target" in said
    assert box.tree() == before
    assert not [line for line in box.asked() if re.match(r"apt-get|systemctl (stop|restart|enable)", line)]


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
    box.fake(
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
