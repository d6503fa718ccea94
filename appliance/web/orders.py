"""A form that a phone sent, as the event it asks for. Pure; anything else than a known order is refused.

An order may need the present snapshot: a tap on one of several choices adds it to those that stand, or takes it away.
"""

from collections.abc import Callable, Mapping
from typing import Literal, cast, get_args

from appliance import events
from appliance.snapshot import Snapshot
from appliance.web.lessons import STEPS
from appliance.web.words import word

Form = Mapping[str, str]
LONGEST = 12 * 3600
"""Seconds for which a phone may ask anything."""
LONGEST_NAME = 40
MOST_PURSUITS = 12
LESSON_SECONDS = 15.0


class Refused(ValueError):
    """A form that no page of ours sends, and what is wrong with it."""


def mood(form: Form, key: str) -> events.Mood:
    said = form.get(key, "")
    if said not in get_args(events.Mood):
        raise Refused(word("That is no mood this box knows."))
    return cast(events.Mood, said)


def _whole(form: Form, key: str, low: int, high: int) -> int:
    said = form.get(key, "")
    if not (said.isascii() and said.isdigit() and len(said) < 7 and low <= int(said) <= high):
        raise Refused(word("That number is out of bounds."))
    return int(said)


def _look(form: Form, now: Snapshot) -> events.Event:
    return events.Asked()


def _mood_picked(form: Form, now: Snapshot) -> events.Event:
    return events.MoodPicked(mood(form, "mood") if form.get("mood") else None)


def _goal(form: Form, now: Snapshot) -> events.Event:
    said = form.get("goal", "")
    if said not in events.GOALS:
        raise Refused(word("That is no goal this box knows."))
    return events.GoalSet(said)


def _play(form: Form, now: Snapshot) -> events.Event:
    said = form.get("hand", "")
    if said not in ("pause", "resume", "skip"):
        raise Refused(word("That is nothing the player can do."))
    return events.Hand(cast(events.HandName, said), by="page")


def _volume(form: Form, now: Snapshot) -> events.Event:
    return events.Hand("volume", by="page", value=_whole(form, "volume", 0, 100))


def _rate(form: Form, now: Snapshot) -> events.Event:
    like = _whole(form, "like", 0, 2)
    return events.Rated(cast(Literal[0, 1, 2], like))


def _hands_off(form: Form, now: Snapshot) -> events.Event:
    return events.HandsOff(float(_whole(form, "seconds", 0, LONGEST)))


def _answer(form: Form, now: Snapshot) -> events.Event:
    return events.Answered(mood(form, "feels"), mood(form, "hear"))


def _others(form: Form, now: Snapshot) -> events.Event:
    return events.OtherSongs()


def _sleep(form: Form, now: Snapshot) -> events.Event:
    return events.Sleep(float(_whole(form, "seconds", 0, LONGEST)))


def _right(form: Form, now: Snapshot) -> events.Event:
    return events.Corrected(mood(form, "true"))


def _pursue(form: Form, now: Snapshot) -> events.Event:
    """One tap adds a pursuit to those under way, or takes it away; an empty name ends them all."""
    name = form.get("name", "")
    if not name:
        return events.Pursued(())
    if name in now.pursuits:
        return events.Pursued(tuple(other for other in now.pursuits if other != name))
    if len(name) > LONGEST_NAME or len(now.pursuits) >= MOST_PURSUITS:
        raise Refused(word("That is too much at once."))
    return events.Pursued((*now.pursuits, name))


def _lesson(form: Form, now: Snapshot) -> events.Event:
    """One part of the guided minute, or any expression shown on purpose; "stop" ends the one under way."""
    note = form.get("note", "")
    if note == "stop":
        return events.Lesson("neutral", 0.0)
    if note not in ("", *STEPS):
        raise Refused(word("That is nothing I can learn."))
    return events.Lesson(STEPS[note].true if note else mood(form, "true"), LESSON_SECONDS, note)


def _unlearn(form: Form, now: Snapshot) -> events.Event:
    return events.Unlearn()


def _rescan(form: Form, now: Snapshot) -> events.Event:
    return events.Rescan()


# order: the event it asks for, and what the page then says
ORDERS: Mapping[str, tuple[Callable[[Form, Snapshot], events.Event], str]] = {
    "look": (_look, word("Looking…")),
    "mood": (_mood_picked, word("As you like.")),
    "goal": (_goal, word("Goal set.")),
    "play": (_play, word("Done.")),
    "volume": (_volume, word("Volume set.")),
    "rate": (_rate, word("Noted.")),
    "off": (_hands_off, word("Done.")),
    "answer": (_answer, word("Thank you. I’ll play that.")),
    "others": (_others, word("Other songs are coming.")),
    "pursue": (_pursue, word("As you like.")),
    "sleep": (_sleep, word("Done.")),
    "right": (_right, word("Thank you. I’ll remember that.")),
    "lesson": (_lesson, word("As you like.")),
    "unlearn": (_unlearn, word("Forgotten.")),
    "rescan": (_rescan, word("I’m looking for new songs.")),
}
BACK: Mapping[str, str] = {"lesson": "teach", "unlearn": "teach", "rescan": "songs"}
"""The page that an order comes from, where it is not the first one."""


def event(order: str, form: Form, now: Snapshot) -> tuple[events.Event, str]:
    """The event and the answer in English. Raises Refused; KeyError for an order that does not exist."""
    make, said = ORDERS[order]
    return make(form, now), said
