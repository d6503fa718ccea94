"""Which of the songs a recording is of, told by its sound alone."""

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

THIN = 8
"""Of the 32,000 samples a second one in so many is enough to tell songs apart."""
Sound = NDArray[np.float64]


def recorded(file: Path) -> Sound:
    """What the sound card was given: 16 bits, two channels."""
    return thinned(np.frombuffer(file.read_bytes(), "<i2").reshape(-1, 2).astype(float) / 32768)


def thinned(sound: Sound) -> Sound:
    mono = sound.mean(axis=1) if sound.ndim > 1 else sound
    return np.asarray(mono[: len(mono) // THIN * THIN].reshape(-1, THIN).mean(axis=1), float)


def loudness(sound: Sound) -> float:
    """The mean square's root, of 1 at most."""
    return float(np.sqrt((sound**2).mean())) if len(sound) else 0.0


def likeness(part: Sound, whole: Sound) -> float:
    """How well the part fits into the whole where it fits best: 1 if it is cut from it, at whatever loudness."""
    if len(part) > len(whole) or not part.any():
        return 0.0
    size = 1 << (len(whole) + len(part)).bit_length()
    product = np.fft.irfft(np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size)), size)
    fits = product[: len(whole) - len(part) + 1]
    sums = np.concatenate([[0.0], np.cumsum(whole**2)])
    energy = sums[len(part) :] - sums[: -len(part)]
    return float((fits / np.sqrt(np.maximum(energy, 1e-9) * (part**2).sum())).max())


def recognised(part: Sound, shelf: Path) -> tuple[str, float, float]:
    """The song of the shelf that it fits best, how well, and how well the next one does."""
    known = []
    for file in sorted(shelf.rglob("*.flac")):
        whole, _ = soundfile.read(file, always_2d=True)
        known.append((likeness(part, thinned(whole)), str(file.relative_to(shelf))))
    (best, name), (second, _) = sorted(known, reverse=True)[:2]
    return name, best, second
