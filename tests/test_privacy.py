"""The page on privacy says what is so: its claims are held against the code and the units."""

import ast
import re
from pathlib import Path

import pytest

from tests.rig.power.keepers import KEEPERS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "privacy.md").read_text("utf-8")
SQLITES = ("-wal", "-shm")
"""What stands beside a file of SQLite's while it is open."""


def unit(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (ROOT / "systemd" / name).read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def test_every_file_that_the_box_keeps_is_named_on_the_page(tmp_path: Path) -> None:
    for kind in KEEPERS.values():
        keeper = kind(tmp_path)
        keeper.change(1)
        keeper.change(2)
    files = {file for file in tmp_path.rglob("*") if file.is_file() and "music" not in file.parts}
    kept = {file.name for file in files if not file.name.endswith(SQLITES)}
    assert {name for name in kept if f"`{name}`" not in PAGE} == set()


def test_the_half_that_sees_has_no_network_as_the_page_says() -> None:
    eye = unit("mien-eye.service")
    assert eye["PrivateNetwork"] == ["yes"]
    assert eye["RestrictAddressFamilies"] == ["AF_UNIX"]
    assert eye["IPAddressDeny"] == ["any"]


def test_the_half_that_speaks_reaches_a_home_network_and_no_farther() -> None:
    voice = unit("mien.service")
    assert voice["IPAddressDeny"] == ["any"]
    allowed = {word for line in voice["IPAddressAllow"] for word in line.split()}
    home = {"localhost", "link-local", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"}
    assert allowed == home
    assert voice["PrivateDevices"] == ["yes"]


def test_the_music_server_and_the_judge_of_photos_have_no_network() -> None:
    for name in ("mien-mpd.service", "mien-look@.service"):
        assert unit(name)["PrivateNetwork"] == ["yes"], name


@pytest.mark.parametrize("name", ["mien-eye.service", "mien-look@.service"])
def test_what_sees_a_picture_has_no_place_for_it_on_the_card(name: str) -> None:
    """Neither as a passing file, nor as memory that is swapped out."""
    walls = unit(name)
    assert {"/tmp", "/var/tmp"} <= {path for line in walls["InaccessiblePaths"] for path in line.split()}
    assert "PrivateTmp" not in walls, "which would open a part of both again, were the other wall to fall"
    assert walls["ProtectSystem"] == ["strict"] and "ReadWritePaths" not in walls and "BindPaths" not in walls
    assert walls["MemorySwapMax"] == ["0"]


@pytest.mark.parametrize("half", ["firmware", "appliance"])
def test_no_line_of_the_box_writes_a_picture(half: str) -> None:
    """OpenCV's and numpy's ways to make a file or bytes of one."""
    ways = {"imwrite", "imwritemulti", "imencode", "VideoWriter", "tofile", "save", "savez", "savez_compressed"}
    array = {"tobytes"}
    found = []
    for path in sorted((ROOT / half).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                name = node.func.attr
                if name in ways - {"save"} or (half == "firmware" and name in array | {"save"}):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {name}")
    assert found == []


def test_the_unit_files_that_the_page_names_are_there() -> None:
    for name in set(re.findall(r"mien[a-z-]*@?\.service", PAGE)):
        assert (ROOT / "systemd" / name).exists(), name
