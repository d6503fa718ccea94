"""Upgrades, good and bad, and uninstall."""

import time
from collections.abc import Iterator

from tests.rig.box.coming import INSTALL
from tests.rig.box.life import PLAYER, WELL
from tests.rig.box.machine import Box
from tests.rig.table import Checked

HALF = "appliance/__main__.py"
UNDER_SYSTEMD = '    if "INVOCATION_ID" in os.environ: '
SICK = (
    ("does not compile", "appliance/owner.py", "def broken(:"),
    ("ends at its start", HALF, UNDER_SYSTEMD + "return 3"),
    ("hangs before the page", HALF, UNDER_SYSTEMD + "time.sleep(999)"),
)
"""Releases that must not live: what is wrong, in which file, and the line, put first in its main where it has one.
The trial finds the first; the others do wrong only as units."""


def living(box: Box) -> str:
    return box.says("readlink /opt/mien/current")


def upgraded(box: Box) -> Iterator[Checked]:
    box.says("cp -a /root/mien /root/next && echo '# another' >>/root/next/appliance/places.py")
    old = living(box)
    box.says("date +%s >/var/lib/mien/kept && cd /root/next && ./setup.sh upgrade 2>&1")
    new = living(box)
    kept = box.run("test -s /var/lib/mien/kept").returncode == 0
    yield Checked(
        "upgrade", "the new release lives, the state is kept", new != old and kept and box.run(WELL).returncode == 0
    )
    for words, file, line in SICK:
        box.says("rm -rf /root/bad && cp -a /root/mien /root/bad")
        code = box.root / "root" / "bad" / file
        head, main, rest = code.read_text().partition("def main() -> int:\n")
        code.write_text(f"{head}{main}{line}\n{rest}")
        begun = time.monotonic()
        done = box.run("cd /root/bad && MIEN_HEALTH=40 ./setup.sh upgrade 2>&1")
        took = time.monotonic() - begun
        back = living(box) == new and box.run("test -s /var/lib/mien/kept").returncode == 0
        box.until(WELL)
        said = f"{(done.stdout.strip().splitlines() or [''])[-1]} In {took:.0f} s, given 40 to be well"
        yield Checked(f"upgrade to a release that {words}", said, done.returncode != 0 and back)
    said = box.says("cd /root/mien && ./setup.sh upgrade 2>&1")
    yield Checked(
        "back to the first one, by an upgrade",
        said.splitlines()[-1],
        living(box) == old and box.run(WELL).returncode == 0,
    )


def uninstalled(box: Box, bare: dict[str, str]) -> Iterator[Checked]:
    refused = box.run("cd /root/mien && ./setup.sh uninstall")
    yield Checked(
        "uninstall, not told about history, nobody to ask",
        refused.stderr.strip(),
        refused.returncode != 0 and box.run(WELL).returncode == 0,
    )
    box.says("date >/var/lib/mien/kept && cd /root/mien && ./setup.sh uninstall --keep-history")
    yield Checked(
        "uninstall --keep-history",
        "history and likes are there",
        box.run("test -e /var/lib/mien/history.db -a -e /var/lib/mien-mpd/stickers").returncode == 0,
    )
    box.says(f"cd /root/mien && {INSTALL}")
    box.until(WELL)
    box.until(PLAYER)
    yield Checked("installed again over them", "well", box.run("test -s /var/lib/mien/kept").returncode == 0)
    box.says("cd /root/mien && ./setup.sh uninstall --forget --packages 2>&1")
    yield left(box, bare, "uninstall --forget --packages: what is left of it, Debian's own traces apart")


def put_back(box: Box, before: dict[str, str]) -> Iterator[Checked]:
    box.says("cd /root/mien && ./setup.sh uninstall --forget 2>&1")
    yield left(box, before, "uninstall --forget, the packages having been there before: what is left")


def left(box: Box, before: dict[str, str], what: str) -> Checked:
    after = box.tree()
    more = sorted(
        path
        for path in after
        if path not in before and not path.startswith(("etc/ssl", "etc/alternatives", "usr/share"))
    )
    state = box.run("ls -d /var/lib/mien* /run/mien* /etc/mien /opt/mien 2>/dev/null").stdout.split()
    users = box.run("getent passwd mien mien-eye mien-mpd; getent group mien-wire").stdout.split()
    return Checked(what, ", ".join([*more[:12], *state, *users]) or "nothing", not (more or state or users))
