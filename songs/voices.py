"""The instruments: one period of each, its shape in time, and a small set of drums."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

RATE = 32000
TABLE = 2048
Sound = NDArray[np.float32]


@dataclass(frozen=True)
class Voice:
    """`partials`: the strength of each harmonic. `fall`: seconds in which a tone dies; 0 for one that is held."""

    partials: tuple[float, ...]
    attack: float
    fall: float
    release: float
    chorus: float = 0.0  # cents by which a second player is out of tune
    wobble: float = 0.0  # cents of vibrato


def _saw(count: int) -> tuple[float, ...]:
    return tuple(1 / k for k in range(1, count + 1))


VOICES: dict[str, Voice] = {
    "keys": Voice((1, 0.45, 0.18, 0.1, 0.05), 0.006, 0.9, 0.15, chorus=4),
    "low keys": Voice((1, 0.5, 0.2, 0.05), 0.01, 1.6, 0.3),
    "vibes": Voice((1, 0.02, 0.05, 0.25), 0.004, 1.1, 0.3, wobble=8),
    "bell": Voice((1, 0.1, 0.35, 0.05, 0.2, 0.0, 0.1), 0.003, 0.7, 0.2),
    "pluck": Voice((1, 0.6, 0.4, 0.25, 0.15, 0.1, 0.06), 0.003, 0.28, 0.08, chorus=6),
    "glass": Voice((1, 0.0, 0.12, 0.0, 0.0, 0.1), 0.05, 2.2, 0.6, wobble=14),
    "pad": Voice((1, 0.35, 0.2, 0.08), 0.5, 0.0, 0.7, chorus=9),
    "strings": Voice((1, 0.6, 0.5, 0.3, 0.2, 0.12, 0.08), 0.35, 0.0, 0.5, chorus=12, wobble=18),
    "reed": Voice((1, 0.1, 0.7, 0.1, 0.45, 0.1, 0.25, 0.05, 0.1), 0.02, 0.0, 0.06, wobble=12),
    "chip": Voice((1, 0.0, 0.33, 0.0, 0.2, 0.0, 0.14, 0.0, 0.11), 0.002, 0.35, 0.04),
    "saw": Voice(_saw(16), 0.005, 0.0, 0.04, chorus=11),
    "bass": Voice((1, 0.5, 0.15, 0.05), 0.006, 0.5, 0.06),
    "chip bass": Voice((1, 0.0, 0.33, 0.0, 0.2), 0.003, 0.3, 0.04),
    "saw bass": Voice(_saw(9), 0.004, 0.6, 0.04),
}


@cache
def _period(name: str, highest: int) -> Sound:
    """One period with as many harmonics as the pitch leaves room for."""
    angle = np.arange(TABLE) * (2 * np.pi / TABLE)
    partials = VOICES[name].partials[:highest]
    wave = sum((share * np.sin(k * angle) for k, share in enumerate(partials, 1)), np.zeros(TABLE))
    period: Sound = (wave / np.sqrt((wave**2).mean())).astype(np.float32)
    return period


@cache
def tone(name: str, pitch: int, seconds: float) -> Sound:
    """A voice singing one pitch (60 is middle C) for so long, its release included."""
    voice = VOICES[name]
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    period = _period(name, max(1, int(RATE * 0.45 / hertz)))
    clock = np.arange(int((seconds + voice.release) * RATE)) / RATE
    bend = voice.wobble / 1200 * np.log(2) / (2 * np.pi * 5.3) * np.sin(2 * np.pi * 5.3 * clock)
    sound = np.zeros(len(clock), np.float32)
    for cents in (voice.chorus, -voice.chorus) if voice.chorus else (0.0,):
        phase = hertz * 2 ** (cents / 1200) * (clock + bend)
        sound += period[(phase * TABLE).astype(np.int64) % TABLE]
    shape = np.minimum(1, clock / voice.attack) * np.clip((seconds + voice.release - clock) / voice.release, 0, 1)
    if voice.fall:
        shape *= np.exp(-clock / voice.fall)
    whole: Sound = (sound * shape).astype(np.float32)
    return whole


@cache
def drum(name: str) -> Sound:
    """One stroke, always the same."""
    length = {"kick": 0.28, "snare": 0.22, "hat": 0.06, "brush": 0.12}[name]
    clock = np.arange(int(length * RATE)) / RATE
    noise = np.random.default_rng(7).standard_normal(len(clock))
    hiss = np.diff(noise, prepend=0.0)
    match name:
        case "kick":
            sound = np.sin(2 * np.pi * (48 * clock + 5 * (1 - np.exp(-clock * 32)))) * np.exp(-clock * 14) * 2.2
        case "snare":
            sound = noise * np.exp(-clock * 26) * 0.8 + np.sin(2 * np.pi * 190 * clock) * np.exp(-clock * 30)
        case "hat":
            sound = hiss * np.exp(-clock * 80) * 0.45
        case _:
            sound = hiss * np.sin(np.pi * clock / length) * 0.22
    stroke: Sound = sound.astype(np.float32)
    return stroke
