"""The library as numbers, so that a hundred thousand songs are weighed in a few milliseconds: made once for each
reading of the shelf, and never changed."""

from array import array
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
    songs: Rows = field(default_factory=lambda: Rows.of((), 0))  # the same, words by songs
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
    folders: Numbers = field(default_factory=lambda: np.zeros(0, np.int32))
    shelves: tuple[str, ...] = ()  # the folders that the numbers of `folders` stand for
    _asked: dict[str, Mask] = field(default_factory=dict, compare=False, repr=False)

    def having(self, words: Iterable[str]) -> Mask:
        """The songs that carry any of these tokens, or lie in any of these folders."""
        found = np.zeros(len(self.tracks), np.bool_)
        inside = np.zeros(len(self.shelves), np.bool_)
        for word in words:
            kind, _, name = word.partition(":")
            if kind == "folder":
                inside |= self._inside(name)
            elif word in self.words:
                found[self.songs.row(self.words[word])] = True
        return found | inside[self.folders] if inside.any() else found

    def carries(self, number: int, word: str) -> bool:
        """Does this song carry this token, or lie in this folder?"""
        kind, _, name = word.partition(":")
        if kind == "folder":
            return within(name, self.shelves[self.folders[number]])
        return word in self.words and self.words[word] in self.tokens.row(number)

    def _inside(self, name: str) -> Mask:
        """Which folders are this one, or lie in it. Asked for the same few names each time, so it is kept."""
        if name not in self._asked:
            self._asked[name] = np.array([within(name, shelf) for shelf in self.shelves], np.bool_)
        return self._asked[name]

    def knowing(self, affinity: Affinity) -> "Stock":
        """The same, with what was learned of the lists meanwhile."""
        judges = self.recommender
        return replace(self, recommender=judges and Recommender(judges.likeness, judges.company, affinity))

    def near(self, words: Sequence[str], count: int) -> dict[str, float]:
        """Tokens for these plain words: themselves in any kind, and those that keep their company, with closeness."""
        own = [f"{kind}:{word.strip().casefold()}" for word in words for kind in (*KINDS, "named")]
        found = {token: 1.0 for token in own if token in self.words or token.startswith("folder:")}
        if self.recommender is not None and found:
            places = np.array([self.words[token] for token in found if token in self.words], np.int32)
            near = self.recommender.likeness.near(places, count + 20)
            told = [(self.names[token], close) for token, close in near]
            found |= dict([(name, close) for name, close in told if not name.startswith(("by:", "cell:"))][:count])
        return found


def named(rule: Rule) -> dict[str, str]:
    """The tokens by which a rule knows its songs, the weightiest first, with the rule's own spelling."""
    all_of = zip(KINDS, (rule.playlists, rule.folders, rule.tags, rule.genres), strict=True)
    return {f"{kind}:{name.casefold().strip('/')}": name for kind, names in all_of for name in names}


def within(name: str, folder: str) -> bool:
    """Is the folder of that name, or in one; or, for a name with a slash, on that path?"""
    return f"/{name}/" in f"/{folder}/" if "/" not in name else f"{folder}/".startswith(f"{name}/")


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
    alike: dict[object, list[int]] = {}

    def numbers(key: object, *told: tuple[str, Iterable[str]]) -> list[int]:
        """What many songs share, as those of an album do, is told once."""
        if (found := alike.get(key)) is None:
            found = [words.setdefault(f"{kind}:{name}", len(words)) for kind, names in told for name in names if name]
            alike[key] = found
        return found

    count = len(tracks)
    valence, energy = np.full(count, np.nan, np.float32), np.full(count, np.nan, np.float32)
    heard = np.zeros(count, np.float32)
    artists, folders, languages = (np.zeros(count, np.int32) for _ in range(3))
    voices, shelves, tongues = {"": 0}, {"": 0}, {"": 0}
    lengths, flat = np.zeros(count, np.int64), array("i")
    for n, track in enumerate(tracks):
        song, entry = track.song, places.get(track.song.uri)
        by, folder = song.artist.casefold(), home(song.uri).casefold()
        artists[n] = voices.setdefault(by, len(voices))
        folders[n] = shelves.setdefault(folder, len(shelves))
        said = track.words
        if entry is not None:
            languages[n] = tongues.setdefault(entry.language, len(tongues))
            said = said.union(mood.casefold() for mood in entry.moods) if entry.moods else said
        if plays:
            heard[n] = plays.get(song.uri, 0)
        top = folder.partition("/")[0]
        tags = ("genre", track.genres), ("tag", said), ("by", (by,)), ("top", (top,))
        row = numbers((track.genres, said, by, top), *tags)
        if track.playlists:
            named = {word for name in track.playlists for word in WORD.findall(name)}
            row = row + numbers(track.playlists, ("playlist", track.playlists), ("named", named))
        valence[n], energy[n] = where = lies(track, entry)
        if where[0] == where[0] and where[1] == where[1]:
            cell = "".join(str(int((share + 1) * CELLS / 2.001)) for share in where)
            row = row + numbers(cell, ("cell", (cell,)))
        lengths[n] = len(row)
        flat.extend(row)
    alike.clear()
    tokens = Rows.cut(lengths, np.array(flat, np.int32), np.ones(len(flat), np.float32), len(words))
    number = {track.song.uri: n for n, track in enumerate(tracks)}
    songs = tokens.flipped()
    lists = together(songs, words, [[number[u] for u in e if u in number] for e in evenings])
    return Stock(
        tuple(tracks), "", number, tokens, songs, words, tuple(words), valence, energy, artists, languages,
        tuple(tongues), heard, lists, Recommender(Likeness(tokens), Company(lists)), folders, tuple(shelves),
    )  # fmt: skip


def lies(track: Track, entry: Entry | None) -> tuple[float, float]:
    """By the catalogue's ranks, which are even over the household's songs; else by what the tags and stickers say."""
    if entry is not None and entry.rank_valence is not None and entry.rank_energy is not None:
        return entry.rank_valence, entry.rank_energy
    if track.valence is None or track.energy is None:
        return np.nan, np.nan
    return track.valence, track.energy


def together(songs: Rows, words: Mapping[str, int], evenings: Iterable[Sequence[int]]) -> Rows:
    """Every list of the household, by songs: its playlists, then its evenings."""
    stored = [songs.row(number).tolist() for word, number in words.items() if word.startswith("playlist:")]
    rows = [list(dict.fromkeys(row)) for row in (*stored, *evenings)]
    return Rows.of([row for row in rows if len(row) >= LEAST], songs.width)
