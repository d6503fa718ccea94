"""What the tests of the seeing half share: settings, the real network, mock pins."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin

from firmware.expression import MODEL, Network
from firmware.settings import Settings
from tests.firmware.bench import Bench
from tests.firmware.half import Half


@pytest.fixture(scope="session")
def model() -> Path:
    if not MODEL.exists():
        pytest.skip("models/expression.tflite is not there yet, and nothing may pretend to be it")
    return MODEL


@pytest.fixture(scope="session")
def network(model: Path) -> Network:
    return Network(model)


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    """gpiozero on mock pins, as on any machine that is no Pi."""
    before = Device.pin_factory
    factory = Device.pin_factory = MockFactory(pin_class=MockPWMPin)
    yield factory
    factory.reset()
    Device.pin_factory = before


@pytest.fixture
def half(tmp_path: Path, model: Path) -> Iterator[Half]:
    half = Half(tmp_path, model)
    yield half
    half.end()


@pytest.fixture
def bench(network: Network, tmp_path: Path) -> Bench:
    return Bench(network, tmp_path)
