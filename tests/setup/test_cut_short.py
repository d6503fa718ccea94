"""A change of releases that is cut short: by Ctrl-C, by a full card, by the mains."""

from pathlib import Path

import pytest

from tests.setup.box import RESTART, Box


@pytest.fixture
def house(lived: Box) -> Box:
    """A box with a release and a state, and a checkout with the next one."""
    learn(lived, "as it was")
    lived.change("the next one")
    return lived


def learn(box: Box, words: str) -> None:
    (box.root / "var/lib/mien").mkdir(parents=True, exist_ok=True)
    (box.root / "var/lib/mien/settings.toml").write_text(words)


def learnt(box: Box) -> str:
    return (box.root / "var/lib/mien/settings.toml").read_text()


def at(box: Box, tool: str, words: str, does: str) -> None:
    """The first time that the tool is asked for this."""
    mark = box.place / "done"
    file = box.place / "tools" / tool
    before = file.read_text() if file.exists() else f'#!/bin/sh\nexec /usr/bin/{tool} "$@"\n'
    lines = before.partition("\n")[2]
    box.fake(tool, f'case "$*" in {words}) [ -e "{mark}" ] || {{ touch "{mark}"; {does}; }} ;; esac\n{lines}')


def at_work(box: Box) -> bool:
    """Whether what was stopped last was started after that."""
    moves = [line for line in box.asked() if line.startswith(("systemctl stop", "systemctl restart"))]
    return moves[-1] == RESTART


def left(box: Box) -> list[Path]:
    return [*box.root.rglob("*.before*"), *(box.root / "opt/mien").glob("unproven")]


@pytest.mark.parametrize(("moment", "signal"), [('"stop mien.service"*', "TERM"), ("*restart*", "INT")])
def test_a_change_that_somebody_ends_is_taken_back_at_once(house: Box, moment: str, signal: str) -> None:
    old = house.living()
    at(house, "systemctl", moment, f"kill -{signal} $PPID")
    done = house.setup("upgrade")
    assert done.returncode != 0 and "The old release lives again" in done.stderr
    assert (house.living(), learnt(house), left(house)) == (old, "as it was", [])
    assert at_work(house)
    house.well("upgrade")
    assert house.living() != old


def test_a_card_too_full_for_the_state_to_be_set_aside_leaves_the_old_release_at_work(house: Box) -> None:
    old = house.living()
    at(house, "cp", "*mien.before*", 'mkdir "$4"; echo "cp: No space left on device" >&2; exit 1')
    done = house.setup("upgrade")
    assert done.returncode != 0 and "No space left" in done.stderr
    assert (house.living(), learnt(house), left(house)) == (old, "as it was", [])
    assert at_work(house)
    house.well("upgrade")
    assert house.living() != old


def test_a_state_that_cannot_be_put_back_is_never_thrown_away(house: Box) -> None:
    old = house.living()
    full = 'echo "cp: No space left on device" >&2; exit 1'
    at(house, "cp", "*mien.before/.*", full)
    python = house.root / "usr/bin/python3"
    python.write_text(python.read_text().replace("else echo well", "else echo dead"))  # what the new one is made from
    house.environ["MIEN_HEALTH"] = "1"
    done = house.setup("upgrade")
    assert done.returncode != 0 and "could not be put back" in done.stdout and "lives again" in done.stderr
    assert house.living() == old
    assert (house.root / "var/lib/mien.before/settings.toml").read_text() == "as it was"


def test_a_release_whose_minute_the_mains_cut_short_is_proven_by_the_next_call(house: Box) -> None:
    old = house.living()
    at(house, "systemctl", "*restart*", "kill -9 $PPID")
    assert house.setup("upgrade").returncode != 0
    assert house.living() != old and (house.root / "opt/mien/unproven").exists()
    learn(house, "learnt since")
    assert "lives, at" in house.well("upgrade")
    assert (house.living() != old, learnt(house), left(house)) == (True, "learnt since", [])
    assert "Nothing to do" in house.well("upgrade")


def test_one_that_turns_out_ill_then_goes_and_what_was_learnt_since_stays(house: Box) -> None:
    old = house.living()
    at(house, "systemctl", "*restart*", "kill -9 $PPID")
    assert house.setup("upgrade").returncode != 0
    learn(house, "learnt since")
    python = house.root / house.living().lstrip("/") / ".venv/bin/python"
    python.write_text(python.read_text().replace("else echo well", "else echo dead"))
    house.environ["MIEN_HEALTH"] = "1"
    assert "The old release lives again" in house.setup("upgrade").stderr
    assert (house.living(), learnt(house), left(house)) == (old, "learnt since", [])


def test_one_that_the_mains_cut_short_before_it_lived_is_begun_anew(house: Box) -> None:
    old = house.living()
    at(house, "systemctl", '"stop mien.service"*', "kill -9 $PPID")
    assert house.setup("upgrade").returncode != 0
    assert house.living() == old
    house.well("upgrade")
    assert (house.living() != old, learnt(house), left(house)) == (True, "as it was", [])
