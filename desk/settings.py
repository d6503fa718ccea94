"""The settings of a speaker on a desk: a file for the half that speaks, written for each run."""

import json
from pathlib import Path

# With a library of half a minute a song, the gaps meant for a household's library would leave nothing to play.
SHORT_SONGS = "[choice]\nsong_hours = 0.0\nartist_gap = 0\n"


def write(folder: Path, server: str, port: int, own_songs: bool, broker: str = "") -> None:
    """Lies over the defaults in config/; what the page changes lies over this in turn."""
    text = f"[music]\nserver = {quoted(server)}\nresume_at_start = true\n\n[page]\nport = {port}\n"
    text += f"\n[broker]\naddress = {quoted(broker)}\n"
    (folder / "mien.toml").write_text(text + ("\n" + SHORT_SONGS if own_songs else ""))


def quoted(text: str) -> str:
    """A JSON string is a TOML basic string."""
    return json.dumps(text, ensure_ascii=False)
