"""Was that a person? What another MPD client did, read from the player before and after. Pure.

MPD does not say who did a thing. What this box caused itself is known and left out; a song that ended by itself is
told from one that was skipped by how near its end it was.
"""

from appliance.events import Hand, HandName, Player, Song

NEAR_END = 4.0
"""A song that changes with fewer seconds to go has ended: MPD's word comes late, and a crossfade takes its share."""


def read(before: Player, after: Player, ours: frozenset[str]) -> Hand | None:
    """The hand of another client between two readings of the player, if there was one.

    `before.elapsed` is to be reckoned on to the moment of the change. `ours` names the effects that this box caused
    since `before`: any of "pause", "resume", "skip", "pick", "volume", "stop".
    """
    name = moved(before, after)
    if name is not None and not excused(name, ours):
        return Hand(name, "client")
    turned = before.volume is not None and after.volume is not None and before.volume != after.volume
    if turned and "volume" not in ours:
        return Hand("volume", "client", after.volume)
    return None


def excused(name: HandName, ours: frozenset[str]) -> bool:
    """A change of song may be any of our own changes of song, and starting to play may be either of two."""
    if name in ("skip", "pick", "resume"):
        return bool(ours & {"skip", "pick"}) or name in ours
    return name in ours or "stop" in ours


def moved(before: Player, after: Player) -> HandName | None:
    """What happened to song and state, whoever did it; None for a natural end and for nothing."""
    if after.state == "play":
        if not same(before.song, after.song):
            return changed(before, after)
        return None if before.state == "play" else "resume"
    if before.state != "play":
        return None
    if after.state == "pause":
        return "pause"
    # A queue that ran out leaves no current song behind; a person's "stop" does.
    return None if after.song is None and not before.upcoming else "stop"


def changed(before: Player, after: Player) -> HandName | None:
    """Another song plays than before."""
    if before.song is None or before.state != "play":
        return "pick"
    if not before.upcoming or not same(before.upcoming[0], after.song):
        return "pick"
    left = before.song.duration - before.elapsed
    return None if before.song.duration <= 0 or left <= NEAR_END else "skip"


def same(one: Song | None, other: Song | None) -> bool:
    """The same entry of the queue, or where that is not known, the same file."""
    if one is None or other is None:
        return one is other
    if one.place is not None and other.place is not None:
        return one.place == other.place
    return one.uri == other.uri
