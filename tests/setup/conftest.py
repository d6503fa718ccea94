"""A box for each test."""

from pathlib import Path

import pytest

from tests.setup.box import Box


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Box:
    """One that was installed; only to be looked at."""
    box = Box(tmp_path_factory.mktemp("first"))
    box.well("install")
    return box


@pytest.fixture
def lived(first: Box, tmp_path: Path) -> Box:
    """One that was installed, for a test of its own."""
    return first.twin(tmp_path)
