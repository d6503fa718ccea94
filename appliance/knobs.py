"""The session's settings, each with its meaning and its default. Seconds unless said otherwise."""

from dataclasses import dataclass, field

from appliance.events import Goal
from appliance.mood import Knobs as Filter
from appliance.pursuit import Pursuit


@dataclass(frozen=True)
class Knobs:
    """What the edges build from the settings files and the page."""

    goal: Goal = "match"
    mood: Filter = field(default_factory=Filter)
    pursuits: tuple[Pursuit, ...] = ()  # the picker's, in its order

    arrive: float = 1.5  # a face must stay so long to be an arrival
    absent: float = 120.0  # a room must be empty so long before the music fades
    forget: float = 1800.0  # whoever is away longer begins a new session
    deaf: float = 20.0  # the seeing half is lost when it says nothing for so long

    look: float = 1.9  # a look on demand is answered after so long; with a tick a second, within three
    reply: float = 8.0  # an answer stands so long on page and lamp

    crossfade_now: bool = False  # a changed mood changes the music at once, not at the song's end
    ahead: int = 3  # songs chosen at a time when the music stays where it is; a journey takes one at a time
    recent: int = 40  # songs not to be repeated
    stride: float = 0.35  # the longest step of a journey on the plane
    patience: float = 3.0  # stillness that is taken for the end of the music
    answer: float = 15.0  # the chooser is asked again after so long
    retry: float = 60.0  # after "nothing fits", the next try
    fade_out: float = 6.0
    fade_in: float = 4.0
    lull: float = 60.0  # the sleep timer fades as slowly as this
    resume_at_start: bool = False  # after a power cut, play on what was playing

    hands_off: float = 900.0  # a person's hand on the music is respected so long
    ceiling: int = 80  # never louder, in MPD's percent
    quiet_ceiling: int = 35  # the same in quiet hours
    ramp: float = 60.0  # quiet hours come and go as slowly as this
    duck: float = 2.0  # what is over the ceiling comes down as fast as this

    lamp: int = 100  # the mood lamp at its brightest, in percent of what the seeing half allows
    quiet_lamp: int = 100  # the same in quiet hours

    smile_after: float = 10.0  # seconds into a song at which the smile is looked for
    smile_look: float = 3.0
    smile_share: float = 0.5  # mean reading of "happy" that counts as a smile
    smile_songs: int = 5  # songs without a smile before the box asks
    ask: float = 600.0  # an unanswered question is taken back
    content: float = 1800.0  # an answer is followed so long
