"""The volume slider in a real browser: it shows what the box told last, and leaves a hand alone."""

from dataclasses import replace

from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from appliance import events
from tests.web.conftest import Open, Serve, Until, browsing
from tests.web.stage import AT_WORK, Stage

pytestmark = browsing


def test_the_volume_slides(serve: Serve, open_tab: Open, stage: Stage, until: Until) -> None:
    tab = open_tab(serve())
    tab.get_by_label("Volume").fill("62")
    until(lambda: stage.posted == [events.Hand("volume", by="page", value=62)])


def shown(tab: Tab, volume: str) -> None:
    expect(tab.get_by_label("Volume")).to_have_value(volume)
    expect(tab.locator("output")).to_have_text(volume)


def drag(tab: Tab, share: float) -> None:
    """The volume, by a hand that stays on it."""
    slider = tab.get_by_label("Volume")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    tab.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] / 2)
    tab.mouse.down()
    tab.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2, steps=5)


def test_a_volume_that_the_box_does_not_take_is_not_shown_for_long(
    serve: Serve, open_tab: Open, stage: Stage, until: Until
) -> None:
    """Its ceiling may be lower, or another phone sets another: the slider has the hand's focus still."""
    tab = open_tab(serve())
    drag(tab, 0.9)
    tab.mouse.up()
    until(lambda: len(stage.posted) == 1)
    shown(tab, "45")
    stage.set(player=replace(AT_WORK.player, volume=20))
    shown(tab, "20")
    expect(tab.get_by_label("Volume")).to_be_focused()


def test_a_hand_on_the_volume_is_left_alone_however_long_it_stays(
    serve: Serve, open_tab: Open, stage: Stage, until: Until
) -> None:
    page = serve()
    tab = open_tab(page, "/health")
    tab.clock.install()
    tab.goto(f"http://localhost:{page.port}/")
    drag(tab, 0.9)
    wish = tab.get_by_label("Volume").input_value()
    assert int(wish) > 80
    song = events.Song("b.flac", "Rain Song", "Low Tide")
    stage.set(player=replace(AT_WORK.player, song=song, volume=30))
    expect(tab.get_by_text("Rain Song")).to_be_visible()
    tab.clock.run_for(10_000)
    expect(tab.get_by_label("Volume")).to_have_value(wish)
    tab.mouse.up()
    until(lambda: stage.posted == [events.Hand("volume", by="page", value=int(wish))])
    tab.clock.run_for(10_000)
    shown(tab, "30")
