"""What the glances of the last while amount to: the room's mood, and how much it is doubted. Pure.

A Bayesian filter over the seven expressions, one belief for each followed face. Three things keep it calm:

* **Time.** A mood lasts minutes. Between two looks each belief drifts towards what is usual, the more the longer
  the gap, so after a long absence the answer is "don't know", not the last thing seen.
* **The network's own errors.** What a reading is worth is told by two witnesses: how often the network, measured on
  faces it never saw, gives this reading for each true expression (its confusion matrix), and how the scores lie to
  what it was taught, for a reading that wavers tells more than its winner. `plain` weighs the second against the first.
* **Echoes.** Two looks half a second apart are nearly the same look. Evidence is weighted by the time since the face
  was last read, so a faster camera does not make a surer box.

A mood is announced by hysteresis: its share must stay over `enter` for `hold` seconds; it is given up for "don't know"
when it stays below `leave`. Surprise, disgust and fear are brief by nature, and a yawn reads as surprise: they must
hold for `brief` seconds. With several faces: `nearest` believes the largest face, `majority` the mean of all,
`hold` announces nothing new while the faces differ. A face counts beside others only after `newcomer` seconds.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Literal

from appliance.events import Mood
from appliance.snapshot import Belief
from firmware.wire import EXPRESSIONS, Face, Glance

Shares = tuple[float, ...]
Rule = Literal["nearest", "majority", "hold"]
BRIEF: tuple[Mood, ...] = ("surprise", "disgust", "fear")
MEMORY = 30.0
"""Seconds after which a face that left is forgotten; a new number sooner than that may be the same face found again."""
BLINK, ALIKE = 2.5, 1.3
"""A new number is surely the same face if it comes within so many seconds and about as large."""

LEAST = 0.005
"""No reading is ever taken for impossible."""

CONFUSION: tuple[Shares, ...] = (
    (0.88, 0.03, 0.02, 0.04, 0.02, 0.005, 0.005),
    (0.03, 0.94, 0.01, 0.01, 0.005, 0.0025, 0.0025),
    (0.06, 0.03, 0.86, 0.01, 0.01, 0.005, 0.025),
    (0.25, 0.02, 0.01, 0.66, 0.04, 0.01, 0.01),
    (0.12, 0.02, 0.02, 0.05, 0.76, 0.02, 0.01),
    (0.15, 0.05, 0.02, 0.10, 0.28, 0.38, 0.02),
    (0.08, 0.02, 0.30, 0.10, 0.06, 0.01, 0.43),
)
"""Rows: the true expression; columns: the reading. Stands in until the network's own contract file is read."""


@dataclass(frozen=True)
class Knobs:
    """The filter's settings; docs/bench-mood.md shows what the numbers were chosen from."""

    rule: Rule = "nearest"
    enter: float = 0.85  # a mood is announced from this share on
    leave: float = 0.15  # and given up after `brief` seconds below this one
    unseen: float = 0.50  # or, with nobody in view, below this one (for as long)
    hold: float = 1.0  # seconds that a mood must hold before it is announced
    brief: float = 4.0  # the same for surprise, disgust and fear: a yawn's widest, and no longer than a vote would wait
    newcomer: float = 10.0  # seconds before a new face counts beside, or in place of, one that is known
    dwell: float = 240.0  # a mood lasts about so many seconds
    echo: float = 0.3  # looks closer than this many seconds are nearly the same look
    temper: float = 1.0  # above 1 the network's scores are taken for surer than it gives them, below for less
    plain: float = 0.5  # how far the scores themselves are heard, beside the confusions
    taught: Shares = (0.38, 0.28, 0.12, 0.11, 0.08, 0.01, 0.02)  # shares of the expressions in what the network learnt
    floor: float = 0.002  # no expression is ever less likely, so that a change is never ruled out
    usual: Shares = (0.40, 0.25, 0.06, 0.13, 0.10, 0.03, 0.03)  # of an expression when nothing is known
    confusion: tuple[Shares, ...] = CONFUSION


@dataclass(frozen=True)
class Track:
    """One followed face, when it came and was read last, and what is believed of it."""

    number: int
    shares: Shares
    size: float = 0.0
    came: float = 0.0
    at: float = 0.0


@dataclass(frozen=True)
class Room:
    """All that the filter remembers."""

    tracks: tuple[Track, ...] = ()
    belief: Belief = field(default_factory=Belief)
    candidate: Mood | None = None
    candidate_since: float = 0.0
    low_since: float | None = None  # since when the announced mood is below `leave`
    at: float = 0.0


def even(shares: Shares) -> Shares:
    """The same proportions, summing to one."""
    total = sum(shares)
    return tuple(share / total for share in shares)


def doubt(shares: Shares) -> float:
    """0 when one expression has it all, 1 when all seven are as likely."""
    return max(0.0, min(1.0, -sum(p * math.log(p) for p in shares if p > 0) / math.log(7)))


def drift(shares: Shares, seconds: float, knobs: Knobs) -> Shares:
    """The belief after so long unseen."""
    stays = math.exp(-max(0.0, seconds) / knobs.dwell)
    return tuple(stays * p + (1 - stays) * u for p, u in zip(shares, even(knobs.usual), strict=True))


def tempered(scores: Shares, knobs: Knobs) -> Shares:
    """The scores with their confidence turned down (or up); an empty answer is no answer: all alike."""
    raised = tuple(max(score, 0.0) ** knobs.temper for score in scores)
    return even(raised) if sum(raised) > 0 else (1 / 7,) * 7


def weighed(shares: Shares, scores: Shares, weight: float, knobs: Knobs) -> Shares:
    """The belief after one reading that counts for `weight` looks."""
    read = tempered(scores, knobs)
    weight *= 1 - doubt(read)  # a reading that says nothing counts for nothing
    likely = (sum(r * c for r, c in zip(read, row, strict=True)) for row in knobs.confusion)
    plain = (max(r, LEAST) / t for r, t in zip(read, knobs.taught, strict=True))
    after = even(
        tuple(
            p * (max(confused, LEAST) ** (1 - knobs.plain) * said**knobs.plain) ** weight
            for p, confused, said in zip(shares, likely, plain, strict=True)
        )
    )
    return even(tuple(max(p, knobs.floor) for p in after))


def followed(room: Room, face: Face, alone: bool, now: float, knobs: Knobs) -> Track:
    """The face's track. A new number where one face just vanished is taken for the same face, found again."""
    for track in room.tracks:
        if track.number == face.number:
            return track
    if alone and room.tracks:
        last = max(room.tracks, key=lambda track: track.at)
        found = now - last.at <= BLINK and last.size / ALIKE <= face.size <= last.size * ALIKE
        return replace(last, number=face.number, came=last.came if found else now)
    return Track(face.number, even(knobs.usual), came=now, at=now - 0.5)


def see(room: Room, glance: Glance, now: float, knobs: Knobs) -> Room:
    """The room after one glance. Without faces it merely rests."""
    if not glance.faces:
        return rest(room, now, knobs)
    known = {face.number for face in glance.faces}
    alone = len(known) == 1
    seen: dict[int, Track] = {}
    for face in glance.faces:
        track = followed(room, face, alone, now, knobs)
        gap = max(0.0, now - track.at)
        shares = weighed(drift(track.shares, gap, knobs), face.scores, 1 - math.exp(-gap / knobs.echo), knobs)
        seen[face.number] = replace(track, shares=shares, size=face.size, at=max(now, track.at))
    gone = () if alone else tuple(t for t in room.tracks if t.number not in known and now - t.at < MEMORY)
    present = tuple(seen.values())
    settled = tuple(track for track in present if now - track.came >= knobs.newcomer)
    shares, free = together(settled or present, knobs)
    free = free and (bool(settled) or room.belief.mood is None)
    return announced(replace(room, tracks=present + gone, at=now), shares, free, now, knobs)


def together(tracks: tuple[Track, ...], knobs: Knobs) -> tuple[Shares, bool]:
    """What the faces amount to under the rule, and whether that may be announced."""
    if knobs.rule == "nearest":
        return max(tracks, key=lambda track: track.size).shares, True
    mean = tuple(sum(column) / len(tracks) for column in zip(*(track.shares for track in tracks), strict=True))
    best = {max(range(7), key=track.shares.__getitem__) for track in tracks}
    return mean, knobs.rule == "majority" or len(best) == 1


def rest(room: Room, now: float, knobs: Knobs) -> Room:
    """The room after time without a face: surer of nothing, and after long enough, silent."""
    tracks = tuple(track for track in room.tracks if now - track.at < MEMORY)
    shares = drift(room.belief.shares, now - room.at, knobs)
    belief = replace(room.belief, shares=shares, doubt=doubt(shares))
    room = replace(room, tracks=tracks, belief=belief, candidate=None, at=max(now, room.at))
    return kept(room, knobs.unseen, now, knobs)


def announced(room: Room, shares: Shares, free: bool, now: float, knobs: Knobs) -> Room:
    """The hysteresis: the room with its belief renewed, and its mood changed if the change has earned it."""
    mood = room.belief.mood
    room = replace(room, belief=replace(room.belief, shares=shares, doubt=doubt(shares)))
    if not free:
        return replace(room, candidate=None, low_since=None)
    best = max(range(7), key=shares.__getitem__)
    name = EXPRESSIONS[best]
    if name != mood and shares[best] >= knobs.enter:
        since = room.candidate_since if room.candidate == name else now
        if now - since >= (knobs.brief if name in BRIEF else knobs.hold):
            return settle(room, name, now)
        room = replace(room, candidate=name, candidate_since=since)
    else:
        room = replace(room, candidate=None)
    return kept(room, knobs.leave, now, knobs)


def kept(room: Room, least: float, now: float, knobs: Knobs) -> Room:
    """The announced mood stands while its share is at least this, and for `brief` seconds after."""
    mood = room.belief.mood
    if mood is None or room.belief.shares[EXPRESSIONS.index(mood)] >= least:
        return replace(room, low_since=None)
    low = now if room.low_since is None else room.low_since
    return settle(room, None, now) if now - low >= knobs.brief else replace(room, low_since=low)


def settle(room: Room, mood: Mood | None, now: float) -> Room:
    """The room with this mood announced. A candidate for the next stays one."""
    return replace(room, belief=replace(room.belief, mood=mood, since=now), low_since=None)


def decided(room: Room, now: float, at_least: float = 0.5) -> Room:
    """A person asked: announce the best guess at once if it is at least so likely."""
    best = max(range(7), key=room.belief.shares.__getitem__)
    name = EXPRESSIONS[best]
    if room.belief.shares[best] < at_least or name == room.belief.mood:
        return room
    return settle(room, name, now)


def told(room: Room, mood: Mood, now: float) -> Room:
    """A person said how they feel: believed, and every face present starts from there."""
    shares = even(tuple(0.94 if name == mood else 0.01 for name in EXPRESSIONS))
    tracks = tuple(replace(track, shares=shares) for track in room.tracks)
    return settle(replace(room, tracks=tracks, belief=Belief(shares, doubt(shares)), at=now), mood, now)
