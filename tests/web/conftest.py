import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from appliance.store import Store
from appliance.web.app import make_app
from appliance.web.house import House
from appliance.web.live import Pulse
from appliance.web.phones import Phones
from appliance.web.serve import Page
from tests.web.stage import History, Stage


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def house(stage: Stage, tmp_path: Path) -> House:
    return House(
        look=stage.look,
        post=stage.posted.append,
        settings=Store([], tmp_path / "settings.toml"),
        history=History(),
        pulse=Pulse(stage.look),
        phones=Phones(tmp_path / "phones.json"),
        clock=stage.clock,
        wall=lambda: 1.8e9,
        names=frozenset({"mien.local"}),
    )


@pytest.fixture
def stranger(house: House) -> FlaskClient:
    """A phone that was never let in."""
    return make_app(house).test_client()


@pytest.fixture
def phone(house: House) -> FlaskClient:
    """A phone that was let in."""
    house.phones.add("a-token", "Android phone", 1.8e9)
    client = make_app(house).test_client()
    client.set_cookie("mien", "a-token", domain="localhost")
    return client


@pytest.fixture
def serve(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Page]]:
    """Starts real pages on free ports, and ends each."""
    monkeypatch.setenv("MIEN_TRUST_LOCALHOST", "1")
    pages: list[Page] = []

    def start(port: int = 0, history: History | None = None) -> Page:
        state = tmp_path / "state"
        state.mkdir(exist_ok=True)
        page = Page(
            stage.look,
            stage.posted.append,
            Store([], state / "settings.toml"),
            history or History(),
            "127.0.0.1",
            port or free_port(),
            state,
        )
        page.house.clock = stage.clock
        page.start()
        pages.append(page)
        return page

    yield start
    for page in pages:
        page.stop()


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    """Waits for a promise to come true, at most ten seconds."""

    def wait(true: Callable[[], bool]) -> None:
        end = time.monotonic() + 10
        while not true():
            assert time.monotonic() < end, "it never came true"
            time.sleep(0.05)

    return wait
