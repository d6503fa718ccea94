"""The page in a real browser on a phone's screen, served as the product serves it."""

import time
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from appliance import events
from appliance.snapshot import Belief
from tests.web.conftest import Open, Serve, Until, browsing
from tests.web.pictures import picture
from tests.web.stage import AT_WORK, HAPPY, History, Row, Stage, face, glance

FIRST_LOAD = 60_000

pytestmark = browsing


def test_the_page_shows_the_mood_the_song_and_why(serve: Serve, open_tab: Open) -> None:
    tab = open_tab(serve())
    expect(tab.get_by_role("heading", level=1)).to_have_text("I see happy faces.")
    expect(tab.get_by_role("img", name="The mood in the room: happy. Quite sure.")).to_be_visible()
    expect(tab.get_by_text("Morning Light")).to_be_visible()
    expect(tab.get_by_text("you liked it twice")).to_be_visible()
    expect(tab.get_by_text("Face 1: happy, 82 %")).to_be_visible()
    picture(tab, "now")


@pytest.mark.parametrize(
    ("button", "event"),
    [
        ("Look now", events.Asked()),
        ("Pause", events.Hand("pause", by="page")),
        ("Next song", events.Hand("skip", by="page")),
        ("I like this song", events.Rated(2)),
        ("I don’t like this song", events.Rated(0)),
        ("Lift", events.GoalSet("lift")),
        ("sad", events.MoodPicked("sad")),
        ("As you see it", events.MoodPicked(None)),
        ("Half an hour", events.HandsOff(1800.0)),
        ("Other songs", events.OtherSongs()),
        ("In 30 min", events.Sleep(1800.0)),
        ("Yes, happy", events.Corrected("happy")),
    ],
)
def test_one_tap_does_one_thing(
    serve: Serve, open_tab: Open, stage: Stage, until: Until, button: str, event: events.Event
) -> None:
    tab = open_tab(serve())
    tab.get_by_role("button", name=button).first.tap()
    until(lambda: stage.posted == [event])
    expect(tab.locator("#toast")).not_to_be_empty()


def test_what_happens_in_the_room_shows_without_a_reload(serve: Serve, open_tab: Open, stage: Stage) -> None:
    tab = open_tab(serve())
    tab.get_by_text("Next", exact=True).click()
    expect(tab.get_by_text("Paper Boats")).to_be_visible()
    tab.evaluate("window.same = true")
    tab.get_by_role("button", name="Pause").focus()
    belief = replace(AT_WORK.belief, mood="sad", doubt=0.6)
    song = events.Song("b.flac", "Rain Song", "Low Tide")
    player = replace(AT_WORK.player, state="pause", song=song, volume=30)
    stage.set(belief=belief, valence=-0.7, energy=-0.5, player=player, goal="lift")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Someone looks a little sad.")
    expect(tab.get_by_text("Not very sure")).to_be_visible()
    expect(tab.get_by_text("Rain Song")).to_be_visible()
    expect(tab.get_by_label("Volume")).to_have_value("30")
    expect(tab.get_by_role("button", name="Lift")).to_have_attribute("aria-pressed", "true")
    expect(tab.get_by_role("button", name="Play", exact=True)).to_be_focused()
    expect(tab.get_by_text("Paper Boats")).to_be_visible()  # what was unfolded stays so
    assert tab.evaluate("window.same")


def test_each_state_has_its_own_friendly_sentence(serve: Serve, open_tab: Open, stage: Stage) -> None:
    tab = open_tab(serve())
    heading = tab.get_by_role("heading", level=1)
    unsure = Belief()
    said = set()
    for change, text in (
        ({"glance": glance(face(1, HAPPY, 0.5, 0.5, 0.3))}, "I see someone."),
        ({"glance": glance(condition="nobody")}, "Nobody here."),
        ({"glance": glance(condition="dark")}, "too dark"),
        ({"glance": glance(condition="covered")}, "covering my camera"),
        ({"shutter_closed": True}, "My eye is shut."),
        ({"shutter_closed": False, "camera": "lost"}, "can’t find my camera"),
        ({"camera": "ok", "eye": "down"}, "isn’t answering"),
        ({"state": "starting"}, "waking up"),
    ):
        stage.set(belief=unsure, **change)
        expect(heading).to_contain_text(text)
        said.add(heading.inner_text())
    stage.set(state="playing", eye="up", glance=AT_WORK.glance)
    for mood in ("neutral", "happy", "surprise", "sad", "angry", "disgust", "fear"):
        stage.set(belief=replace(AT_WORK.belief, mood=mood))
        expect(tab.locator(".hero")).to_have_class(f"hero m-{mood}")
        said.add(heading.inner_text())
    assert len(said) == 15


def test_the_box_asks_and_takes_the_answer(serve: Serve, open_tab: Open, stage: Stage, until: Until) -> None:
    tab = open_tab(serve())
    expect(tab.get_by_text("How do you feel?")).to_have_count(0)
    stage.set(asking=True)
    tab.get_by_role("group", name="How do you feel?").get_by_role("radio", name="sad").check()
    tab.get_by_role("group", name="What would you like to hear?").get_by_role("radio", name="happy").check()
    picture(tab, "asking")
    tab.get_by_role("button", name="Play me that").tap()
    until(lambda: stage.posted == [events.Answered("sad", "happy")])
    stage.set(asking=False)
    expect(tab.get_by_text("How do you feel?")).to_have_count(0)


def test_settings_tell_every_fault_at_once_and_keep_nothing_until_all_is_well(serve: Serve, open_tab: Open) -> None:
    page = serve()
    tab = open_tab(page, "/settings")
    tab.get_by_label("Never louder than this").fill("many")
    tab.get_by_label("Quiet hours begin").fill("late")
    tab.get_by_label("A changed mood").check()
    tab.get_by_role("button", name="Keep these").tap()
    expect(tab.get_by_role("alert").get_by_role("listitem")).to_have_count(2)
    expect(tab.get_by_label("Never louder than this")).to_have_value("many")
    expect(tab.get_by_label("A changed mood")).to_be_checked()
    expect(tab.get_by_label("Never louder than this")).to_have_attribute("aria-invalid", "true")
    assert page.house.settings.values()["music.crossfade_now"] is False
    tab.get_by_label("Never louder than this").fill("55")
    tab.get_by_label("Quiet hours begin").fill("21:30")
    tab.get_by_role("button", name="Keep these").tap()
    expect(tab.get_by_text("Kept.")).to_be_visible()
    kept = page.house.settings.values()
    assert (kept["music.ceiling"], kept["quiet.begin"], kept["music.crossfade_now"]) == (55, "21:30", True)


def test_without_javascript_every_order_still_works(serve: Serve, open_tab: Open, stage: Stage, until: Until) -> None:
    tab = open_tab(serve(), java_script_enabled=False)
    expect(tab.get_by_text("Morning Light")).to_be_visible()
    stage.set(goal="calm")
    with tab.expect_navigation():
        tab.get_by_role("button", name="Lift").tap()
    until(lambda: stage.posted == [events.GoalSet("lift")])
    stage.set(goal="lift")
    tab.reload()
    expect(tab.get_by_role("button", name="Lift")).to_have_attribute("aria-pressed", "true")
    assert 'http-equiv="refresh"' in tab.content()


def test_korean_is_spoken_to_a_korean_phone_and_can_be_changed(serve: Serve, open_tab: Open) -> None:
    tab = open_tab(serve(), "/settings", locale="ko-KR")
    expect(tab.locator("html")).to_have_attribute("lang", "ko")
    tab.get_by_role("button", name="English").tap()
    expect(tab.locator("html")).to_have_attribute("lang", "en")
    tab.get_by_role("button", name="한국어").tap()
    expect(tab.locator("html")).to_have_attribute("lang", "ko")
    tab.get_by_role("link", name="Mien").tap()
    expect(tab.get_by_role("heading", level=1)).to_have_text("행복한 얼굴이 보여요.")
    picture(tab, "korean")


def test_the_guest_card_tells_what_is_seen_and_kept(serve: Serve, open_tab: Open) -> None:
    tab = open_tab(serve(), "/guest")
    for text in ("never who you are", "Pictures are forgotten at once", "keeps a diary"):
        expect(tab.get_by_text(text)).to_be_visible()
    expect(tab.locator("svg.qr")).to_be_visible()
    picture(tab, "guest", whole=True)


def test_the_first_load_is_small_and_comes_from_the_box_alone(serve: Serve, open_tab: Open, browser: Browser) -> None:
    page = serve()
    context = browser.new_context()
    tab = context.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    wire = context.new_cdp_session(tab)
    weights: list[float] = []
    wire.on("Network.loadingFinished", lambda told: weights.append(told["encodedDataLength"]))
    wire.send("Network.enable")
    tab.goto(f"http://localhost:{page.port}/")
    expect(tab.get_by_text("Morning Light")).to_be_visible()
    context.close()
    assert all(url.startswith(f"http://localhost:{page.port}/") for url in asked)
    assert len(weights) >= 3 and sum(weights) < FIRST_LOAD, weights


def test_the_last_hour_is_drawn_from_the_history(serve: Serve, open_tab: Open) -> None:
    now = time.time()
    moods = ("sad", "sad", "fear", "neutral", "neutral", "surprise", "happy")
    rows = [Row(now - 3000 + 400 * i, "mood", mood) for i, mood in enumerate(moods)]
    tab = open_tab(serve(history=History(rows)), color_scheme="dark")
    expect(tab.locator(".plane .step")).to_have_count(len(moods) + 1)
    picture(tab, "dark")
