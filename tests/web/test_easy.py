"""The household's pages are easy on every eye and thumb: axe, the smallest phone, the largest text, the keyboard."""

from collections.abc import Iterator
from datetime import date

import pytest
from axe_core_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from appliance import events, places
from appliance.budget import Budget
from appliance.library.entry import Entry, Progress
from appliance.pursuits import Pursuits
from appliance.rulebook import Rulebook
from appliance.snapshot import Taught
from appliance.store import Store
from appliance.web.intake import Intake
from appliance.web.offers import Offers
from appliance.web.serve import Page
from tests.ports import free_port
from tests.web.conftest import Open, Serve, Until, browsing
from tests.web.stage import Catalogue, History, Row, Stage

pytestmark = browsing
SHELF = [
    Entry(f"folk/hana/{i:02} Over the Hill Number {i}.flac", str(i), rank_valence=i / 8 - 1, rank_energy=1 - i / 9)
    for i in range(16)
]
PATHS = (
    "/",
    "/settings",
    "/phones",
    "/guest",
    "/health",
    "/photo",
    "/away",
    "/songs?q=hill",
    "/songs?field=4",
    "/songs/song?uri=folk/hana/03 Over the Hill Number 3.flac",
    "/pursuits",
    "/rules/sad",
    "/teach",
    "/diary",
    f"/diary?day={date(2026, 11, 18)}",
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One box for all, with something of everything on it."""
    folder = tmp_path_factory.mktemp("box")
    stage = Stage()
    taught = (Taught("happy", 12, 0.75), Taught("neutral", 3, 1.0))
    stage.set(taught=taught, pursuits=("rest", "focus"), sleep=900.0, asking=True, trouble=("Something is wrong.",))
    rows = [Row(1.7954e9 + 4000 * i, "mood", mood) for i, mood in enumerate(("sad", "happy", "neutral") * 30)]
    rows += [Row(1.7954e9 + 9000 * i, "played", song="folk/hana/over the hill.flac") for i in range(40)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MIEN_TRUST_LOCALHOST", "1")
        page = Page(
            stage.look,
            stage.posted.append,
            Store([], folder / "s.toml"),
            History(rows),
            "127.0.0.1",
            free_port(),
            folder,
        )
    house = page.house
    house.clock, house.wall = stage.clock, lambda: 1.7957e9
    house.friends = Budget(1.0, 1e6)  # the stage's clock stands still, so that what is spent never comes back
    house.pursuits = Pursuits(places.DEFAULTS / "pursuits.toml", folder / "pursuits.toml")
    house.catalogue = Catalogue(*SHELF, progress=Progress(14, 16, 300.0, (("folk/bad.flac", "it is cut off"),)))
    house.rules = Rulebook((places.DEFAULTS / "moods.toml",), folder / "moods.toml")
    house.rules.write({"sad": {"genres": ["Blues"], "folders": ["밤의 노래"]}})
    house.offers = lambda: Offers({"rainy day": 9}, {"folk": 16, "hana": 16}, {"jazz": 12})
    house.fitting = lambda rule: 16
    house.intake = Intake(lambda: folder)
    house.phones.add("t", "Android phone", 1.8e9)
    page.start()
    yield page
    page.stop()


def opened(tab: Tab, page: Page, path: str) -> None:
    answer = tab.goto(f"http://localhost:{page.port}{path}")
    assert answer and answer.ok, "an error's page says nothing about this one"


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_in_light_or_dark_folded_or_unfolded(page: Page, browser: Browser, path: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    tab = context.new_page()
    opened(tab, page, path)

    def fine(how: str) -> None:
        found = Axe().run(tab)["violations"]
        assert not [(one["id"], [node["html"] for node in one["nodes"]]) for one in found], how

    tab.emulate_media(color_scheme="light")
    fine("folded")
    tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    fine("unfolded")
    tab.emulate_media(color_scheme="dark")
    fine("dark")
    context.close()


@pytest.mark.parametrize("path", PATHS)
def test_on_the_smallest_phone_with_the_largest_text_nothing_runs_off(page: Page, browser: Browser, path: str) -> None:
    for locale in ("en", "ko"):
        context = browser.new_context(viewport={"width": 320, "height": 568}, locale=locale)
        tab = context.new_page()
        opened(tab, page, path)
        for text in ("100%", "200%"):
            tab.evaluate(
                f"document.documentElement.style.fontSize = '{text}';"
                "document.querySelectorAll('details').forEach(one => { one.open = true })"
            )
            wide = tab.evaluate(
                "[...document.querySelectorAll('main *, nav *')].filter(e => e.getBoundingClientRect().right > 321 &&"
                " !e.closest('.hide, svg')).map(e => e.outerHTML.slice(0, 80))"
            )
            assert not wide, (locale, text)
            assert tab.evaluate("document.documentElement.scrollWidth") <= 320
        tab.evaluate("document.documentElement.style.fontSize = '100%'")
        tab.set_viewport_size({"width": 195, "height": 422})
        assert tab.evaluate("document.documentElement.scrollWidth") <= 195, f"{locale}: an ordinary phone at 200 % zoom"
        context.close()


@pytest.mark.parametrize("path", PATHS)
def test_every_control_is_large_enough_for_a_thumb(page: Page, browser: Browser, path: str) -> None:
    """44 px for what is a control of its own; a link within a sentence, and a field of the plane, at least 24."""
    context = browser.new_context(viewport={"width": 320, "height": 568})
    tab = context.new_page()
    opened(tab, page, path)
    tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    small = tab.evaluate(
        "[...document.querySelectorAll('button, a, select, summary, .chip, input')].filter(e => e.checkVisibility() &&"
        " !e.closest('.skip, .chip input, .switch input') && e.type !== 'radio' && e.type !== 'hidden').filter(e => {"
        "  const box = e.getBoundingClientRect(), least = e.closest('p, svg') ? 20 : 43.9;"
        "  return Math.min(box.height, box.width) < least; }).map(e => e.outerHTML.slice(0, 120))"
    )
    context.close()
    assert not small


def test_the_players_buttons_stand_in_one_row_on_the_smallest_phone(serve: Serve, open_tab: Open) -> None:
    for locale in ("en", "ko"):
        tab = open_tab(serve(), width=320, height=568, locale=locale)
        lefts = tab.evaluate("[...document.querySelectorAll('.player form')].map(e => e.getBoundingClientRect().left)")
        assert len(lefts) == 4 and lefts == sorted(lefts), locale


def test_axe_finds_nothing_at_the_door(serve: Serve, open_tab: Open) -> None:
    page = serve()
    page.house.trust_localhost = False
    for path in ("/welcome", "/answer"):
        assert not Axe().run(open_tab(page, path))["violations"]


def test_who_wants_no_motion_gets_none(serve: Serve, open_tab: Open) -> None:
    """Neither the ring that breathes at the door nor the points that glide over the plane."""
    page, locked = serve(), serve()
    locked.house.trust_localhost = False
    breathing = "document.getAnimations().filter(a => a.playState === 'running').length"
    gliding = "getComputedStyle(document.querySelector('.plane circle')).transitionDuration !== '0s'"
    for wish, moves in (("no-preference", True), ("reduce", False)):
        assert (open_tab(locked, reduced_motion=wish).evaluate(breathing) > 0) == moves
        assert open_tab(page, reduced_motion=wish).evaluate(gliding) == moves


def test_a_keyboard_alone_reaches_and_uses_what_a_thumb_does(
    serve: Serve, open_tab: Open, stage: Stage, until: Until
) -> None:
    tab = open_tab(serve())
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="To the content")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_be_focused()
    reached: list[str] = []
    while "Settings" not in reached:
        tab.keyboard.press("Tab")
        reached.append(
            tab.evaluate("(({ ariaLabel, labels, innerText }) => ariaLabel || labels?.[0]?.innerText || innerText)"
                         "(document.activeElement).trim().split('\\n')[0]")
        )  # fmt: skip
        assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", reached[-1]
        assert len(reached) < 80
        if reached[-1] == "Lift":
            tab.keyboard.press("Enter")
            until(lambda: stage.posted == [events.GoalSet("lift")])
        if reached[-1] == "Volume":
            tab.keyboard.press("ArrowRight")
            until(lambda: stage.posted == [events.Hand("volume", by="page", value=46)])
            stage.posted.clear()
    for name in ("Look now", "Pause", "I like this song", "Other songs", "Volume", "Next", "sad", "Half an hour"):
        assert name in reached, reached
