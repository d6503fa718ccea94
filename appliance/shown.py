"""The session as everybody else may see it. Pure."""

from appliance import sentences
from appliance.journey import MOODS
from appliance.pursuit import known
from appliance.snapshot import Snapshot
from appliance.state import State, choice
from firmware import wire


def snapshot(state: State, now: float) -> Snapshot:
    """What everybody else may read."""
    belief = state.room.belief
    song = choice(state)
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
        why=song.why if song else "",
        asking=state.phase == "asking",
        hands_off=max(0.0, state.hands_off - now),
        quiet=bool(state.quiet),
        songs=state.songs,
        network=state.network,
        parts=song.parts if song else (),
        looking=state.look is not None,
        pursuits=known(state.pursuits, state.knobs.pursuits),
        sleep=max(0.0, state.sleep - now),
        lesson=state.lesson,
        lesson_left=max(0.0, state.lesson_until - now),
        taught=state.household.taught,
    )
