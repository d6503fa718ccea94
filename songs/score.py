"""From a mood and a number to a piece: its key, its chords, its melody and its beat. The same each time."""

import random
from dataclasses import dataclass

from songs.characters import CHARACTERS, MODES, Character

LENGTH = 30.0  # seconds, about: whole rounds of the chords
SHRILL = 88  # the highest pitch that a melody takes
NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")

# Per bar of eight eighths: (the eighth, the drum, how hard).
BEATS: dict[str, tuple[tuple[float, str, float], ...]] = {
    "none": (),
    "soft": (
        (0, "kick", 0.5), (2, "brush", 0.8), (4, "kick", 0.35), (6, "brush", 0.8), (3, "hat", 0.3), (7, "hat", 0.3),
    ),
    "dance": (
        *((e, "kick", 0.9) for e in (0, 2, 4, 6)), *((e, "hat", 0.6) for e in (1, 3, 5, 7)), (2, "snare", 0.5),
        (6, "snare", 0.5),
    ),
    "broken": (
        (0, "kick", 0.9), (3, "kick", 0.7), (4.5, "snare", 0.7), (5, "hat", 0.7), (6.5, "hat", 0.5), (7, "kick", 0.5),
    ),
    "hard": (
        (0, "kick", 1.1), (1, "kick", 0.8), (2, "snare", 1.0), (4, "kick", 1.1), (5, "kick", 0.8), (6, "snare", 1.0),
        *((e, "hat", 0.6) for e in range(8)),
    ),
    "shuffle": (
        (0, "kick", 0.8), (2, "snare", 0.4), (4, "kick", 0.6), (6, "snare", 0.4),
        *((e + 1.33, "hat", 0.4) for e in (0, 2, 4, 6)),
    ),
    "heart": ((0, "kick", 0.6), (1, "kick", 0.4)),
}  # fmt: skip


@dataclass(frozen=True)
class Note:
    voice: str  # the name of a voice, or of a drum when `pitch` is 0
    pitch: int
    at: float  # seconds
    length: float
    strength: float
    side: float = 0.0  # -1 left, 1 right


@dataclass(frozen=True)
class Piece:
    title: str
    artist: str
    album: str
    genre: str
    mood: str
    number: int
    key: str
    tempo: float
    seconds: float
    loudness: float
    notes: tuple[Note, ...]


def _between(bounds: tuple[float, float], share: float) -> float:
    return bounds[0] + (bounds[1] - bounds[0]) * share


def _melody(rng: random.Random, busy: float) -> list[tuple[float, float, int]]:
    """Two bars of a tune: (eighth, length in eighths, step of the scale from the chord's root)."""
    tune: list[tuple[float, float, int]] = []
    step = rng.choice((0, 2, 4))
    for eighth in range(16):
        if rng.random() < busy * (1.3 if eighth % 2 == 0 else 0.7):
            strong = eighth % 4 == 0
            step = rng.choice((0, 2, 4)) if strong else max(-2, min(7, step + rng.choice((-2, -1, -1, 1, 1, 2))))
            tune.append((eighth, rng.choice((1.0, 1.0, 2.0, 3.0)), step))
    return tune


def _pitch(root: int, mode: tuple[int, ...], step: int) -> int:
    return root + 12 * (step // 7) + mode[step % 7]


def _bar(who: Character, at: float, eighth: float, root: int, mode: tuple[int, ...], chord: int) -> list[Note]:
    """The chord, the bass and the drums of one bar."""
    triad = [chord, chord + 2, chord + 4]
    held = who.comp in ("pad", "strings")
    strokes = (0.0,) if held else (0.0, 3.0, 4.0, 7.0) if who.beat in ("dance", "hard", "broken") else (0.0, 3.0, 5.0)
    length = 8.0 if held else 1.2
    notes = [
        Note(who.comp, _pitch(root, mode, step), at + stroke * eighth, length * eighth, 0.2, side=0.5 * (index - 1))
        for stroke in strokes
        for index, step in enumerate(triad)
    ]
    low = (0.0, 2.0, 4.0, 6.0) if who.beat in ("dance", "hard") else (0.0, 4.0) if who.beat != "none" else (0.0,)
    for count, stroke in enumerate(low):
        step = chord + (4 if count % 4 == 3 else 0)
        notes.append(
            Note(who.bass, _pitch(root, mode, step) - 24, at + stroke * eighth, 8 / len(low) * 0.9 * eighth, 0.45)
        )
    notes += [Note(name, 0, at + when * eighth, 0, hard * 0.7) for when, name, hard in BEATS[who.beat]]
    return notes


def compose(mood: str, number: int) -> Piece:
    """Piece `number` (from 0) of a mood. Neighbours differ in key, mode, tempo and loudness."""
    who = CHARACTERS[mood]
    count = len(who.titles)
    rng = random.Random(f"{mood} {who.titles[number]}")
    lift = number % len(who.modes)
    mode = MODES[who.modes[lift]]
    tempo = round(_between(who.tempo, number / (count - 1)), 1)
    eighth = 30 / tempo
    root = 60 + (number * 5 + len(mood)) % 12 - 7
    chords = who.chords[number % len(who.chords)]
    rounds = max(1, round(LENGTH / (len(chords) * 8 * eighth)))
    tune, answer = _melody(rng, who.busy), _melody(rng, who.busy)
    notes: list[Note] = []
    for bar in range(rounds * len(chords)):
        at, chord = bar * 8 * eighth, chords[bar % len(chords)]
        notes += _bar(who, at, eighth, root, mode, chord)
        said = answer if bar // 4 % 2 else tune
        for when, length, step in said:
            if int(when) // 8 == bar % 2:
                place = chord + step
                high = root + 12 * who.octave + 12 * (place // 7) + mode[place % 7]
                notes.append(
                    Note(who.lead, high, at + (when % 8) * eighth, length * eighth, 0.3, rng.uniform(-0.3, 0.3))
                )
    seconds = rounds * len(chords) * 8 * eighth + 1.5
    loudness = _between(who.loudness, (number * 2 % count) / (count - 1))
    key = f"{NAMES[root % 12]} {who.modes[lift]}"
    return Piece(
        who.titles[number], who.artist, f"Songs for a {mood} room", who.genre, mood, number + 1, key, tempo,
        seconds, loudness, tuple(notes),
    )  # fmt: skip
