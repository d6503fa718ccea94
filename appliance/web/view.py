"""The snapshot as a person reads it: one friendly sentence, how sure, what is seen. Pure; all text in English.

An expression is what a face shows, not what somebody feels, and the sentences keep to that.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appliance.journey import MOODS, Point, goal, path
from appliance.snapshot import Snapshot
from appliance.web.words import word
from firmware import wire

NAMES: Mapping[str, str] = {
    "neutral": word("neutral"),
    "happy": word("happy"),
    "surprise": word("surprised"),
    "sad": word("sad"),
    "angry": word("angry"),
    "disgust": word("disgusted"),
    "fear": word("fearful"),
}

MOOD_SENTENCES: Mapping[str, str] = {
    "neutral": word("Easy, even faces in the room."),
    "happy": word("I see happy faces."),
    "surprise": word("Something surprised you!"),
    "sad": word("Someone looks a little sad."),
    "angry": word("It looks a little tense in here."),
    "disgust": word("Someone looks put off by something."),
    "fear": word("Someone looks uneasy."),
}

STATE_SENTENCES: Mapping[str, str] = {
    "starting": word("Good to see you. I’m just waking up."),
    "closed": word("My eye is shut. I see nothing, and I don’t guess."),
    "away": word("My eye isn’t answering. The music goes on without it."),
    "lost": word("I can’t find my camera. The music goes on without it."),
    "nobody": word("Nobody here. I’ll keep quiet company."),
    "dark": word("It’s too dark for me to see."),
    "covered": word("Something is covering my camera."),
    "looking": word("Let me have a look…"),
    "watching": word("I see someone. Give me a moment."),
    "asking": word("I’m not finding the right song. Tell me?"),
}

GOAL_NAMES: Mapping[str, str] = {"match": word("Match"), "lift": word("Lift"), "calm": word("Calm")}
GOAL_MEANINGS: Mapping[str, str] = {
    "match": word("Music like the mood in the room"),
    "lift": word("Start where you are, then brighten"),
    "calm": word("Start where you are, then settle"),
}


WEEKDAYS = (
    word("Monday"),
    word("Tuesday"),
    word("Wednesday"),
    word("Thursday"),
    word("Friday"),
    word("Saturday"),
    word("Sunday"),
)


@dataclass(frozen=True)
class Circle:
    """One face as the box knows it: where, how large, what it shows and how surely. No picture."""

    number: int
    x: float
    y: float
    size: float
    label: str
    score: float


def condition(snapshot: Snapshot) -> str:
    """What there is to say, the most important first: a key of STATE_SENTENCES, or a mood."""
    if snapshot.shutter_closed:
        return "closed"
    if snapshot.asking:
        return "asking"
    if snapshot.looking:
        return "looking"
    if snapshot.state == "starting" and snapshot.eye == "down":
        return "starting"
    if snapshot.eye == "down":
        return "away"
    if snapshot.camera == "lost":
        return "lost"
    seen = snapshot.glance.condition if snapshot.glance else "nobody"
    if seen in ("dark", "covered"):
        return seen
    if snapshot.belief.mood:
        return snapshot.belief.mood
    return "watching" if seen == "seen" else "nobody"


def sentence(snapshot: Snapshot) -> str:
    now = condition(snapshot)
    return STATE_SENTENCES.get(now) or MOOD_SENTENCES[now]


def sureness(doubt: float) -> str:
    for limit, said in (
        (0.25, word("Quite sure")),
        (0.5, word("Fairly sure")),
        (0.75, word("Not very sure")),
    ):
        if doubt < limit:
            return said
    return word("Only guessing")


def circles(snapshot: Snapshot) -> tuple[Circle, ...]:
    """The faces of the last glance; none behind a closed shutter or a lost eye, however fresh the glance."""
    if snapshot.glance is None or snapshot.shutter_closed or snapshot.eye == "down":
        return ()
    return faces(snapshot.glance)


def faces(glance: wire.Glance) -> tuple[Circle, ...]:
    return tuple(_circle(face) for face in glance.faces)


def leading(scores: Sequence[float], most: int = 3) -> Sequence[tuple[str, float]]:
    """What a face was read as, the likeliest first."""
    return sorted(zip(wire.EXPRESSIONS, scores, strict=True), key=lambda one: -one[1])[:most]


def _circle(face: wire.Face) -> Circle:
    score = max(face.scores)
    label = wire.EXPRESSIONS[face.scores.index(score)]
    return Circle(face.number, face.x, face.y, face.size, label, score)


def road(snapshot: Snapshot) -> tuple[Point, ...]:
    """The journey ahead: the one that the songs follow, or the one that would be; empty while no mood is known."""
    if snapshot.journey:
        return tuple(Point(valence, energy) for valence, energy in snapshot.journey)
    mood = snapshot.picked or snapshot.belief.mood
    if mood is None:
        return ()
    return path(Point(snapshot.valence, snapshot.energy), goal(mood, snapshot.goal))


def place(mood: str | None) -> Point | None:
    """Where a mood's name lies on the plane."""
    for known, point in MOODS.items():
        if known == mood:
            return point
    return None


def joined(names: Iterable[str], words: Callable[[str], str]) -> str:
    return ", ".join(words(name) for name in names)


def span(seconds: float) -> tuple[str, dict[str, int]]:
    """A length of time, short, as a text and what to fill into it: 25 min, 2 h 5 min."""
    hours, rest = divmod(max(1, round(seconds / 60)), 60)
    if not hours:
        return word("{rest} min"), {"rest": rest}
    if not rest:
        return word("{hours} h"), {"hours": hours}
    return word("{hours} h {rest} min"), {"hours": hours, "rest": rest}


def state(snapshot: Snapshot) -> dict[str, Any]:
    """What GET /api/state answers; its keys are a promise (docs/api.md)."""
    return {
        **gist(snapshot),
        "doubt": round(snapshot.belief.doubt, 3),
        "faces": [
            {"number": c.number, "x": c.x, "y": c.y, "size": c.size, "label": c.label, "score": round(c.score, 3)}
            for c in circles(snapshot)
        ],
    }


def gist(snapshot: Snapshot) -> dict[str, Any]:
    """What of it stays as it is from look to look."""
    song = snapshot.player.song
    return {
        "state": snapshot.state,
        "mood": snapshot.picked or snapshot.belief.mood,
        "goal": snapshot.goal,
        "song": {"title": song.name, "artist": song.artist, "uri": song.uri} if song else None,
        "why": snapshot.why,
        "eye": "closed" if snapshot.shutter_closed else snapshot.eye,
        "jukebox": snapshot.jukebox,
        "trouble": list(snapshot.trouble),
    }


def ill(snapshot: Snapshot, now: float, patience: float = 30.0) -> list[str]:
    """Why the box is not well: empty when both halves are up. A closed shutter is a wish, not an illness."""
    reasons = []
    if snapshot.eye == "down":
        reasons.append("the half that sees is not connected")
    elif snapshot.camera == "lost":
        reasons.append("the camera is lost")
    if now - snapshot.at > patience:
        reasons.append("the half that speaks has not turned for a while")
    return reasons
