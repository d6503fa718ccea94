"""Patches of sound as spectra: the mel bands that the network takes, and the finer spectrum that harmony needs.

The bands are those that MusiCNN was trained on: 96 of Slaney's between 0 and 8 kHz, over frames of 512 samples, 256
apart, log10(1 + 10000 x).
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from appliance.library.decode import RATE, Sound

FRAME, HOP, BANDS = 512, 256, 96
FINE_FRAME, FINE_HOP = 4096, 2048
Floats = NDArray[np.float32]


def power(patch: Sound, frame: int = FRAME, hop: int = HOP) -> Floats:
    """Power spectra [frames, frame / 2 + 1] under a periodic Hann window."""
    cut = np.lib.stride_tricks.sliding_window_view(patch, frame)[::hop]
    told = np.fft.rfft(cut * hann(frame))
    return np.asarray(np.square(told.real) + np.square(told.imag), np.float32)


def mel(spectra: Floats) -> Floats:
    """Mel power [frames, BANDS]."""
    return np.asarray(spectra @ filters(), np.float32)


def heard(bands: Floats) -> Floats:
    """Mel power as the network takes it."""
    return np.asarray(np.log10(1 + 10000 * bands), np.float32)


@cache
def hann(length: int) -> Floats:
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length), np.float32)


@cache
def filters() -> Floats:
    """[FRAME / 2 + 1, BANDS]: triangles evenly spaced on Slaney's scale, each of the same area."""
    edges = hertz(np.linspace(0, slaney(RATE / 2), BANDS + 2))
    bins = np.arange(FRAME // 2 + 1) * RATE / FRAME
    rise = (bins[:, None] - edges[None, :-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[None, 2:] - bins[:, None]) / (edges[2:] - edges[1:-1])
    shape = np.maximum(0, np.minimum(rise, fall)) * 2 / (edges[2:] - edges[:-2])
    return np.asarray(shape, np.float32)


KNEE, PER_MEL, LOG_STEP = 1000.0, 200 / 3, float(np.log(6.4)) / 27


def slaney(frequency: float) -> float:
    return KNEE / PER_MEL + float(np.log(frequency / KNEE)) / LOG_STEP


def hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    knee = KNEE / PER_MEL
    return np.where(mels < knee, mels * PER_MEL, KNEE * np.exp(LOG_STEP * (mels - knee)))
