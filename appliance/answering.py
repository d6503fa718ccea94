"""What should answer a doctor: the half that speaks, through it the one that sees, the music server and the broker."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mpd

from appliance import control, dial, places
from appliance.dial import LOST, Dial, reason
from appliance.finding import Finding
from appliance.hub import Hub, Unreached, Untrusted
from appliance.settings import Settings

OURS = "/run/mien-mpd/socket"
"""Where the box's own music server listens; any other was there before the box."""
TRUSTED = "/usr/local/share/ca-certificates/broker.crt"
"""Where Debian looks for the certificates of signers that a household trusts; the name is free but for its end."""
ROOT = "ask again as root: sudo mien doctor"


def again(unit: str) -> str:
    """How a unit is brought back, also one that systemd has given up for some minutes."""
    return f"sudo systemctl reset-failed {unit}; sudo systemctl restart {unit}. Why it ended: journalctl -b -u {unit}"


def names(run: Path) -> str:
    """The words before a command that lead it to the speaker whose sockets lie in `run`; none if it does not answer."""
    try:
        told = control.call(run / "mien.sock", "where")
        return " ".join(f"MIEN_{name.upper()}={told[name]}" for name in ("etc", "state", "run"))
    except (OSError, ValueError, KeyError):
        return ""


def running() -> Iterator[Finding]:
    """What the running half knows of the eye."""
    try:
        told = control.call(places.run() / "mien.sock", "status")["snapshot"]
    except PermissionError:
        yield Finding("speaking half", "is asked by root and the box's own users alone", ROOT)
        return
    except (OSError, ValueError, KeyError) as error:
        why = reason(error)
        yield Finding("speaking half", f"does not answer: {why}", f"./setup.sh run; or on a box: {again('mien')}")
        return
    yield Finding("speaking half", f"runs: {told['sentence']}")
    yield from eye(told)
    for trouble in told["trouble"]:
        yield Finding("trouble", trouble, "see what is said above and below, and the journal: journalctl -u mien")


def eye(told: dict[str, Any]) -> Iterator[Finding]:
    """What the half that sees said of itself last."""
    if told["eye"] != "up":
        yield Finding("eye", "is not connected", again("mien-eye"))
        return
    yield Finding("eye", f"is connected, with the network {told['network'] or 'that it does not name'}")
    if told["shutter_closed"]:
        yield Finding("its camera", "closed by the button: hold it again to open it")
    elif told["camera"] == "lost":
        fix = "check its cable, and that no other program has it: rpicam-hello --list-cameras"
        yield Finding("its camera", "lost", fix)
    else:
        yield Finding("its camera", "well" if told["camera"] else "not told of yet")


def silent(client: mpd.MPDClient) -> bool:
    """Whether all that would play is thrown away, as on a box that was installed before it had a sound card."""
    outputs = client.outputs()
    return bool(outputs) and all(one.get("plugin") == "null" for one in outputs)


def server(told: Settings) -> list[Finding]:
    try:
        client = Dial(told.music.server, told.music.password).connect()
    except PermissionError:
        return [Finding("music server", f"{told.music.server} is asked by the box's own users alone", ROOT)]
    except (*LOST, ValueError, mpd.MPDError) as error:
        fix = f"start it there, and check music.server and music.password in {places.etc() / 'mien.toml'}"
        if told.music.server == OURS:
            fix = f"mend /etc/mien/mpd-own.conf if you wrote one, then: {again('mien-mpd')}"
        return [Finding("music server", f"{told.music.server}: {reason(error)}", fix)]
    try:
        songs = int(client.stats().get("songs", 0))
        status = client.status()
        well = [Finding("music server", f"{told.music.server} answers, protocol {client.mpd_version}")]
        if dial.version(client) >= (0, 20):
            fix = "" if songs else "put songs into its music folder; unless it looks there by itself: mpc update"
            well.append(Finding("library", f"{songs} songs", fix))
        else:
            well.append(Finding("library", "not counted: a server that is not MPD does not tell"))
        if "error" in status:
            fix = "check audio_output in MPD's configuration, and the cable"
            if told.music.server == OURS:
                fix = "check the cable; or take another card that aplay -l tells: sudo ./setup.sh install --sound CARD"
            well.append(Finding("sound", status["error"], fix))
        elif told.music.server == OURS and silent(client):
            well.append(
                Finding(
                    "sound", "goes nowhere: there was no card, or none was wanted. sudo ./setup.sh install looks again"
                )
            )
        return well
    except (*LOST, ValueError, mpd.MPDError) as error:
        return [Finding("music server", reason(error), "check its password and its log")]
    finally:
        dial.hang_up(client)


def broker(told: Settings) -> Iterator[Finding]:
    """The home's, where one is named."""
    if not told.broker.address:
        return
    try:
        Hub(told.broker).knock()
        yield Finding("broker", f"{told.broker.address} answers")
    except Untrusted as error:
        fix = f"call it as its certificate does; put who signed that into {TRUSTED}, then sudo update-ca-certificates"
        yield Finding("broker", f"{told.broker.address}: {error}", fix)
    except Unreached as error:
        fix = f"start it there, and check [broker] in {places.etc() / 'mien.toml'}"
        yield Finding("broker", f"{told.broker.address}: {error}", fix)
