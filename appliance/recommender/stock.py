"""The library as numbers, so that a hundred thousand songs are weighed in a few milliseconds: made once for each
reading of the shelf, and never changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from appliance.library.chart import Chart
from appliance.names import Names
from appliance.rack import Rack
from appliance.recommender.affinity import Affinity
from appliance.recommender.blend import Recommender
from appliance.recommender.company import Company
from appliance.recommender.likeness import Likeness
from appliance.recommender.rows import Mask, Numbers, Rows, Vector, ones, side_by_side
from appliance.rules import Rule
from appliance.shelf import WORD

KINDS = ("playlist", "folder", "tag", "genre")
"""What a rule goes by, the household's own word first."""
CELLS = 5
"""The plane is cut into so many columns and rows; songs of one cell share a tag, so that audio tells likeness too."""
LEAST = 2
"""Songs that a list must have to tell which go together."""
SCHEMES = ("local:track:", "file://")
"""What a server that is not MPD puts before a file's path."""


@dataclass(frozen=True)
class Stock:
    """`tokens`: songs by words, each word with its kind before a colon. `valence`, `energy`: nan where unknown."""

    tracks: Rack = field(default_factory=Rack)
    trouble: str = ""
    number: Names = field(default_factory=Names)
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
    listed: Vector = field(default_factory=lambda: np.zeros(0, np.float32))  # on how many lists each song is
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

    def knowing(self, affinity: Affinity | None) -> "Stock":
        """The same, with what was learned of the lists."""
        judges = self.recommender
        return replace(self, recommender=judges and Recommender(judges.likeness, judges.company, affinity))

    def along(self, evenings: Iterable[Sequence[str]]) -> "Stock":
        """The same, with the songs that were heard together on these evenings, by their uris, beside the stored
        playlists; nothing is learned of them yet."""
        heard = [here[here >= 0].tolist() for here in map(self.number.all, evenings)]
        lists, judges = together(self.songs, self.words, heard), self.recommender
        return replace(
            self,
            lists=lists,
            listed=lists.commonness(),
            recommender=judges and Recommender(judges.likeness, Company(lists)),
        )

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
    tracks: Rack,
    chart: Chart | None = None,
    evenings: Iterable[Sequence[str]] = (),
    plays: Mapping[str, int] | None = None,
) -> Stock:
    """`chart`: what the ear knows. `evenings`: songs that were heard together, by their uris, beside the stored
    playlists. `plays`: how often each was heard by anybody."""
    ear = Chart() if chart is None else chart
    entry = ear.names.at(tracks.names.hashes())
    heard = entry >= 0
    moods, languages = (np.where(heard, which[entry] if len(which) else 0, 0) for which in (ear.moods, ear.language))
    lies = placed(tracks, ear, entry)
    folded = [artist.casefold() for artist in tracks.artists.values]
    folders = [home(folder).casefold() for folder in tracks.folders.values]
    artists, voices = merged(folded, tracks.artists.which)
    shelves, places = merged(folders, tracks.folders.which)
    tops, roofs = merged([folder.partition("/")[0] for folder in places], shelves)
    words: dict[str, int] = {}

    def numbers(*told: tuple[str, Iterable[str]]) -> list[int]:
        return [words.setdefault(f"{kind}:{name}", len(words)) for kind, names in told for name in names if name]

    alike, kinds = together_in(tracks.genres.which, tracks.words.which, artists, tops, moods)
    said = Rows.of(
        numbers(
            ("genre", sorted(tracks.genres.values[genre])),
            ("tag", sorted(tracks.words.values[tag].union(mood.casefold() for mood in ear.words[named]))),
            ("by", (voices[by],)),
            ("top", (roofs[top],)),
        )
        for genre, tag, by, top, named in kinds.tolist()
    )
    listed = Rows.of(
        numbers(("playlist", (name,)), ("named", sorted(set(WORD.findall(name))))) for name in tracks.lists
    )
    cells = Rows.of([*(numbers(("cell", (f"{n // CELLS}{n % CELLS}",))) for n in range(CELLS**2)), ()])
    tokens = side_by_side(
        len(words), (said, alike), (on_lists(tracks, listed), None), (cells, cell(lies)),
    )  # fmt: skip
    likeness = Likeness(tokens)  # first, for it takes the most for a moment
    songs = tokens.flipped()
    counts = np.zeros(len(tracks), np.float32)
    if plays:
        where = tracks.names.all(plays)
        counts[where[where >= 0]] = np.array(list(plays.values()), np.float32)[where >= 0]
    none = Rows.of((), len(tracks))
    bare = Stock(
        tracks, "", tracks.names, tokens, songs, words, tuple(words), lies[:, 0], lies[:, 1], artists, languages,
        ear.languages, counts, none, Recommender(likeness, Company(none)), shelves, places,
    )  # fmt: skip
    return bare.along(evenings)


def on_lists(tracks: Rack, listed: Rows) -> Rows:
    """Of each song the tokens of the playlists that it is on, each once. `listed`: those of each playlist."""
    songs = np.repeat(np.arange(len(tracks)), np.diff(tracks.starts))
    tokens = side_by_side(0, (listed, tracks.on))
    width = int(listed.columns.max(initial=0)) + 1
    told = np.unique(np.repeat(songs, tokens.lengths) * width + tokens.columns)
    lengths = np.bincount(told // width, minlength=len(tracks)).astype(np.int64)
    return Rows.cut(lengths, (told % width).astype(np.int32), ones(len(told)), 0)


def placed(tracks: Rack, ear: Chart, entry: Numbers) -> NDArray[np.float32]:
    """By the catalogue's ranks, which are even over the household's songs; else by what the tags and stickers say."""
    lies = np.stack([tracks.valence, tracks.energy], 1).astype(np.float32)
    lies[np.isnan(lies).any(1)] = np.nan
    if len(ear.rank):
        rank = np.where((entry >= 0)[:, None], ear.rank[entry], np.nan)
        known = ~np.isnan(rank).any(1)
        lies[known] = rank[known]
    return lies


def cell(lies: NDArray[np.float32]) -> Numbers:
    """The square of the plane that each song lies in; beyond the last for one that lies nowhere."""
    known = ~np.isnan(lies).any(1)
    across = ((np.where(known[:, None], lies, 0) + 1) * (CELLS / 2.001)).astype(np.int32)
    return np.where(known, across[:, 0] * CELLS + across[:, 1], CELLS**2).astype(np.int32)


def merged(names: Sequence[str], which: Numbers) -> tuple[Numbers, tuple[str, ...]]:
    """Values that became equal are one: for each song which, and the values."""
    known: dict[str, int] = {}
    anew = np.array([known.setdefault(name, len(known)) for name in names], np.int32)
    return anew[which] if len(which) else np.zeros(0, np.int32), tuple(known)


def together_in(*columns: NDArray[np.integer[Any]]) -> tuple[Numbers, NDArray[np.integer[Any]]]:
    """Songs that agree in all columns share their tags, as those of an album do: for each which kind, and the kinds."""
    told = np.stack(columns, 1).astype(np.int32)
    key = np.zeros(len(told), np.int64)
    for column in told.T:
        _, key = np.unique(key * (int(column.max(initial=0)) + 1) + column, return_inverse=True)
    _, first = np.unique(key, return_index=True)
    return key.astype(np.int32), told[first]


def together(songs: Rows, words: Mapping[str, int], evenings: Iterable[Sequence[int]]) -> Rows:
    """Every list of the household, by songs: its playlists, then its evenings."""
    stored = [songs.row(number).tolist() for word, number in words.items() if word.startswith("playlist:")]
    rows = [list(dict.fromkeys(row)) for row in (*stored, *evenings)]
    return Rows.of([row for row in rows if len(row) >= LEAST], songs.width)
