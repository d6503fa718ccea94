"""What should play, and the questions to the chooser that make it so. Pure.

* Somebody there and a mood settled: music for it. Another mood: other music, from the song's end on.
* A queue of our own is fed before it runs dry, whatever the eye can see.
* With no face the box is a good speaker: a picked mood plays, and a person's wish for music is met with "neutral".
* What people say they are about (pursuits) is played for while the room is at ease or cannot be read, whatever the
  goal. A mood that shows in faces is stronger, and so is a mood that somebody picked or answered.
* A person's wish waits for a music server that is away, but not for long: nothing starts at night that was wanted in
  the evening.
* Nothing is asked twice: while a ticket is open there is no second, a late answer to an old one is ignored, and songs
  that are on their way to the player are waited for.
"""

from appliance import journey, pursuit
from appliance.commands import Choose, Pause, Play, Resume
from appliance.events import Chosen, Mood
from appliance.knobs import Knobs
from appliance.state import State, Ticket, Turn, Wish, aim, choice

KEPT = 24
"""Choices kept with their reasons: the songs of the queue and of the last half hour."""


def wish(state: State) -> Wish | None:
    """What the household wants now: a picked mood, else an answer in force, else a pursuit or what the eye believes."""
    if state.picked:
        return Wish(state.picked, "match", state.picked)
    if state.answered:
        return state.answered
    if aim(state):
        return Wish("neutral", "match", pursuits=state.pursuits)
    last = state.wish
    mood = state.room.belief.mood or (last.feels if last and last.hear is None else None)
    return Wish(mood, state.goal) if mood else None


def route(want: Wish, knobs: Knobs) -> tuple[journey.Point, ...]:
    """The points from the mood that is felt to what is to be heard."""
    stride = knobs.stride
    if there := pursuit.aim(want.pursuits, knobs.pursuits):
        return (there.point,)
    if want.hear:
        return journey.path(journey.MOODS[want.feels], journey.goal(want.hear, "match"), stride)
    return journey.plan(want.feels, want.goal, stride)


def label(point: journey.Point) -> Mood:
    """The mood whose music lies nearest to the point: what a playlist by mood is looked up with."""
    return min(journey.MOODS, key=lambda mood: journey.apart(journey.MOODS[mood], point))


def ask(turn: Turn, want: Wish, now: bool, person: float = 0.0, feeding: bool = False) -> None:
    """Ask the chooser for the songs of the journey's present point."""
    state, knobs = turn.state, turn.state.knobs
    path = state.journey if want == state.wish else route(want, knobs)
    stage = state.stage if want == state.wish else 0
    if want == state.wish and want.hear is None and state.phase == "playing" and state.room.belief.mood:
        path = journey.aimed(path, stage, journey.seen(state.room.belief.shares), knobs.stride)
        turn.set(journey=path)
    number = state.tickets + 1
    point = journey.stage(path, stage)
    rests = stage >= len(path) - 1 and (state.goal != "lift" or bool(want.pursuits))
    there = pursuit.aim(want.pursuits, knobs.pursuits)
    words = there.words if there else ()
    turn.set(tickets=number, ticket=Ticket(number, want, now, person, turn.now, feeding), urgent=0.0)
    count = knobs.ahead if rests else 1
    turn.say(Choose(number, label(point), point.valence, point.energy, count, state.recent, words))


def answer(turn: Turn, event: Chosen) -> None:
    """The chooser's answer. A person's wish is met whatever the hands-off; the rest waits."""
    state, ticket = turn.state, turn.state.ticket
    if ticket is None or event.ticket != ticket.number:
        return
    turn.set(ticket=None)
    if not event.choices:
        said = event.trouble or "nothing in the library fits"
        turn.set(chooser_trouble=said, retry_at=turn.now + state.knobs.retry)
        return
    if not ticket.person and not (may_change(turn, ticket.feeding) if turn.plays else may_start(turn)):
        return
    fresh = ticket.wish != state.wish
    uris = {given.song.uri for given in event.choices}
    kept = tuple(given for given in state.chosen if given.song.uri not in uris)
    turn.set(
        chooser_trouble="",
        wish=ticket.wish,
        journey=route(ticket.wish, state.knobs) if fresh else state.journey,
        stage=0 if fresh else state.stage,
        chosen=(event.choices + kept)[:KEPT],
        coming=frozenset(uris),
        coming_since=turn.now,
        held=False,
    )
    turn.say(Play(event.choices, now=ticket.now or not turn.plays))


def conduct(turn: Turn) -> None:
    """Compare what plays with what should, and ask for what is missing."""
    state, now, knobs = turn.state, turn.now, turn.state.knobs
    if state.ticket and now - state.ticket.at >= knobs.answer:
        turn.set(ticket=None, urgent=state.ticket.person)
        state = turn.state
    if state.jukebox == "down" or state.ticket:
        return
    want = wish(state)
    if now < state.urgent:
        ask(turn, want or Wish("neutral", "match"), now=True, person=state.urgent)
        return
    if now < state.retry_at:
        return
    coming = bool(state.coming) and now - state.coming_since < knobs.answer
    if turn.plays:
        led = state.phase == "playing" or wished(state)
        dry = not state.player.upcoming and (led or choice(state) is not None)
        if led and want and want != state.wish and may_change(turn, feeding=False):
            ask(turn, want, now=knobs.crossfade_now)
        elif dry and not coming and state.wish and may_change(turn, feeding=choice(state) is not None):
            ask(turn, state.wish, now=False, feeding=choice(state) is not None)
    elif may_start(turn) and not coming and want and now - state.still_since >= knobs.patience:
        ask(turn, want, now=True)


def may_start(turn: Turn) -> bool:
    """May music begin unasked? Only for somebody there or what was picked, and never against a person's wish."""
    state = turn.state
    if turn.off or state.silenced or state.quiet or state.held:
        return False
    return state.phase == "playing" or (wished(state) and state.phase in ("watching", "closed", "blind"))


def wished(state: State) -> bool:
    """Did a person say what to play for, so that no face is needed?"""
    return state.picked is not None or aim(state) is not None


def may_change(turn: Turn, feeding: bool) -> bool:
    """May what plays be followed by something else? Feeding a queue of our own goes on under hands-off."""
    state = turn.state
    if state.silenced or state.held or state.phase == "asking":
        return False
    return feeding or not turn.off


def fade(turn: Turn) -> None:
    """The room is empty: the music fades and waits, unless a person's hand is still on it."""
    if turn.state.fade_due and not turn.off:
        turn.set(fade_due=False)
        if turn.plays:
            turn.set(held=True)
            turn.say(Pause(turn.state.knobs.fade_out))


def go_on(turn: Turn) -> None:
    """Somebody is there again: what this box had paused goes on."""
    state = turn.state
    back = state.phase in ("watching", "playing")
    if state.held and back and state.jukebox == "up" and not (turn.off or state.silenced or state.quiet):
        turn.set(held=False)
        turn.say(Resume(state.knobs.fade_in))
