"""A person's hand on the music, and how loud it may be. Pure.

* A hand through this box is carried out; one through another MPD client has been already. Either way automation keeps
  its hands off for a while: no song, pause or volume changes by itself, though a queue of our own that would run dry is
  fed, so that what plays goes on.
* Whoever paused or stopped the music has silenced it: when hands-off is over it still does not start by itself, but by
  a person's wish or in a new session.
* Nothing is ever louder than the ceiling, whoever turned it up: that one rule outranks hands-off.
* The sleep timer is a person's hand that was laid on the music beforehand. It is not kept over a restart: a box that
  comes back after a power cut at night is silent anyway, unless it was told to play on.
* In quiet hours the ceiling is lower, changes come slowly, and no music starts unasked.
"""

from appliance.commands import Pause, Play, Remember, Resume, SetVolume, Skip
from appliance.events import Choice, Hand, Player, Sleep
from appliance.state import Turn, ceiling, elapsed, song_uri

SKIPPED = 10.0
"""A song played for less was not skipped, merely passed over: the rule that MPD's clients share."""


def hand(turn: Turn, event: Hand) -> None:
    """A person's hand: remembered, carried out if it came through this box, and then left alone."""
    state, ours = turn.state, event.by != "client"
    song = state.player.song
    turn.say(Remember("hand", state.room.belief.mood, song_uri(song), event.value, f"{event.name} by {event.by}"))
    turn.set(hands_off=max(state.hands_off, turn.now + state.knobs.hands_off), fade_due=False)
    match event.name:
        case "pause" | "stop":
            turn.set(silenced=True, held=False, urgent=0.0)
            if ours:
                turn.say(Pause())
        case "resume":
            turn.set(silenced=False, held=False)
            if ours and song:
                turn.say(Resume())
            elif ours:
                turn.hurry()
        case "skip":
            skipped(turn)
            if ours and state.player.upcoming:
                turn.say(Skip())
            elif ours:
                turn.set(silenced=False)
                turn.hurry()
        case "pick":
            turn.set(silenced=False, held=False)
            picked = [s for s in state.player.upcoming if s.place == event.value]
            if ours and picked:
                turn.say(Play((Choice(picked[0], "You picked it."),), now=True))
        case _:  # the volume
            turn.set(loudness=None)
            if ours and event.value is not None:
                turn.say(SetVolume(event.value))


def skipped(turn: Turn) -> None:
    """Remember that the song was passed over, if it had been heard for long enough to be."""
    state = turn.state
    heard = elapsed(state, turn.now)
    if state.player.song and heard >= SKIPPED:
        turn.say(Remember("skipped", state.room.belief.mood, state.player.song.uri, round(heard, 1)))


def sleep(turn: Turn, event: Sleep) -> None:
    """Fade and pause after so long; 0 takes it back."""
    turn.set(sleep=turn.now + event.seconds if event.seconds > 0 else 0.0)


def lull(turn: Turn) -> None:
    """The sleep timer has run out: the music fades, and stays off as if a person had paused it."""
    state = turn.state
    if not state.sleep or turn.now < state.sleep or state.jukebox == "down":  # a lost server is waited for
        return
    if state.player == Player() and turn.now - state.still_since < state.knobs.patience:  # found, but not heard of yet
        return
    turn.set(sleep=0.0, silenced=True, held=False, fade_due=False, urgent=0.0, ticket=None)
    if turn.plays:
        turn.say(Pause(state.knobs.lull))


def loud(turn: Turn) -> None:
    """Bring down what is over the ceiling, once until the ramp is over."""
    volume = turn.state.player.volume
    if volume is not None and volume > ceiling(turn.state) and turn.now >= turn.state.easing:
        turn.say(SetVolume(ceiling(turn.state), over=turn.state.knobs.duck, back=turn.state.loudness))


def quiet(turn: Turn, begins: bool) -> None:
    """Quiet hours begin or end."""
    if begins == turn.state.quiet:
        return
    turn.set(quiet=begins)
    volume, low = turn.state.player.volume, ceiling(turn.state)
    if begins and volume is not None and volume > low:
        turn.set(loudness=volume)
        turn.say(SetVolume(low, over=turn.state.knobs.ramp, back=volume))


def met(turn: Turn, volume: int | None) -> None:
    """A player that is found in quiet hours, too loud for them, has its volume back after them like any other."""
    state = turn.state
    if state.quiet and state.loudness is None and volume is not None and volume > ceiling(state):
        turn.set(loudness=volume)


def louder(turn: Turn) -> None:
    """After quiet hours the volume comes back, once no hand is on the music, unless somebody turned it meanwhile."""
    state = turn.state
    volume = state.player.volume
    if state.loudness is None or state.quiet is not False or volume is None or turn.off or turn.now < state.easing:
        return
    turn.set(loudness=None)
    if volume == state.eased:
        turn.say(SetVolume(state.loudness, over=state.knobs.ramp))
