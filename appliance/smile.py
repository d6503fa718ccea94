"""The smile loop, after the Korean project that it comes from: with the goal "lift", play until somebody smiles. Pure.

Ten seconds into each song the box looks again. A smile: the song stays. None: on to the next. After five songs without
one it stops and asks, for a box that fails to please five times should not guess a sixth. A look that saw no face
proves nothing and counts for nothing.
"""

from dataclasses import replace
from typing import Literal

from appliance.commands import Tell
from appliance.state import Smile, State, Turn, aim, choice, elapsed
from firmware import wire

Verdict = Literal["stay", "move on", "ask"]


def watched(state: State, off: bool) -> bool:
    """Is this a song that the loop may judge: chosen by this box, to lift, with nobody's hand or answer on it?"""
    return (
        state.goal == "lift"
        and state.phase == "playing"
        and state.player.state == "play"
        and choice(state) is not None
        and state.picked is None
        and aim(state) is None
        and state.answered is None
        and not (off or state.silenced)
    )


def judge(turn: Turn) -> Verdict | None:
    """Begin a look when one is due; give its verdict when it is over."""
    state, knobs, loop = turn.state, turn.state.knobs, turn.state.smile
    song = state.player.song
    if song is None or not watched(state, turn.off):
        turn.set(smile=replace(loop, until=None))
        return None
    if loop.until is None:
        if loop.song != song.uri and elapsed(state, turn.now) >= knobs.smile_after:
            turn.say(Tell(wire.LookNow()))
            turn.set(smile=Smile(song.uri, turn.now + knobs.smile_look, without=loop.without))
        return None
    if loop.song != song.uri:
        turn.set(smile=replace(loop, until=None))
        return None
    if turn.now < loop.until:
        return None
    smiled = loop.looks > 0 and loop.happy / loop.looks >= knobs.smile_share
    without = 0 if smiled else loop.without + (loop.looks > 0)
    turn.set(smile=Smile(song.uri, without=without))
    if smiled or loop.looks == 0:
        return "stay"
    if without >= knobs.smile_songs:
        turn.set(smile=Smile(song.uri))
        return "ask"
    return "move on"
