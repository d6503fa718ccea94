"""The diary's days and weeks, and how they are forgotten."""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from appliance import events, history
from appliance.web import diary
from appliance.web.house import House
from tests.web.stage import AT_WORK, History, Row, Stage

OWN = {"Origin": "http://localhost"}
DAY = date(2026, 11, 18)
BEGIN, END = diary.bounds(DAY)
NOON = BEGIN + 43_200


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A household whose clocks change twice a year."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_mood_lasts_until_the_next_or_half_an_hour_and_the_longest_names_the_day() -> None:
    rows = [Row(NOON, "mood", "sad"), Row(NOON + 900, "mood", "happy"), Row(NOON + 9000, "mood", "neutral")]
    songs = [Row(NOON, "played", song="a"), Row(NOON - 86_400, "played", song="b")]
    today, before = diary.week(rows, songs, NOON + 9600, days=2)
    assert (today.day, today.mood, today.songs) == (DAY, "happy", 1)
    assert [mood for _, _, mood in today.stretches] == ["sad", "happy", "neutral"]
    assert [round(width * (END - BEGIN) / 240 / 60) for _, width, _ in today.stretches] == [15, 30, 10]
    assert diary.week([], [], NOON, days=1)[0].mood is None
    assert (before.day, before.mood, before.stretches, before.songs) == (DAY - timedelta(days=1), None, (), 1)


def test_a_mood_over_midnight_belongs_to_both_days() -> None:
    today, before = diary.week([Row(BEGIN - 600, "mood", "fear")], [], BEGIN + 3600, days=2)
    assert [round(stretch[0]) for stretch in (*today.stretches, *before.stretches)] == [0, 238]


def test_the_day_on_which_the_clocks_change_has_its_own_length(berlin: None) -> None:
    lengths = [round(end - begin) // 3600 for begin, end in map(diary.bounds, (date(2026, 3, 29), date(2026, 10, 25)))]
    assert lengths == [23, 25]


@pytest.mark.parametrize(
    "said", ["", "tomorrow", "2026-13-01", "0001-01-01", "9999-12-31", "2026-11-18; DROP TABLE row"]
)
def test_what_is_no_day_is_refused(phone: FlaskClient, said: str) -> None:
    assert diary.named(said) is None
    assert phone.post("/diary/forget", data={"day": said}, headers=OWN).status_code == 400
    assert not said or phone.get("/diary", query_string={"day": said}).status_code == 404


def test_any_day_can_be_looked_up_and_forgotten_alone(phone: FlaskClient, house: House) -> None:
    rows = [Row(NOON - 86_400, "mood", "sad"), Row(NOON, "mood", "happy"), Row(NOON, "played", song="x/a.flac")]
    house.history = kept = History(rows)
    text = phone.get(f"/diary?day={DAY}").text
    assert "<td>happy</td>" in text and "a.flac" in text and "<td>sad</td>" not in text
    told = phone.post("/diary/forget", data={"day": str(DAY)}, headers=OWN)
    assert told.status_code == 303 and kept.rows == (rows[0],)
    assert "Nothing is kept of this day." in phone.get(f"/diary?day={DAY}").text
    assert "<td>sad</td>" in phone.get(f"/diary?day={DAY - timedelta(days=1)}").text


def test_everything_is_forgotten_the_drawn_hour_and_what_faces_taught_too(
    phone: FlaskClient, house: House, stage: Stage, tmp_path: Path
) -> None:
    house.history = kept = history.History(tmp_path / "h.db", days=30.0)
    kept.add(events.Remember("mood", "sad"))
    house.pulse.beat()
    assert house.pulse.scene.trail
    assert phone.post("/diary/forget", data={"all": "yes"}, headers=OWN).status_code == 303
    assert stage.posted == [events.Unlearn()] and not kept.recent("mood", 0.0)
    stage.set(belief=events.Belief())
    house.pulse.beat()
    assert house.pulse.scene.trail == ()
    stage.set(belief=AT_WORK.belief)
    house.pulse.beat()
    assert len(house.pulse.scene.trail) == 1


def test_a_card_that_refuses_to_forget_is_told_of_and_may_be_asked_again(
    phone: FlaskClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.history = kept = History([Row(NOON, "mood", "happy")])
    with monkeypatch.context() as broken:
        broken.setattr(kept, "forget", lambda since, until: False)
        told = phone.post("/diary/forget", data={"day": str(DAY)}, headers=OWN)
        assert told.status_code == 503 and "Nothing was forgotten yet" in told.text
    assert phone.post("/diary/forget", data={"day": str(DAY)}, headers=OWN).status_code == 303
    assert kept.rows == ()
