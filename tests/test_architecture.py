"""The page of the house names every room that there is, and none that there is not."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def named(half: str) -> set[str]:
    """What the tables of one half list in their second column."""
    table = PAGE.split(f"| what | modules of `{half}/` |")[1].split("\n\n")[0]
    return {name for row in table.splitlines()[2:] for name in re.findall(r"`([\w/]+)`", row.split("|")[2])}


def built(half: str) -> set[str]:
    rooms = {path.stem for path in (ROOT / half).glob("*.py")} - {"__init__"}
    return rooms | {f"{path.parent.name}/" for path in (ROOT / half).glob("*/__init__.py")}


@pytest.mark.parametrize("half", ["firmware", "appliance"])
def test_every_room_of_a_half_stands_on_the_page_of_the_house(half: str) -> None:
    assert named(half) == built(half)


def test_what_the_page_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGE)
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
