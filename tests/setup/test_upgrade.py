"""upgrade: a release that is not well never lives, and the one before comes back with its state."""

import re

from tests.setup.box import RESTART, Box


def test_an_upgrade_puts_the_new_release_in_place_and_keeps_one_way_back(lived: Box) -> None:
    names = []
    for words in ("second", "third"):
        names.append(lived.living())
        lived.change(words)
        assert "lives" in lived.well("upgrade")
    kept = {f"/opt/mien/releases/{tree.name}" for tree in (lived.root / "opt/mien/releases").iterdir()}
    assert kept == {names[-1], lived.living()}


def test_a_dry_upgrade_names_what_would_be_done_and_does_none_of_it(lived: Box) -> None:
    lived.change("second")
    before = lived.tree()
    (lived.place / "asked").unlink()
    said = lived.well("upgrade", "--dry-run")
    assert f"From {lived.living().rpartition('/')[2]} to " in said and f"would run: {RESTART}" in said
    assert lived.tree() == before
    assert not [line for line in lived.asked() if re.match(r"apt-get|systemctl (stop|restart|enable)", line)]


def test_an_upgrade_that_cannot_be_well_is_refused_while_the_old_release_plays_on(lived: Box) -> None:
    old = lived.living()
    (lived.place / "asked").unlink()
    lived.change("BROKEN")
    assert lived.setup("upgrade").returncode != 0
    assert lived.living() == old
    assert not [line for line in lived.asked() if re.match(r"systemctl (stop|restart)", line)]


def test_an_upgrade_that_does_not_get_well_goes_back_with_the_state_of_before(lived: Box) -> None:
    old = lived.living()
    state = lived.root / "var/lib/mien"
    state.mkdir(parents=True)
    (state / "settings.toml").write_text("as it was")
    before = lived.tree()
    lived.change("SICK")
    lived.fake(
        "systemctl",
        f'echo "systemctl $*" >>"{lived.place}/asked"\n[ "$1" != restart ] || echo new >"{state}/settings.toml"',
    )
    lived.environ["MIEN_HEALTH"] = "1"
    done = lived.setup("upgrade")
    assert done.returncode != 0
    assert "back to" in done.stdout and "last words of the new one" in done.stderr
    assert lived.living() == old
    assert not list(lived.root.rglob("*.before"))
    left = {path for path in lived.tree() if "releases" not in path}
    assert left == {path for path in before if "releases" not in path}
