"""What faces taught outlives restarts and the days of history, and nothing of it outlives "forget"."""

import time
from pathlib import Path

import pytest

from appliance import bias
from appliance.commands import Remember
from appliance.events import Mood
from appliance.history import History
from appliance.recall import readings
from tests.waiting import until

SCORES = (0.4, 0.0, 0.0, 0.6, 0.0, 0.0, 0.0)
TAUGHT = Remember("reading", "neutral", note=bias.written(SCORES))


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history.db", days=30)


def test_what_was_taught_is_read_back_after_a_restart(history: History) -> None:
    history.add(TAUGHT)
    history.flush()
    assert readings(History(history.file, days=30)) == (("neutral", SCORES),)


def test_a_row_that_is_no_reading_is_left_out(history: History) -> None:
    for row in (Remember("reading", "neutral", note="smudge"), Remember("reading", None, note=TAUGHT.note), TAUGHT):
        history.add(row)
    assert len(readings(history)) == 1


def test_of_several_words_on_one_earlier_mood_the_last_counts(history: History) -> None:
    words: tuple[Mood, ...] = ("sad", "angry")
    for mood in words:
        history.add(Remember("reading", mood, value=1.8e9, note=TAUGHT.note))
        history.add(TAUGHT)
    history.flush()
    assert readings(history) == (("neutral", SCORES), ("angry", SCORES, 1.8e9), ("neutral", SCORES))


def test_it_stays_when_the_days_of_history_are_over(tmp_path: Path) -> None:
    wall = time.time()
    file = tmp_path / "history.db"
    old = History(file, days=30, wall=lambda: wall - 400 * 86400)
    old.add(TAUGHT)
    old.add(Remember("mood", "sad"))
    old.flush()
    now = History(file, days=30, wall=lambda: wall)
    now.flush()
    assert (len(readings(now)), now.recent("mood", 0)) == (1, ())


def test_unlearnt_it_is_gone_from_the_card_too_and_what_is_taught_after_stays(history: History) -> None:
    history.add(TAUGHT)
    history.flush()
    for row in (TAUGHT, Remember("unlearn"), Remember("reading", "happy", note=TAUGHT.note)):
        history.add(row)
    history.flush()
    assert [told[0] for told in readings(history)] == ["happy"]


def test_to_forget_is_not_put_off(history: History) -> None:
    """Other rows wait for a minute; this one is on the card at once, so that no power cut brings faces back."""
    history.start()
    try:
        history.add(TAUGHT)
        history.add(Remember("unlearn"))
        until(lambda: not readings(history), "forgetting", seconds=30)
        assert readings(history) == ()
    finally:
        history.stop()
