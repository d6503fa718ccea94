"""What a person wished on the command line. What cannot be granted is said at once, before anything is started."""

import argparse
import re
from pathlib import Path

PORT = 8080


def camera(word: str) -> str:
    if word in {"usb", "actor", "picamera2"}:
        return word
    place = word.removeprefix("replay:")
    if place in ("", word):
        raise argparse.ArgumentTypeError("usb, actor, picamera2 or replay:FOLDER")
    recording = Path(place).expanduser().resolve()
    if not recording.exists():
        raise argparse.ArgumentTypeError(f"there is no {recording}")
    return f"replay:{recording}"


def folder(word: str) -> Path:
    music = Path(word).expanduser().resolve()
    if not word or not music.is_dir():
        raise argparse.ArgumentTypeError(f"{music if word else 'nothing'} is no folder")
    return music


def server(word: str) -> str:
    named = re.fullmatch(r"[^\s/:]+:(\d{1,5})", word)
    if word.startswith("/") or (named and 0 < int(named[1]) < 65536):
        return word
    raise argparse.ArgumentTypeError("HOST:PORT, for example localhost:6600, or a socket's path")


def port(word: str) -> int:
    if word.isdecimal() and 0 < int(word) < 65536:
        return int(word)
    raise argparse.ArgumentTypeError("a number from 1 to 65535")


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./setup.sh run", description="The whole speaker on this machine.")
    parser.add_argument("--camera", type=camera, help="usb, actor, picamera2 or replay:FOLDER; usb if there is one")
    parser.add_argument("--music", type=folder, metavar="FOLDER", help="your songs; else the box plays its own")
    parser.add_argument("--mpd", type=server, metavar="HOST:PORT", help="a music server that is already there")
    parser.add_argument("--broker", type=server, metavar="HOST:PORT", help="the home's MQTT broker; else none")
    parser.add_argument(
        "--port", type=port, default=PORT, metavar="N", help=f"of the page; {PORT} or the next free one"
    )
    return parser.parse_args(words)
