"""Plays a piece: notes in, a stereo recording out."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from songs.characters import CHARACTERS
from songs.score import Piece
from songs.voices import RATE, drum, tone

CEILING = 0.89  # of full scale: the highest peak, about -1 dB
Recording = NDArray[np.float32]


@cache
def _hall(size: int) -> NDArray[np.complex128]:
    """A small hall's answer to one clap, left and right, as spectra of `size` samples."""
    clock = np.arange(int(1.4 * RATE)) / RATE
    noise = np.random.default_rng(3).standard_normal((2, len(clock)))
    clap = noise * np.exp(-clock * 4.5)
    clap[:, : int(0.012 * RATE)] = 0
    clap = np.cumsum(clap, axis=1) * 0.25 + clap * 0.1  # walls swallow the treble first
    clap -= clap.mean(axis=1, keepdims=True)
    clap /= np.sqrt((clap**2).sum(axis=1, keepdims=True))
    return np.fft.rfft(clap, size)


def play(piece: Piece) -> Recording:
    """The recording, samples by two, at the piece's loudness and never over the ceiling."""
    who = CHARACTERS[piece.mood]
    length = int(piece.seconds * RATE)
    mix = np.zeros((2, length + 4 * RATE), np.float32)
    for note in piece.notes:
        sound = tone(note.voice, note.pitch, round(note.length, 3)) if note.pitch else drum(note.voice)
        start = int(note.at * RATE)
        part = sound[: mix.shape[1] - start] * note.strength
        mix[0, start : start + len(part)] += part * (1 - max(0.0, note.side) * 0.7)
        mix[1, start : start + len(part)] += part * (1 + min(0.0, note.side) * 0.7)
    size = 1 << (length + 2 * RATE).bit_length()
    wet = np.fft.irfft(np.fft.rfft(mix[:, :length], size) * _hall(size), size)[:, :length]
    sound = mix[:, :length] + who.room * wet
    if who.drive:
        loud = np.sqrt((sound**2).mean())
        sound = np.tanh(sound / loud * who.drive) / who.drive
    fade = int(1.5 * RATE)
    sound[:, -fade:] *= np.linspace(1, 0, fade) ** 2
    return _levelled(sound, piece.loudness)


def _levelled(sound: NDArray[np.float64] | Recording, loudness: float) -> Recording:
    """At `loudness` dB RMS, the peaks rounded off under the ceiling."""
    wanted = 10 ** (loudness / 20)
    gain = wanted / np.sqrt((sound**2).mean())
    for _ in range(4):  # rounding costs a little loudness; ask for that much more
        soft = CEILING * np.tanh(sound * gain / CEILING)
        gain *= wanted / np.sqrt((soft**2).mean())
    recording: Recording = np.ascontiguousarray(soft.T, dtype=np.float32)
    return recording
