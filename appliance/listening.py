"""The music server, as the session hears it: it comes and goes, songs end, and a journey goes on with each. Pure."""

from appliance import manners
from appliance.commands import Remember, Resume
from appliance.events import JukeboxLink, Player, Song
from appliance.state import AWAY, Turn, choice, elapsed

HEARD = 10.0
"""A song played for less tells nothing: the rule that MPD's clients share."""
PLAYED = 240.0
"""A song that was heard for so long, or for half its length, was played."""


def linked(turn: Turn, event: JukeboxLink) -> None:
    """It came or went. One that is there already merely counts its songs anew."""
    state, up = turn.state, event.link == "up"
    if up and state.jukebox == "up":
        turn.set(songs=event.songs)
        return
    if turn.plays:
        turn.set(lost=turn.now)
    turn.set(jukebox=event.link, jukebox_trouble="" if up else event.why or "MPD does not answer", ticket=None)
    turn.set(songs=event.songs if up else state.songs, player=Player(), still_since=turn.now, retry_at=0.0)
    turn.set(coming=frozenset())
    if up:
        back(turn)
    turn.set(away=0.0 if up else state.away or turn.now)
    if event.eased and state.eased is None:
        turn.set(eased=event.eased[0], loudness=event.eased[1])


def heard(turn: Turn, player: Player) -> None:
    """What MPD said: songs that ended are remembered, and a journey goes on with each song of ours."""
    state, old = turn.state, turn.state.player.song
    if old and (player.song is None or player.song.uri != old.uri):
        ended(turn, old)
    if state.player.volume is None:
        manners.met(turn, player.volume)
    stopped = player.state != "play" and state.player.state == "play"
    turn.set(player=player, player_at=turn.now, still_since=turn.now if stopped else state.still_since)
    if any(song and song.uri in state.coming for song in (player.song, *player.upcoming)):
        turn.set(coming=frozenset())
    if player.song and (player.song.uri,) != state.recent[:1]:
        recent = (player.song.uri, *(uri for uri in state.recent if uri != player.song.uri))
        turn.set(recent=recent[: state.knobs.recent], stage=state.stage + (choice(turn.state) is not None))
    if not state.met:
        turn.set(met=True)
        if player.state == "pause" and player.song:
            # The power was cut while it played, or somebody had paused it: either way it waits, unless told otherwise.
            turn.set(silenced=not state.knobs.resume_at_start)
            if state.knobs.resume_at_start:
                turn.say(Resume(state.knobs.fade_in))
    elif state.lost:
        found(turn)


def back(turn: Turn) -> None:
    """It was away, perhaps for long: then what was picked was wanted long ago, unless somebody is seen to be there."""
    state = turn.state
    if state.away and turn.now - state.away > AWAY and state.phase not in ("watching", "playing"):
        turn.set(picked=None, pursuits=())


def found(turn: Turn) -> None:
    """The server was lost and is back: no hand stopped the music, so it goes on, eye or no eye; for an empty room it
    need not, nor long after."""
    state = turn.state
    turn.set(lost=0.0)
    wanted = state.phase not in ("nobody", "leaving") and not (state.silenced or state.held)
    if turn.plays or not wanted or turn.now - state.lost > AWAY:
        return
    if state.player.song:
        turn.say(Resume(state.knobs.fade_in))
    else:
        turn.hurry()


def ended(turn: Turn, song: Song) -> None:
    """A song is over: was it heard, and how much was smiled over it?"""
    state = turn.state
    seconds, ours = elapsed(state, turn.now), choice(state)
    if seconds > HEARD and (seconds >= PLAYED or seconds >= song.duration / 2):
        why = ours.why if ours else ""
        turn.say(Remember("played", state.room.belief.mood, song.uri, round(seconds, 1), why))
    if seconds > HEARD and state.smiles:
        turn.say(Remember("smile", state.room.belief.mood, song.uri, round(state.smiled / state.smiles, 3)))
    turn.set(smiled=0.0, smiles=0)
