"""The one brain: (state, event, now) -> (state, commands). Pure; the owner's thread alone calls it.

Each event is first taken in, then the signals that it gives move the session along its table (passage.py), then the
standing rules look at the result: looks and smiles that are due, what should play (conductor.py), how loud
(manners.py), and the lamp.
"""

from dataclasses import replace

from appliance import conductor, lessons, listening, manners, mood, passage, presence, sentences, smile, wishes
from appliance.commands import Command, Pause, Remember, Skip, Tell, Update
from appliance.events import (
    Answered,
    Asked,
    Chosen,
    Corrected,
    Event,
    EyeAgain,
    EyeLink,
    EyeSaid,
    GoalSet,
    Hand,
    HandsOff,
    JukeboxLink,
    Lesson,
    MoodPicked,
    OtherSongs,
    PlayerChanged,
    Pursued,
    QuietHours,
    Rated,
    Recalled,
    Relabelled,
    Rescan,
    Sleep,
    Stop,
    Tick,
    Unlearn,
)
from appliance.knobs import Knobs
from appliance.shown import snapshot
from appliance.state import Smile, State, Turn, song_uri
from firmware import wire

__all__ = ["Knobs", "State", "snapshot", "start", "step"]


def start(knobs: Knobs, now: float = 0.0) -> State:
    """A session that knows nothing yet."""
    return State(knobs=knobs, goal=knobs.goal, at=now, since=now, still_since=now)


def step(state: State, event: Event, now: float) -> tuple[State, tuple[Command, ...]]:
    """What the session is after this event, and what is to be done. Never raises. Time never runs back."""
    if state.stopped:
        return state, ()
    now = max(now, state.at)
    turn = Turn(replace(state, at=now), now)
    take(turn, event)
    passage.announce(turn, state.room.belief.mood, told=isinstance(event, Corrected | Answered))
    passage.move(turn)
    wishes.looked(turn)
    lessons.over(turn)
    smiled(turn)
    manners.lull(turn)
    conductor.fade(turn)
    conductor.go_on(turn)
    conductor.conduct(turn)
    manners.loud(turn)
    manners.louder(turn)
    glow(turn)
    pace(turn)
    return turn.state, tuple(turn.commands)


def take(turn: Turn, event: Event) -> None:
    """Take the event in: facts into the state, and a person's wish into commands."""
    state = turn.state
    match event:
        case Tick():
            turn.set(room=mood.rest(state.room, turn.now, state.knobs.mood) if idle(state, turn.now) else state.room)
        case EyeSaid(wire.Gesture(name)):
            presence.heard(turn, event.message)
            wishes.gesture(turn, name)
        case EyeSaid(message):
            presence.heard(turn, message)
        case EyeLink():
            presence.linked(turn, event)
        case JukeboxLink():
            listening.linked(turn, event)
        case PlayerChanged():
            listening.heard(turn, event.player)
        case Hand():
            manners.hand(turn, event)
            if event.name in ("resume", "pick"):
                passage.follow(turn, "answered")
        case Chosen():
            conductor.answer(turn, event)
        case Asked():
            wishes.look(turn)
        case MoodPicked():
            wishes.picked(turn, event)
        case GoalSet():
            turn.set(goal=event.goal, smile=Smile(), answered=None)
        case Rated():
            turn.say(Remember("rated", state.room.belief.mood, song_uri(state.player.song), event.like))
        case HandsOff():
            turn.set(hands_off=turn.now + event.seconds if event.seconds > 0 else 0.0)
        case Answered():
            wishes.answered(turn, event)
        case OtherSongs():
            wishes.others(turn)
        case Pursued():
            wishes.pursued(turn, event)
        case Sleep():
            manners.sleep(turn, event)
        case Corrected():
            lessons.corrected(turn, event)
        case Relabelled():
            lessons.relabelled(turn, event)
        case Lesson():
            lessons.begun(turn, event)
        case Recalled():
            lessons.recalled(turn, event)
        case Unlearn():
            lessons.unlearnt(turn)
        case Rescan():
            turn.say(Update())
        case EyeAgain():
            turn.say(Tell(wire.Again()))
        case QuietHours():
            manners.quiet(turn, event.quiet)
        case Stop():
            passage.over(turn)
            turn.set(stopped=True)


def idle(state: State, now: float) -> bool:
    """Has no glance been judged for a while, so that only time speaks?"""
    return now - state.room.at >= 1.0


def smiled(turn: Turn) -> None:
    """Carry out the smile loop's verdict."""
    verdict = smile.judge(turn)
    if verdict == "move on":
        if turn.state.player.upcoming:  # with nothing to move on to, the song stays
            turn.say(Skip())
    elif verdict == "ask":
        passage.follow(turn, "gave up")
        turn.set(ticket=None)
        turn.say(Pause(turn.state.knobs.fade_out))


def glow(turn: Turn) -> None:
    """Tell the lamp when what it shows changed, or how brightly it may."""
    knobs = turn.state.knobs
    most = min(knobs.lamp, knobs.quiet_lamp) if turn.state.quiet else knobs.lamp
    wanted = wire.Glow(sentences.pattern(turn.state), most / 100)
    if wanted != turn.state.lamp:
        turn.say(Tell(wanted))
        turn.set(lamp=wanted)


def pace(turn: Turn) -> None:
    """Tell the seeing half when it is worth looking more or less often."""
    wanted = presence.pace(turn.state, turn.now)
    if turn.state.eye == "up" and wanted != turn.state.pace:
        turn.say(Tell(wire.Pace(wanted)))
        turn.set(pace=wanted)
