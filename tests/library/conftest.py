"""An ear, and songs to be heard by it."""

from pathlib import Path

import pytest

from appliance.library.__main__ import ear
from appliance.library.ear import Ear
from tests.bench import ear_kills


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a household's catalogue will lie."""
    return tmp_path / "library.db"


@pytest.fixture(scope="module")
def own() -> Ear:
    return ear(plain=False)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven files: five songs, one that is no music, one twin under another name."""
    return ear_kills.records(tmp_path_factory.mktemp("records"))
