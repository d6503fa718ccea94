"""What keeps a box going for years: settings taken along and brought back, a look at everything, a fresh start."""

from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.bench.page.evening import Evening, heading
from tests.waiting import until


def there_and_back(evening: Evening) -> None:
    """Takes settings, list and rules along in a file, changes them, and brings them back"""
    tab = evening.at("/backup")
    with tab.expect_download() as taken:
        tab.get_by_role("link", name="Save the file").click()
    file = evening.folder / "kept.toml"
    taken.value.save_as(file)
    tab = evening.at("/pursuits")
    tab.locator("#h-1").click()
    tab.get_by_role("button", name="Take it off the list").first.click()
    expect(tab.get_by_text("Kept.")).to_be_visible()
    expect(tab.get_by_role("heading", name="morning coffee")).to_have_count(0)
    evening.at("/rules/happy", tab).get_by_label("Pop", exact=True).uncheck()
    tab.get_by_role("button", name="Keep these").click()
    expect(tab.get_by_text("Kept.")).to_be_visible()
    evening.at("/backup", tab).get_by_label("A file that was saved here").set_input_files(file)
    tab.get_by_role("button", name="Bring back these settings").click()
    expect(tab.get_by_text("Kept.")).to_be_visible()
    expect(evening.at("/pursuits", tab).get_by_role("heading", name="morning coffee")).to_be_visible()
    expect(evening.at("/rules/happy", tab).get_by_label("Pop", exact=True)).to_be_checked()


def both_halves(evening: Evening) -> None:
    """Has the box examined, and each half started again: the page finds it again by itself"""
    tab = evening.at("/health")
    tab.get_by_role("button", name="Look now, at everything").click()
    expect(tab.get_by_role("button", name="Look again")).to_be_visible()
    now = evening.at("/", evening.phone())
    both = ("firmware", "appliance")
    until(lambda: set(both) <= evening.speaker.children().keys(), "both halves at work")
    sees, speaks = (evening.speaker.children()[half] for half in both)
    again(evening, tab, "Start the eye again")
    expect(tab.get_by_text("I asked it.")).to_be_visible()
    until(lambda: evening.speaker.children().get("firmware", sees) != sees, "another half that sees")
    again(evening, tab, "Start again")
    until(lambda: evening.speaker.children().get("appliance", speaks) != speaks, "another half that speaks")
    expect(tab.get_by_role("heading", level=1)).to_have_text("How the box is")
    expect(tab.get_by_role("listitem").filter(has_text="The half that sees")).not_to_contain_text("not well")
    evening.speaker.direct("sad")
    heading(now, "Someone looks a little sad.")


def again(evening: Evening, tab: Tab, name: str) -> None:
    """Ask until the half has run for long enough to be asked."""
    for _ in range(40):
        evening.at("/health", tab)
        with tab.expect_navigation():
            tab.get_by_role("button", name=name, exact=True).click()
        if not tab.get_by_text("Too fast. Wait a moment.").count():
            return
        tab.wait_for_timeout(3000)
    raise AssertionError(f"“{name}” was refused for two minutes")
