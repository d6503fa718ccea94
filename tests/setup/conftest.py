"""A box for each test."""

from pathlib import Path

import pytest

from tests.setup.box import Box


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)
