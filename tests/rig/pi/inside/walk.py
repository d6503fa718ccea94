"""The walk through the box, inside the virtual Pi: what is seen on the pins, heard on the card, found in /proc.

Runs at each boot. The first uses the box and ends with the mains cut; the second looks at what is left.
Everything is waited for with a bound; nothing is taken from a clock but how long it took.
"""

import json
import os
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PINS = Path("/sys/devices/platform/gpio-sim.0/gpiochip0")
RED, GREEN, BLUE, CAMERA, BUTTON = 17, 27, 22, 24, 23
SCENE, WALKED = Path("/var/lib/rig/scene"), Path("/var/lib/rig/walked")
EYE_STATE = Path("/var/lib/mien-eye/shutter")
LONG = 900.0  # seconds that anything may take here; a Pi is ten times as fast


def tell(what: str, found: object, good: bool = True) -> None:
    print(json.dumps({"what": what, "found": str(found), "good": good}), flush=True)


def say(words: str) -> None:
    print(f"{time.monotonic():6.0f} s  {words}", flush=True)


def run(*words: str, seconds: float = 900.0, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        timeout=seconds, env={**os.environ, **environment},
    )  # fmt: skip
    return done.returncode, done.stdout.strip()


def until(what: str, true: Callable[[], object], seconds: float = LONG) -> float | None:
    """Seconds until it was true; None, and a row of it, if it never was."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if true():
            return time.monotonic() - began
        time.sleep(0.2)
    tell(what, f"not within {seconds:.0f} s", good=False)
    return None


# --- the pins ---


def lit(pin: int) -> bool:
    return (PINS / f"sim_gpio{pin}" / "value").read_text().strip() == "1"


def lamp(seconds: float = 2.5) -> tuple[float, float, float]:
    """The share of the time for which each colour was lit."""
    seen, count, end = [0, 0, 0], 0, time.monotonic() + seconds
    while time.monotonic() < end:
        count += 1
        for place, pin in enumerate((RED, GREEN, BLUE)):
            seen[place] += lit(pin)
        time.sleep(0.001)
    return seen[0] / count, seen[1] / count, seen[2] / count


def colour(seconds: float = 2.5) -> str:
    """Which of the three are lit at all."""
    return "".join(name for name, share in zip("rgb", lamp(seconds), strict=True) if share > 0.02)


def finger(down: bool) -> None:
    (PINS / f"sim_gpio{BUTTON}" / "pull").write_text("pull-down" if down else "pull-up")


def press(held: float = 0.15, bounces: int = 0) -> None:
    for _ in range(bounces):
        finger(True)
        time.sleep(0.004)
        finger(False)
        time.sleep(0.004)
    finger(True)
    time.sleep(held)
    finger(False)


def show(scene: str) -> None:
    """The camera sees another scene from its next frame on."""
    SCENE.mkdir(parents=True, exist_ok=True)
    for picture in (Path("/rig/scenes") / scene).iterdir():
        beside = SCENE / f"{picture.name}.new"
        shutil.copy(picture, beside)
        beside.replace(SCENE / picture.name)


# --- the rest of the box ---


def mpc(*words: str) -> list[str]:
    return run("mpc", "--host=/run/mien-mpd/socket", "--format=%file%", *words, seconds=60)[1].splitlines()


def playing() -> str:
    told = mpc("status")
    return told[0] if len(told) > 1 and told[1].startswith("[playing]") else ""


def sound(seconds: int = 3) -> float:
    """The loudness of what the sound card is given: the mean square's root, of 32768 at most."""
    raw = Path("/run/heard")
    run("arecord", "-q", "-D", "hw:Loopback,1,0", "-f", "S16_LE", "-r", "48000", "-c", "2", "-t", "raw",
        "-d", str(seconds), str(raw), seconds=60)  # fmt: skip
    content = raw.read_bytes() if raw.exists() else b""
    samples = struct.unpack(f"<{len(content) // 2}h", content[: len(content) // 2 * 2])
    return (sum(s * s for s in samples) / len(samples)) ** 0.5 if samples else 0.0


def pid(unit: str) -> int:
    return int(run("systemctl", "show", "-P", "MainPID", unit)[1] or 0)


def active(*units: str) -> bool:
    return run("systemctl", "is-active", "--quiet", *units)[0] == 0


def mien(*words: str) -> str:
    return run("/usr/local/bin/mien", *words, seconds=60)[1]


# --- the walk ---


def boots() -> None:
    took = until("both halves and the music server are up", lambda: active("mien", "mien-eye", "mien-mpd"))
    if took is not None:
        tell("both halves and the music server are up", "yes")
    if until("the camera lamp is lit by the real pin line", lambda: lit(CAMERA)) is not None:
        tell("the camera lamp is lit by the real pin line", f"line {CAMERA} high")


def lamps() -> None:
    """Each mood's colour on the three lines, as the drawn face changes."""
    for scene, wanted in (("happy", "rg"), ("sad", "b"), ("angry", "r")):
        show(scene)
        what = f"a {scene} face: the lamp's lines that are lit"
        if until(what, lambda wanted=wanted: colour() == wanted) is not None:  # type: ignore[misc]  # bound at once
            shares = " ".join(f"{name} {share:.2f}" for name, share in zip("rgb", lamp(5.0), strict=True))
            tell(what, f"{wanted} ({shares} of the time)")


def music() -> None:
    show("happy")
    if until("a happy room hears a happy song", lambda: "happy" in playing()) is None:
        return
    tell("a happy room hears a happy song", playing())
    loud = sound()
    tell("the sound card is given sound", f"{loud:.0f} of 32768", loud > 50)
    mpc("pause")
    quiet = sound()
    tell("paused, it is given silence", f"{quiet:.0f} of 32768", quiet < 1)
    mpc("play")
    again = sound()
    tell("played on, sound again", f"{again:.0f} of 32768", again > 50)


def button() -> None:
    press()
    if until("a press: a look, and the lamp says so", lambda: colour(0.4) == "gb") is not None:
        tell("a press: a look, and the lamp says so", "g and b lit, r dark")
    until("the look ends", lambda: colour(1.0) != "gb")
    before = playing()
    press(bounces=12)
    seen = until("a press by a worn button that bounces 12 times: one look", lambda: colour(0.4) == "gb")
    time.sleep(5)
    tell("a press by a worn button that bounces 12 times: one look", "one look, the song stays",
         seen is not None and playing() == before)  # fmt: skip
    press()
    time.sleep(0.3)
    press()
    if until("a double press: another song", lambda: playing() not in ("", before)) is not None:
        tell("a double press: another song", playing())
    press(2.5)
    if until("a long press: the shutter closes and the camera lamp is dark", lambda: not lit(CAMERA)) is not None:
        tell("a long press: the shutter closes and the camera lamp is dark", f"line {CAMERA} low")
    press(2.5)
    if until("another: it opens", lambda: lit(CAMERA)) is not None:
        tell("another: it opens", f"line {CAMERA} high")


def walls() -> None:
    """The law of the house, looked at from inside each half's own view of the machine."""
    eye, voice = pid("mien-eye"), pid("mien")
    links = run("nsenter", "-t", str(eye), "-n", "ip", "-brief", "link")[1].split()
    tell(
        "the half that sees has no network but a loopback that is down",
        " ".join(links[:2]),
        links[:2] == ["lo", "DOWN"],
    )
    seen = {path.name for path in Path(f"/proc/{voice}/root/dev").iterdir()}
    held = sorted(name for name in seen if name.startswith(("video", "media", "gpiochip", "i2c", "spi")))
    tell("the half that speaks has no camera and no pins in its /dev", ", ".join(held) or "none", not held)
    real = sorted(path.name for path in Path("/dev").iterdir() if path.name.startswith(("video", "gpiochip")))
    tell("though the machine has them", ", ".join(real), len(real) > 1)


def recovers() -> None:
    for unit in ("mien-eye", "mien", "mien-mpd"):
        before = pid(unit)
        os.kill(before, 9)
        what = f"kill -9 of {unit}"
        took = until(what, lambda unit=unit, before=before: pid(unit) not in (0, before) and active(unit))  # type: ignore[misc]  # bound at once
        if took is not None:
            tell(what, f"started again in {took:.0f} s")
    until("the camera lamp is lit again", lambda: lit(CAMERA))
    before = pid("mien-eye")
    os.kill(before, 19)
    took = until("a hung eye", lambda: pid("mien-eye") not in (0, before) and active("mien-eye"))
    if took is not None:
        tell("a hung eye", f"killed by its watchdog and started again in {took:.0f} s")


def close_and_cut() -> None:
    """The shutter is closed by hand, and the mains go a moment after the box has promised to remember it."""
    until("the camera lamp is lit again", lambda: lit(CAMERA))
    press(2.5)
    until("the shutter closes", lambda: not lit(CAMERA))
    until("it is written down", lambda: EYE_STATE.read_text().startswith("closed"))
    WALKED.touch()
    fd = os.open(WALKED.parent, os.O_RDONLY)
    os.fsync(fd)  # the rig's own mark; the box has synced its own
    print(json.dumps({"cut": True}), flush=True)
    time.sleep(600)


def after_the_cut() -> None:
    took = until("after a power cut both halves are up by themselves", lambda: active("mien", "mien-eye", "mien-mpd"))
    if took is not None:
        tell("after a power cut both halves are up by themselves", f"{time.monotonic():.0f} s after the mains came")
    shows = until("the shutter is still closed: amber lamp", lambda: colour(6.0) in ("rg", "r"), 120)
    tell("the shutter is still closed over the power cut: the camera lamp stays dark", f"line {CAMERA} low",
         shows is not None and not lit(CAMERA))  # fmt: skip
    press(2.5)
    if until("a hand opens it again", lambda: lit(CAMERA)) is not None:
        tell("a hand opens it again", f"line {CAMERA} high")
    show("happy")
    if until("and the music plays again", playing) is not None:
        tell("and the music plays again", playing())


def main() -> int:
    say(f"awake, Linux {os.uname().release}")
    tell("the box is at multi-user, emulated", f"{time.monotonic():.0f} s after the mains came")
    steps = [after_the_cut] if WALKED.exists() else [boots, lamps, music, button, walls, recovers, close_and_cut]
    for step in steps:
        say(step.__name__)
        try:
            step()
        except Exception as error:  # the walk goes on: one broken step must not hide what the others find
            tell(f"the step {step.__name__}", f"{type(error).__name__}: {error}", good=False)
    print(json.dumps({"end": True}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
