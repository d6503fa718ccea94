"""What the box says of itself: one sentence, its troubles, and the lamp's pattern. Pure."""

from appliance.events import Mood
from appliance.state import State, aim
from firmware import wire

WORDS: dict[Mood, str] = {
    "neutral": "at ease",
    "happy": "happy",
    "surprise": "surprised",
    "sad": "sad",
    "angry": "angry",
    "disgust": "put off",
    "fear": "frightened",
}
"""How an expression is worded; the box speaks of what faces show, never of what people are."""

FACES: dict[Mood, str] = {
    "neutral": "resting face",
    "happy": "happy face",
    "surprise": "surprised face",
    "sad": "sad face",
    "angry": "angry face",
    "disgust": "disgusted face",
    "fear": "frightened face",
}

SHUT = "The shutter is closed: nothing is seen. A long press on the button opens it."


def troubles(state: State) -> tuple[str, ...]:
    """Everything that is wrong now, the most important first."""
    blind = "The eye has not said a word for a while." if state.eye == "up" and state.phase == "blind" else ""
    found = (
        state.eye_trouble or blind,
        f"The music server is away: {state.jukebox_trouble}." if state.jukebox_trouble else "",
        f"No songs found: {state.chooser_trouble}." if state.chooser_trouble else "",
    )
    return tuple(said for said in found if said)


VEILS = {"dark": "It is too dark to see.", "covered": "Something covers the camera."}
"""What keeps an open camera from seeing."""


def seen(state: State) -> str:
    """What the last look amounts to."""
    glance = state.glance
    if glance is None:
        return "I have not seen anything yet."
    if glance.condition in VEILS:
        return VEILS[glance.condition]
    if not glance.faces:
        return "I see nobody."
    mood = state.room.belief.mood
    return f"Faces here look {WORDS[mood]}." if mood else "I see a face, but cannot tell its expression yet."


def answer(state: State) -> str:
    """The answer to a look that a person asked for."""
    if state.shutter:
        return SHUT
    if state.phase == "blind" or state.eye == "down":
        return f"I cannot see: {state.eye_trouble or 'the camera is away'}."
    return seen(state)


def sentence(state: State, now: float) -> str:
    """One friendly sentence for the present state."""
    if state.stopped:
        return "Stopped."
    if state.reply and now < state.reply_until:
        return state.reply
    if state.look:
        return "Looking."
    if state.phase == "asking":
        return "Nothing made you smile. How do you feel, and what would you like to hear?"
    if state.shutter:
        return SHUT
    if state.phase == "blind":
        return f"I cannot see ({state.eye_trouble or 'the camera is away'}), but I can play."
    if state.jukebox == "down" and state.jukebox_trouble:
        return f"I cannot play: {state.jukebox_trouble}."
    if state.lesson:
        veil = VEILS.get(state.glance.condition) if state.glance else None
        return veil or f"Show me your {FACES[state.lesson.true]}, please."
    if state.phase == "starting" and state.glance is None:
        return "Starting."
    return " ".join(said for said in (seen(state), doing(state, now)) if said)


def doing(state: State, now: float) -> str:
    """What becomes of the music, where what is seen does not say it; empty where it follows the faces."""
    if state.sleep:
        return f"The music fades in {max(1, round((state.sleep - now) / 60))} min."
    if now < state.hands_off:
        return "You chose; I keep my hands off."
    if state.phase == "leaving":
        return "The music waits." if state.held else ""
    if state.picked:
        return f"Playing for a mood you picked: {WORDS[state.picked]}."
    if aim(state):
        return f"Playing for {' and '.join(state.pursuits)}."
    return "The music stays off until you want it." if state.silenced else ""


def pattern(state: State) -> wire.Pattern:
    """What the mood lamp shows: faults before moods, and a question before everything but a closed shutter."""
    mood = state.picked or state.room.belief.mood
    if state.stopped:
        return "off"
    if state.shutter:
        return "closed"
    if state.phase == "asking":
        return "asking"
    if state.phase == "blind" or state.jukebox_trouble:
        return "fault"
    if state.look or state.smile.until is not None:
        return "scanning"
    if state.phase == "starting" and state.glance is None:  # a box that starts in the dark has started
        return "starting"
    if mood and (state.phase == "playing" or state.picked):
        return mood
    return "watching"
