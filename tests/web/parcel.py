"""Music to bring, a folder for it, and what lies there afterwards."""

import io
from pathlib import Path

import numpy as np
import soundfile

from appliance.web.house import House
from appliance.web.intake import Intake

KEY = "0123456789abcdef" * 2
KINDS = {".flac": "FLAC", ".wav": "WAV", ".ogg": "OGG", ".mp3": "MP3", ".aiff": "AIFF"}


def music(kind: str = ".flac", seconds: float = 1.0) -> bytes:
    """A short tone in one of the usual files."""
    tone = 0.2 * np.sin(2 * np.pi * 330 * np.arange(int(22050 * seconds)) / 22050)
    out = io.BytesIO()
    soundfile.write(out, tone.astype("f4"), 22050, format=KINDS[kind])
    return out.getvalue()


def kept(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def takes_music(house: House, place: Path) -> Path:
    """A new folder there, into which this page takes what phones bring."""
    place.mkdir()
    house.intake = Intake(lambda: place)
    return place
