"""A music server of another kind: Mopidy speaks an old protocol, counts nothing, keeps no stickers, hides its list."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import shelf
from appliance.chooser import Chooser
from appliance.commands import Choose, Pause, Play, Resume, SetVolume, Skip, Update
from appliance.dial import Dial
from appliance.events import Chosen, Event
from appliance.recommender.stock import home
from appliance.rules import Rule
from appliance.settings import ChoiceSettings
from tests.appliance import music_corner
from tests.appliance.conftest import SONGS, Server, answers
from tests.ports import free_port
from tests.waiting import until

pytestmark = pytest.mark.skipif(not shutil.which("mopidy"), reason="Mopidy is not installed: apt install mopidy-local")


class Mopidy:
    """One at work, with the library of the other tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.dial = Dial(f"127.0.0.1:{free_port()}")
        for name in ("music", "data", "cache", "config", "playlists"):
            (folder / name).mkdir()
        files = Server(folder)
        for name, title, artist, genre in SONGS:
            files.put(name, title, artist, genre)
        files.put("happy/a day (50% off).flac", "Sale", "Ida", "Pop")
        off = "".join(f"[{name}]\nenabled = false\n" for name in ("http", "stream", "file"))
        (folder / "conf").write_text(
            f"[core]\ndata_dir = {folder}/data\ncache_dir = {folder}/cache\nconfig_dir = {folder}/config\n"
            "[audio]\noutput = fakesink sync=true\nmixer = software\n"
            f"{off}[m3u]\nplaylists_dir = {folder}/playlists\n[local]\nmedia_dir = {folder}/music\n"
            f"[mpd]\nhostname = 127.0.0.1\nport = {self.dial.server.partition(':')[2]}\n"
        )
        self._run("local", "scan").wait(60)
        self.process = self.start()

    def start(self) -> "subprocess.Popen[bytes]":
        self.process = self._run()
        until(lambda: answers(self.dial), "Mopidy")
        return self.process

    def _run(self, *words: str) -> "subprocess.Popen[bytes]":
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(["mopidy", "--config", self.folder / "conf", *words], stdout=log, stderr=log)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


@pytest.fixture(scope="module")
def mopidy() -> Iterator[Mopidy]:
    folder = Path(tempfile.mkdtemp(prefix="mien-mopidy-", dir="/tmp"))
    server = Mopidy(folder)
    yield server
    server.stop()
    shutil.rmtree(folder)


class Room(music_corner.Room):
    def playing(self, name: str) -> bool:
        song = self.player().song
        return self.player().state == "play" and song is not None and song.uri.endswith(name)


@pytest.fixture
def room(mopidy: Mopidy, tmp_path: Path) -> Iterator[Room]:
    room = Room(mopidy.dial, tmp_path / "jukebox.json").up()
    yield room
    room.jukebox.stop()
    client = mopidy.dial.connect()
    client.stop()
    client.clear()
    client.disconnect()


def chosen(mopidy: Mopidy, mood: str = "happy") -> Chosen:
    """What the chooser finds in its library."""
    answers: list[Event] = []
    rules = {
        name: Rule(folders=(name,)) for name in ("neutral", "happy", "surprise", "sad", "angry", "disgust", "fear")
    }
    chooser = Chooser(mopidy.dial, answers.append, rules, ChoiceSettings())  # type: ignore[arg-type]  # moods' names
    chooser.start()
    try:
        chooser.library()
        chooser.ask(Choose(1, mood, 0.8, 0.5, 3))  # type: ignore[arg-type]  # a mood's name
        found = until(lambda: [answer for answer in answers if isinstance(answer, Chosen)], "the choice")
        return found[0]
    finally:
        chooser.stop()


def test_its_library_is_read_song_by_song_each_once(mopidy: Mopidy) -> None:
    client = mopidy.dial.connect()
    found = shelf.stock(client)
    client.disconnect()
    assert len(found.tracks) == len({track.song.uri for track in found.tracks}) == 9
    assert {track.song.artist for track in found.tracks} >= {"Ada", "Eve", "Hal"}
    assert all(track.genres for track in found.tracks)


def test_the_rules_find_its_songs_by_their_folders(mopidy: Mopidy) -> None:
    answer = chosen(mopidy)
    assert answer.trouble == ""
    assert [choice.song.uri.partition("/")[0] for choice in answer.choices] == ["local:track:happy"] * 3


@pytest.mark.parametrize(
    ("uri", "folder"),
    [("local:track:A%20b/c%25.flac", "A b"), ("file:///music/a/b.flac", "/music/a"), ("mix: a/b.flac", "mix: a")],
)
def test_a_folder_is_known_behind_its_address(uri: str, folder: str) -> None:
    assert home(uri) == folder


def test_what_is_chosen_plays_pauses_and_goes_on_and_nobody_is_taken_for_having_done_it(
    mopidy: Mopidy, room: Room
) -> None:
    first, second, _ = chosen(mopidy).choices
    room.jukebox.do(Play((first, second), now=True))
    until(lambda: room.playing(first.song.uri), "the first song")
    assert room.player().upcoming
    room.jukebox.do(Pause())
    until(lambda: room.player().state == "pause", "the pause")
    room.jukebox.do(Resume())
    until(lambda: room.playing(first.song.uri), "the music")
    room.jukebox.do(Skip())
    until(lambda: room.playing(second.song.uri), "the second song")
    room.jukebox.do(SetVolume(30))
    until(lambda: room.player().volume == 30, "the volume")
    assert room.hands() == []


def test_a_fade_pauses_and_gives_the_volume_back(mopidy: Mopidy, room: Room) -> None:
    room.jukebox.do(SetVolume(60))
    room.jukebox.do(Play(chosen(mopidy).choices[:1], now=True))
    until(lambda: room.player().state == "play" and room.player().volume == 60, "the music")
    room.jukebox.do(Pause(fade=0.6))
    until(lambda: room.player().state == "pause", "the pause")
    client = mopidy.dial.connect()
    until(lambda: client.status().get("volume") == "60", "the volume")
    client.disconnect()
    assert room.hands() == []


def test_a_persons_hand_on_it_is_told_from_the_boxs_own(mopidy: Mopidy, room: Room) -> None:
    room.jukebox.do(Play(chosen(mopidy).choices, now=True))
    until(lambda: room.player().state == "play" and len(room.player().upcoming) == 2, "the music")
    client = mopidy.dial.connect()

    def noticed() -> list[str]:
        """Its effects come late, so what comes soon after an act of ours counts as ours: this hand does not give up."""
        client.pause(1 if client.status()["state"] == "play" else 0)
        return [hand.name for hand in room.hands()]

    assert until(noticed, "the hand", every=0.5)[0] in ("pause", "resume")
    client.disconnect()


def test_a_rescan_that_it_does_not_know_harms_nothing(mopidy: Mopidy, room: Room) -> None:
    room.jukebox.do(Update())
    room.jukebox.do(Play(chosen(mopidy, "sad").choices, now=True))
    until(lambda: room.player().state == "play", "the music")
    assert [link.link for link in room.links()] == ["up"]


def test_stopped_it_is_told_of_and_found_again(mopidy: Mopidy, room: Room) -> None:
    mopidy.stop()
    until(lambda: room.links()[-1].link == "down", "the loss")
    mopidy.start()
    until(lambda: room.links()[-1].link == "up", "the return")
    room.jukebox.do(Play(chosen(mopidy, "sad").choices, now=True))
    until(lambda: room.player().state == "play", "the music")
