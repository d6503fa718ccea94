"""The box's own certificate authority, and the certificate that it signs for the page.

Made by OpenSSL's command line when first needed, kept where this half alone can read it. The authority may vouch for
the home's own names and private addresses and for nothing else, so that a phone which trusts it trusts no stranger by
it. The page's certificate is made anew when it grows old, and when a phone comes by an address that it does not name.
"""

import ipaddress
import logging
import re
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from appliance.store import remove, replace

DAY = 24 * 3600.0
YEARS = 20 * 365
"""Days for which the authority stands: a phone is asked to take it once in the box's life."""
LEAF = 200
"""Days of the page's certificate; phones refuse those over 825."""
FRESH = 30 * DAY
ADDRESSES = 8
SET = 1.7e9
"""A clock before this was never set: what is made by it would seem to be of another time."""
HOME = tuple(
    ipaddress.ip_network(one)
    for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "127.0.0.0/8",
                "fc00::/7", "fe80::/10", "::1/128")
)  # fmt: skip
"""What the authority may vouch for. One address beyond, and phones refuse the whole certificate."""
AUTHORITY = """[req]
distinguished_name = who
x509_extensions = authority
prompt = no
[who]
CN = Mien {name}
[authority]
basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
nameConstraints = critical, {allowed}
"""
CERTIFICATE = """[req]
distinguished_name = who
x509_extensions = page
prompt = no
[who]
CN = {name}
[page]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = {named}
"""
NEW = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-sha256"]
log = logging.getLogger("mien.page")


class Unsealed(OSError):
    """There is no certificate, and why."""


class Seal:
    """For the server's threads, which its lock lets in one at a time."""

    def __init__(self, folder: Path, names: Iterable[str], now: Callable[[], float] = time.time) -> None:
        self._folder, self._now = folder, now
        self._names = {name for name in names if re.fullmatch(r"[a-z0-9.-]+", name)} | {"localhost"}
        self._lock = threading.Lock()
        self._context: ssl.SSLContext | None = None
        self._until = 0.0
        self._addresses: tuple[str, ...] = ()

    def authority(self) -> bytes:
        """The certificate, in PEM, that a phone may take to trust this box. Raises Unsealed."""
        with self._lock:
            return openssl(["x509", "-in", str(self._found())]).encode()

    def context(self, address: str) -> ssl.SSLContext:
        """To speak TLS to whoever reached the box by `address`, one of its own. Raises Unsealed."""
        with self._lock:
            fine = self._context is not None and self._until - self._now() > FRESH
            if not fine or (private(address) and address not in self._addresses):
                self._context = self._made(address)
            assert self._context is not None
            return self._context

    def _found(self) -> Path:
        """The authority's file, made if there is none."""
        file = self._folder / "authority.pem"
        try:
            openssl(["x509", "-in", str(file), "-noout"])
            return file
        except Unsealed:
            if file.exists():
                file.replace(file.with_suffix(".damaged"))
                log.warning("%s was damaged and is made anew: phones must take the new certificate", file)
        if self._now() < SET:
            raise Unsealed("the clock was not set yet: certificates need the day")
        allowed = [f"permitted;DNS:{name}" for name in sorted({"local", *self._names})]
        allowed += [f"permitted;IP:{home.network_address}/{home.netmask}" for home in HOME]
        told = AUTHORITY.format(
            name=min(self._names - {"localhost", "mien"}, default="")[:40], allowed=",".join(allowed)
        )
        pem = openssl([*NEW, "-config", "/dev/stdin", "-keyout", "-", "-days", str(YEARS)], told)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # What the old authority signed goes first and for good: a power cut must not leave it beside the new one.
        remove(self._folder / "page.pem")
        self._keep(file, pem)
        return file

    def _made(self, address: str) -> ssl.SSLContext:
        authority, file = self._found(), self._folder / "page.pem"
        until, names, addresses = self._read(file)
        vouched = openssl(["x509", "-in", str(authority), "-noout", "-ext", "nameConstraints"])
        allowed = set(re.findall(r"DNS:(\S+)", vouched))
        wanted = {name for name in self._names if name in allowed or name.endswith(".local")}
        held = {*addresses, "127.0.0.1", "::1"}
        if private(address) and address not in held:
            addresses = (*addresses, address)[-ADDRESSES:]
        if until - self._now() <= FRESH or names != wanted or not {*addresses, "127.0.0.1", "::1"} <= held:
            if self._now() < SET:
                raise Unsealed("the clock was not set yet: certificates need the day")
            addresses = tuple(dict.fromkeys(("127.0.0.1", "::1", *addresses)))
            named = ",".join([f"DNS:{name}" for name in sorted(wanted)] + [f"IP:{one}" for one in addresses])
            told = CERTIFICATE.format(name=min(wanted), named=named)
            signed = ["-CA", str(authority), "-CAkey", str(authority), "-days", str(LEAF)]
            self._keep(file, openssl([*NEW, *signed, "-config", "/dev/stdin", "-keyout", "-"], told))
            until, names, addresses = self._read(file)
            log.info("the page has a new certificate")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(file)
        self._until, self._addresses = until, addresses
        return context

    def _read(self, file: Path) -> tuple[float, set[str], tuple[str, ...]]:
        """Until when the page's certificate holds, and for which names and addresses; nothing if there is none."""
        try:
            told = openssl(["x509", "-in", str(file), "-noout", "-enddate", "-ext", "subjectAltName"])
        except Unsealed:
            return 0.0, set(), ()
        until = ssl.cert_time_to_seconds(told.partition("notAfter=")[2].partition("\n")[0])
        addresses = [str(ipaddress.ip_address(one)) for one in re.findall(r"IP Address:([^\s,]+)", told)]
        return until, set(re.findall(r"DNS:([^\s,]+)", told)), tuple(addresses)

    def _keep(self, file: Path, pem: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace(file, pem.encode(), mode=0o600)


def private(address: str) -> bool:
    """Is this an address of the home, which the authority may vouch for?"""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in home for home in HOME)


def openssl(words: list[str], told: str = "") -> str:
    """What the command says. Raises Unsealed with what it complains of."""
    try:
        done = subprocess.run(["openssl", *words], input=told, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unsealed(f"openssl cannot be used: {error}") from None
    if done.returncode:
        raise Unsealed(f"openssl {words[0]}: {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout
