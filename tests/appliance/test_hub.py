"""How the home's broker is reached, and what is told where it is not."""

import socket
from pathlib import Path

import pytest

from appliance import answering
from appliance.hub import PLAIN, SEALED, Hub, Unreached
from appliance.settings import BrokerSettings, Settings, SettingsError, parse


@pytest.mark.parametrize(
    ("address", "tls", "told"),
    [
        ("hub", False, ("hub", PLAIN)),
        ("hub.local", True, ("hub.local", SEALED)),
        ("hub:1999", True, ("hub", 1999)),
        ("192.168.1.2:1883", False, ("192.168.1.2", 1883)),
        ("[fd00::2]:1999", False, ("fd00::2", 1999)),
        ("[fd00::2]", False, ("fd00::2", PLAIN)),
    ],
)
def test_the_broker_is_a_host_or_a_host_and_its_port(address: str, tls: bool, told: tuple[str, int]) -> None:
    assert Hub(BrokerSettings(address=address, tls=tls)).host_and_port == told


@pytest.mark.parametrize("address", ["hub:many", "hub:99999", ":1883", "[fd00", "mqtt://hub"])
def test_anything_else_is_told(address: str) -> None:
    with pytest.raises(Unreached, match="no host"):
        Hub(BrokerSettings(address=address)).knock()


def test_the_box_is_known_again_and_is_not_another(tmp_path: Path) -> None:
    machine = tmp_path / "machine-id"
    machine.write_text("0123456789abcdef\n")
    hub = Hub(BrokerSettings(), host="mien", machine=machine)
    assert (
        hub.identity == Hub(BrokerSettings(), host="renamed", machine=machine).identity and "0123" not in hub.identity
    )
    nameless = [Hub(BrokerSettings(), host=host, machine=tmp_path / "none").identity for host in ("mien", "attic")]
    assert len({hub.identity, *nameless}) == 3
    assert (hub.base, hub.name) == ("mien/mien", "Mien")
    assert Hub(BrokerSettings(topic="/home/box/"), host="attic").base == "home/box"
    assert Hub(BrokerSettings(), host="attic").name == "Mien attic"


def test_settings_refuse_a_wildcard_and_logs_keep_the_password() -> None:
    with pytest.raises(SettingsError, match=r"broker\.topic"):
        parse(b'[broker]\ntopic = "home/#"\n', "mien.toml")
    with pytest.raises(SettingsError, match=r"did you mean broker\.address"):
        parse(b'[broker]\nadress = "hub"\n', "mien.toml")
    assert "hush" not in repr(Settings(broker=BrokerSettings(address="hub", password="hush")))


def test_what_is_no_broker_is_told_by_the_doctor() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings = BrokerSettings(address=f"127.0.0.1:{mute.getsockname()[1]}")
        [found] = answering.broker(Settings(broker=settings))
    assert found.said.endswith("it does not answer as a broker does")
    [found] = answering.broker(Settings(broker=settings))
    assert found.said.endswith("Connection refused")
    assert not list(answering.broker(Settings()))
