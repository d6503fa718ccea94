"""Why this song, in the reader's own tongue: from the reasons' parts, not from their English sentence. Pure."""

from appliance import events, reasons
from appliance.snapshot import Snapshot
from appliance.web.view import NAMES
from appliance.web.words import Words


def why(snapshot: Snapshot, words: Words) -> str:
    """As the choice says it; in another tongue than its own, each of its two weightiest parts is a sentence."""
    if words.tongue == "en" or not snapshot.parts:
        return words(snapshot.why)
    return " ".join(told(part, words) for part in (snapshot.parts[0], *reasons.beside(snapshot.parts)))


def told(part: events.Reason, words: Words) -> str:
    mood = words(NAMES[part.mood]) if part.mood else words("now")
    return words(reasons.SENTENCES[part.kind], name=part.name, mood=mood)
