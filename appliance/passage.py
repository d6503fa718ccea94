"""How a session moves along its table, and what entering a phase brings. Pure."""

from appliance import bias, lessons, mood, presence
from appliance.commands import Remember
from appliance.phases import Signal, after
from appliance.state import Smile, Turn
from firmware import wire


def move(turn: Turn) -> None:
    """Follow the table as far as the signals lead."""
    state, now = turn.state, turn.now
    if state.answered and now >= state.answered_until:
        turn.set(answered=None)
    for _ in range(4):  # no chain of signals at one moment is longer: starting, arriving, watching, playing
        signal = presence.told(turn.state, now)
        if signal is None or not follow(turn, signal):
            break
    state = turn.state
    if state.phase == "watching" and state.room.belief.mood:
        follow(turn, "settled")
    elif state.phase == "asking" and now - state.since >= state.knobs.ask:
        turn.set(silenced=True)
        follow(turn, "unanswered")
    elif state.phase == "nobody" and now - state.since >= state.knobs.forget:
        turn.set(silenced=False)


def follow(turn: Turn, signal: Signal) -> bool:
    """Enter the phase that this signal leads to, with what that brings. False where it means nothing."""
    state, to = turn.state, after(turn.state.phase, signal)
    if to is None:
        return False
    turn.set(phase=to, since=turn.now)
    if to == "watching" and state.session_since is None:
        turn.set(session_since=turn.now)
        turn.say(Remember("presence", note="arrived"))
    elif to == "leaving":
        turn.set(fade_due=True)
    elif signal == "forgotten":
        over(turn)
        turn.set(held=False, silenced=False, picked=None, answered=None, pursuits=(), heeded=None)
        turn.set(room=mood.Room(at=turn.now), smile=Smile(), wish=state.wish if turn.plays else None)
    if signal == "returned":
        turn.set(fade_due=False)
    return True


def over(turn: Turn) -> None:
    since = turn.state.session_since
    if since is not None:
        turn.say(Remember("presence", value=round(turn.now - since), note="left"))
    turn.set(session_since=None)


def announce(turn: Turn, before: wire.Expression | None, told: bool = False) -> None:
    """Remember a mood that is newly announced, with what the nearest face was read as; nothing to correct was read
    where a person `told` it."""
    belief, glance = turn.state.room.belief, turn.state.glance
    if belief.mood is not None and belief.mood != before:
        read = bias.written(lessons.nearest(glance).scores) if glance and glance.faces and not told else ""
        turn.say(Remember("mood", belief.mood, value=round(1 - belief.doubt, 2), note=read))
        follow(turn, "changed")
        if belief.mood == "happy":  # the very thing that was missed: there is nothing left to ask
            follow(turn, "answered")
