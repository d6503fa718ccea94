"""What happens to a home's network and to a box in mid-use: the page says what is, and mends itself."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from appliance import events
from appliance.web import live, talk
from tests.web.conftest import Open, Serve, Until, asked_while_away, browsing
from tests.web.stage import AT_WORK, Stage

pytestmark = browsing

AWAY = "The box is away. I’ll find it again by myself."


def song(stage: Stage, title: str) -> None:
    """Another song, by which a page shows that it is told the present."""
    stage.set(player=replace(AT_WORK.player, song=events.Song(f"{title}.flac", title)))


def storm(stage: Stage) -> None:
    song(stage, "After the Storm")


def test_a_phone_that_leaves_the_wifi_says_so_and_comes_back_to_the_present(
    serve: Serve, open_tab: Open, stage: Stage
) -> None:
    tab = open_tab(serve())
    song(stage, "Before the Storm")
    expect(tab.get_by_text("Before the Storm")).to_be_visible()  # by the stream, which is now open
    tab.context.set_offline(True)
    expect(tab.get_by_text(AWAY)).to_be_visible()
    storm(stage)
    tab.context.set_offline(False)
    expect(tab.get_by_text("After the Storm")).to_be_visible()
    expect(tab.get_by_text(AWAY)).to_have_count(0)


def test_a_network_that_dies_without_a_word_is_noticed(
    serve: Serve, open_tab: Open, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was closed and nothing failed: a router was pulled, or a phone slept. Only the breath is missing."""
    page = serve()
    tab = open_tab(page, "/health")
    tab.clock.install()
    tab.goto(f"http://localhost:{page.port}/")
    expect(tab.get_by_text("Morning Light")).to_be_visible()
    with tab.expect_request("**/events*", timeout=60_000):
        tab.clock.fast_forward(50_000)
    storm(stage)
    expect(tab.get_by_text("After the Storm")).to_be_visible()
    expect(tab.get_by_text(AWAY)).to_have_count(0)


def test_a_quiet_evening_is_not_taken_for_a_dead_network(
    serve: Serve, open_tab: Open, stage: Stage, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing happens for two minutes of the page's clock; the breath alone keeps it from asking anew."""
    monkeypatch.setattr(live, "BREATH", 0.2)
    page = serve()
    tab = open_tab(page, "/health")
    tab.clock.install()
    tab.goto(f"http://localhost:{page.port}/")
    song(stage, "Evening Light")
    expect(tab.get_by_text("Evening Light")).to_be_visible()  # by the stream, which is now open
    tab.evaluate(
        "() => { window.breaths = 0; const s = new EventSource('/events');"
        " s.addEventListener('breath', () => { window.breaths += 1; }); }"
    )
    until(lambda: tab.evaluate("window.breaths") >= 1)
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    for _ in range(6):
        tab.clock.fast_forward(20_000)
        tab.evaluate("window.breaths = 0")
        until(lambda: tab.evaluate("window.breaths") >= 3)
    assert not [url for url in asked if url.endswith("/events")]


def test_a_page_asked_for_while_the_box_was_away_comes_by_itself(serve: Serve, open_tab: Open) -> None:
    page = serve()
    tab = open_tab(page)
    port = asked_while_away(tab, page)
    serve(port)
    expect(tab.get_by_role("heading", level=1)).to_have_text("Settings")
    assert tab.url.endswith("/settings")


def test_the_page_that_is_kept_for_when_the_box_is_away_speaks_the_tongue_that_was_chosen_since(
    serve: Serve, open_tab: Open, until: Until
) -> None:
    page = serve()
    tab = open_tab(page, "/settings")
    until(lambda: tab.evaluate("navigator.serviceWorker.controller !== null"))
    tab.get_by_role("button", name="한국어").tap()
    expect(tab.locator("html")).to_have_attribute("lang", "ko")
    until(lambda: tab.evaluate("caches.match('/away').then(kept => kept.headers.get('Content-Language') === 'ko')"))
    page.stop()
    tab.goto(f"http://localhost:{page.port}/diary")
    expect(tab.get_by_role("heading", level=1)).to_have_text("기기가 자리를 비웠어요")
    assert tab.evaluate("getComputedStyle(document.querySelector('.top')).display") == "flex", "it looks like the box"


def test_a_restart_asked_for_on_the_page_leads_back_to_it(serve: Serve, open_tab: Open, stage: Stage) -> None:
    page = serve()
    port, asked = page.port, threading.Event()
    page.house.restart = asked.set
    stage.time = 1e9  # the box has been up for long
    tab = open_tab(page, "/health")
    tab.get_by_role("button", name="Start again").tap()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Starting again")
    assert asked.wait(60)
    page.stop()
    again = serve(port)
    assert again is not page
    expect(tab.get_by_role("heading", level=1)).to_have_text("How the box is")


def test_the_health_page_tells_by_itself_when_the_eye_goes_and_comes_back(
    serve: Serve, open_tab: Open, stage: Stage, until: Until
) -> None:
    page = serve()
    page.house.restart = lambda: None
    tab = open_tab(page, "/health")
    button = tab.get_by_role("button", name="Start the eye again")
    button.tap()
    expect(tab.get_by_text("I asked it.")).to_be_visible()
    until(lambda: stage.posted == [events.EyeAgain()])
    tab.evaluate("window.same = true")
    expect(tab.get_by_role("listitem").filter(has_text="The half that sees")).to_contain_text("well")
    stage.set(eye="down", trouble=("The eye has not said a word for a while.",))
    expect(tab.get_by_role("listitem").filter(has_text="The half that sees")).to_contain_text("not well")
    expect(tab.get_by_text("has not said a word")).to_be_visible()
    expect(button).to_be_disabled()
    stage.set(eye="up", trouble=())
    expect(tab.get_by_role("listitem").filter(has_text="The half that sees")).not_to_contain_text("not well")
    expect(tab.get_by_text("has not said a word")).to_have_count(0)
    expect(button).to_be_enabled()
    assert tab.evaluate("window.same"), "without a reload"


def test_a_restart_in_mid_song_changes_nothing_but_the_moment(serve: Serve, open_tab: Open, stage: Stage) -> None:
    page = serve()
    tab, port = open_tab(page), page.port
    second = tab.context.new_page()
    second.goto(tab.url)
    page.stop()
    for one in (tab, second):
        expect(one.get_by_text(AWAY)).to_be_visible()
    tab.get_by_role("button", name="Look now").tap()
    expect(tab.locator("#toast")).to_have_text("That did not reach the box. Try again.")
    storm(stage)
    serve(port)
    for one in (tab, second):
        expect(one.get_by_text("After the Storm")).to_be_visible()
    tab.get_by_role("button", name="Look now").tap()
    expect(tab.locator("#toast")).to_have_text("Looking…")


def test_a_page_too_many_says_so_and_lives_as_soon_as_another_is_closed(
    serve: Serve, open_tab: Open, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "STREAMS", 1)
    page = serve()
    first = open_tab(page)
    song(stage, "Before the Crowd")
    expect(first.get_by_text("Before the Crowd")).to_be_visible()  # by the stream, which is now open
    tab = open_tab(page)
    expect(tab.locator("#away")).to_have_text("Too many pages are open. Close one and try again.")
    first.close()
    storm(stage)
    expect(tab.get_by_text("After the Storm")).to_be_visible()
    expect(tab.locator("#away")).to_be_hidden()


def test_a_volume_that_did_not_reach_the_box_is_not_shown_for_long(serve: Serve, open_tab: Open) -> None:
    page = serve()
    tab, port = open_tab(page), page.port
    page.stop()
    expect(tab.get_by_text(AWAY)).to_be_visible()
    volume = tab.get_by_label("Volume")
    volume.fill("90")
    expect(tab.locator("#toast")).to_have_text("That did not reach the box. Try again.")
    expect(volume).to_have_value("45")
    serve(port)
    expect(tab.get_by_text(AWAY)).to_have_count(0)
    expect(volume).to_have_value("45")


def test_a_phone_that_another_one_removed_finds_itself_at_the_door(serve: Serve, open_tab: Open) -> None:
    page = serve()
    page.house.trust_localhost = False
    page.house.phones.add("a-token", "Android phone", 1.8e9)
    tab = open_tab(page)
    tab.context.add_cookies([{"name": "mien", "value": "a-token", "url": f"http://localhost:{page.port}"}])
    tab.goto(f"http://localhost:{page.port}/")
    expect(tab.get_by_text("Morning Light")).to_be_visible()
    assert page.house.phones.remove(page.house.phones.known()[0].short)
    expect(tab.get_by_role("heading", level=1)).to_have_text("Press the button on the box")
    assert "Morning Light" not in tab.content()


def test_a_fault_shows_as_soon_as_its_field_is_left_and_goes_when_it_is_mended(serve: Serve, open_tab: Open) -> None:
    page = serve()
    tab = open_tab(page, "/settings")
    field = tab.get_by_label("Never louder than this")
    field.fill("400")
    field.blur()
    expect(tab.get_by_text("A whole number from 0 to 100.")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("40")
    field.blur()
    expect(tab.get_by_text("A whole number from 0 to 100.")).to_be_hidden()
    assert page.house.settings.values()["music.ceiling"] == 80, "nothing is kept before it is sent"


def test_two_tabs_of_settings_do_not_undo_each_other(serve: Serve, open_tab: Open) -> None:
    """Each keeps what was changed in it, and nothing of what it merely showed, however long ago it was drawn."""
    page = serve()
    tab = open_tab(page, "/settings", java_script_enabled=False)
    second = tab.context.new_page()
    second.goto(tab.url)
    tab.get_by_label("Never louder than this").fill("55")
    tab.get_by_label("Keep quiet hours").check()
    tab.get_by_role("button", name="Keep these").tap()
    expect(tab.get_by_text("Kept.")).to_be_visible()
    second.get_by_label("Quiet hours begin").fill("late")
    second.get_by_role("button", name="Keep these").tap()
    expect(second.get_by_role("alert").get_by_role("listitem")).to_have_count(1)
    second.get_by_label("Quiet hours begin").fill("21:30")
    second.get_by_role("button", name="Keep these").tap()
    expect(second.get_by_text("Kept.")).to_be_visible()
    kept = page.house.settings.values()
    assert (kept["music.ceiling"], kept["quiet.on"], kept["quiet.begin"]) == (55, True, "21:30")
    second.get_by_label("Keep quiet hours").uncheck()
    second.get_by_role("button", name="Keep these").tap()
    expect(second.get_by_label("Keep quiet hours")).not_to_be_checked()
    assert page.house.settings.values()["quiet.on"] is False


def test_settings_go_into_a_file_and_come_back_from_it(serve: Serve, open_tab: Open, tmp_path: Path) -> None:
    page = serve()
    assert not page.house.settings.change({"music.ceiling": 55})
    tab = open_tab(page, "/backup")
    with tab.expect_download() as taken:
        tab.get_by_role("link", name="Save the file").tap()
    kept = tmp_path / taken.value.suggested_filename
    taken.value.save_as(kept)
    assert not page.house.settings.change({"music.ceiling": 10})
    tab.get_by_label("A file that was saved here").set_input_files(kept)
    tab.get_by_role("button", name="Bring back").tap()
    expect(tab.get_by_text("Kept.")).to_be_visible()
    assert page.house.settings.values()["music.ceiling"] == 55


def test_over_https_the_page_lives_and_its_policy_allows_all_it_needs(
    serve: Serve, open_tab: Open, stage: Stage, tmp_path: Path
) -> None:
    page = serve()
    assert not page.house.settings.change({"page.https": "beside"})
    tab = open_tab(page, "/secure", ignore_https_errors=True)
    expect(tab.get_by_role("link", name="Take the box’s certificate")).to_be_visible()
    tab.get_by_role("link", name="Come back by HTTPS").tap()
    expect(tab.get_by_text("Morning Light")).to_be_visible()
    assert tab.url.startswith("https://")
    storm(stage)
    expect(tab.get_by_text("After the Storm")).to_be_visible()
    tab.get_by_role("button", name="Look now").tap()
    expect(tab.locator("#toast")).to_have_text("Looking…")


def test_the_back_button_and_a_second_tab_tell_the_present(serve: Serve, open_tab: Open, stage: Stage) -> None:
    page = serve()
    tab = open_tab(page)
    second = tab.context.new_page()
    second.goto(tab.url)
    tab.get_by_role("link", name="Settings").tap()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Settings")
    stage.set(player=replace(AT_WORK.player, song=events.Song("c.flac", "After the Storm")))
    tab.go_back()
    expect(tab.get_by_text("After the Storm")).to_be_visible()
    expect(second.get_by_text("After the Storm")).to_be_visible()
