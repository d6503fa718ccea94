"""The units at work: what each may do, what happens when it is killed or hangs, and how the box goes off."""

import json
import time
from collections.abc import Iterator

from tests.rig.box.machine import Box
from tests.rig.table import Checked

RUNS = "/opt/mien/current/.venv/bin/python"
PYTHON = f"cd /opt/mien/current && PYTHONPATH=. MIEN_RUN=/run/mien-eye {RUNS}"
WELL = f"{PYTHON} -m install.ask 8080 | grep -qx well"
PLAYER = f'{PYTHON} /rig/inside/ask.py status | grep -q \'"jukebox": "up"\''
"""Whether the speaking half has found the music server, which its settings name."""
TELL = f"{PYTHON} -m firmware.actor"
ALL = "mien.target mien-eye mien mien-mpd mien-look.socket mien-off.path mien-library.timer mien-library.path"
UNITS = ("mien-eye", "mien", "mien-mpd")
SERVICES = (*UNITS, "mien-fault@mien", "mien-look@1", "mien-library", "mien-off")
HEARD = (
    'import sqlite3; songs = sqlite3.connect("/var/lib/mien/library.db").execute("SELECT count(*) FROM song"); '
    "exit(songs.fetchone()[0] < 2)"
)
"""Whether the listener, whom the music server's list calls, has heard more than the one before a face was seen."""
PLAIN = {"1:3": "null", "1:5": "zero", "1:7": "full", "1:8": "random", "1:9": "urandom", "5:0": "tty", "5:2": "ptmx"}
"""Devices that lead nowhere, by the kernel's numbers; 136 are terminals, one for each number behind it."""
SENSES = {"video0": "81 0", "gpiochip0": "240 0", "input/event0": "13 64", "snd/pcmC0D0p": "116 16"}
"""A camera, pins, a keyboard and a sound card: laid into /dev for all to open, so that only a wall can hide them."""
STOP = 5
"""Seconds that systemd gives each unit to end in (TimeoutStopSec)."""
PASSING = ["/tmp", "/var/tmp"]
OWN = {
    "mien-eye": ["/var/lib/mien-eye"],
    "mien": ["/var/lib/mien", "/run/mien", *PASSING],
    "mien-mpd": ["/var/lib/mien-mpd", *PASSING],
}


def pid(box: Box, unit: str) -> str:
    return box.says(f"systemctl show -p MainPID --value {unit}")


def anew(box: Box, unit: str, before: str) -> float:
    """Seconds until another process of this unit is at work, and all is well."""
    return box.until(f'test "$(systemctl show -p MainPID --value {unit})" -ne {before} && {WELL}')


def looked_at(box: Box) -> Iterator[Checked]:
    box.until(WELL)
    active = set(box.says(f"systemctl is-active {ALL}").split())
    yield Checked("all units active, the page says well", " ".join(active), active == {"active"})
    exposed = {}
    for unit in SERVICES:
        said = box.says(f"systemd-analyze security --no-pager {unit}.service | grep Overall")
        exposed[unit] = float(said.split(": ")[1].split()[0])
    found = ", ".join(f"{unit} {level}" for unit, level in exposed.items())
    yield Checked("systemd-analyze security", found, max(exposed.values()) <= 1.5)
    said = box.run("systemd-analyze verify /usr/local/lib/systemd/system/mien* 2>&1").stdout.strip()
    yield Checked("systemd-analyze verify", said or "silent", not said)
    box.says("mkdir -p /dev/input /dev/snd; " + "; ".join(f"mknod -m 666 /dev/{n} c {c}" for n, c in SENSES.items()))
    probes = {unit: probed(box, unit) for unit in UNITS}
    box.says("rm -r " + " ".join(f"/dev/{name}" for name in SENSES))
    box.says("systemctl reset-failed 'mien*'")  # the starts so far were ours, and count for nothing
    yield from confined(probes)


def heard(box: Box) -> Iterator[Checked]:
    """Faces before the camera, and what the box's own music server plays of it."""
    for mood in ("happy", "sad"):
        box.says(f"{TELL} {mood}")
        took = box.until(f'{PYTHON} /rig/inside/ask.py status | grep -q \'"song": {{"uri": "{mood}/\'')
        yield Checked(f"a {mood} face is drawn", f"a song for {mood} plays after {took:.0f} s")
    box.says(f"{TELL} dark")
    took = box.until(f"{RUNS} -c '{HEARD}'")
    yield Checked("the songs on the first day, once nobody is looked at", f"are listened to after {took:.0f} s")
    found = box.run("mien doctor")
    faults = [line for line in found.stdout.splitlines() if line.startswith("FAULT")]
    yield Checked("mien doctor", ", ".join(faults) or "no fault", found.returncode == 0)


def probed(box: Box, unit: str) -> dict[str, str]:
    """What the unit can do, found out by a process of the unit's own."""
    answer = box.root / "var" / "lib" / unit / "probe.json"
    words = f"/rig/inside/probe.py /var/lib/{unit}/probe.json" + (" photo" if unit == "mien" else "")
    box.drop_in(
        f"{unit}.service",
        Service=f"ExecStartPost={RUNS} {words}\nWorkingDirectory=/opt/mien/current\n"
        "Environment=MIEN_RUN=/run/mien PYTHONPATH=/opt/mien/current PYTHONDONTWRITEBYTECODE=1\nTimeoutStartSec=300",
    )
    box.says(f"systemctl restart {unit}")
    found: dict[str, str] = json.loads(answer.read_text())
    answer.unlink()
    box.drop_in(f"{unit}.service")
    box.says(f"systemctl restart {unit}")
    box.until(WELL)
    return found


def confined(found: dict[str, dict[str, str]]) -> Iterator[Checked]:
    eye, half = found["mien-eye"], found["mien"]
    network = (eye["interfaces"], eye["internet"], eye["page"])
    yield Checked(
        "the eye, from inside: interfaces, internet, page", ", ".join(network), network == ("lo", *NO_NETWORK)
    )
    doors = {place.rpartition("/")[2]: said for place, said in eye.items() if place.startswith("/run/")}
    reached = [door for door, said in doors.items() if said == "reached"]
    yield Checked("sockets that the eye reaches", ", ".join(reached), reached == ["eye.sock"])
    nodes = dict(node.split("=") for node in half["devices"].split())
    odd = [name for name, number in nodes.items() if number not in PLAIN and not number.startswith("136:")]
    seen = ", ".join(sorted({PLAIN.get(number, "terminals") for number in nodes.values()}))
    yield Checked("all devices in the speaking half", ", ".join(odd) or seen, not odd)
    said = [half[f"open {name}"] for name in SENSES]
    yield Checked("/dev/video0, gpiochip0, event0, pcmC0D0p, opened by it", ", ".join(said), set(said) == {"ENOENT"})
    said = [found["mien-mpd"][f"open {name}"] for name in list(SENSES)[:3]]
    yield Checked("the first three, opened by the music server", ", ".join(said), set(said) == {"EPERM"})
    said = [eye[f"open {name}"] for name in list(SENSES)[2:]]
    yield Checked("the last two, opened by the eye", ", ".join(said), set(said) == {"EPERM"})
    for what, wanted in (("code", {"EPERM", "EACCES"}), ("capabilities", {"0" * 16})):
        said = [one[what] for one in found.values()]
        yield Checked(f"{WORDS[what]}: eye, speaking half, music", ", ".join(said), set(said) <= wanted)
    written = {
        unit: [what[6:] for what, said in one.items() if what.startswith("write ") and said == "written"]
        for unit, one in found.items()
    }
    yield Checked("folders that each may write", "; ".join(map(" ".join, written.values())), written == OWN)
    clock = [half["clock asked"], half["clock set"], half["classes"]]
    yield Checked(
        "the clock, from the speaking half: asked whether a network set it; set; /sys/class, where its chips are",
        ", ".join(clock),
        clock == ["answered", "EPERM", "seen"],
    )
    yield Checked("a photo from the speaking half, judged by its own unit", half["photo"], half["photo"] == "1 face")


NO_NETWORK = ("EAFNOSUPPORT", "EAFNOSUPPORT")
WORDS = {"code": "memory to be written and run", "capabilities": "capabilities"}


def broken(box: Box) -> Iterator[Checked]:
    for unit in UNITS:
        before = pid(box, unit)
        box.says(f"systemctl kill -s KILL --kill-whom=main {unit}")
        yield Checked(f"kill -9 of {unit}", f"well again after {anew(box, unit, before):.0f} s")
    for unit in UNITS[:2]:
        before = pid(box, unit)
        box.says(f"systemctl kill -s STOP --kill-whom=main {unit}")
        took = anew(box, unit, before)
        seen = box.run(f"journalctl -b -u {unit} --no-pager | grep -q 'Watchdog timeout'").returncode == 0
        yield Checked(f"{unit} stands still: the watchdog", f"well again after {took:.0f} s", seen)
    before = pid(box, "mien-eye")
    box.says(f"{TELL} hang")
    yield Checked("the camera hangs", f"well again after {anew(box, 'mien-eye', before):.0f} s")
    yield from shutter(box)
    yield from worn_out(box)
    yield from refused(box)
    began = time.monotonic()
    box.says("systemctl stop mien.target")
    box.until("! pgrep -u mien,mien-eye,mien-mpd")
    took = time.monotonic() - began
    yield Checked("stop of everything", f"no process left after {took:.1f} s", took < 3 * STOP)
    box.says("systemctl start mien.target")
    box.until(WELL)


def shutter(box: Box) -> Iterator[Checked]:
    """Closed by a long press, and closed until the next."""

    def seen() -> Checked:
        box.until(f'{PYTHON} /rig/inside/ask.py status | grep -q \'"eye": "up"\'')
        told = json.loads(box.says(f"{PYTHON} /rig/inside/ask.py status"))["snapshot"]
        return Checked(f"the shutter {when}", "closed" if told["shutter_closed"] else "open", told["shutter_closed"])

    box.says(f"{TELL} long")
    box.until("grep -q closed /var/lib/mien-eye/shutter")
    when, before = "after kill -9", pid(box, "mien-eye")
    box.says("systemctl kill -s KILL --kill-whom=main mien-eye")
    anew(box, "mien-eye", before)
    yield seen()
    when = "after a restart of the box"
    box.end()
    box.boot()
    box.until(WELL)
    yield seen()
    box.says(f"{TELL} long")
    box.until("grep -q open /var/lib/mien-eye/shutter")


def worn_out(box: Box) -> Iterator[Checked]:
    """Settings that stop the eye at each start; the red lamp; and the ways back, by hand and by itself."""
    lamp, eye, settings = "mien-fault@mien-eye", "mien-eye.service", box.root / "etc" / "mien" / "eye.toml"
    good = settings.read_text()

    def fail() -> None:
        settings.write_text(good + "nonsense = 1\n")
        box.run(f"systemctl restart {eye}")
        box.until(f"systemctl is-active -q {lamp}")

    box.drop_in("mien-fault@.service", Service=f"ExecStart=\nExecStart={RUNS} -P -m firmware.fault 75")
    box.drop_in(eye, Unit="StartLimitIntervalSec=60\nStartLimitBurst=3", Service="RestartSec=200ms")
    fail()
    settings.write_text(good)
    box.until(f"systemctl is-active -q {eye} && {WELL}")
    yield Checked(
        "the eye fails at each start", "the red lamp's unit is lit; mended, it is tried again by itself and well"
    )
    box.drop_in("mien-fault@.service")
    fail()
    settings.write_text(good)
    box.says(f"systemctl reset-failed {eye} && systemctl start {eye}")
    box.until(WELL)
    out = box.run(f"systemctl is-active -q {lamp}").returncode != 0
    yield Checked("the same, started by hand", "the red lamp is out, all is well", out)
    box.drop_in(eye)


def refused(box: Box) -> Iterator[Checked]:
    """A slip in the household's own lines for the music server: told by the lamp and the page, and mended."""
    lamp, music, own = "mien-fault@mien-mpd", "mien-mpd.service", box.root / "etc" / "mien" / "mpd-own.conf"
    box.drop_in("mien-fault@.service", Service=f"ExecStart=\nExecStart={RUNS} -P -m firmware.fault 75")
    box.drop_in(music, Unit="StartLimitIntervalSec=60\nStartLimitBurst=3", Service="RestartSec=200ms")
    own.write_text('audio_output {\n    typo "null"\n}\n')
    box.run(f"systemctl restart {music}")
    box.until(f"systemctl is-active -q {lamp}")
    box.until(f'{PYTHON} /rig/inside/ask.py status | grep -q \'"jukebox": "down"\'')
    told = box.run("mien doctor").stdout
    own.unlink()
    box.until(f"systemctl is-active -q {music} && {WELL}")
    yield Checked(
        "the music server refuses its configuration",
        "the red lamp's unit is lit, the doctor names the file; mended, it is tried again by itself and well",
        "mpd-own.conf" in told,
    )
    box.drop_in("mien-fault@.service")
    box.drop_in(music)


def switched_off(box: Box) -> Iterator[Checked]:
    """The speaking half's note, left as it leaves it."""
    box.says("setpriv --reuid mien --regid mien --clear-groups touch /run/mien/off")
    began = time.monotonic()
    off = box.ended()
    found = f"off after {time.monotonic() - began:.0f} s by the note alone" if off else "did not go off"
    yield Checked("the speaking half's note that the box shall go off", found, off)
    began = time.monotonic()
    box.boot()
    box.until(WELL)
    yield Checked("switched on again", f"well {time.monotonic() - began:.0f} s after")
