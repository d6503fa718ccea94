"""The library as numbers, so that a hundred thousand songs are weighed in a few milliseconds: made once for each
reading of the shelf, and never changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from appliance.library.entry import Entry
from appliance.recommender.affinity import Affinity
from appliance.recommender.blend import Recommender
from appliance.recommender.company import Company
from appliance.recommender.likeness import Likeness
from appliance.recommender.rows import Numbers, Rows, Vector
from appliance.rules import Rule
from appliance.shelf import WORD, Track

KINDS = ("playlist", "folder", "tag", "genre")
"""What a rule goes by, the household's own word first."""
CELLS = 5
"""The plane is cut into so many columns and rows; songs of one cell share a tag, so that audio tells likeness too."""
LEAST = 2
"""Songs that a list must have to tell which go together."""
SCHEMES = ("local:track:", "file://")
"""What a server that is not MPD puts before a file's path."""
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Stock:
    """`tokens`: songs by words, each word with its kind before a colon. `valence`, `energy`: nan where unknown."""

    tracks: tuple[Track, ...] = ()
    trouble: str = ""
    number: Mapping[str, int] = field(default_factory=dict)
    tokens: Rows = field(default_factory=lambda: Rows.of((), 0))
    words: Mapping[str, int] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    valence: Vector = field(default_factory=lambda: np.zeros(0, np.float32))
    energy: Vector = field(default_factory=lambda: np.zeros(0, np.float32))
    artists: Numbers = field(default_factory=lambda: np.zeros(0, np.int32))
    languages: Numbers = field(default_factory=lambda: np.zeros(0, np.int32))
    tongues: tuple[str, ...] = ("",)  # what the numbers of `languages` stand for; the first is unknown
    plays: Vector = field(default_factory=lambda: np.zeros(0, np.float32))  # by the stickers of every player
    lists: Rows = field(default_factory=lambda: Rows.of((), 0))
    recommender: Recommender | None = None

    def having(self, words: Iterable[str]) -> Mask:
        """The songs that carry any of these tokens."""
        wanted = np.zeros(len(self.words), np.float32)
        wanted[[self.words[word] for word in words if word in self.words]] = 1
        return np.asarray(self.tokens.times(wanted) > 0) if wanted.any() else np.zeros(len(self.tracks), np.bool_)

    def said(self, number: int) -> frozenset[str]:
        """The tokens of one song."""
        return frozenset(self.names[token] for token in self.tokens.row(number))

    def knowing(self, affinity: Affinity) -> "Stock":
        """The same, with what was learned of the lists meanwhile."""
        judges = self.recommender
        return replace(self, recommender=judges and Recommender(judges.likeness, judges.company, affinity))

    def near(self, words: Sequence[str], count: int) -> dict[str, float]:
        """Tokens for these plain words: themselves in any kind, and those that keep their company, with closeness."""
        own = [f"{kind}:{word.strip().casefold()}" for word in words for kind in (*KINDS, "named")]
        found = {token: 1.0 for token in own if token in self.words}
        if self.recommender is not None and found:
            places = np.array([self.words[token] for token in found], np.int32)
            near = self.recommender.likeness.near(places, count + 20)
            told = [(self.names[token], close) for token, close in near]
            found |= dict([(name, close) for name, close in told if not name.startswith(("by:", "cell:"))][:count])
        return found


def named(rule: Rule) -> dict[str, str]:
    """The tokens by which a rule knows its songs, the weightiest first, with the rule's own spelling."""
    all_of = zip(KINDS, (rule.playlists, rule.folders, rule.tags, rule.genres), strict=True)
    return {f"{kind}:{name.casefold().strip('/')}": name for kind, names in all_of for name in names}


def told(kind: str, what: frozenset[str] | str) -> Iterable[str]:
    """The names that a sort of tags stands for. A folder has its own, those above it, and their paths; a playlist's
    name is also told word by word."""
    if kind == "folder" and isinstance(what, str):
        parts = what.casefold().split("/") if what else []
        return {*parts, *("/".join(parts[: n + 1]) for n in range(len(parts)))}
    if kind == "named":
        return {word for name in what for word in WORD.findall(name)}
    return what if isinstance(what, frozenset) else (what,) if what else ()


def home(uri: str) -> str:
    """The folder that a song lies in. A server of another kind tells its files as addresses, escaped."""
    for scheme in SCHEMES:
        if uri.startswith(scheme):
            uri = unquote(uri.removeprefix(scheme))
    return uri.rpartition("/")[0]


def fill(
    tracks: Sequence[Track],
    places: Mapping[str, Entry],
    evenings: Iterable[Sequence[str]] = (),
    plays: Mapping[str, int] | None = None,
) -> Stock:
    """`evenings`: songs that were heard together, by their uris, beside the stored playlists. `plays`: how often each
    was heard by anybody."""
    words: dict[str, int] = {}
    count = len(tracks)
    valence, energy = np.full(count, np.nan, np.float32), np.full(count, np.nan, np.float32)
    alike: dict[tuple[str, frozenset[str] | str], list[int]] = {}

    def numbers(kind: str, what: frozenset[str] | str) -> list[int]:
        """Each sort of tags is told once, however many songs share it."""
        found = alike.get((kind, what))
        if found is None:
            tokens = (f"{kind}:{name}" for name in told(kind, what))
            found = alike[kind, what] = [words.setdefault(token, len(words)) for token in tokens]
        return found

    rows: list[list[int]] = []
    artists, languages = [], []
    voices: dict[str, int] = {}
    tongues = {"": 0}
    for n, track in enumerate(tracks):
        song, entry = track.song, places.get(track.song.uri)
        by = song.artist.casefold()
        artists.append(voices.setdefault(by, len(voices)) if by else -1)
        folder = home(song.uri)
        said = track.words | frozenset(mood.casefold() for mood in entry.moods) if entry else track.words
        row = [
            *numbers("genre", track.genres),
            *numbers("tag", said),
            *numbers("folder", folder),
            *numbers("playlist", track.playlists),
            *numbers("named", track.playlists),
            *numbers("by", by),
        ]
        valence[n], energy[n] = lies(track, entry)
        if not np.isnan(valence[n] + energy[n]):
            row += numbers("cell", "".join(str(int((x + 1) * CELLS / 2.001)) for x in (valence[n], energy[n])))
        languages.append(tongues.setdefault(entry.language, len(tongues)) if entry else 0)
        rows.append(row)
    tokens = Rows.of(rows, len(words))
    number = {track.song.uri: n for n, track in enumerate(tracks)}
    heard = np.array([plays.get(track.song.uri, 0) for track in tracks] if plays else [0] * count, np.float32)
    lists = together(tokens, words, [[number[u] for u in e if u in number] for e in evenings])
    return Stock(
        tuple(tracks), "", number, tokens, words, tuple(words), valence, energy, np.array(artists, np.int32),
        np.array(languages, np.int32), tuple(tongues), heard, lists, Recommender(Likeness(tokens), Company(lists)),
    )  # fmt: skip


def lies(track: Track, entry: Entry | None) -> tuple[float, float]:
    """By the catalogue's ranks, which are even over the household's songs; else by what the tags and stickers say."""
    if entry is not None and entry.rank_valence is not None and entry.rank_energy is not None:
        return entry.rank_valence, entry.rank_energy
    if track.valence is None or track.energy is None:
        return np.nan, np.nan
    return track.valence, track.energy


def together(tokens: Rows, words: Mapping[str, int], evenings: Iterable[Sequence[int]]) -> Rows:
    """Every list of the household, by songs: its playlists, then its evenings."""
    songs = tokens.flipped()
    stored = [songs.row(number).tolist() for word, number in words.items() if word.startswith("playlist:")]
    rows = [list(dict.fromkeys(row)) for row in (*stored, *evenings)]
    return Rows.of([row for row in rows if len(row) >= LEAST], len(tokens))
