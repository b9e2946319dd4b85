"""What is remembered, cleared, carried over and taken in from a link: on the built site, in a real browser."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Error, Locator, Page, Playwright, expect

from tests.browser.conftest import (
    ANSWERS,
    PATIENCE,
    Scheme,
    Watch,
    clipboard,
    email,
    fill,
    names,
    people,
    question,
    set_screen,
)
from tests.browser.test_accessibility import violations
from tests.tools.find_browser import installed_chromium
from tests.tools.site import ACCEPT, ASK, PANEL, PRIVACY, START, THANKS, WHY, say

PAGE = THANKS
CANARY = "Kanarienvogelfabrik"
LINK = "#email=short&Position=Data%20Analyst&Company=Northwind%20Clinic&Your%20Name=Sam"

#: Everything that a page can store but for what the tab keeps, as one text. The theme's own entries hold no typed words.
STORES = """async () => JSON.stringify([
    Object.entries(localStorage).filter(([key]) => !key.includes(".__")),
    Object.entries(sessionStorage).filter(([key]) => !key.includes(".__") && !/^follow-up-kit [^ ]*$/.test(key)),
    document.cookie,
    await indexedDB.databases(),
])"""
NOTHING = '[[],[],"",[]]'
#: What the tab keeps for itself.
KEPT = """Object.entries(sessionStorage).find(([key]) => /^follow-up-kit [^ ]*$/.test(key))?.[1] ?? null"""


def stores(page: Page) -> str:
    return str(page.evaluate(STORES))


def kept(page: Page) -> str | None:
    text: str | None = page.evaluate(KEPT)
    return text


def wait_for_store(page: Page, text: str) -> None:
    page.wait_for_function(f"text => ({STORES})().then(stored => stored.includes(text))", arg=text)


def box(page: Page) -> Locator:
    return page.get_by_role("checkbox", name="Remember on this device")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def clear(page: Page, button: str = say("clear_all")) -> None:
    press(page, button)
    press(page, "Yes, clear all")


def values(page: Page) -> list[str]:
    controls = page.locator("email-form .ef-field :is(input, textarea, select)")
    return [str(value) for value in controls.evaluate_all("all => all.map(one => one.value)")]


# ---- remember ----


def test_nothing_is_stored_before_the_box_is_ticked(page: Page) -> None:
    page.goto(PAGE)
    expect(box(page)).not_to_be_checked()
    hint = page.get_by_text("Your words then stay in this browser")
    expect(hint).to_contain_text("7 days")
    expect(hint).to_contain_text("shared computers")
    assert box(page).get_attribute("aria-describedby") == hint.get_attribute("id")
    fill(page, ANSWERS)
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert stores(page) == NOTHING
    page.reload()
    assert stores(page) == NOTHING


def test_what_is_remembered_survives_reload_and_unticking_removes_it(page: Page) -> None:
    page.goto(PAGE)
    fill(page, {"Company": "Northwind Clinic"})
    box(page).check()
    assert "Northwind Clinic" in stores(page)
    # Typed and left at once: leaving writes it.
    page.get_by_label("Your Name").fill("Amara Obi")
    page.reload()
    expect(box(page)).to_be_checked()
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")
    expect(page.get_by_label("Your Name")).to_have_value("Amara Obi")
    expect(page.locator("[data-part=body]")).to_contain_text("Amara Obi")
    page.goto(START)
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")
    (entry,) = page.evaluate("Object.entries(localStorage).filter(([key]) => key.startsWith('follow-up-kit'))")
    assert json.loads(entry[1])["version"] == 1
    box(page).uncheck()
    assert stores(page) == NOTHING
    expect(page.get_by_text("Erased. Only this tab still has your words")).to_be_visible()
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")
    page.get_by_label("Company").fill("Other Company")
    page.reload()
    expect(box(page)).not_to_be_checked()
    assert stores(page) == NOTHING
    expect(page.get_by_label("Company")).to_have_value("Other Company")


@pytest.mark.parametrize(("minutes", "there"), [(-1, True), (1, False)])
@pytest.mark.long
def test_it_expires_after_seven_days(page: Page, minutes: int, there: bool) -> None:
    page.goto(PAGE)
    fill(page, {"Company": "Northwind Clinic"})
    box(page).check()
    later = page.context.new_page()
    later.add_init_script(
        f"const now = Date.now; Date.now = () => now() + 7 * 24 * 60 * 60_000 + {minutes} * 60_000;"
    )
    page.close()
    later.goto(WHY)  # any page of the site sees to it
    assert ("Northwind Clinic" in stores(later)) is there
    later.goto(PAGE)
    expect(box(later)).to_be_checked(checked=there)
    expect(later.get_by_label("Company")).to_have_value("Northwind Clinic" if there else "")


@pytest.mark.parametrize(
    "raw", ["", "{", "null", "7", '{"version": 2}', '{"version": 1, "saved": 1e99}', '{"__proto__": []}']
)
@pytest.mark.long
def test_what_cannot_be_read_is_removed(page: Page, raw: str) -> None:
    page.goto(PAGE)
    box(page).check()
    name = page.evaluate("Object.keys(localStorage).find(key => key.startsWith('follow-up-kit'))")
    page.goto("about:blank")
    page.goto(PRIVACY)
    page.evaluate("([name, raw]) => localStorage.setItem(name, raw)", [name, raw])
    page.goto(PAGE)
    expect(box(page)).not_to_be_checked()
    assert stores(page) == NOTHING


@contextmanager
def profile(
    playwright: Playwright, folder: Path, arguments: dict[str, Any], server: str
) -> Iterator[BrowserContext]:
    """A browser that keeps its profile in ``folder``, with settings and sessions as people's have them."""
    path = installed_chromium(whole=True)
    if path is None:
        pytest.skip("no whole Chromium on this machine")
    whole = arguments | {"executable_path": path}
    context = playwright.chromium.launch_persistent_context(folder, base_url=server, **whole)
    try:
        yield context
    finally:
        with suppress(Error):  # it may have been killed
            context.close()


def holds(folder: Path, text: str) -> list[str]:
    """Return the files of a browser's profile in which a text stands."""
    forms = (text.encode(), text.encode("utf-16-le"))
    found = []
    for path in folder.rglob("*"):
        with suppress(OSError):  # the browser removes files while we look
            if path.is_file() and any(form in path.read_bytes() for form in forms):
                found.append(path.relative_to(folder).as_posix())
    return found


def kill_browser(folder: Path) -> None:
    """Kill the browser that has its profile in ``folder``, as a crash would."""
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError):
                command = (process / "cmdline").read_bytes()
                if str(folder).encode() in command and b"--type=" not in command:
                    os.kill(int(process.name), signal.SIGKILL)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds the browser's process under /proc")
@pytest.mark.long
def test_what_is_remembered_survives_a_crash_of_the_browser(
    playwright: Playwright, browser_type_launch_args: dict[str, Any], server: str, tmp_path: Path
) -> None:
    with profile(playwright, tmp_path, browser_type_launch_args, server) as context:
        page = context.new_page()
        page.goto(PAGE)
        box(page).check()
        page.get_by_label("Company").fill(CANARY)
        # The browser takes its time to write to the disk.
        deadline = time.monotonic() + PATIENCE / 1000
        while not holds(tmp_path / "Default" / "Local Storage", CANARY):
            assert time.monotonic() < deadline
            page.wait_for_timeout(200)
        kill_browser(tmp_path)
        with pytest.raises(Error):
            page.wait_for_timeout(PATIENCE)
    (tmp_path / "SingletonLock").unlink(missing_ok=True)
    with profile(playwright, tmp_path, browser_type_launch_args, server) as context:
        page = context.new_page()
        page.goto(PAGE)
        expect(page.get_by_label("Company")).to_have_value(CANARY)
        expect(box(page)).to_be_checked()


@pytest.mark.parametrize("ours", [True, False], ids=["our form", "a form without autocomplete=off"])
@pytest.mark.long
def test_unticked_words_reach_no_file_but_the_tab_s_own_storage(
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    server: str,
    tmp_path: Path,
    ours: bool,
) -> None:
    """Chromium writes the fields of a page into its session files, unless the form forbids it.

    The tab's own storage is a file too, and the privacy page says so. All else in the profile must be clean.

    The second case shows that this test would see it.
    """
    with profile(playwright, tmp_path, browser_type_launch_args, server) as context:
        page = context.new_page()
        page.goto(THANKS)
        if not ours:
            page.evaluate(
                "document.querySelectorAll('form').forEach(form => form.removeAttribute('autocomplete'))"
            )
        page.get_by_role("radio", name="warm").check(force=True)
        page.get_by_label("a story to tell").fill(CANARY)  # a larger box
        page.get_by_label("Company").fill(CANARY)
        page.get_by_label("Your Name").fill(CANARY)
        page.locator("[data-part=address]").fill(f"{CANARY}@example.org")
        page.goto(PRIVACY)
        page.wait_for_timeout(4000)  # until Chromium has saved its session
    elsewhere = [name for name in holds(tmp_path, CANARY) if not name.startswith("Default/Session Storage/")]
    assert bool(elsewhere) is not ours, elsewhere


# ---- clear ----


def test_clear_everything_asks_first_and_leaves_nothing(page: Page) -> None:
    page.goto(PAGE)
    fill(page, ANSWERS)
    box(page).check()
    page.get_by_label("Company").fill("Old Co")
    press(page, say("clear_all"))
    expect(page.get_by_role("button", name="No, keep them")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=say("clear_all"))).to_be_focused()
    assert any(values(page))
    press(page, say("clear_all"))
    press(page, "No, keep them")
    assert any(values(page))
    clear(page)
    assert not any(values(page))
    assert stores(page) == NOTHING
    assert kept(page) is None
    expect(box(page)).not_to_be_checked()
    said = page.get_by_role("status").filter(has_text="All is cleared")
    expect(said).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    expect(page.locator("[data-part=body]")).to_contain_text("[Company]")
    page.reload()
    assert stores(page) == NOTHING
    assert kept(page) is None
    assert not any(values(page))


@pytest.mark.long
def test_clear_can_be_undone_until_the_page_is_left(page: Page) -> None:
    page.goto(PAGE)
    fill(page, ANSWERS)
    box(page).check()
    clear(page)
    question(page, "Position").fill("typed since")
    press(page, "Undo")
    expect(page.get_by_role("status").filter(has_text="Your words are back")).to_be_focused()
    expect(page.get_by_label("Company")).to_have_value(ANSWERS["Company"])
    expect(question(page, "Position")).to_have_value("typed since")
    expect(box(page)).to_be_checked()
    assert ANSWERS["Company"] in stores(page)
    clear(page)
    page.get_by_role("link", name="Privacy", exact=True).first.click()
    expect(page).to_have_url(re.compile("/privacy/$"))
    page.go_back()
    expect(page.get_by_role("button", name=say("clear_all"))).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert not any(values(page))
    assert stores(page) == NOTHING


@pytest.mark.long
def test_clear_reaches_all_forms_of_the_page(page: Page, fork: str) -> None:
    page.goto(f"{fork}/two/")
    forms = page.locator("email-form")
    forms.nth(0).get_by_label("Company").fill("First Company")
    forms.nth(1).get_by_label("Company").fill("Second Company")
    clear(page, "Clear everything")  # a site with no words of its own
    assert not any(values(page))
    press(page, "Undo")
    assert [value for value in values(page) if value] == ["First Company", "Second Company"]
    for form, name in ((forms.nth(0), "First"), (forms.nth(1), "Second")):
        expect(form.locator("[data-part=body]")).to_contain_text(f"{name} Company")


@pytest.mark.long
def test_people_and_the_address_are_remembered_cleared_and_brought_back(page: Page) -> None:
    page.goto(PANEL)
    show = page.get_by_role("button", name="Kim Park: show this email")
    question(page, "Interviewer's Name").fill("Jordan Lee")
    press(page, "Add")
    question(page, "Interviewer's Name").fill("Kim Park")
    page.locator("[data-part=address]").fill("kim@example.org")
    box(page).check()
    page.reload()
    expect(people(page)).to_have_count(2)
    show.click()
    expect(page.locator("[data-part=address]")).to_have_value("kim@example.org")
    for name in ("clear", "another"):
        if name == "clear":
            clear(page)
        else:
            press(page, "New email for another company")
        expect(people(page)).to_have_count(1)
        assert not any(values(page))
        press(page, "Undo")
        expect(people(page)).to_have_count(2)
        assert names(page) == ["Jordan Lee", "Kim Park"]
        expect(question(page, "Interviewer's Name")).to_have_value("Jordan Lee")
        show.click()
        expect(question(page, "Interviewer's Name")).to_have_value("Kim Park")
        expect(page.locator("[data-part=address]")).to_have_value("kim@example.org")
        assert "Kim Park" in stores(page)


@pytest.mark.long
def test_the_dates_of_the_plan_are_remembered_cleared_and_brought_back(page: Page) -> None:
    date = page.locator("send-plan").get_by_label("Interview date")
    page.goto(PAGE)
    page.locator("send-plan summary").click()
    date.fill("2026-11-02")
    box(page).check()
    assert "2026-11-02" in stores(page)
    page.reload()
    page.locator("send-plan summary").click()
    expect(date).to_have_value("2026-11-02")
    clear(page)
    expect(date).to_have_value("")
    press(page, "Undo")
    expect(date).to_have_value("2026-11-02")


# ---- another company ----


EARLIER = """async () => {
    const { src } = document.querySelector('script[src*="/kit-memory.mjs"]');
    return (await import(new URL("../visit.mjs", src))).earlier();
}"""


@pytest.mark.long
def test_an_email_for_another_company_keeps_what_is_the_writer_s(page: Page) -> None:
    page.goto(ASK)
    question(page, "Interviewer's Name").fill("Dana")
    page.get_by_role("link", name="Write", exact=True).first.click()
    expect(page.get_by_role("heading", name="Which email is it")).to_be_visible()
    fill(page, ANSWERS | {"Company": "Old Co"})
    box(page).check()
    assert page.evaluate(EARLIER) == {}
    press(page, "New email for another company")
    expect(page.get_by_role("status").filter(has_text="Ready for another company")).to_be_focused()
    assert [value for value in values(page) if value] == [ANSWERS["Your Name"]]
    assert page.evaluate(EARLIER) == {"Company": ["Old Co"]}
    stored = stores(page)
    assert ANSWERS["Your Name"] in stored
    assert "Old Co" not in stored
    assert "Dana" not in stored
    press(page, "Undo")
    expect(page.get_by_label("Company")).to_have_value("Old Co")
    assert page.evaluate(EARLIER) == {}
    press(page, "New email for another company")
    page.get_by_label("Company").fill("New Co")
    press(page, "New email for another company")
    assert page.evaluate(EARLIER) == {"Company": ["Old Co", "New Co"]}
    clear(page)
    assert page.evaluate(EARLIER) == {}
    assert stores(page) == NOTHING


@pytest.mark.long
def test_after_a_reload_it_still_knows_what_is_the_company_s(page: Page) -> None:
    page.goto(ACCEPT)
    page.get_by_label("Company").fill("Old Co")
    page.get_by_label("starting day").fill("Monday")
    box(page).check()
    page.goto(PAGE)  # has no question for the day
    press(page, "New email for another company")
    page.goto(ACCEPT)
    expect(page.get_by_label("Company")).to_have_value("")
    expect(page.get_by_label("starting day")).to_have_value("Monday")


# ---- storage that fails ----


@pytest.mark.allow_errors  # the theme itself does not expect it
@pytest.mark.long
def test_blocked_storage_hides_the_box_and_says_why(page: Page) -> None:
    page.add_init_script(
        """Object.defineProperty(window, "localStorage", {
            get() { throw new DOMException("The operation is insecure.", "SecurityError"); },
        });"""
    )
    ours: list[str] = []
    page.on("pageerror", lambda error: ours.extend(re.findall("/assets/kit/.*", error.stack or "")))
    page.goto(PAGE)
    expect(box(page)).to_have_count(0)
    expect(page.get_by_text("This browser does not let the page remember anything")).to_be_visible()
    fill(page, {"Company": "Northwind Clinic", "Your Name": "Amara Obi"})
    expect(page.locator("[data-part=body]")).to_contain_text("Northwind Clinic")
    press(page, "New email for another company")
    expect(page.get_by_label("Your Name")).to_have_value("Amara Obi")
    clear(page)
    assert not any(values(page))
    press(page, "Undo")
    expect(page.get_by_label("Your Name")).to_have_value("Amara Obi")
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert not ours


@pytest.mark.allow_errors
@pytest.mark.long
def test_a_browser_that_is_set_to_block_storage(
    playwright: Playwright, browser_type_launch_args: dict[str, Any], server: str, tmp_path: Path
) -> None:
    (tmp_path / "Default").mkdir()
    settings = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(settings), encoding="utf-8")
    with profile(playwright, tmp_path, browser_type_launch_args, server) as context:
        page = context.new_page()
        page.goto(PAGE)
        with pytest.raises(Error, match=r"SecurityError|denied"):
            page.evaluate("localStorage.length")
        expect(page.get_by_text("This browser does not let the page remember anything")).to_be_visible()
        expect(box(page)).to_have_count(0)
        page.get_by_label("Company").fill("Northwind Clinic")
        expect(page.locator("[data-part=body]")).to_contain_text("Northwind Clinic")


FILL_UP = """() => {
    let piece = "x".repeat(1024 * 1024);
    for (let number = 0; piece; number += 1) {
        try { localStorage.setItem(`other ${number}`, piece); }
        catch { piece = piece.slice(0, piece.length / 2); }
    }
}"""


@pytest.mark.long
def test_full_storage_unticks_the_box_and_says_why(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_label("Company").fill("Northwind Clinic")
    page.evaluate(FILL_UP)
    # Its state does not last: Playwright's check() would complain.
    box(page).click()
    full = page.get_by_role("status").filter(has_text="no space left")
    expect(full).to_be_visible()
    expect(box(page)).not_to_be_checked()
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")
    page.evaluate("localStorage.clear()")
    box(page).check()
    expect(full).to_have_count(0)
    # It fills up later: nothing older stays behind while the box is not ticked.
    page.evaluate(FILL_UP)
    page.get_by_label("Company").fill("Northwind Clinic and a longer name " * 20)
    expect(full).to_be_visible()
    expect(box(page)).not_to_be_checked()
    assert "Northwind" not in stores(page)
    expect(page.get_by_label("Company")).to_have_value(re.compile("^Northwind Clinic and a longer name"))


# ---- two tabs ----


@pytest.fixture
def tabs(context: BrowserContext) -> tuple[Page, Page]:
    """Two tabs that remember the same company."""
    one = context.new_page()
    one.goto(PAGE)
    one.get_by_label("Company").fill("Shared Co")
    box(one).check()
    two = context.new_page()
    two.goto(PAGE)
    expect(two.get_by_label("Company")).to_have_value("Shared Co")
    return one, two


def choice(page: Page) -> Locator:
    return page.get_by_role("status").filter(has_text="This was changed in another tab")


def test_another_tab_never_overwrites_silently(tabs: tuple[Page, Page]) -> None:
    one, two = tabs
    one.get_by_label("Company").fill("One Co")
    expect(choice(two)).to_be_visible()
    expect(two.get_by_label("Company")).to_have_value("Shared Co")
    # Until the person chooses, neither text takes the other's place on the device.
    two.get_by_label("Your Name").fill("Typed in two")
    two.wait_for_timeout(800)
    assert "One Co" in stores(two)
    assert "Typed in two" not in stores(two)
    press(two, "Use that")
    expect(two.get_by_label("Company")).to_have_value("One Co")
    expect(two.locator("[data-part=body]")).to_contain_text("One Co")
    expect(choice(two)).to_have_count(0)
    expect(choice(one)).to_have_count(0)


@pytest.mark.long
def test_keep_mine_keeps_mine_and_asks_the_other_tab(tabs: tuple[Page, Page]) -> None:
    one, two = tabs
    one.get_by_label("Company").fill("One Co")
    expect(choice(two)).to_be_visible()
    question(two, "Position").fill("Typed in two")
    press(two, "Keep mine")
    expect(two.get_by_label("Company")).to_have_value("Shared Co")
    wait_for_store(two, "Typed in two")
    expect(choice(one)).to_be_visible()
    expect(one.get_by_label("Company")).to_have_value("One Co")
    press(one, "Keep mine")
    wait_for_store(one, "One Co")
    expect(question(two, "Position")).to_have_value("Typed in two")


@pytest.mark.long
def test_both_tabs_type_at_once(tabs: tuple[Page, Page]) -> None:
    one, two = tabs
    for number in range(10):
        one.get_by_label("Company").fill(f"One {number}")
        two.get_by_label("Company").fill(f"Two {number}")
    # Whoever wrote last without knowing of the other's words is asked, and perhaps both are.
    one.wait_for_timeout(800)
    assert choice(one).count() + choice(two).count() >= 1
    expect(one.get_by_label("Company")).to_have_value("One 9")
    expect(two.get_by_label("Company")).to_have_value("Two 9")


@pytest.mark.long
def test_a_tab_that_does_not_remember_is_asked_too(context: BrowserContext) -> None:
    one, two, empty = (context.new_page() for _ in range(3))
    for page in (one, two, empty):
        page.goto(PAGE)
    two.get_by_label("Company").fill("Two Co")
    one.get_by_label("Company").fill("One Co")
    box(one).check()
    # Nothing was typed here: there is nothing to ask.
    expect(empty.get_by_label("Company")).to_have_value("One Co")
    expect(box(empty)).to_be_checked()
    expect(choice(empty)).to_have_count(0)
    expect(choice(two)).to_be_visible()
    press(two, "Keep mine")
    expect(box(two)).not_to_be_checked()
    assert "Two Co" not in stores(two)
    question(one, "Position").fill("Nurse")
    wait_for_store(two, "Nurse")
    expect(choice(two)).to_have_count(0)


@pytest.mark.long
def test_what_was_erased_in_one_tab_does_not_come_back_from_another(tabs: tuple[Page, Page]) -> None:
    one, two = tabs
    clear(one)
    erased = two.get_by_role("status").filter(has_text="was erased in another tab")
    expect(erased).to_be_visible()
    expect(box(two)).not_to_be_checked()
    question(two, "Position").fill("Typed in two")
    two.reload()
    assert stores(two) == NOTHING
    expect(erased).to_be_visible()  # the tab has its words, and asks still
    expect(question(two, "Position")).to_have_value("Typed in two")
    one.get_by_label("Company").fill("Shared Co")
    box(one).check()
    press(two, "Use that")
    expect(two.get_by_label("Company")).to_have_value("Shared Co")
    box(one).uncheck()
    expect(erased).to_be_visible()
    press(two, "Clear it here too")
    assert not any(values(two))
    assert stores(two) == NOTHING


# ---- links that carry words ----


def marks(page: Page) -> list[str]:
    texts = page.locator("label:has(.km-linked)").all_text_contents()
    return sorted(text.split(" (")[0] for text in texts)


def test_a_link_fills_fields_and_says_so(page: Page, watch: Watch) -> None:
    page.goto(PRIVACY)
    page.evaluate("navigator.clipboard.writeText('untouched')")
    page.goto(PAGE + LINK)
    expect(page.get_by_role("radio", name="short")).to_be_checked()
    expect(question(page, "Position")).to_have_value("Data Analyst")
    expect(page.get_by_role("status").filter(has_text="filled in 3 of the answers")).to_be_visible()
    assert marks(page) == ["Company", "Job title", "Your name"]
    question(page, "Position").fill("Data Scientist")
    assert marks(page) == ["Company", "Your name"]
    expect(page.locator("[data-part=body]")).to_contain_text("Northwind Clinic")
    assert clipboard(page) == "untouched"
    assert stores(page) == NOTHING
    assert not [url for url in watch.requests if "Analyst" in url.partition("#")[0]]
    # The words go with the visit, and so do the marks.
    page.get_by_role("link", name="Write", exact=True).first.click()
    expect(page.get_by_role("heading", name="Which email is it")).to_be_visible()
    expect(question(page, "Position")).to_have_value("Data Scientist")
    assert marks(page) == ["Company", "Your name"]
    fill(page, {"Company": "Own Co", "Your Name": "Amara"})
    assert marks(page) == []


@pytest.mark.long
def test_a_link_never_overwrites_what_was_typed(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_label("Company").fill("Own Co")
    question(page, "Position").fill("typed")
    question(page, "Position").fill("")
    page.evaluate(f"location.hash = {LINK!r}")
    expect(page.get_by_label("Your Name")).to_have_value("Sam")
    expect(page.get_by_label("Company")).to_have_value("Own Co")
    expect(question(page, "Position")).to_have_value("")
    expect(page.get_by_role("status").filter(has_text="other words for 1 more. Yours stayed")).to_be_visible()
    assert marks(page) == ["Your name"]
    # What is cleared does not come back with the next reload.
    clear(page)
    page.reload()
    assert not any(values(page))


@pytest.mark.long
def test_remembered_words_stay_when_a_link_is_followed(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_label("Company").fill("Own Co")
    box(page).check()
    page.goto("about:blank")
    page.goto(PAGE + LINK)
    expect(page.get_by_label("Company")).to_have_value("Own Co")
    assert marks(page) == ["Job title", "Your name"]
    page.reload()
    assert marks(page) == ["Job title", "Your name"]


@pytest.mark.parametrize(
    ("fragment", "company"),
    [
        ("Company=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", "<img src=x onerror=alert(1)>"),
        ("Company=100%25&Position=%", "100%"),
        ("Company=100%%20sure%zz%e4", "100% sure%zz%e4"),
        ("Company=a%00b%1b%0d%0aBcc:%e2%80%aec", "ab Bcc:c"),
        ("__proto__=x&constructor=y&toString=z&hasOwnProperty=1&Company=N", "N"),
        ("email-1-1=x&data-form=y&Unknown=z", ""),
        ("Company=" + "x" * 1_000_000, "x" * 500),
        ("Company=" + "%F0%9F%90%A6" * 400, "🐦" * 250),
        ("&&=&=x&==&Company&Company==", "="),
        ("company=x&Company%20=N&Company=M", "N"),
    ],
)
@pytest.mark.long
def test_a_link_can_do_no_harm(page: Page, fragment: str, company: str) -> None:
    page.goto(PRIVACY)
    page.goto(PAGE)
    page.evaluate("fragment => { location.hash = fragment }", fragment)
    page.wait_for_timeout(100)
    expect(page.get_by_label("Company")).to_have_value(company)
    assert set(values(page)) <= {"", company, "%"}  # a lone percent sign is what the position says once
    assert page.locator("email-form img").count() == 0
    assert page.evaluate("Object.keys(Object.prototype).length") == 0


@pytest.mark.parametrize("opened", [True, False], ids=["opened with it", "changed to it"])
@pytest.mark.long
def test_a_very_long_link(page: Page, opened: bool) -> None:
    fragment = "#" + "&".join(f"{quote(name)}={'y' * 100_000}" for name in [*ANSWERS, "Other"] * 2)
    page.goto(PAGE + (fragment if opened else ""))
    if not opened:
        page.evaluate("fragment => { location.hash = fragment }", fragment)
    expect(question(page, "a project or aspect discussed")).to_have_value("y" * 500)
    assert sum(map(len, values(page))) <= 4000


@pytest.mark.long
def test_the_page_s_own_anchors_still_work(page: Page) -> None:
    page.goto(f"{PAGE}#after-it-is-sent")
    expect(page.get_by_role("heading", name="After it is sent")).to_be_in_viewport()
    page.goto(f"{PAGE}#before-you-write")
    expect(page.get_by_role("heading", name="Before you write")).to_be_in_viewport()
    expect(page.get_by_text("The link you followed")).to_have_count(0)
    clear(page)
    assert page.url.endswith("#before-you-write")


@pytest.mark.long
def test_copy_link_carries_all_but_what_is_the_writer_s(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_role("radio", name="warm").check(force=True)
    page.get_by_label("Your Name").fill("Amara Obi")
    press(page, "Copy link with these words")
    expect(page.get_by_role("status").filter(has_text="never your own details")).to_be_visible()
    typed = {"Company": "O'Neil & Söhne (100%) #1", "Interviewer's Name": "李小龙 🐦", "Position": "C++ = fun"}
    fill(page, typed)
    press(page, "Copy link with these words")
    said = page.get_by_role("status").filter(has_text="A link with 3 of the answers is copied")
    expect(said).to_contain_text("Your own details are not in it")
    link = clipboard(page)
    assert "Amara" not in link
    assert re.fullmatch(r"[\w.:/#=&%-]+", link)
    other = page.context.new_page()  # this tab knows all that was typed in it
    other.goto(link)
    expect(other.get_by_role("radio", name="warm")).to_be_checked()
    for name, value in typed.items():
        expect(question(other, name)).to_have_value(value)
    expect(other.get_by_label("Your Name")).to_have_value("")
    other.close()
    page.get_by_label("a word on top").fill("long " * 101)
    press(page, "Copy link with these words")
    expect(page.get_by_role("status").filter(has_text="1 did not fit")).to_be_visible()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    press(page, "Copy link with these words")
    expect(page.get_by_role("status").filter(has_text="Copy the link yourself")).to_contain_text("#email=warm")


@pytest.mark.long
def test_a_link_chooses_an_email_where_there_are_several(page: Page) -> None:
    choices = page.get_by_role("combobox").first
    page.goto("/write/#email=panel&Company=Northwind%20Clinic")
    expect(choices.locator(":checked")).to_have_text(re.compile("panel", re.IGNORECASE))
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")
    page.goto("about:blank")
    page.goto("/write/#email=thank-you/short")
    expect(choices.locator(":checked")).to_have_text(re.compile("Thanks: short"))
    page.get_by_label("Company").fill("Contoso")
    press(page, "Copy link with these words")
    expect(page.get_by_role("status").filter(has_text="is copied")).to_be_visible()
    assert clipboard(page).endswith("/write/#email=thank-you%2Fshort&Company=Contoso")
    page.goto("about:blank")
    page.goto("/write/#email=thank-you%2Fshort&Company=Contoso")
    expect(choices.locator(":checked")).to_have_text(re.compile("Thanks: short"))
    other = page.context.new_page()  # this tab knows what was chosen in it
    other.goto("/write/#email=nonsense")
    assert other.get_by_role("combobox").first.input_value() == "0"


# ---- how it looks ----


@pytest.mark.parametrize(
    ("scheme", "size"), [("light", (1280, 900)), ("dark", (320, 640))], ids=["light desk", "dark phone"]
)
@pytest.mark.long
def test_accessible_in_every_state(page: Page, scheme: Scheme, size: tuple[int, int]) -> None:
    set_screen(page, scheme, size)
    found: dict[str, list[str]] = {}

    def note(state: str) -> None:
        found[state] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], state
        small = page.locator(":is(kit-memory, .km-notice) :is(button, .km-remember):visible").evaluate_all(
            "all => all.filter(one => one.getBoundingClientRect().height < 24).map(one => one.textContent)"
        )
        assert not small, state

    page.goto(PAGE + LINK)
    expect(page.get_by_text("The link you followed")).to_be_visible()
    note("link")
    press(page, say("clear_all"))
    note("question")
    press(page, "Yes, clear all")
    note("cleared")
    page.get_by_label("Company").fill("Mine")
    other = page.context.new_page()
    other.goto(PAGE)
    other.get_by_label("Company").fill("Theirs")
    box(other).check()
    expect(choice(page)).to_be_visible()
    note("two tabs")
    # What is asked stays in view, and hides no field that gets the focus.
    page.get_by_label("Your Name").focus()
    for _ in range(6):
        page.keyboard.press("Shift+Tab")
        hidden = page.evaluate(
            """() => {
                const field = document.activeElement.closest(".ef-field");
                const box = document.activeElement.getBoundingClientRect();
                const notice = document.querySelector(".km-choice").getBoundingClientRect();
                return field !== null && box.top < notice.bottom && box.bottom > notice.top;
            }"""
        )
        assert not hidden
    expect(choice(page)).to_be_in_viewport()
    assert not {state: one for state, one in found.items() if one}


@pytest.mark.long
def test_works_by_keyboard_alone(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_label("Your Name").fill("Amara Obi")
    names: list[str] = []
    for _ in range(4):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()")
        )
    assert names == [
        "Remember on this device",
        say("clear_all"),
        "New email for another company",
        "Copy link with these words",
    ]
    box(page).focus()
    page.keyboard.press("Space")
    expect(box(page)).to_be_checked()
    page.get_by_role("button", name=say("clear_all")).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert not any(values(page))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your Name")).to_have_value("Amara Obi")


@pytest.mark.long
def test_forced_colors_keep_box_and_marks(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(PAGE + LINK)
    for selector in (".km-linked", ".km-notice"):
        width = page.locator(selector).first.evaluate("one => getComputedStyle(one).borderTopWidth")
        assert width != "0px"
    expect(box(page)).to_be_visible()
    assert email(page)[0]


@pytest.mark.long
@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript_nothing_of_it_is_shown(page: Page) -> None:
    page.goto(PAGE)
    expect(page.locator("kit-memory")).to_be_hidden()


Open = Callable[..., Page]


@pytest.mark.long
def test_the_engine_forgets_with_the_form(open_form: Open) -> None:
    page = open_form(PAGE)
    fill(page, ANSWERS | {"Company": CANARY})
    expect(page.locator("[data-part=body]")).to_contain_text(CANARY)
    clear(page)
    expect(page.locator("[data-part=body]")).not_to_contain_text(CANARY)
    assert CANARY not in page.content()


@pytest.mark.long
def test_the_review_knows_the_last_company(page: Page) -> None:
    page.goto(PAGE)
    page.locator("email-form").hover()
    page.get_by_label("Company").fill("Contoso Freight")
    press(page, "New email for another company")
    page.get_by_label("Company").fill("Northwind Clinic")
    question(page, "a project or aspect discussed").fill("the way Contoso Freight plans its night shifts")
    finding = page.locator("[data-part=findings]").get_by_role("listitem").filter(has_text="Contoso Freight")
    expect(finding.first).to_be_visible()


@pytest.mark.parametrize(
    "between",
    ["&amp;", *(pytest.param(one, marks=pytest.mark.long) for one in ("&amp;amp;", "&#38;", "&#x26;"))],
)
@pytest.mark.long
def test_a_link_that_was_copied_out_of_a_page_s_source_is_understood(page: Page, between: str) -> None:
    # What is written in percent signs is the answer's own.
    page.goto(PAGE + LINK.replace("Northwind%20Clinic", "AT%26amp;T").replace("&", between))
    expect(page.get_by_role("radio", name="short")).to_be_checked()
    expect(question(page, "Position")).to_have_value("Data Analyst")
    expect(page.get_by_label("Company")).to_have_value("AT&amp;T")


def test_a_link_with_nothing_but_other_forms_answers_says_so(page: Page) -> None:
    page.goto(f"{PAGE}#Organization=Northwind&Role=Nurse")
    expect(page.get_by_text("has answers to questions that this page does not ask")).to_be_visible()
