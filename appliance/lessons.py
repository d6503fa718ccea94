"""What people teach the box of their own faces: corrections and lessons. Pure.

* What a person says their face shows is believed at once, and kept as one labelled reading. For a while after, a look
  at the nearest face that is read as it was then counts for what the person said, so that the next does not undo it.
* What a person says of an earlier reading, out of the history, is kept likewise, and the last word on it counts.
* A lesson labels the nearest face's readings for its time. Its first moment is left out, for a face takes that long to
  make, and a look within a second of the last one is left out as nearly the same.
* An expression that is shown on purpose is no mood: during a lesson the mood rests.
* Readings are numbers. They are kept in the history until somebody says "unlearn".
"""

from dataclasses import replace

from appliance import bias, mood
from appliance.bias import Reading
from appliance.commands import Remember
from appliance.events import Corrected, Lesson, Recalled, Relabelled
from appliance.state import Heeded, State, Turn
from firmware import wire

MAKING = 1.0
"""Seconds that a face takes to make."""
APART = 1.0
"""Seconds between two readings of a lesson."""
HEEDED = 600.0
"""Seconds for which a correction is heeded."""
LONGEST = 120.0
"""No lesson lasts longer: a page that never ends one must not teach for ever."""


def corrected(turn: Turn, event: Corrected) -> None:
    """A person says what the nearest face shows now."""
    state = turn.state
    turn.set(room=mood.told(state.room, event.true, turn.now))
    turn.set(heeded=None)
    if state.glance and state.glance.faces:
        face = nearest(state.glance)
        turn.set(heeded=Heeded(read_as(face), event.true, turn.now + HEEDED))
        keep(turn, (note(turn, event.true, face),))


def relabelled(turn: Turn, event: Relabelled) -> None:
    """A person says what an earlier reading showed. It teaches; the mood of now is another one."""
    reading = Reading(event.true, event.scores, event.of)
    if bias.sound(reading):
        turn.say(Remember("reading", event.true, value=event.of, note=bias.written(event.scores)))
        keep(turn, (reading,))


def heeding(state: State, glance: wire.Glance, now: float) -> wire.Glance:
    """The glance as the mood should take it, while a correction is in force: the two expressions change places."""
    heeded = state.heeded
    if heeded is None or now >= heeded.until or not glance.faces:
        return glance
    face = nearest(glance)
    if read_as(face) != heeded.read:
        return glance
    scores = list(face.scores)
    one, other = bias.at(heeded.read), bias.at(heeded.true)
    scores[one], scores[other] = scores[other], scores[one]
    a, b, c, d, e, f, g = scores
    taken = wire.Face(face.number, (a, b, c, d, e, f, g), face.x, face.y, face.size, face.sharpness)
    return wire.Glance(
        glance.at, glance.condition, glance.brightness, tuple(taken if one is face else one for one in glance.faces)
    )


def read_as(face: wire.Face) -> wire.Expression:
    return wire.EXPRESSIONS[max(range(7), key=face.scores.__getitem__)]


def begun(turn: Turn, lesson: Lesson) -> None:
    """A lesson begins, in place of one that was under way; one of no length merely ends that."""
    ended(turn)
    if lesson.seconds > 0:
        seconds = min(lesson.seconds, LONGEST)
        turn.set(lesson=lesson, lesson_until=turn.now + seconds, lesson_read=turn.now + MAKING - APART)


def shown(turn: Turn, glance: wire.Glance) -> None:
    """One look during a lesson. Time does not wear the mood away meanwhile."""
    state = turn.state
    turn.set(room=replace(state.room, at=turn.now))
    if state.lesson and glance.faces and turn.now - state.lesson_read >= APART:
        reading = note(turn, state.lesson.true, nearest(glance))
        turn.set(lesson_read=turn.now, lesson_readings=(*state.lesson_readings, reading))


def over(turn: Turn) -> None:
    """End the lesson that is due to end."""
    if turn.state.lesson and turn.now >= turn.state.lesson_until:
        ended(turn)


def ended(turn: Turn) -> None:
    readings = turn.state.lesson_readings
    turn.set(lesson=None, lesson_until=0.0, lesson_readings=())
    if readings:
        keep(turn, readings)


def recalled(turn: Turn, event: Recalled) -> None:
    """What was taught before this process began."""
    turn.set(household=bias.learnt([Reading(*told) for told in event.readings], turn.state.knobs.mood))


def unlearnt(turn: Turn) -> None:
    """Forget it all, and a lesson under way with it."""
    turn.set(household=bias.Household(), heeded=None, lesson=None, lesson_until=0.0, lesson_readings=())
    turn.say(Remember("unlearn"))


def note(turn: Turn, true: wire.Expression, face: wire.Face) -> Reading:
    turn.say(Remember("reading", true, note=bias.written(face.scores)))
    return Reading(true, face.scores)


def keep(turn: Turn, fresh: tuple[Reading, ...]) -> None:
    again = {reading.of for reading in fresh if reading.of}
    kept = (*(reading for reading in turn.state.household.readings if reading.of not in again), *fresh)
    turn.set(household=bias.learnt(kept, turn.state.knobs.mood))


def nearest(glance: wire.Glance) -> wire.Face:
    return max(glance.faces, key=lambda face: face.size)
