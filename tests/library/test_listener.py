"""The listener as a process sees it: a real MPD, real files, and an end at any moment."""

import errno
import fcntl
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from appliance.dial import Dial
from appliance.library import export, listing, patience
from appliance.library.__main__ import clock, listen
from appliance.library.bell import Bell
from appliance.library.catalogue import Catalogue
from appliance.library.ear import Ear
from appliance.library.entry import AWAY
from tests.appliance.conftest import Server, bare
from tests.bench import ear_kills
from tests.library.desk import listener, take
from tests.waiting import PATIENCE, until

__all__ = ["bare"]
ROOT = Path(__file__).resolve().parents[2]


def test_killed_at_random_moments_it_ends_with_the_same_result(own: Ear, tmp_path: Path) -> None:
    """A few times here; a hundred times by `python -m tests.bench.ear_kills`."""
    told = ear_kills.kill(own, tmp_path, 6)
    assert told.kills == 6
    assert told.same
    songs, *_ = ear_kills.known(tmp_path / "unkilled")
    assert len(songs) == 5, "the twin is the same recording"


def test_told_to_end_it_goes_on_at_the_next_song(own: Ear, records: Path, tmp_path: Path) -> None:
    said: list[str] = []
    first = listener(own, tmp_path, said.append)
    first.rest = lambda over: over.set() if len(said) >= 3 else None
    take(first, records)
    first.work(records)
    assert Catalogue(tmp_path / "library.db").progress().done == 2
    second = listener(own, tmp_path, said.append)
    second.work(records)
    progress = Catalogue(tmp_path / "library.db").progress()
    assert (progress.done, progress.total, progress.seconds_left) == (7, 7, 0.0)
    assert [uri for uri, _ in progress.unreadable] == ["3b.flac"]
    assert any(words.startswith("3b.flac: ") for words in said)
    assert "5 songs to hear" in said


@pytest.fixture
def server(bare: Server, records: Path) -> Server:
    for file in records.iterdir():
        shutil.copy(file, bare.folder / "music" / file.name)
    bare.start()
    bare.update()
    return bare


def run(server: Server, state: Path, *more: str) -> str:
    """The very process, to its end."""
    told = subprocess.run(
        [sys.executable, "-m", "appliance.library", "--server", server.socket, *more],
        env=os.environ | {"MIEN_STATE": str(state), "MIEN_RUN": str(state), "MIEN_ETC": str(state)},
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return told.stdout + told.stderr


def test_a_library_is_heard_through_a_music_server_and_told_to_it(server: Server, own: Ear, tmp_path: Path) -> None:
    said: list[str] = []
    there = listener(own, tmp_path, said.append)
    there.run(server.client(), None)
    entries = Catalogue(tmp_path / "library.db").entries()
    heard = {uri for uri, one in entries.items() if one.valence is not None}
    assert heard == {"0.flac", "1.flac", "2.flac", "3.flac", "4.flac", "4b.flac"}

    client = server.client()
    assert export.stick(client, entries) == 12
    assert export.stick(client, entries) == 0, "what is there already is not written again"
    told = client.sticker_get("song", "0.flac", "mien.energy")
    assert float(told) == pytest.approx(entries["0.flac"].energy, abs=0.001)
    client.disconnect()


def test_files_out_of_reach_are_named_and_heard_once_they_are_in_reach(
    server: Server, own: Ear, tmp_path: Path
) -> None:
    away = tmp_path / "nowhere"
    there = listener(own, tmp_path)
    there.run(server.client(), away)
    progress = Catalogue(tmp_path / "library.db").progress()
    assert {why for _, why in progress.unreadable} == {"its file cannot be reached from here"}
    there.run(server.client(), server.folder / "music")
    progress = Catalogue(tmp_path / "library.db").progress()
    assert progress.done == progress.total == 7
    assert dict(progress.unreadable) == {"3b.flac": "it is not sound of any known kind"}


@pytest.mark.parametrize("trouble", [errno.EACCES, errno.EIO, errno.ESTALE, errno.EHOSTDOWN])
def test_one_file_in_trouble_costs_no_other_song_its_turn_and_is_heard_once_it_is_well(
    own: Ear, records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: int
) -> None:
    stat = Path.stat

    def troubled(file: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if file.name == "1.flac":
            raise OSError(trouble, os.strerror(trouble))
        return stat(file, follow_symlinks=follow_symlinks)

    there = listener(own, tmp_path)
    songs = {name: {"last-modified": "1", "duration": "7"} for name in ("0.flac", "1.flac", "2.flac")}
    there.register.take([listing.entry(name, told) for name, told in songs.items()])
    monkeypatch.setattr(Path, "stat", troubled)
    there.work(records)
    assert there.catalogue.progress().unreadable == (("1.flac", AWAY),)
    monkeypatch.undo()
    there.work(records)
    assert all(song.valence is not None for song in there.catalogue.entries().values())
    assert there.catalogue.progress().unreadable == ()


def test_a_disk_that_goes_while_its_songs_are_heard_loses_none_of_them(own: Ear, records: Path, tmp_path: Path) -> None:
    disk, pulled = shutil.copytree(records, tmp_path / "disk"), tmp_path / "pulled"

    def pull(words: str) -> None:
        if words.startswith("1 of "):
            disk.rename(pulled)

    there = listener(own, tmp_path / "state", pull)
    (tmp_path / "state").mkdir()
    take(there, disk)
    there.work(disk)
    assert there.catalogue.away() == 6
    pulled.rename(disk)
    there = listener(own, tmp_path / "state")
    there.work(disk)
    assert dict(there.catalogue.progress().unreadable) == {"3b.flac": "it is not sound of any known kind"}


def test_the_process_hears_what_is_new_and_steps_aside_for_another(server: Server, tmp_path: Path) -> None:
    for file in (server.folder / "music").iterdir():
        if file.name != "0.flac":
            file.unlink()
    server.update()
    assert "1 of 1 songs" in run(server, tmp_path, "--eager", "--once")
    assert "0 songs to hear" in run(server, tmp_path, "--eager", "--plain"), "what was heard better stays"
    with (tmp_path / "library.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "another listener is at work" in run(server, tmp_path, "--eager")


def test_songs_that_come_while_others_are_heard_are_heard_too(server: Server, own: Ear, tmp_path: Path) -> None:
    """The unit that rings for new songs is deaf while the listener is at work."""
    music, away = server.folder / "music", tmp_path / "late.flac"
    (music / "1.flac").rename(away)
    server.update()

    def come(words: str) -> None:
        if away.exists():
            away.rename(music / "late.flac")
            server.update()

    assert listen(listener(own, tmp_path, come), Dial(server.socket), None) == 0
    assert Catalogue(tmp_path / "library.db").entries()["late.flac"].valence is not None


def test_a_listener_told_to_end_ends_without_telling_the_server_of_every_song(
    server: Server, own: Ear, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has five seconds, and a great library takes longer to tell of; the next call does."""
    told: list[int] = []
    monkeypatch.setattr(export, "stick", lambda client, entries: told.append(len(entries)))
    ended = listener(own, tmp_path, lambda words: ended.over.set())
    assert listen(ended, Dial(server.socket), None) == 0 and not told
    again = listener(own, tmp_path, lambda words: None)
    assert listen(again, Dial(server.socket), None) == 0 and told


def test_a_listener_who_stays_hears_what_comes(server: Server, tmp_path: Path) -> None:
    music, away = server.folder / "music", tmp_path / "away"
    away.mkdir()
    for file in music.iterdir():
        if file.name != "0.flac":
            file.rename(away / file.name)
    server.update()
    state = tmp_path / "state"
    catalogue = Catalogue(state / "library.db")
    command = [sys.executable, "-m", "appliance.library", "--server", server.socket, "--eager", "--stay"]
    environment = os.environ | {"MIEN_STATE": str(state), "MIEN_RUN": str(state), "MIEN_ETC": str(state)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as staying:
        try:
            until(lambda: catalogue.progress().done == 1, "the first song")
            (away / "1.flac").rename(music / "1.flac")
            server.update()
            until(lambda: catalogue.progress().done == 2, "the song that came")
        finally:
            staying.terminate()
    assert staying.returncode == 0, "it ends when it is told to"


def test_the_bell_rings_for_what_changed_and_for_a_server_that_is_back(server: Server) -> None:
    over, rung = threading.Event(), threading.Semaphore(0)
    bell = Bell(server.dial, over, again=0.1)
    bell.start()

    def ear() -> None:
        while not over.is_set():
            bell.wait()
            rung.release()

    threading.Thread(target=ear, daemon=True).start()
    assert rung.acquire(timeout=PATIENCE), "at the start, for what nobody saw"
    (server.folder / "music" / "0.flac").unlink()
    server.update()
    assert rung.acquire(timeout=PATIENCE), "for a change"
    server.stop()
    while rung.acquire(blocking=False):
        pass
    server.start()
    assert rung.acquire(timeout=PATIENCE), "for what changed while it was away"
    over.set()


def test_a_way_out_of_the_music_folder_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    (tmp_path / "secret.flac").touch()
    (tmp_path / "music" / "song.flac").touch()
    for uri in ("../secret.flac", str(tmp_path / "secret.flac"), "http://elsewhere/song.flac", "album.cue/1", "a\0b"):
        assert listing.reach(tmp_path / "music", uri) is None
    assert listing.reach(tmp_path / "music", "song.flac") == tmp_path / "music" / "song.flac"


def test_it_waits_while_others_want_the_core_but_not_for_ever() -> None:
    assert patience.wait(load=1, cores=4, asked=False, waited=0) == 0
    assert patience.wait(load=5, cores=4, asked=False, waited=0) > 0
    assert patience.wait(load=5, cores=4, asked=False, waited=patience.LONGEST) == 0
    assert patience.wait(load=0, cores=4, asked=True, waited=10 * patience.LONGEST) > 0, "asked to be quiet it is"
    assert patience.load() >= 0


def test_the_time_left_reads_as_a_person_would_say_it() -> None:
    assert [clock(seconds) for seconds in (5, 90, 3599, 7322)] == ["1 min", "2 min", "1 h 00 min", "2 h 02 min"]
