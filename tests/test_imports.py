"""The law of the house, read from every import: the half that can see cannot speak, and the other way round."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PURE = frozenset(
    {
        "callings", "commands", "conductor", "events", "hands", "journey", "knobs", "manners", "mood", "passage",
        "phases", "presence", "sentences", "session", "smile", "state", "wishes", "diagram", "bias", "lessons",
        "listening", "pursuit", "shown", "snapshot",
    }
)  # fmt: skip
"""The rooms of the appliance that neither read nor write anything: no clock, socket, file, thread or log."""
IMPURE = frozenset(
    {
        "asyncio", "datetime", "http", "io", "logging", "multiprocessing", "os", "pathlib", "queue", "random", "select",
        "selectors", "shutil", "signal", "socket", "sqlite3", "subprocess", "sys", "tempfile", "threading", "time",
        "urllib",
    }
)  # fmt: skip


def sources(half: str) -> list[Path]:
    return sorted(path for path in (ROOT / half).rglob("*.py"))


def module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def package(path: Path) -> list[str]:
    return list(path.relative_to(ROOT).parent.parts)


def imports(path: Path) -> Iterator[str]:
    """The full name of everything that a file imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            home = package(path)[: len(package(path)) - node.level + 1] if node.level else []
            base = ".".join([*home, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def within(name: str, room: str) -> bool:
    return name == room or name.startswith(room + ".")


@pytest.mark.parametrize("path", sources("firmware"), ids=module)
def test_the_half_that_sees_knows_nothing_of_the_half_that_speaks(path: Path) -> None:
    assert [name for name in imports(path) if within(name, "appliance")] == []


@pytest.mark.parametrize("path", sources("appliance"), ids=module)
def test_the_half_that_speaks_knows_only_the_wire_of_the_half_that_sees(path: Path) -> None:
    named = [name for name in imports(path) if within(name, "firmware")]
    assert [name for name in named if not within(name, "firmware.wire")] == []


@pytest.mark.parametrize("path", sources("firmware") + sources("appliance"), ids=module)
def test_nobody_imports_a_main(path: Path) -> None:
    """A test may, to look at what is composed: it is no room of the house."""
    assert [name for name in imports(path) if "__main__" in name.split(".")] == []


@pytest.mark.parametrize("name", sorted(PURE))
def test_a_pure_room_imports_only_pure_rooms_the_wire_and_harmless_parts_of_the_standard_library(name: str) -> None:
    for found in imports(ROOT / "appliance" / f"{name}.py"):
        top, _, rest = found.partition(".")
        if top == "appliance":
            assert rest.partition(".")[0] in PURE, f"{name} imports {found}, which is not pure"
        elif top == "firmware":
            assert within(found, "firmware.wire"), f"{name} imports {found}"
        else:
            assert top in sys.stdlib_module_names, f"{name} imports {found}, which is not of the standard library"
            assert top not in IMPURE, f"{name} imports {found}, which reaches out of the process"


def test_neither_half_imports_the_training_or_the_tests() -> None:
    for path in sources("firmware") + sources("appliance"):
        assert [name for name in imports(path) if within(name, "models") or within(name, "tests")] == [], module(path)


def test_the_reader_of_imports_sees_every_kind(tmp_path: Path) -> None:
    """Recovery of the law itself: a hidden, nested, aliased import is found too."""
    nest = ROOT / "tests" / "test_imports.py"
    assert {"ast", "collections.abc.Iterator", "pathlib.Path"} <= set(imports(nest))
