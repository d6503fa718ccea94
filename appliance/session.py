"""The one brain: (state, event, now) -> (state, commands). Pure; the owner's thread alone calls it.

Each event is first taken in, then the signals that it gives move the session along its table (phases.py), then the
standing rules look at the result: looks and smiles that are due, what should play (conductor.py), how loud
(manners.py), and the lamp.
"""

from dataclasses import replace

from appliance import conductor, manners, mood, presence, sentences, smile
from appliance.events import (
    Answered,
    Asked,
    Chosen,
    Command,
    Event,
    EyeLink,
    EyeSaid,
    GoalSet,
    Hand,
    HandsOff,
    JukeboxLink,
    MoodPicked,
    Pause,
    Player,
    PlayerChanged,
    QuietHours,
    Rated,
    Remember,
    Resume,
    ShutDown,
    Skip,
    Snapshot,
    Stop,
    Tell,
    Tick,
)
from appliance.journey import MOODS
from appliance.knobs import Knobs
from appliance.phases import Signal, after
from appliance.state import Look, Smile, State, Turn, Wish, elapsed, song_uri, why
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
    announce(turn, state.room.belief.mood)
    move(turn)
    looked(turn)
    smiled(turn)
    conductor.fade(turn)
    conductor.go_on(turn)
    conductor.conduct(turn)
    manners.loud(turn)
    glow(turn)
    return turn.state, tuple(turn.commands)


def take(turn: Turn, event: Event) -> None:
    """Take the event in: facts into the state, and a person's wish into commands."""
    state = turn.state
    match event:
        case Tick():
            turn.set(room=mood.rest(state.room, turn.now, state.knobs.mood) if idle(state, turn.now) else state.room)
        case EyeSaid(wire.Gesture(name)):
            presence.heard(turn, event.message)
            gesture(turn, name)
        case EyeSaid(message):
            presence.heard(turn, message)
        case EyeLink():
            presence.linked(turn, event)
        case JukeboxLink():
            up = event.link == "up"
            turn.set(jukebox=event.link, jukebox_trouble="" if up else event.why or "MPD does not answer", ticket=None)
            turn.set(songs=event.songs if up else state.songs, player=Player(), still_since=turn.now, retry_at=0.0)
        case PlayerChanged():
            played(turn, event.player)
        case Hand():
            manners.hand(turn, event)
            if event.name in ("resume", "pick"):
                follow(turn, "answered")
        case Chosen():
            conductor.answer(turn, event)
        case Asked():
            look(turn)
        case MoodPicked():
            turn.set(picked=event.mood, answered=None, hands_off=0.0, silenced=False, held=False)
            turn.set(urgent=event.mood is not None)
            follow(turn, "answered")
        case GoalSet():
            turn.set(goal=event.goal, smile=Smile(), answered=None)
        case Rated():
            turn.say(Remember("rated", state.room.belief.mood, song_uri(state.player.song), event.like))
        case HandsOff():
            turn.set(hands_off=turn.now + event.seconds if event.seconds > 0 else 0.0)
        case Answered():
            answered(turn, event)
        case QuietHours():
            manners.quiet(turn, event.quiet)
        case Stop():
            presence_over(turn)
            turn.set(stopped=True)


def idle(state: State, now: float) -> bool:
    """Has no glance been judged for a while, so that only time speaks?"""
    return now - state.room.at >= 1.0


def gesture(turn: Turn, name: wire.GestureName) -> None:
    """Press: look now. Double: not this song. Long is the shutter, done where the button is. Very long: off."""
    if name == "press":
        look(turn)
    elif name == "double":
        state = turn.state
        if state.player.song:
            turn.say(Remember("rated", state.room.belief.mood, state.player.song.uri, 0, "not this song"))
        manners.hand(turn, Hand("skip", "button"))
    elif name == "very_long":
        turn.say(ShutDown())


def look(turn: Turn) -> None:
    """A person wants a fresh look, and the music to follow it: answered within three seconds, whatever the answer."""
    if turn.state.shutter or not presence.sees(turn.state, turn.now):
        reply(turn)
        return
    turn.say(Tell(wire.LookNow()))
    turn.set(look=Look(turn.now + turn.state.knobs.look), hands_off=0.0, silenced=False)


def looked(turn: Turn) -> None:
    """Answer a look that is due, or that cannot be made any more."""
    state = turn.state
    if state.look is None:
        return
    gone = state.phase in ("closed", "blind")
    if not gone and turn.now < state.look.until:
        return
    before = state.room.belief.mood
    if state.look.looks and not gone:
        turn.set(room=mood.decided(state.room, turn.now))
    turn.set(look=None)
    announce(turn, before)
    reply(turn)
    move(turn)


def reply(turn: Turn) -> None:
    turn.set(reply=sentences.answer(turn.state), reply_until=turn.now + turn.state.knobs.reply)


def smiled(turn: Turn) -> None:
    """Carry out the smile loop's verdict."""
    verdict = smile.judge(turn)
    if verdict == "move on":
        if turn.state.player.upcoming:
            turn.say(Skip())
        elif turn.state.ticket is None:
            conductor.ask(turn, conductor.wish(turn.state) or Wish("neutral", "lift"), now=True)
    elif verdict == "ask":
        follow(turn, "gave up")
        turn.say(Pause(turn.state.knobs.fade_out))


def answered(turn: Turn, event: Answered) -> None:
    """A person said how they feel and what to hear: believed, remembered, and played for at once."""
    state, now = turn.state, turn.now
    turn.say(Remember("answer", event.feels, song_uri(state.player.song), None, event.hear))
    turn.set(
        room=mood.told(state.room, event.feels, now),
        answered=Wish(event.feels, "match", event.hear),
        answered_until=now + state.knobs.content,
        smile=Smile(),
        hands_off=0.0,
        silenced=False,
        urgent=True,
    )
    follow(turn, "answered")


def played(turn: Turn, player: Player) -> None:
    """What MPD said: songs that ended are remembered, and a journey goes on with each song of ours."""
    state, old = turn.state, turn.state.player.song
    if old and (player.song is None or player.song.uri != old.uri):
        heard = elapsed(state, turn.now)
        if heard > 10 and (heard >= 240 or heard >= old.duration / 2):
            turn.say(Remember("played", state.room.belief.mood, old.uri, round(heard, 1), why(state) or ""))
    stopped = player.state != "play" and state.player.state == "play"
    turn.set(player=player, player_at=turn.now, still_since=turn.now if stopped else state.still_since)
    if player.song and player.song.uri != song_uri(old):
        recent = (player.song.uri, *(uri for uri in state.recent if uri != player.song.uri))
        turn.set(recent=recent[: state.knobs.recent], stage=state.stage + (why(turn.state) is not None))
    if not state.met:
        turn.set(met=True)
        if player.state == "pause" and player.song:
            # The power was cut while it played, or somebody had paused it: either way it waits, unless told otherwise.
            turn.set(silenced=not state.knobs.resume_at_start)
            if state.knobs.resume_at_start:
                turn.say(Resume(state.knobs.fade_in))


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
        presence_over(turn)
        turn.set(held=False, silenced=False, room=mood.Room(at=turn.now), wish=None, answered=None, smile=Smile())
    if signal == "returned":
        turn.set(fade_due=False)
    return True


def presence_over(turn: Turn) -> None:
    since = turn.state.session_since
    if since is not None:
        turn.say(Remember("presence", value=round(turn.now - since), note="left"))
    turn.set(session_since=None)


def announce(turn: Turn, before: wire.Expression | None) -> None:
    """Remember a mood that is newly announced."""
    belief = turn.state.room.belief
    if belief.mood is not None and belief.mood != before:
        turn.say(Remember("mood", belief.mood, value=round(1 - belief.doubt, 2)))
        follow(turn, "changed")


def glow(turn: Turn) -> None:
    """Tell the lamp when its pattern changed."""
    pattern = sentences.pattern(turn.state)
    if turn.state.eye == "up" and pattern != turn.state.lamp:
        turn.say(Tell(wire.Glow(pattern)))
        turn.set(lamp=pattern)


def snapshot(state: State, now: float) -> Snapshot:
    """What everybody else may read."""
    belief = state.room.belief
    points = [(share, MOODS[name]) for share, name in zip(belief.shares, wire.EXPRESSIONS, strict=True)]
    return Snapshot(
        at=now,
        state=state.phase,
        sentence=sentences.sentence(state, now),
        belief=belief,
        valence=sum(share * point.valence for share, point in points),
        energy=sum(share * point.energy for share, point in points),
        journey=tuple((point.valence, point.energy) for point in state.journey[state.stage :] or state.journey[-1:]),
        goal=state.goal,
        picked=state.picked,
        glance=state.glance,
        shutter_closed=state.shutter,
        eye=state.eye,
        camera=state.camera,
        trouble=sentences.troubles(state),
        jukebox=state.jukebox,
        player=state.player,
        why=why(state) or "",
        asking=state.phase == "asking",
        hands_off=max(0.0, state.hands_off - now),
        quiet=state.quiet,
        songs=state.songs,
        network=state.network,
    )
