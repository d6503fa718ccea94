"""The box's own authority, and the certificate that it signs: kept close, made anew in time, of no use elsewhere."""

import ssl
import subprocess
import time
from pathlib import Path

import pytest

from appliance.web import seal as seals
from appliance.web.seal import DAY, FRESH, LEAF, Seal, Unsealed, openssl
from tests.web.conftest import NAMES


def names(folder: Path) -> str:
    return openssl(["x509", "-in", str(folder / "page.pem"), "-noout", "-ext", "subjectAltName"])


def believed(folder: Path) -> bool:
    """Would a phone that took the authority believe the page's certificate, with all that is in it?"""
    asked = ["openssl", "verify", "-CAfile", str(folder / "authority.pem"), str(folder / "page.pem")]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def test_the_keys_are_for_this_half_alone(folder: Path, sealed: Path) -> None:
    assert sealed.stat().st_mode & 0o077 == 0
    assert sorted(file.name for file in sealed.iterdir()) == ["authority.pem", "page.pem"]
    for file in sealed.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE" not in Seal(folder, NAMES).authority()


def test_a_restart_changes_nothing(folder: Path) -> None:
    before = [(file.name, file.read_bytes()) for file in sorted(folder.iterdir())]
    Seal(folder, NAMES).context("192.168.1.20")
    assert [(file.name, file.read_bytes()) for file in sorted(folder.iterdir())] == before


def test_the_certificate_is_made_anew_before_it_ends_and_phones_keep_their_trust(folder: Path) -> None:
    now = time.time()
    seal = Seal(folder, NAMES, lambda: now)
    seal.context("192.168.1.20")
    authority, before = seal.authority(), (folder / "page.pem").read_bytes()
    now += LEAF * DAY - FRESH - DAY
    seal.context("192.168.1.20")
    assert (folder / "page.pem").read_bytes() == before
    now += 2 * DAY
    seal.context("192.168.1.20")
    assert (folder / "page.pem").read_bytes() != before and seal.authority() == authority


def test_a_new_address_in_the_home_is_vouched_for_and_one_outside_never(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seals, "ADDRESSES", 3)
    seal = Seal(folder, NAMES)
    seal.context("10.0.0.7")
    assert "10.0.0.7" in names(folder) and "192.168.1.20" in names(folder)
    before = (folder / "page.pem").read_bytes()
    for outside in ("8.8.8.8", "192.0.2.7", "0.0.0.0", "nonsense"):
        seal.context(outside)  # one of these in it, and phones would refuse the whole certificate
    assert (folder / "page.pem").read_bytes() == before
    for last in range(3):
        seal.context(f"10.0.1.{last}")
    assert believed(folder)
    assert names(folder).count("IP Address") <= 5, "it does not grow for ever"


def test_the_authority_cannot_vouch_for_a_bank(folder: Path, tmp_path: Path) -> None:
    authority = str(folder / "authority.pem")
    for name, fine in (("DNS:bank.example", False), ("DNS:mien.local", True), ("IP:8.8.8.8", False)):
        told = f"[req]\ndistinguished_name=w\nx509_extensions=p\nprompt=no\n[w]\nCN=x\n[p]\nsubjectAltName={name}\n"
        leaf = openssl(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
             "/dev/null", "-CA", authority, "-CAkey", authority, "-config", "/dev/stdin", "-days", "9"], told,
        )  # fmt: skip
        (tmp_path / "leaf").write_text(leaf)
        asked = ["openssl", "verify", "-x509_strict", "-CAfile", authority, str(tmp_path / "leaf")]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        assert (done.returncode == 0) is fine, (name, done.stdout, done.stderr)


def test_a_damaged_authority_is_set_aside_and_all_is_made_anew(folder: Path) -> None:
    (folder / "authority.pem").write_text("damaged")
    seal = Seal(folder, NAMES)
    seal.context("127.0.0.1")
    assert (folder / "authority.damaged").read_text() == "damaged"
    (folder / "page.pem").write_text("damaged")
    Seal(folder, NAMES).context("127.0.0.1")
    done = subprocess.run(
        ["openssl", "verify", "-CAfile", str(folder / "authority.pem"), str(folder / "page.pem")],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0


def test_a_power_cut_in_that_leaves_no_certificate_of_the_old_authority(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert believed(folder)
    (folder / "authority.pem").write_text("damaged")
    done: list[str] = []

    def synced(place: Path) -> None:
        done.append(f"synced {place.name}, {'with' if (place / 'page.pem').exists() else 'without'} the old one")

    def cut(file: Path, content: bytes, mode: int) -> None:
        done.append(f"begins to write {file.name}")
        raise OSError("the mains went")

    monkeypatch.setattr("appliance.store.sync", synced)
    monkeypatch.setattr(seals, "replace", cut)
    with pytest.raises(OSError, match="mains"):
        Seal(folder, NAMES).context("127.0.0.1")
    assert done == [f"synced {folder.name}, without the old one", "begins to write authority.pem"]
    monkeypatch.undo()
    Seal(folder, NAMES).context("127.0.0.1")
    assert believed(folder)


def test_before_the_clock_is_set_nothing_is_made_and_afterwards_it_is(tmp_path: Path) -> None:
    now = 1e9
    seal = Seal(tmp_path / "seal", NAMES, lambda: now)
    with pytest.raises(Unsealed, match="clock"):
        seal.context("127.0.0.1")
    now = time.time()
    assert isinstance(seal.context("127.0.0.1"), ssl.SSLContext)


def test_without_openssl_it_is_told_and_with_it_all_is_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seal = Seal(tmp_path / "seal", NAMES)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unsealed, match="openssl"):
        seal.authority()
    monkeypatch.undo()
    assert seal.authority().startswith(b"-----BEGIN CERTIFICATE-----")
