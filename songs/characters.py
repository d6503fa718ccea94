"""What music of each mood is made of: scales, tempo, loudness, instruments, and the names of its pieces."""

from dataclasses import dataclass

MODES = {
    "ionian": (0, 2, 4, 5, 7, 9, 11),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "aeolian": (0, 2, 3, 5, 7, 8, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
}


@dataclass(frozen=True)
class Character:
    """Ranges and choices; each piece takes its own out of them."""

    titles: tuple[str, ...]
    genre: str
    artist: str
    modes: tuple[str, ...]
    tempo: tuple[float, float]  # beats a minute
    loudness: tuple[float, float]  # RMS in dB below full scale
    chords: tuple[tuple[int, ...], ...]  # degrees of the scale, a bar each
    comp: str  # the voice of the chords
    lead: str
    bass: str
    beat: str  # the name of a drum pattern
    busy: float  # the share of eighths on which the melody speaks
    octave: int  # of the melody, above middle C
    drive: float = 0.0  # how hard the whole is pressed into distortion
    room: float = 0.2  # how much of it echoes


CHARACTERS: dict[str, Character] = {
    "neutral": Character(
        titles=("Kettle On", "Window Seat", "Slow Tram", "Folded Paper", "Second Cup", "Corridor Light"),
        genre="Lounge", artist="The Margins", modes=("mixolydian", "dorian", "ionian"),
        tempo=(84, 98), loudness=(-21, -18), chords=((0, 3, 0, 4), (0, 6, 3, 0), (1, 4, 0, 5)),
        comp="keys", lead="vibes", bass="bass", beat="soft", busy=0.35, octave=1,
    ),
    "happy": Character(
        titles=("Barefoot Parade", "Lemon Sky", "Two-Wheel Sunday", "Kite Weather", "Open Doors", "Orange Peel"),
        genre="Pop", artist="Paper Lanterns", modes=("ionian", "ionian", "lydian"),
        tempo=(114, 136), loudness=(-16, -13), chords=((0, 4, 5, 3), (0, 3, 4, 3), (0, 5, 3, 4)),
        comp="pluck", lead="bell", bass="bass", beat="dance", busy=0.6, octave=1,
    ),
    "surprise": Character(
        titles=("Jack in the Box", "Left at the Comet", "Trapdoor Waltz", "Popcorn Static", "Sudden Garden", "Hiccup"),
        genre="Electronic", artist="Springloaded", modes=("lydian", "mixolydian", "lydian"),
        tempo=(134, 156), loudness=(-19, -15), chords=((0, 1, 5, 1), (0, 6, 1, 4), (3, 1, 0, 6)),
        comp="pluck", lead="chip", bass="chip bass", beat="broken", busy=0.5, octave=1,
    ),
    "sad": Character(
        titles=("Platform Seven", "Rain, Unhurried", "The Empty Chair", "Letters Kept", "November Harbour", "Low Tide"),
        genre="Ballad", artist="Ellen Grey", modes=("aeolian", "dorian", "aeolian"),
        tempo=(54, 68), loudness=(-28, -24), chords=((0, 5, 2, 6), (0, 3, 5, 4), (0, 6, 5, 3)),
        comp="pad", lead="keys", bass="low keys", beat="none", busy=0.3, octave=1, room=0.45,
    ),
    "angry": Character(
        titles=("Slammed", "Broken Lift", "Red Mist Engine", "Seventh Reminder", "Gravel Throat", "Short Fuse"),
        genre="Rock", artist="Iron Kettle", modes=("phrygian", "aeolian", "phrygian"),
        tempo=(146, 172), loudness=(-13, -10.5), chords=((0, 0, 1, 0), (0, 5, 6, 1), (0, 2, 1, 0)),
        comp="saw", lead="saw", bass="saw bass", beat="hard", busy=0.5, octave=1, drive=2.2, room=0.1,
    ),
    "disgust": Character(  # not more of the same: what clears the air
        titles=("Clear Water", "Fresh Linen", "White Tiles", "Rinsed Glass", "Mint Leaf", "Window Ajar"),
        genre="Minimal", artist="Slow Fountain", modes=("lydian", "ionian", "dorian"),
        tempo=(76, 94), loudness=(-22, -19), chords=((0, 3, 0, 4), (0, 1, 5, 3), (0, 4, 3, 0)),
        comp="pluck", lead="vibes", bass="low keys", beat="soft", busy=0.4, octave=1, room=0.35,
    ),
    "fear": Character(  # not more of the same: what is warm and safe
        titles=("Under the Quilt", "Someone Is Home", "Landing Light", "Warm Stone", "Count to Ten", "Harbour Wall"),
        genre="New Age", artist="Night Porter", modes=("ionian", "mixolydian", "lydian"),
        tempo=(58, 72), loudness=(-26, -22), chords=((0, 3, 0, 4), (0, 5, 3, 0), (3, 0, 4, 0)),
        comp="strings", lead="glass", bass="low keys", beat="heart", busy=0.25, octave=1, room=0.5,
    ),
}  # fmt: skip
