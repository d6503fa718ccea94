"""Music made for a test: its key, mode, tempo and loudness are known, because it was made so."""

import struct
import subprocess
import zlib
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from appliance.library.decode import PATCH, RATE

Sound = NDArray[np.float32]
CHORDS = {True: ((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)), False: ((0, 3, 7), (5, 8, 12), (7, 11, 14), (0, 3, 7))}


def tone(pitch: float, seconds: float) -> Sound:
    """A plucked note with a few overtones; pitch in semitones above middle C."""
    time = np.arange(int(seconds * RATE)) / RATE
    frequency = 261.6256 * 2 ** (pitch / 12)
    waves = sum(np.sin(2 * np.pi * frequency * n * time) / n**1.5 for n in range(1, 6))
    return np.asarray(waves * np.exp(-2 * time / seconds), np.float32)


def song(tonic: int, major: bool, tempo: float, seconds: float = 24.0, level: float = -18.0) -> Sound:
    """A chord a beat through tonic, subdominant, dominant and tonic, at a loudness in dB below a full sine."""
    beat = 60 / tempo
    sound = np.zeros(int(seconds * RATE) + RATE, np.float32)
    for number in range(int(seconds / beat)):
        at = int(number * beat * RATE)
        for pitch in CHORDS[major][number // 4 % 4]:
            note = tone(pitch + tonic - 12, beat)
            sound[at : at + len(note)] += note[: len(sound) - at]
    return loud(sound[: int(seconds * RATE)], level)


def clicks(tempo: float, seconds: float = 24.0) -> Sound:
    """Short bursts of noise, one a beat."""
    noise = np.random.default_rng(3).normal(0, 1, int(seconds * RATE)).astype(np.float32)
    since = np.arange(len(noise)) / RATE % (60 / tempo)
    return loud(noise * np.exp(-since * 60).astype(np.float32), -20)


def loud(sound: Sound, level: float) -> Sound:
    """Scaled to this loudness; a sine that fills the range is 0."""
    return np.asarray(sound / np.sqrt(2 * np.square(sound).mean()) * 10 ** (level / 20), np.float32)


def patches(sound: Sound) -> Sound:
    return sound[: len(sound) // PATCH * PATCH].reshape(-1, PATCH)


def press(sound: Sound, file: Path, *how: str) -> Path:
    """Into a file of whatever kind its name and `how` (ffmpeg's words) say."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix in {".flac", ".wav"} and not how:
        soundfile.write(file, sound, RATE)
        return file
    raw = np.asarray(sound, "<f4").tobytes()
    source = ["-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", "-"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *source, *how, str(file)], input=raw, check=True)
    return file


def unfolding(mp3: bytes, size: int) -> bytes:
    """The same song with a cover that is a small thing in the file, and this many bytes once somebody unpacks it."""
    packed = zlib.compressobj(1)
    cover = packed.compress(b"\0image/png\0\3\0")
    cover += b"".join(packed.compress(bytes(1 << 20)) for _ in range(size >> 20)) + packed.flush()
    body = synchsafe(size & 0xFFFFFFF) + cover
    frame = b"APIC" + synchsafe(len(body)) + struct.pack(">H", 0x0009) + body  # compressed, its length told
    return b"ID3\x04\0\0" + synchsafe(len(frame)) + frame + mp3


def synchsafe(number: int) -> bytes:
    """As ID3 writes numbers: seven bits a byte."""
    return bytes(number >> shift & 127 for shift in (21, 14, 7, 0))
