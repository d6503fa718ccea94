"""What makes a recording the same recording, wherever its file lies and however it is named or tagged. Pure.

A print is 512 bits: in eight patches, every other one that was listened to, how the loudness of sixteen bands compares
between neighbouring bands and between the patch's quarters. Another encoding of a song differs in a few bits, another
song in about half; beside its length, which must agree too, that is plenty for a household.
"""

import hashlib

import numpy as np

from appliance.library.spectrum import BANDS, Floats

PARTS, WIDE = 4, 16
NEAR = 0.12
"""Share of bits in which two prints of one recording may differ."""
SECONDS = 1.0
"""By how much their lengths may."""


def fingerprint(bands: Floats) -> bytes:
    """Of mel power [patches, frames, bands]."""
    bands = bands[::2]
    patches, frames, _ = bands.shape
    trimmed = bands[:, : frames // PARTS * PARTS]
    coarse = trimmed.reshape(patches, PARTS, frames // PARTS, WIDE, BANDS // WIDE).mean((2, 4))
    level = np.log10(coarse + 1e-6)
    across = np.diff(level, axis=2, append=level[:, :, :1])
    along = np.diff(across, axis=1)
    bits = np.concatenate([(across[:, :1] > 0).reshape(patches, -1), (along > 0).reshape(patches, -1)], 1)
    return np.packbits(bits.ravel()).tobytes()


def alike(one: bytes, other: bytes) -> bool:
    if not one or len(one) != len(other):
        return False
    differing = (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()
    return differing <= NEAR * 8 * len(one)


def identity(fingerprint: bytes, duration: float) -> str:
    """The name that a recording gets when it is first heard, and keeps."""
    return "a-" + hashlib.sha256(fingerprint + round(duration).to_bytes(4)).hexdigest()[:24]


def likeness(uri: str, artist: str, album: str, title: str, duration: float) -> str:
    """What a song is known by before it is heard: its tags and length; its place where it has no title."""
    told = [artist, album, title] if title else [uri]
    said = "\0".join(" ".join(word.casefold().split()) for word in told)
    return "t-" + hashlib.sha256(f"{said}\0{round(duration)}".encode("utf-8", "surrogateescape")).hexdigest()[:24]
