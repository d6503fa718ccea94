"""What a person wants of the box itself: a look, another song, a mood, an answer taken to heart. Pure.

Whoever asks the box for something wants it to act: a look, a picked mood or pursuit, other songs or an answer ends
hands-off and silence.
"""

from appliance import manners, mood, passage, presence, sentences
from appliance.commands import Remember, ShutDown, Tell
from appliance.events import Answered, Hand, MoodPicked, Pursued
from appliance.pursuit import known
from appliance.state import Look, Smile, Turn, Wish, aim, song_uri
from firmware import wire


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
    passage.announce(turn, before)
    reply(turn)
    passage.move(turn)


def reply(turn: Turn) -> None:
    turn.set(reply=sentences.answer(turn.state), reply_until=turn.now + turn.state.knobs.reply)


def picked(turn: Turn, event: MoodPicked) -> None:
    """A person names the mood to play for, and hears it at once; or leaves it to the eye again."""
    turn.set(picked=event.mood, answered=None, hands_off=0.0, silenced=False, held=False)
    turn.set(urgent=0.0)
    if event.mood is not None:
        turn.hurry()
    passage.follow(turn, "answered")


def others(turn: Turn) -> None:
    """Another set of songs, at once, in place of the one that plays and waits; the song is passed over as by a skip."""
    state = turn.state
    chosen = (choice.song for choice in state.chosen[: state.knobs.ahead])  # the player tells of the next one alone
    songs = (state.player.song, *state.player.upcoming, *chosen)
    manners.skipped(turn)
    turn.say(Remember("hand", state.room.belief.mood, song_uri(state.player.song), note="other songs by page"))
    present = dict.fromkeys(song.uri for song in songs if song)
    recent = (*present, *(uri for uri in state.recent if uri not in present))[: state.knobs.recent]
    turn.set(recent=recent, ticket=None, retry_at=0.0, hands_off=0.0, silenced=False, held=False)
    turn.hurry()
    passage.follow(turn, "answered")


def pursued(turn: Turn, event: Pursued) -> None:
    """What people are about. Heard at once where it counts: while the room is at ease or cannot be read."""
    turn.set(pursuits=known(event.names, turn.state.knobs.pursuits))
    if aim(turn.state):
        turn.set(hands_off=0.0, silenced=False, held=False)
        turn.hurry()
        passage.follow(turn, "answered")


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
    )
    turn.hurry()
    passage.follow(turn, "answered")
