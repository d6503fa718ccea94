"""The diary's days and weeks, its plots and its export, and how it is corrected and forgotten."""

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from appliance import bias, events, history
from appliance.commands import Remember
from appliance.recall import readings
from appliance.snapshot import Belief
from appliance.web import diary
from appliance.web.house import House
from tests.web.conftest import Open, Serve, browsing
from tests.web.pictures import picture
from tests.web.stage import AT_WORK, OWN, History, Row, Stage

KEPT = "0.400 0.000 0.000 0.600 0.000 0.000 0.000"
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
    assert "#m-happy" in body(text) and "<li><span" in body(text) and "#m-sad" not in body(text)
    told = phone.post("/diary/forget", data={"day": str(DAY)}, headers=OWN)
    assert told.status_code == 303 and kept.rows == (rows[0],)
    assert "Nothing is kept of this day." in phone.get(f"/diary?day={DAY}").text
    assert "#m-sad" in body(phone.get(f"/diary?day={DAY - timedelta(days=1)}").text)


def body(text: str) -> str:
    return text.partition("<main")[2]


SCORES = (0.4, 0.0, 0.0, 0.6, 0.0, 0.0, 0.0)
READ = Row(NOON, "mood", "sad", value=0.8, note=bias.written(SCORES))


def say(phone: FlaskClient, at: object, true: str) -> int:
    return phone.post("/diary/reading", data={"at": at, "true": true}, headers=OWN).status_code


def test_a_mood_of_the_past_is_corrected_by_one_tap_with_what_was_read_then(
    phone: FlaskClient, house: House, stage: Stage
) -> None:
    house.history = kept = History([READ])
    text = phone.get(f"/diary?day={DAY}").text
    assert f'name="at" value="{NOON}"' in text and "you said so" not in text
    assert say(phone, NOON, "sad") == 303
    assert "sad 60 %" in phone.get(f"/diary/reading?at={NOON}").text.replace("</svg>", "")
    assert say(phone, NOON, "neutral") == 303
    assert stage.posted == [events.Relabelled("sad", SCORES, NOON), events.Relabelled("neutral", SCORES, NOON)]
    kept.rows += (Row(NOON + 9e4, "reading", "neutral", value=NOON, note=READ.note),)
    assert "you said so" in phone.get(f"/diary?day={DAY}").text
    assert "neutral, as you said" in phone.get(f"/diary/reading?at={NOON}").text


def test_the_last_word_on_a_mood_is_what_the_diary_tells_and_draws() -> None:
    said = [
        Row(NOON + 60 + i, "reading", mood, value=NOON + 0.2, note=READ.note) for i, mood in enumerate(("sad", "fear"))
    ]
    (line,) = diary.lines([READ], [*said, Row(NOON, "reading", "happy", note=READ.note)])
    assert (line.read, line.mood, line.of, line.scores) == ("sad", "fear", NOON + 0.2, SCORES)
    assert diary.marks([line], BEGIN, END)[0].mood == "fear"


def test_of_an_old_mood_without_its_numbers_nothing_can_be_learned_and_what_is_none_is_refused(
    phone: FlaskClient, house: House, stage: Stage
) -> None:
    house.history = History([Row(NOON, "mood", "sad")])
    assert "can teach me nothing" in phone.get(f"/diary/reading?at={NOON}").text
    for at in (NOON, NOON + 60, "", "nan", "inf", "1e400", "x", "9" * 400):
        assert say(phone, at, "happy") == 404
    house.history = History([READ])
    assert say(phone, NOON, "merry") == 400
    assert stage.posted == [] and say(phone, NOON, "happy") == 303


def test_a_word_on_the_past_is_kept_by_the_real_history_and_heard_again_after_a_restart(
    phone: FlaskClient, house: House, stage: Stage, tmp_path: Path
) -> None:
    house.history = kept = history.History(tmp_path / "h.db", days=30.0)
    house.wall = time.time
    kept.add(Remember("mood", "sad", value=0.8, note=READ.note))
    of = diary.lines(kept.recent("mood", 0.0), ())[0].of
    assert say(phone, of, "happy") == 303
    (told,) = stage.posted
    assert isinstance(told, events.Relabelled)
    kept.add(Remember("reading", told.true, value=told.of, note=bias.written(told.scores)))
    kept.flush()
    assert "you said so" in phone.get("/diary").text
    assert readings(kept) == (("happy", SCORES, told.of),)


def test_everything_is_forgotten_the_drawn_hour_and_what_faces_taught_too(
    phone: FlaskClient, house: House, stage: Stage, tmp_path: Path
) -> None:
    house.history = kept = history.History(tmp_path / "h.db", days=30.0)
    kept.add(Remember("mood", "sad"))
    house.pulse.beat()
    assert house.pulse.scene.trail
    # tests/appliance/test_chooser.py: what is forgotten counts no more, at once.
    assert "What I learned of your taste from it goes too." in phone.get("/diary").text
    assert phone.post("/diary/forget", data={"all": "yes"}, headers=OWN).status_code == 303
    assert stage.posted == [events.Unlearn()] and not kept.recent("mood", 0.0)
    stage.set(belief=Belief())
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


@browsing
def test_the_diary_is_drawn_and_can_be_taken_along(serve: Serve, open_tab: Open) -> None:
    now = time.time()
    moods = ("neutral", "happy", "happy", "sad", "neutral", "surprise", "happy", "angry", "neutral", "happy")
    rows = [Row(now - 80_000 + 7_900 * i, "mood", mood, note=KEPT) for i, mood in enumerate(moods)]
    rows += [Row(now - 500_000 + 50_000 * i, "mood", mood) for i, mood in enumerate(moods[:8])]
    rows.append(Row(now - 60, "played", "happy", "folk/hana/morning-light.flac"))
    rows.sort(key=lambda row: row.at)
    tab = open_tab(serve(history=History(rows)), "/diary")
    expect(tab.get_by_role("img", name="Moods of the day")).to_be_visible()
    rows_told = tab.get_by_role("table").get_by_role("row")
    expect(rows_told).to_have_count(6 + 1)
    tab.get_by_text("Earlier moods: 4").tap()
    expect(rows_told).to_have_count(len(moods) + 2)
    tab.get_by_text("Earlier moods: 4").tap()
    tab.evaluate("scrollTo(0, 0)")
    picture(tab, "diary")
    with tab.expect_download() as taken:
        tab.get_by_role("link", name="Take it along as CSV").tap()
    assert len(taken.value.path().read_text().splitlines()) == len(rows) + 1


@browsing
def test_a_mood_of_yesterday_is_corrected_by_a_thumb(
    serve: Serve, open_tab: Open, stage: Stage, until: Callable[[Callable[[], bool]], None]
) -> None:
    now = time.time()
    rows = [Row(now - 80_000 + 9_000 * i, "mood", "sad", note=KEPT) for i in range(3)]
    tab = open_tab(serve(history=History(rows)), "/diary")
    tab.get_by_role("button", name="yes, sad").first.tap()
    until(lambda: len(stage.posted) == 1)
    expect(tab.get_by_text("Thank you. I’ll remember that.")).to_be_visible()
    tab.get_by_role("link", name="it was…").last.tap()
    expect(tab.get_by_text("sad 60 %")).to_be_visible()
    tab.get_by_role("button", name="neutral").tap()
    until(lambda: len(stage.posted) == 2)
    told = [(said.true, said.scores[3]) for said in stage.posted if isinstance(said, events.Relabelled)]
    assert told == [("sad", 0.6), ("neutral", 0.6)]


def test_the_export_holds_every_row_and_no_formula() -> None:
    text = diary.table([Row(0.0, "mood", "sad"), Row(1.0, "played", None, "=cmd()|x", 2.0, "@note")])
    assert text.splitlines() == [
        "time,kind,mood,song,value,note",
        "1970-01-01T00:00:00+00:00,mood,sad,,,",
        "1970-01-01T00:00:01+00:00,played,,'=cmd()|x,2,'@note",
    ]


def test_the_brighter_mood_stands_higher_and_the_later_one_further_right() -> None:
    sad, happy = diary.marks([Row(10.0, "mood", "sad"), Row(20.0, "mood", "happy"), Row(30.0, "mood", "?")], 0.0, 40.0)
    assert sad.x < happy.x and sad.y > happy.y
    assert diary.path([sad, happy]).startswith("M") and diary.path([]) == ""


def test_the_diary_reads_as_a_table_too(phone: FlaskClient, house: House) -> None:
    house.history = History([Row(1.8e9 - 60, "mood", "happy"), Row(1.8e9 - 50, "played", song="pop/a.flac")])
    text = phone.get("/diary").text
    assert "</svg> happy</td>" in text and "</span> a</li>" in text


def test_a_day_of_music_without_a_mood_is_not_told_as_empty(phone: FlaskClient, house: House) -> None:
    empty = phone.get("/diary").text
    assert "Nothing yet." in empty and "The last week" not in empty
    house.history = History([Row(house.wall() - 60, "played", song="folk/hana/over the hill.flac")])
    for page in ("/diary", f"/diary?day={diary.local(house.wall())}"):
        told = phone.get(page).text
        assert "No mood was read, but there was music." in told and "over the hill" in told
        assert "Nothing yet." not in told and "Nothing is kept" not in told
    assert "The last week" in phone.get("/diary").text


def test_what_the_box_remembers_stands_in_the_diary(phone: FlaskClient, house: House, tmp_path: Path) -> None:
    kept = history.History(tmp_path / "history.sqlite", days=30.0)
    house.history, house.wall = kept, time.time
    kept.add(Remember("mood", mood="surprise"))
    kept.flush(patience=0.0)
    assert "</svg> surprised</td>" in phone.get("/diary").text
    assert ",mood,surprise," in phone.get("/diary.csv").text
