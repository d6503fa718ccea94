"""Teach it your face, by four taps, and read an honest account."""

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from appliance import events
from appliance.snapshot import Taught
from appliance.web.lessons import STEPS, verdict
from tests.web.conftest import Open, Serve, Until, browsing
from tests.web.pictures import picture
from tests.web.stage import OWN, Stage, glance


@pytest.mark.parametrize(
    ("readings", "right", "said"),
    [(4, 1.0, "too few looks to tell"), (5, 0.8, "read well"), (40, 0.79, "often mistaken"),
     (40, 0.5, "often mistaken"), (40, 0.49, "hardly")],
)  # fmt: skip
def test_the_verdict_is_never_better_than_the_numbers(readings: int, right: float, said: str) -> None:
    assert verdict(Taught("sad", readings, right)) == said


def test_each_part_of_the_minute_is_a_lesson_and_any_expression_may_be_one(phone: FlaskClient, stage: Stage) -> None:
    for note in STEPS:
        assert phone.post("/do/lesson", data={"note": note}, headers=OWN).location == "/teach"
    phone.post("/do/lesson", data={"true": "sad"}, headers=OWN)
    phone.post("/do/lesson", data={"note": "stop"}, headers=OWN)
    wanted = [(step.true, 15.0, note) for note, step in STEPS.items()] + [("sad", 15.0, ""), ("neutral", 0.0, "")]
    assert stage.posted == [events.Lesson(*lesson) for lesson in wanted]
    for wrong in ({"note": "sleep"}, {"true": "hungry"}, {}):
        assert phone.post("/do/lesson", data=wrong, headers=OWN).status_code == 400
    assert len(stage.posted) == len(wanted)


def test_with_the_eye_shut_no_lesson_begins_and_with_it_open_again_one_may(phone: FlaskClient, stage: Stage) -> None:
    stage.set(shutter_closed=True)
    text = phone.get("/teach").text
    assert (
        "My eye is shut or away" in text
        and 'value="rest" class="quiet" aria-describedby="s-rest d-rest" disabled' in text
    )
    stage.set(shutter_closed=False)
    assert "disabled" not in phone.get("/teach").text


@browsing
def test_a_lesson_runs_before_the_eyes_of_whoever_gives_it(
    serve: Serve, open_tab: Open, stage: Stage, until: Until
) -> None:
    tab = open_tab(serve(), "/teach")
    expect(tab.get_by_text("Nothing learned yet.")).to_be_visible()
    tab.get_by_role("button", name="Ready").nth(1).tap()
    until(lambda: stage.posted == [events.Lesson("happy", 15.0, "smile")])
    stage.set(lesson=events.Lesson("happy", 15.0, "smile"), lesson_left=11.2)
    expect(tab.get_by_text("Show me your smile.")).to_be_visible()
    expect(tab.get_by_text("12 s left")).to_be_visible()
    picture(tab, "teach")
    stage.set(glance=glance(condition="nobody"), lesson_left=9.0)
    expect(tab.get_by_text("I see no face.")).to_be_visible()
    stage.set(lesson=None, taught=(Taught("happy", 12, 0.75), Taught("neutral", 3, 1.0)))
    told = tab.locator("#part-lesson .week").get_by_role("listitem")
    expect(told).to_have_text(["happy often mistaken 75 % of 12 looks", "neutral too few looks to tell Looks: 3"])
    tab.get_by_text("Forget all this").tap()
    tab.get_by_role("button", name="Yes, forget what I learned").tap()
    until(lambda: stage.posted[1:] == [events.Unlearn()])
    stage.set(taught=())
    expect(tab.get_by_text("Nothing learned yet.")).to_be_visible()
