"""What the half that sees says, and what its silence tells: who is there, and can the eye see at all. Pure."""

from dataclasses import replace

from appliance import bias, lessons, mood
from appliance.events import EyeLink
from appliance.phases import Signal
from appliance.state import State, Turn
from firmware import wire

BLINK = 2.0
"""A face unseen for less than this was there all the time."""
EASY, USUAL, KEEN = 0.5, 1.0, 2.0
"""How often to look, as multiples of the seeing half's own rate."""


def linked(turn: Turn, event: EyeLink) -> None:
    """The socket came up or went down. A new seeing half is told the lamp again."""
    if event.link == "up":
        turn.set(eye="up", eye_trouble="", heard=turn.now, lamp=None, pace=USUAL)
    else:
        turn.set(eye="down", eye_trouble=event.why or "the half that sees is not there", glance=None)


def heard(turn: Turn, message: wire.Up) -> None:
    """One word from the half that sees. Gestures are the session's to answer."""
    turn.set(heard=turn.now)
    match message:
        case wire.Hello():
            turn.set(network=message.network)
        case wire.Shutter():
            turn.set(shutter=message.closed, glance=None)
        case wire.Health():
            turn.set(camera=message.camera, eye_trouble=message.trouble)
        case wire.Glance():
            glanced(turn, message)
        case _:
            pass


def glanced(turn: Turn, glance: wire.Glance) -> None:
    """One look at the room: the mood filter sees it, and so do a look on demand and the smile loop."""
    state, now = turn.state, turn.now
    turn.set(glance=glance)
    if state.lesson:
        lessons.shown(turn, glance)
    else:
        filtered = bias.fitted(state.knobs.mood, state.household.sums)
        turn.set(room=mood.see(state.room, lessons.heeding(state, glance, now), now, filtered))
    if glance.faces:
        away = state.faced_since is None or now - state.faced_at > BLINK
        turn.set(faced_since=now if away else state.faced_since, faced_at=now, empty_since=None)
        nearest = max(glance.faces, key=lambda face: face.size)
        happy = nearest.scores[wire.EXPRESSIONS.index("happy")]
        if state.player.state == "play":
            turn.set(smiled=state.smiled + happy, smiles=state.smiles + 1)
        if state.look:
            turn.set(look=replace(state.look, looks=state.look.looks + 1))
        if state.smile.until is not None:
            seen = replace(state.smile, looks=state.smile.looks + 1, happy=state.smile.happy + happy)
            turn.set(smile=seen)
    elif glance.condition == "nobody":
        turn.set(empty_since=now if state.empty_since is None else state.empty_since)
    else:
        turn.set(empty_since=None)


def sees(state: State, now: float) -> bool:
    """Is the eye there, heard of lately, and its camera not lost?"""
    return state.eye == "up" and state.camera != "lost" and now - state.heard < state.knobs.deaf


def told(state: State, now: float) -> Signal | None:
    """The one signal that the room gives at this moment, the strongest first."""
    knobs = state.knobs
    blind = state.phase == "blind"
    if state.shutter != (state.phase == "closed"):
        return "shut" if state.shutter else "opened"
    if state.phase == "closed":
        return None
    # Before the first word there is nothing to be lost: the seeing half may still be starting.
    if state.phase == "starting" and state.eye == "down" and now - state.since < knobs.deaf:
        return None
    if sees(state, now) == blind:
        return "found" if blind else "lost"
    if blind or state.glance is None:
        return None
    empty_for = now - state.empty_since if state.empty_since is not None else 0.0
    match state.phase:
        case "starting":
            if state.glance.faces:
                return "face"
            if state.session_since is not None:  # the shutter or a fault fell into a session: it is not over at once
                return "away" if empty_for >= knobs.absent else None
            return "empty" if state.glance.condition == "nobody" else None
        case "nobody":
            return "face" if state.glance.faces else None
        case "arriving":
            if now - state.faced_at > BLINK:
                return "passed"
            return "stayed" if stays(state) else None
        case "leaving":
            if state.glance.faces and stays(state):
                return "returned"
            return "forgotten" if now - state.since >= knobs.forget else None
        case _:
            return "away" if empty_for >= knobs.absent else None


def stays(state: State) -> bool:
    return state.faced_since is not None and state.faced_at - state.faced_since >= state.knobs.arrive


def pace(state: State, now: float) -> float:
    """How often a look is worth its cost: keenly while a smile or a lesson is looked for; easily while what is seen
    can change no music, for a person has it in hand, it is night, or the player is lost."""
    if state.smile.until is not None or state.lesson is not None:
        return KEEN
    lost = state.met and state.jukebox == "down"
    return EASY if lost or state.quiet or now < state.hands_off else USUAL
