"""What a song's tones tell: its key and how clear it is, major or minor, and how much its harmony moves. Pure.

Tones are the peaks of a fine spectrum, their frequencies read between the bins, so that a piano a little out of tune
and a bass an octave down count for what they are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from appliance.library.decode import RATE, Sound
from appliance.library.spectrum import FINE_FRAME, FINE_HOP, power

LOW, HIGH = 80.0, 2200.0
STRONG = 1e-4
"""Peaks weaker than this share of the frame's strongest are left out."""
NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
MAJOR = np.array([0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081])
MINOR = np.array([0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052])
"""How often each degree sounds in tonal music (Albrecht and Shanahan, 2013)."""


@dataclass(frozen=True)
class Key:
    tonic: int  # semitones above C
    major: bool
    clarity: float  # how well the best key fits, a correlation
    mode: float  # by how much the best major key fits better than the best minor one

    def __str__(self) -> str:
        return f"{NAMES[self.tonic]} {'major' if self.major else 'minor'}"


def harmony(patches: Sound) -> dict[str, float]:
    chroma, height, share = tones(patches)
    whole = chroma.sum((0, 1))
    found = key(whole)
    parts = chroma.sum(1)
    unit = chroma / (np.linalg.norm(chroma, axis=-1, keepdims=True) + 1e-9)
    told = {f"degree {i}": value for i, value in enumerate(np.roll(whole, -found.tonic) / (whole.sum() + 1e-9))}
    kinds = [key(part) for part in parts]
    plain = whole / (whole.sum() + 1e-9)
    return told | {
        "key clarity": found.clarity,
        "mode": found.mode,
        "mode of parts": float(np.mean([part.mode for part in kinds])),
        "clarity of parts": float(np.mean([part.clarity for part in kinds])),
        "same key": float(np.mean([part.tonic == found.tonic for part in kinds])),
        "tonal spread": float(-(plain * np.log(plain + 1e-9)).sum()),
        "chord spread": float(-(unit**2 * np.log(unit**2 + 1e-9)).sum(-1).mean()),
        "harmonic motion": float(1 - (unit[:, 1:] * unit[:, :-1]).sum(-1).mean()),
        "pitch height": float(height.mean()),
        "pitch height spread": float(height.std()),
        "tonal share": float(share.mean()),
    }


def key(chroma: NDArray[np.float64]) -> Key:
    """The key whose degrees fit best."""
    fits = {
        major: np.array(
            [np.corrcoef(np.roll(profile, i), chroma)[0, 1] if chroma.std() > 0 else 0.0 for i in range(12)]
        )
        for major, profile in ((True, MAJOR), (False, MINOR))
    }
    major = bool(fits[True].max() >= fits[False].max())
    best = fits[major]
    return Key(int(best.argmax()), major, float(best.max()), float(fits[True].max() - fits[False].max()))


def tones(patches: Sound) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Chroma [patches, frames, 12]; the mean pitch of each frame, in octaves; the share of energy that is tones."""
    spectra = np.stack([power(patch, FINE_FRAME, FINE_HOP) for patch in patches])
    bin0, bin1 = round(LOW * FINE_FRAME / RATE), round(HIGH * FINE_FRAME / RATE)
    logs = np.log(spectra[..., bin0 - 1 : bin1 + 1] + 1e-10)
    left, mid, right = logs[..., :-2], logs[..., 1:-1], logs[..., 2:]
    top = mid.max(-1, keepdims=True)
    peak = (mid > left) & (mid >= right) & (mid > top + np.log(STRONG)) & (mid > -12)
    patch, frame, place = np.nonzero(peak)
    a, b, c = left[peak], mid[peak], right[peak]
    offset = 0.5 * (a - c) / np.minimum(a - 2 * b + c, -1e-6)
    pitch = 12 * np.log2((place + bin0 + offset) * RATE / FINE_FRAME / 261.6256)
    weight = np.exp(b / 4).astype(np.float64)  # the root of the magnitude: loud tones do not drown the rest
    drift = np.angle((weight * np.exp(2j * np.pi * pitch)).sum()) / (2 * np.pi) if len(pitch) else 0.0
    pitch = pitch - drift
    near = np.exp(-0.5 * np.square((pitch - np.round(pitch)) / 0.2))
    chroma = np.zeros((*spectra.shape[:2], 12))
    np.add.at(chroma, (patch, frame, np.round(pitch).astype(int) % 12), weight * near)
    summed, lifted = np.zeros(spectra.shape[:2]), np.zeros(spectra.shape[:2])
    np.add.at(summed, (patch, frame), weight)
    np.add.at(lifted, (patch, frame), weight * pitch / 12)
    strong = np.zeros(spectra.shape[:2])
    np.add.at(strong, (patch, frame), np.exp(b.astype(np.float64)))
    share = np.log10(strong / (spectra[..., bin0:bin1].sum(-1) + 1e-9) + 1e-3)
    return chroma, lifted / (summed + 1e-9), share
