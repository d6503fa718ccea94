"""A form that a phone sent, as the event it asks for. Pure; anything else than a known order is refused."""

from collections.abc import Callable, Mapping
from typing import Literal, cast, get_args

from appliance import events
from appliance.web.words import word

Form = Mapping[str, str]
LONGEST_HANDS_OFF = 12 * 3600


class Refused(ValueError):
    """A form that no page of ours sends, and what is wrong with it."""


def _mood(form: Form, key: str) -> events.Mood:
    said = form.get(key, "")
    if said not in get_args(events.Mood):
        raise Refused(word("That is no mood this box knows."))
    return cast(events.Mood, said)


def _whole(form: Form, key: str, low: int, high: int) -> int:
    said = form.get(key, "")
    if not (said.isascii() and said.isdigit() and len(said) < 7 and low <= int(said) <= high):
        raise Refused(word("That number is out of bounds."))
    return int(said)


def _look(form: Form) -> events.Event:
    return events.Asked()


def _mood_picked(form: Form) -> events.Event:
    return events.MoodPicked(_mood(form, "mood") if form.get("mood") else None)


def _goal(form: Form) -> events.Event:
    said = form.get("goal", "")
    if said not in events.GOALS:
        raise Refused(word("That is no goal this box knows."))
    return events.GoalSet(said)


def _play(form: Form) -> events.Event:
    said = form.get("hand", "")
    if said not in ("pause", "resume", "skip"):
        raise Refused(word("That is nothing the player can do."))
    return events.Hand(cast(events.HandName, said), by="page")


def _volume(form: Form) -> events.Event:
    return events.Hand("volume", by="page", value=_whole(form, "volume", 0, 100))


def _rate(form: Form) -> events.Event:
    like = _whole(form, "like", 0, 2)
    return events.Rated(cast(Literal[0, 1, 2], like))


def _hands_off(form: Form) -> events.Event:
    return events.HandsOff(float(_whole(form, "seconds", 0, LONGEST_HANDS_OFF)))


def _answer(form: Form) -> events.Event:
    return events.Answered(_mood(form, "feels"), _mood(form, "hear"))


# order: the event it asks for, and what the page then says
ORDERS: Mapping[str, tuple[Callable[[Form], events.Event], str]] = {
    "look": (_look, word("Looking…")),
    "mood": (_mood_picked, word("As you like.")),
    "goal": (_goal, word("Goal set.")),
    "play": (_play, word("Done.")),
    "volume": (_volume, word("Volume set.")),
    "rate": (_rate, word("Noted.")),
    "off": (_hands_off, word("Done.")),
    "answer": (_answer, word("Thank you. I’ll play that.")),
}


def event(order: str, form: Form) -> tuple[events.Event, str]:
    """The event and the answer in English. Raises Refused; KeyError for an order that does not exist."""
    make, said = ORDERS[order]
    return make(form), said
