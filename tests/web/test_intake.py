"""What a phone brings is let in: only music, only into its folder, whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from appliance.library import label
from appliance.web import intake
from appliance.web.house import House
from appliance.web.intake import FOLDER, Elsewhere, Refused, ending, harmless
from tests.library.music import unfolding
from tests.web.parcel import KEY, KINDS, kept, music


@pytest.mark.parametrize("kind", KINDS)
def test_every_usual_kind_is_known_by_its_content_alone(music_folder: Path, house: House, kind: str) -> None:
    content = music(kind)
    assert ending(content) == kind
    assert house.intake.piece(KEY, 0, len(content), content, "a song.txt") == f"{FOLDER}/a song{kind}"
    assert (music_folder / FOLDER / f"a song{kind}").read_bytes() == content


@pytest.mark.parametrize(
    ("name", "said"),
    [("../../etc/cron.d/evil.mp3", "evil"), ("C:\\music\\tea.flac", "tea"), ("..", "song"), (".hidden.mp3", "hidden"),
     ("", "song"), ("a\x00b\n/c\x1b[2J.ogg", "c[2J"), ("노래.mp3", "노래"), ("x" * 300 + ".mp3", "x" * 100),
     ("가" * 90, "가" * 33), ('a<>:"|?*b.mp3', "ab"), ("dots...  .mp3", "dots")],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder_or_chokes_a_card(name: str, said: str) -> None:
    assert harmless(name) == said


@pytest.mark.parametrize(
    "junk",
    [b"", b"<html>", b"\x7fELF" + bytes(200), b"ID3" + bytes(500), b"fLaC" + b"\xff" * 500, b"OggS" + b"x" * 500,
     b"RIFF\0\0\0\0WAVE" + b"junk" * 50, "text".encode("utf-16") * 90, b"\0\0\0\x20ftypisom" + bytes(90),
     b"\0\0\0\x20ftypM4A " + bytes(90), b"\x89PNG\r\n\x1a\n" + bytes(90)],
)  # fmt: skip
def test_what_is_no_music_is_refused_and_leaves_nothing(music_folder: Path, house: House, junk: bytes) -> None:
    with pytest.raises(Refused):
        house.intake.piece(KEY, 0, len(junk), junk, "song.mp3")
    assert kept(music_folder) == []


def test_a_song_whose_tags_would_fill_the_boxs_memory_is_refused_and_the_next_one_taken(
    music_folder: Path, house: House
) -> None:
    trap, song = unfolding(music(".mp3"), 2 * label.MEMORY), music(".mp3")
    assert ending(trap) == ".mp3"
    with pytest.raises(Refused, match="no music that I know"):
        house.intake.piece(KEY, 0, len(trap), trap, "trap.mp3")
    assert kept(music_folder) == []
    assert house.intake.piece(KEY, 0, len(song), song, "song.mp3") == f"{FOLDER}/song.mp3"


def test_a_song_comes_in_pieces_and_a_lost_or_repeated_one_costs_nothing(music_folder: Path, house: House) -> None:
    content = music(seconds=4.0)
    half = len(content) // 2
    take = house.intake.piece
    assert take(KEY, 0, len(content), content[:half], "a.flac") == ""
    for at in (0, half + 1, len(content) - 1):
        with pytest.raises(Elsewhere) as told:
            take(KEY, at, len(content), content[at : at + 1], "a.flac")
        assert told.value.size == half
    assert take(KEY, half, len(content), content[half:], "a.flac") == f"{FOLDER}/a.flac"
    assert take(KEY, half, len(content), content[half:], "a.flac") == f"{FOLDER}/a.flac"  # its answer was lost
    assert (music_folder / FOLDER / "a.flac").read_bytes() == content and kept(music_folder) == [f"{FOLDER}/a.flac"]


def test_nothing_that_is_there_is_ever_replaced(music_folder: Path, house: House) -> None:
    content = music()
    uris = [house.intake.piece(key * 32, 0, len(content), content, "a.flac") for key in "abc"]
    assert uris == [f"{FOLDER}/a.flac", f"{FOLDER}/a (2).flac", f"{FOLDER}/a (3).flac"]


def test_a_song_has_no_name_before_it_is_whole_and_after_a_power_cut_it_can_be_brought_again(
    music_folder: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, place = music(), music_folder / FOLDER
    place.mkdir()
    before = []

    def cut(part: Path, final: Path, follow_symlinks: bool) -> None:
        before.extend(kept(music_folder))
        raise OSError("the mains went")

    monkeypatch.setattr(os, "link", cut)
    with pytest.raises(OSError, match="mains"):
        house.intake.piece(KEY, 0, len(content), content, "a.flac")
    assert before == [f"{FOLDER}/.{KEY}.part"], "nothing of its name lies there yet"
    monkeypatch.undo()
    assert house.intake.piece(KEY, 0, len(content), content, "a.flac") == f"{FOLDER}/a.flac"
    assert kept(music_folder) == [f"{FOLDER}/a.flac"]


def test_a_disk_without_links_takes_songs_too_and_replaces_none(
    music_folder: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "FAT has no links")

    monkeypatch.setattr(os, "link", refuses)
    content = music()
    uris = [house.intake.piece(key * 32, 0, len(content), content, "a.flac") for key in "ab"]
    assert uris == kept(music_folder)[::-1] == [f"{FOLDER}/a.flac", f"{FOLDER}/a (2).flac"]
    assert {(music_folder / uri).read_bytes() for uri in uris} == {content}


def test_the_music_server_may_read_what_came_whatever_the_umask(music_folder: Path, house: House) -> None:
    before = os.umask(0o077)
    try:
        house.intake.piece(KEY, 0, len(music()), music(), "a.flac")
    finally:
        os.umask(before)
    assert (music_folder / FOLDER).stat().st_mode & 0o777 == 0o755
    assert (music_folder / FOLDER / "a.flac").stat().st_mode & 0o777 == 0o644


def test_a_link_laid_in_the_way_is_not_followed(music_folder: Path, house: House, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (music_folder / FOLDER).symlink_to(outside)
    with pytest.raises(Refused):
        house.intake.piece(KEY, 0, len(music()), music(), "a.flac")
    (music_folder / FOLDER).unlink()
    (music_folder / FOLDER).mkdir()
    (music_folder / FOLDER / f".{KEY}.part").symlink_to(outside / "victim")
    with pytest.raises(OSError):
        house.intake.piece(KEY, 0, len(music()), music(), "a.flac")
    assert not any(outside.iterdir())


def test_the_boxs_own_room_is_never_used_up_and_there_may_be_room_again(
    music_folder: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = music()
    with monkeypatch.context() as full:
        full.setattr(intake, "RESERVE", 1 << 60)
        with pytest.raises(Refused, match="not enough room"):
            house.intake.piece(KEY, 0, len(content), content, "a.flac")
        assert house.intake.room() == 0 and kept(music_folder) == []
    assert house.intake.piece(KEY, 0, len(content), content, "a.flac")


def test_what_was_never_finished_is_cleared_away(music_folder: Path, house: House) -> None:
    content = music()
    house.intake.piece("f" * 32, 0, len(content), content[:100], "left.flac")
    part = music_folder / FOLDER / f".{'f' * 32}.part"
    os.utime(part, (0, 0))
    house.intake.piece(KEY, 0, len(content), content, "a.flac")
    assert not part.exists()
