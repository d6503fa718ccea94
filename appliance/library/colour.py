"""What a song sounds like: its timbre, its loudness, and how both change. Pure.

Takes power spectra [patches, frames, bins] and mel power [patches, frames, bands]; gives named numbers.
"""

import numpy as np
from numpy.typing import NDArray

from appliance.library.decode import RATE
from appliance.library.spectrum import BANDS, FRAME, Floats

CEPSTRA = 13
OCTAVES = ((0, 200), (200, 400), (400, 800), (800, 1600), (1600, 3200), (3200, 8000))
FLOOR = 1e-8
QUIET = -80.0
"""dB below a full sine under which sound counts as none."""


def colour(spectra: Floats, bands: Floats) -> dict[str, float]:
    return timbre(bands) | shape(spectra) | contrast(spectra) | loudness(spectra)


def timbre(bands: Floats) -> dict[str, float]:
    """Cepstra of the mel bands: how they lie on average, vary, and move from frame to frame."""
    cepstra = decibels(bands) @ cosines()
    mean, spread = cepstra.mean((0, 1)), cepstra.std((0, 1))
    motion = np.diff(cepstra, axis=1).std((0, 1))
    told = {f"cepstrum {i} mean": mean[i] for i in range(CEPSTRA)}
    told |= {f"cepstrum {i} spread": spread[i] for i in range(1, CEPSTRA)}
    return told | {f"cepstrum {i} motion": motion[i] for i in range(1, 7)}


def shape(spectra: Floats) -> dict[str, float]:
    """Where the energy lies and how noise-like it is, frames counted by their loudness."""
    frequency = np.arange(spectra.shape[-1]) * RATE / FRAME
    total = spectra.sum(-1) + FLOOR
    weight = np.sqrt(total) / np.sqrt(total).sum()
    centre = (spectra @ frequency) / total
    width = np.sqrt(np.maximum(0, (spectra @ np.square(frequency)) / total - np.square(centre)))
    share = np.cumsum(spectra, -1) / total[..., None]
    edge = (share < 0.85).sum(-1) * RATE / FRAME
    logs = np.log(spectra[..., 1:] + FLOOR)
    flat = logs.mean(-1) - np.log(spectra[..., 1:].mean(-1) + FLOOR)
    bass = share[..., round(200 / (RATE / FRAME))]
    treble = 1 - share[..., round(3000 / (RATE / FRAME))]
    told = {}
    for name, value in (("centre", np.log2(centre + 50)), ("edge", np.log2(edge + 50)), ("noise", flat)):
        mean = float((value * weight).sum())
        told[f"{name} mean"] = mean
        told[f"{name} spread"] = float(np.sqrt((np.square(value - mean) * weight).sum()))
    return told | {
        "width": float((np.log2(width + 50) * weight).sum()),
        "bass": float((bass * weight).sum()),
        "treble": float((np.log10(treble + 1e-4) * weight).sum()),
    }


def contrast(spectra: Floats) -> dict[str, float]:
    """In each octave, how far its peaks stand above its valleys: tones against noise."""
    told = {}
    for low, high in OCTAVES:
        part = np.sort(spectra[..., round(low * FRAME / RATE) : round(high * FRAME / RATE)], -1)
        few = max(1, part.shape[-1] // 5)
        peak = np.log10(part[..., -few:].mean(-1) + FLOOR) - np.log10(part[..., :few].mean(-1) + FLOOR)
        told[f"contrast from {low}"] = float(peak.mean())
        told[f"contrast from {low} spread"] = float(peak.std())
    return told


def loudness(spectra: Floats) -> dict[str, float]:
    """In dB below a full sine; `arc` is how much the song changes from patch to patch."""
    level = np.maximum(QUIET, 10 * np.log10(spectra.sum(-1) / FULL + 1e-12))
    patch = 10 * np.log10(np.mean(10 ** (level / 10), -1))
    flat = level.ravel()
    low, high = np.percentile(flat, (10, 90))
    return {
        "loudness": float(patch.mean()),
        "loudness arc": float(patch.std()),
        "loudness low": float(low),
        "loudness high": float(high),
        "loudness spread": float(level.std(1).mean()),
        "loudness steps": float(np.abs(np.diff(level, axis=1)).mean()),
        "quiet share": float((level < patch[:, None] - 6).mean()),
    }


FULL = float(np.square(np.hanning(FRAME + 1)[:-1].sum() / 2) * 1.5)
"""The power, summed over bins, of a sine that fills the range; a Hann window spreads it over three bins."""


def decibels(bands: Floats) -> Floats:
    return np.asarray(10 * np.log10(bands + FLOOR), np.float32)


def cosines() -> NDArray[np.float64]:
    """[BANDS, CEPSTRA]: an orthonormal cosine transform."""
    angle = np.pi * (np.arange(BANDS)[:, None] + 0.5) * np.arange(CEPSTRA) / BANDS
    return np.asarray(np.cos(angle) * np.where(np.arange(CEPSTRA) == 0, 1, np.sqrt(2)) / np.sqrt(BANDS), np.float64)
