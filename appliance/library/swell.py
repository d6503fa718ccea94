"""How a song swells and ebbs, at which speeds: strings in seconds, a beat twice in one, a tremolo ten times. Pure."""

import itertools

import numpy as np

from appliance.library.rhythm import PER_SECOND
from appliance.library.spectrum import Floats

PARTS = {"bass": (0, 16), "voice": (16, 40), "bright": (40, 70), "air": (70, 96)}
"""Mel bands, each part heard as one."""
SPEEDS = (0.5, 2, 4, 8, 16, 31)
"""Times a second: the borders of what is told apart."""
LENGTH = 512
STILL = 1e-2
"""Of a part that does not swell."""


def swell(bands: Floats) -> dict[str, float]:
    """For each part of mel power [patches, frames, bands] and each speed, how strongly; in tens, over all patches."""
    level = np.log10(1 + 10000 * bands)
    speed = np.fft.rfftfreq(LENGTH, 1 / PER_SECOND)
    told = {}
    for name, (low, high) in PARTS.items():
        part = level[..., low:high].mean(-1)
        part = (part - part.mean(1, keepdims=True)) * np.hanning(part.shape[1])
        strength = np.square(np.abs(np.fft.rfft(part, LENGTH, axis=1)))
        for slow, fast in itertools.pairwise(SPEEDS):
            within = strength[:, (speed >= slow) & (speed < fast)].sum(1)
            told[f"{name} swells from {slow:g}"] = float(np.log10(within + STILL).mean())
    return told
