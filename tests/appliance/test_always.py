"""What holds whatever happens, in whatever order: for any events and any pauses between them."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from appliance import phases, session
from appliance.bias import KEPT
from appliance.commands import Choose, Pause, Play, Resume, SetVolume, Skip, Tell, Update
from appliance.events import (
    Answered,
    Asked,
    Choice,
    Chosen,
    Corrected,
    Event,
    EyeAgain,
    EyeLink,
    EyeSaid,
    GoalSet,
    Hand,
    HandsOff,
    JukeboxLink,
    Lesson,
    MoodPicked,
    OtherSongs,
    Player,
    PlayerChanged,
    Pursued,
    QuietHours,
    Rated,
    Recalled,
    Relabelled,
    Rescan,
    Sleep,
    Song,
    Tick,
    Unlearn,
)
from appliance.knobs import Knobs
from appliance.pursuit import Pursuit
from firmware import wire
from tests.appliance.living_room import LivingRoom, face

MOODS = st.sampled_from(wire.EXPRESSIONS)
SONGS = st.builds(Song, uri=st.sampled_from("abcdef"), duration=st.sampled_from((0.0, 30.0, 200.0)), place=st.none())
GLANCES = st.builds(
    wire.Glance,
    at=st.just(0.0),
    condition=st.sampled_from(("seen", "nobody", "dark", "covered")),
    brightness=st.just(0.5),
    faces=st.lists(st.builds(face, MOODS, st.integers(0, 3), st.floats(0.1, 0.5)), max_size=2).map(tuple),
)
PLAYERS = st.builds(
    Player,
    state=st.sampled_from(("play", "pause", "stop")),
    song=st.none() | SONGS,
    elapsed=st.floats(0, 200),
    volume=st.none() | st.integers(0, 100),
    upcoming=st.lists(SONGS, max_size=2).map(tuple),
)
CHOICES = st.lists(st.builds(Choice, SONGS, st.just("why")), max_size=2).map(tuple)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.just(Tick()),
    st.builds(EyeSaid, GLANCES),
    st.builds(EyeSaid, st.builds(wire.Gesture, st.sampled_from(("press", "double", "long", "very_long")))),
    st.builds(EyeSaid, st.builds(wire.Shutter, st.booleans())),
    st.builds(EyeSaid, st.builds(wire.Health, st.sampled_from(("ok", "closed", "lost")))),
    st.builds(EyeLink, st.sampled_from(("up", "down"))),
    st.builds(JukeboxLink, st.sampled_from(("up", "down"))),
    st.builds(PlayerChanged, PLAYERS),
    st.builds(
        Hand,
        st.sampled_from(("pause", "resume", "skip", "pick", "volume", "stop")),
        st.sampled_from(("client", "page", "button", "home")),
        st.none() | st.integers(-50, 150),
    ),
    st.builds(Chosen, st.integers(0, 6), CHOICES),
    st.just(Asked()),
    st.builds(MoodPicked, st.none() | MOODS),
    st.builds(GoalSet, st.sampled_from(("match", "lift", "calm"))),
    st.builds(Rated, st.sampled_from((0, 1, 2))),
    st.builds(HandsOff, st.floats(0, 4000)),
    st.builds(Answered, MOODS, MOODS),
    st.builds(QuietHours, st.booleans()),
    st.just(OtherSongs()),
    st.builds(Pursued, st.lists(st.sampled_from(("rest", "party", "unheard of")), max_size=2).map(tuple)),
    st.builds(Sleep, st.sampled_from((0.0, 1.0, 40.0))),
    st.builds(Corrected, MOODS),
    st.builds(Lesson, MOODS, st.sampled_from((0.0, 3.0, 1000.0))),
    st.builds(Recalled, st.lists(st.tuples(MOODS, st.tuples(*[st.floats(0, 1)] * 7)), max_size=3).map(tuple)),
    st.just(Unlearn()),
    st.just(Rescan()),
    st.just(EyeAgain()),
    st.builds(Relabelled, MOODS, st.tuples(*[st.floats(0, 1)] * 7), st.floats(0, 2e9)),
)
KNOBS = Knobs(pursuits=(Pursuit("rest", 0.3, -0.7, ("calm",)), Pursuit("party", 0.8, 0.7)))
STORIES = st.lists(st.tuples(st.sampled_from((0.0, 0.1, 1.0, 5.0, 30.0, 700.0)), EVENTS), max_size=60)
PERSON = Hand | Asked | MoodPicked | Answered | HandsOff | OtherSongs | Pursued


def asked_by_a_person(before: session.State, event: Event, now: float) -> bool:
    ticket = before.ticket
    answers = isinstance(event, Chosen) and ticket is not None and ticket.number == event.ticket and bool(ticket.person)
    slept = 0 < before.sleep <= now
    return (
        answers
        or slept
        or isinstance(event, PERSON)
        or (isinstance(event, EyeSaid) and isinstance(event.message, wire.Gesture))
    )


@settings(max_examples=300, deadline=None)
@given(STORIES)
def test_whatever_happens_the_rules_hold(story: list[tuple[float, Event]]) -> None:
    """Nothing raises; nothing is over the ceiling; under hands-off nothing is touched; nothing is said to nobody."""
    state = session.start(KNOBS, 50.0)
    now = 50.0
    for gap, event in story:
        now += gap
        before = state
        state, commands = session.step(state, event, now)
        shot = session.snapshot(state, now)
        assert state.phase in phases.PHASES and shot.sentence and 0 <= shot.belief.doubt <= 1
        assert all(isinstance(c, Choose) or state.jukebox == "up" or not isinstance(c, MUSIC) for c in commands)
        for command in commands:
            if isinstance(command, SetVolume):
                assert 0 <= command.volume <= (35 if state.quiet else 80)
            if isinstance(command, Tell):
                assert wire.unpack(wire.pack(command.message)) == command.message
                assert state.eye == "up"
        if now < before.hands_off and now < state.hands_off and not asked_by_a_person(before, event, now):
            for command in commands:
                assert not isinstance(command, Pause | Resume | Skip)
                if isinstance(command, Play):
                    assert not command.now and before.player.state == "play"
                if isinstance(command, SetVolume) and not isinstance(event, QuietHours):
                    assert before.player.volume is None or command.volume <= state.knobs.ceiling


MUSIC = (Play, Pause, Resume, Skip, SetVolume, Update)


@given(STORIES, st.integers(1, 1000))
def test_a_late_answer_to_an_old_question_is_ignored(story: list[tuple[float, Event]], off: int) -> None:
    state, now = session.start(Knobs(), 0.0), 0.0
    for gap, event in story:
        now += gap
        state, _ = session.step(state, event, now)
    old = (state.ticket.number if state.ticket else state.tickets) - off
    _, commands = session.step(state, Chosen(old, (Choice(Song("late")),)), now)
    assert not [c for c in commands if isinstance(c, Play) and c.choices[0].song.uri == "late"]


@given(STORIES)
def test_time_that_runs_back_is_taken_as_standing_still(story: list[tuple[float, Event]]) -> None:
    state, now = session.start(Knobs(), 1e6), 1e6
    for gap, event in story:
        now -= gap
        state, _ = session.step(state, event, now)
        assert state.at == 1e6


def test_thirty_hours_pass_in_seconds_and_nothing_grows() -> None:
    """People come and go, moods change, hands and links interfere; the state stays small."""
    chance = random.Random(7)
    room = LivingRoom()
    # A household that was taught for years begins with all that is kept of it.
    room.post(Recalled(tuple((mood, (1 / 7,) * 7) for mood in wire.EXPRESSIONS for _ in range(KEPT))))
    start = room.now
    sizes = []
    while room.now - start < 30 * 3600:
        room.looking = True
        room.wait(chance.uniform(2, 60))
        room.looking = False
        for _ in range(round(chance.uniform(10, 900) / 10)):
            room.now += 10
            room.post(EyeSaid(wire.Glance(room.now, "seen" if room.faces else "nobody", 0.5, room.faces)))
        what = chance.random()
        if what < 0.4:
            room.somebody(chance.choice(wire.EXPRESSIONS), chance.randrange(1000))
        elif what < 0.6:
            room.nobody()
        elif what < 0.7:
            room.post(Hand("skip", "page"))
        elif what < 0.75:
            room.post(GoalSet(chance.choice(("match", "lift", "calm"))))
        elif what < 0.8:
            room.post(EyeLink("down", "test"))
            room.post(EyeLink("up"))
        elif what < 0.85:
            room.post(JukeboxLink("down", "test"))
            room.post(JukeboxLink("up", songs=40))
            room.tell_player()
        elif what < 0.9:
            room.post(QuietHours(chance.random() < 0.5))
        elif what < 0.93:
            room.post(Lesson(chance.choice(wire.EXPRESSIONS), 60))
        elif what < 0.95:
            room.post(OtherSongs())
        sizes.append(len(repr(room.state)))
        room.said = room.said[-50:]
    quarter = len(sizes) // 4
    assert max(sizes[-quarter:]) < 1.3 * max(sizes[quarter : 2 * quarter])
