"""The disk that forgets: it keeps what was synced, and is merciless to who did not sync."""

from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rig.power.disk import Disk, File, Write, sectors

HOME = Path("/state")
A, B, NEW = HOME / "a", HOME / "b", HOME / "a.new"
writes = st.builds(Write, st.integers(0, 2000), st.binary(min_size=1, max_size=1500) | st.none())


def written(disk: Disk, path: Path, content: bytes, sync: bool) -> File:
    file = disk.make(path)
    file.loose += [Write(0, None), Write(0, content)]
    if sync:
        file.sync()
    return file


def cuts(disk: Disk, count: int = 60) -> list[dict[Path, bytes]]:
    return [disk.after_a_cut(Random(seed)) for seed in range(count)]


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(writes), st.integers(0, 99))
def test_what_was_synced_is_there_whatever_came_before(told: list[Write], seed: int) -> None:
    disk = Disk()
    file = disk.make(A)
    file.loose += told
    before = file.now()
    file.sync()
    disk.sync_folder(HOME)
    assert disk.after_a_cut(Random(seed)) == {A: before}


@settings(deadline=None)  # a busy machine is no fault
@given(writes)
def test_a_write_in_sectors_is_the_same_write(write: Write) -> None:
    whole, parts = File(loose=[write]), File(loose=sectors(write))
    assert whole.now() == parts.now()


def test_replacing_a_file_by_the_rules_leaves_the_old_or_the_new_one() -> None:
    disk = Disk()
    written(disk, A, b"old", sync=True)
    disk.sync_folder(HOME)
    written(disk, NEW, b"new", sync=True)
    disk.rename(NEW, A)
    assert {left[A] for left in cuts(disk)} == {b"old", b"new"}
    disk.sync_folder(HOME)
    assert {left[A] for left in cuts(disk)} == {b"new"}


def test_a_file_renamed_before_it_was_synced_may_be_empty() -> None:
    disk = Disk()
    written(disk, A, b"old", sync=True)
    disk.sync_folder(HOME)
    written(disk, NEW, b"new", sync=False)
    disk.rename(NEW, A)
    disk.sync_folder(HOME)
    assert b"" in {left[A] for left in cuts(disk)}


def test_a_long_write_may_be_torn_and_zeros_stand_where_it_is_missing() -> None:
    disk = Disk()
    written(disk, A, b"x" * 4096, sync=False)
    disk.sync_folder(HOME)
    torn = [left[A] for left in cuts(disk) if set(left[A]) == {0, ord("x")}]
    assert torn


def test_a_folder_forgets_its_youngest_entries_first() -> None:
    disk = Disk()
    for path in (A, B):
        written(disk, path, b"here", sync=True)
    assert {frozenset(left) for left in cuts(disk)} == {frozenset(), frozenset({A}), frozenset({A, B})}


def test_one_file_may_have_two_names_and_lose_one() -> None:
    disk = Disk()
    written(disk, A, b"here", sync=True)
    disk.link(A, B)
    disk.unlink(A)
    disk.sync_folder(HOME)
    assert cuts(disk, 1) == [{B: b"here"}]
