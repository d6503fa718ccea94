"""What a song's onsets tell: how fast its beat is, how clear, and how much happens. Pure."""

import numpy as np
from numpy.typing import NDArray

from appliance.library.decode import RATE
from appliance.library.spectrum import HOP, Floats

PER_SECOND = RATE / HOP
SLOWEST, FASTEST = 40.0, 240.0
USUAL, BREADTH = 115.0, 0.9
"""Of two tempi that fit alike, the one nearer to the usual is heard; the breadth is in octaves."""
LAGS = (0.2, 0.25, 0.3, 0.36, 0.43, 0.5, 0.6, 0.75, 1.0, 1.25)
STILL = 1e-5
"""Variance of the onsets under which nothing happens: a held tone repeats itself perfectly, and has no beat."""
FAINT = 0.03
"""An onset smaller than this is none."""
BASS = 12
"""Mel bands below about 350 Hz: drums and bass."""


def rhythm(bands: Floats) -> dict[str, float]:
    whole, bass = onsets(bands), onsets(bands[..., :BASS])
    echo = repetition(whole)
    beat, clarity = pulse(echo)
    deep_beat, deep_clarity = pulse(repetition(bass))
    mean = whole.mean() + 1e-9
    sharp = whole > max(2.5 * mean, FAINT)
    events = (sharp[:, 1:] & ~sharp[:, :-1]).sum() / (whole.size / PER_SECOND)
    told = {f"echo at {lag:g} s": float(np.interp(lag * PER_SECOND, np.arange(len(echo)), echo)) for lag in LAGS}
    return told | {
        "tempo": float(np.log2(beat / 60)),
        "pulse clarity": clarity,
        "deep tempo": float(np.log2(deep_beat / 60)),
        "deep pulse clarity": deep_clarity,
        "flux": float(np.log(mean)),
        "deep flux": float(np.log(bass.mean() + 1e-9)),
        "flux spread": float(whole.std() / mean),
        "flux peak": float(np.percentile(whole, 98) / mean),
        "flux arc": float(np.log(whole.mean(1) + 1e-3).std()),
        "events": float(np.sqrt(events)),
    }


def tempo(bands: Floats) -> float:
    """Beats a minute."""
    return pulse(repetition(onsets(bands)))[0]


def onsets(bands: Floats) -> NDArray[np.float64]:
    """How much louder the bands become from frame to frame, on average: [patches, frames - 1]."""
    level = np.log10(1 + 10000 * bands)
    return np.asarray(np.maximum(0, np.diff(level, axis=1)).mean(-1), np.float64)


def repetition(whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """How like themselves the onsets are after so many frames, over all patches: 1 at no lag."""
    even = whole - whole.mean(1, keepdims=True)
    length = even.shape[1]
    spectrum = np.abs(np.fft.rfft(even, 2 * length, axis=1)) ** 2
    told = np.fft.irfft(spectrum, axis=1)[:, :length].sum(0)
    told = told / np.arange(length, 0, -1) * length  # late lags overlap less
    return np.asarray(told / (told[0] + STILL * even.size), np.float64)


def pulse(echo: NDArray[np.float64]) -> tuple[float, float]:
    """The tempo whose beats, and their doubles, repeat best; and how well they do."""
    beats = np.exp(np.linspace(np.log(SLOWEST), np.log(FASTEST), 400))
    lags = 60 * PER_SECOND / beats
    at = np.arange(len(echo))
    fit = np.mean([np.interp(lags * n, at, echo, right=0.0) for n in (1, 2)], axis=0)
    fit = np.where(lags * 2 < len(echo) * 0.9, fit, np.interp(lags, at, echo) * 0.8)
    prior = np.exp(-0.5 * np.square(np.log2(beats / USUAL) / BREADTH))
    best = int(np.argmax(np.maximum(fit, 0) * prior))
    return float(beats[best]), float(fit[best])
