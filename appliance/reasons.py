"""Why a song was chosen, in one plain sentence: a template for each kind of reason, to be filled in. Pure.

A page in another tongue takes the same parts and its own templates; the English ones here are its keys.
"""

from collections.abc import Mapping, Sequence

from appliance.events import Reason

SENTENCES: Mapping[str, str] = {
    "playlist": "It is on your playlist “{name}”, for {mood}.",
    "folder": "It lies in your folder “{name}”, for {mood}.",
    "tag": "It is tagged “{name}”, for {mood}.",
    "genre": "It is {name}, which goes with {mood}.",
    "place": "It sounds near {mood}.",
    "pursuit": "It goes with “{name}”.",
    "language": "It is sung in the language you chose ({name}).",
    "habit": "You often hear it to its end.",
    "liked": "You said you like it for {mood}.",
    "discovery": "It is new to you, and akin to “{name}”, which you like.",
    "chance": "I have not listened to it yet, so it comes by chance.",
    "again": "It comes again so soon because nothing else fits.",
    "barred": "It was disliked for {mood}, but nothing else that fits is left: bring more such music, "
    "or name more of yours under “What fits which mood”.",
}
"""A whole sentence for each kind, to stand alone."""

BESIDES: Mapping[str, str] = {
    "playlist": "is on your playlist “{name}”",
    "folder": "lies in your folder “{name}”",
    "tag": "is tagged “{name}”",
    "genre": "is {name}",
    "place": "sounds near {mood}",
    "pursuit": "goes with “{name}”",
    "language": "is sung in the language you chose ({name})",
    "habit": "is often heard to its end here",
    "liked": "is one that you said you like",
    "discovery": "is new to you",
    "chance": "comes by chance, for I have not listened to it yet",
    "again": "comes again so soon because nothing else fits",
    "barred": "was disliked for {mood}, but nothing else that fits is left: bring more such music, "
    "or name more of yours under “What fits which mood”",
}
"""The same behind another reason, after "and it"."""

OWNED_UP = frozenset({"again", "barred"})
"""What a song comes in spite of: told however weighty its other reasons are."""


def filled(template: str, part: Reason) -> str:
    return template.format(name=part.name, mood=part.mood or "now")


def sentence(parts: Sequence[Reason]) -> str:
    """The weightiest part, and the one besides. Empty without parts."""
    if not parts:
        return ""
    lead, *besides = (parts[0], *beside(parts))
    said = filled(SENTENCES[lead.kind], lead)
    return f"{said.removesuffix('.')}, and it {filled(BESIDES[besides[0].kind], besides[0])}." if besides else said


def beside(parts: Sequence[Reason]) -> Sequence[Reason]:
    """What is told besides the weightiest part: what the song comes in spite of, or else the next one."""
    return [part for part in parts[1:] if part.kind in OWNED_UP] or parts[1:2]
