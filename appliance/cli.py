"""The command line: mien status | look | mood NAME | why | doctor | pair."""

import argparse
import sys
import time
from collections.abc import Callable
from typing import Any

import msgspec

from appliance import devices, doctor, pair, places
from appliance.control import call
from appliance.events import Song
from appliance.hub import Hub, Unreached

WAIT = 60.0
"""Seconds for which `mien pair` waits for a phone."""
ANSWER = 3.0
"""Seconds within which a look is answered."""


def ask(*words: str) -> dict[str, Any]:
    return call(places.run() / "mien.sock", *words)


def seen() -> dict[str, Any]:
    snapshot: dict[str, Any] = ask("status")["snapshot"]
    return snapshot


def status(told: dict[str, Any]) -> str:
    song = msgspec.convert(told["player"]["song"], Song | None)
    lines = [told["sentence"], f"mood   {told['belief']['mood'] or 'not known'}, doubt {told['belief']['doubt']:.0%}"]
    playing = " — ".join(filter(None, (song.name, song.artist))) if song else "nothing"
    volume = told["player"]["volume"]
    lines.append(f"music  {told['player']['state']}: {playing}" + ("" if volume is None else f", volume {volume}"))
    lines.append(f"goal   {told['goal']}; eye {told['eye']}; music server {told['jukebox']}, {told['songs']} songs")
    if told["hands_off"] > 0:
        lines.append(f"hands off for {told['hands_off'] / 60:.0f} min")
    lines += [f"trouble: {trouble}" for trouble in told["trouble"]]
    return "\n".join(lines)


def look() -> int:
    """Ask for a fresh look and wait for what it tells."""
    ask("look")
    end = time.monotonic() + ANSWER
    while True:
        time.sleep(0.25)  # by then the look has begun, or was answered
        told = seen()
        if not told["looking"] or time.monotonic() > end:
            break
    print(told["sentence"])
    return 0


def simple(*words: str) -> int:
    told = ask(*words)
    if "error" in told:
        print(told["error"], file=sys.stderr)
        return 1
    print("Done.")
    return 0


def let_in(wait: float) -> int:
    """The phone that waits, at once; else the page's address as a code, and the first phone to come."""
    if "ok" in ask("pair"):
        print("The phone is let in.")
        return 0
    told, _ = doctor.configured()
    if wait > 0:
        pair.welcome(told.page.port)
    if pair.pair(lambda: "ok" in ask("pair"), wait, time.monotonic, time.sleep):
        print("The phone is let in.")
        return 0
    print("no phone waits at the door: open the page on it, one phone at a time", file=sys.stderr)
    return 1


def why() -> int:
    told = seen()
    print(told["why"] or ("A person chose it." if told["player"]["song"] else "Nothing plays."))
    return 0


def farewell() -> int:
    """What the broker keeps of a box outlives it."""
    told, _ = doctor.configured()
    if not told.broker.address:
        print("no broker is named in mien.toml", file=sys.stderr)
        return 1
    try:
        Hub(told.broker).farewell()
    except Unreached as error:
        print(f"the home's broker at {told.broker.address} is away: {error}", file=sys.stderr)
        return 69
    print("The home's broker has forgotten this box.")
    return 0


def examine() -> int:
    found = doctor.examine(devices.Machine())
    print(doctor.report(found))
    return 0 if all(one.well for one in found) else 1


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="mien", description=(__doc__ or "").partition(":")[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, meaning in (
        ("status", "what the box sees, believes and plays"),
        ("look", "ask for a fresh look"),
        ("why", "why this song"),
        ("doctor", "check everything and say the fixes"),
        ("farewell", "have the home's broker forget this box, which has gone"),
    ):
        verbs.add_parser(verb, help=meaning)
    door = verbs.add_parser("pair", help="let in the phone that waits at the door, as the button would")
    door.add_argument(
        "--wait", type=float, default=WAIT, metavar="SECONDS", help=f"for one to come; {WAIT:g} if not said"
    )
    verbs.add_parser("mood", help="play for a mood; auto leaves it to the eye").add_argument("name")
    asked = parser.parse_args(words)
    acts: dict[str, Callable[[], int]] = {"look": look, "why": why, "doctor": examine, "farewell": farewell}
    try:
        if asked.verb == "pair":
            return let_in(asked.wait)
        if asked.verb == "status":
            print(status(seen()))
            return 0
        return simple("mood", asked.name) if asked.verb == "mood" else acts[asked.verb]()
    except (OSError, KeyError, ValueError) as error:
        fix = "is it running? sudo systemctl start mien, or ./setup.sh run"
        if isinstance(error, PermissionError):
            fix = f"ask as root: sudo mien {asked.verb}"
        print(f"the speaker does not answer at {places.run() / 'mien.sock'}: {error}; {fix}", file=sys.stderr)
        return 69


if __name__ == "__main__":
    sys.exit(main())
