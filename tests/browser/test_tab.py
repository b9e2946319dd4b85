"""What is typed stays with its tab, for a day: on the built site, in a real browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ANSWERS, fill, names, people, question
from tests.browser.test_memory import (
    KEPT,
    NOTHING,
    PAGE,
    box,
    choice,
    clear,
    kept,
    press,
    stores,
    values,
    wait_for_store,
)
from tests.tools.host import Host
from tests.tools.site import ASK, PANEL, PRIVACY

#: Makes what the tab keeps look older, by a number of minutes.
AGE = """minutes => {
    const [key, text] = Object.entries(sessionStorage).find(([key]) => /^follow-up-kit [^ ]*$/.test(key));
    const kept = JSON.parse(text);
    kept.saved -= minutes * 60_000;
    sessionStorage.setItem(key, JSON.stringify(kept));
}"""

#: Calls a function of the module that keeps what is typed.
VISIT = """async name => {
    const { src } = document.querySelector('script[src*="/kit-memory.mjs"]');
    return (await import(new URL("../visit.mjs", src)))[name]();
}"""

BLOCKED = """for (const name of NAMES) Object.defineProperty(window, name, {
    get() { throw new DOMException("The operation is insecure.", "SecurityError"); },
});"""

#: A storage that has no space for what the kit writes.
FULL = """const setItem = Storage.prototype.setItem;
Storage.prototype.setItem = function (key, value) {
    if (this === sessionStorage && key.startsWith("follow-up-kit")) {
        throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    }
    setItem.call(this, key, value);
};"""


def wait_until_kept(page: Page, text: str) -> None:
    page.wait_for_function(f"text => ({KEPT})?.includes(text)", arg=text)


def test_a_reload_keeps_all_that_was_typed(page: Page) -> None:
    page.goto(PANEL)
    question(page, "Interviewer's Name").fill("Jordan Lee")
    press(page, "Add")
    question(page, "Interviewer's Name").fill("Kim Park")
    page.locator("[data-part=address]").fill("kim@example.org")
    page.locator("send-plan summary").click()
    page.locator("send-plan").get_by_label("Interview date").fill("2026-11-02")
    page.get_by_label("Company").fill("Northwind Clinic")
    page.reload()  # at once: leaving writes what is not written yet
    expect(people(page)).to_have_count(2)
    assert names(page) == ["Jordan Lee", "Kim Park"]
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")
    expect(page.locator("[data-part=address]")).to_have_value("")
    page.get_by_role("button", name="Kim Park: show this email").click()
    expect(page.locator("[data-part=address]")).to_have_value("kim@example.org")
    page.get_by_role("button", name="Jordan Lee: show this email").click()
    expect(page.locator("[data-part=body]")).to_contain_text("Jordan Lee")
    page.locator("send-plan summary").click()
    expect(page.locator("send-plan").get_by_label("Interview date")).to_have_value("2026-11-02")
    expect(box(page)).not_to_be_checked()
    assert stores(page) == NOTHING  # nothing but the tab's own


@pytest.mark.long
def test_the_wording_that_was_chosen_stays_when_the_page_is_opened_anew(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_role("radio", name="warm").check(force=True)
    page.goto(PRIVACY)
    page.goto(PAGE)
    expect(page.get_by_role("radio", name="warm")).to_be_checked()
    page.goto("about:blank")
    page.goto(f"{PAGE}#email=short&Company=Contoso")  # what a link names comes first
    expect(page.get_by_role("radio", name="short")).to_be_checked()


@pytest.mark.long
def test_companies_of_earlier_emails_survive_a_reload(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_label("Company").fill("Contoso Freight")
    press(page, "New email for another company")
    page.reload()
    assert page.evaluate(VISIT, "earlier") == {"Company": ["Contoso Freight"]}


def test_a_new_tab_starts_empty(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_label("Company").fill("Northwind Clinic")
    wait_until_kept(page, "Northwind Clinic")
    opened = page.context.new_page()
    opened.goto(PAGE)
    assert not any(values(opened))
    with page.context.expect_page() as found:  # opened out of this one
        page.get_by_role("link", name="Write", exact=True).first.click(modifiers=["ControlOrMeta"])
    expect(found.value.get_by_role("heading", name="Which email is it")).to_be_visible()
    assert not any(values(found.value))
    # And with its own words it is no other tab's business.
    found.value.get_by_label("Company").fill("Contoso")
    found.value.close()
    page.reload()
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")
    expect(choice(page)).to_have_count(0)


def test_back_and_forward_keep_what_is_typed(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_label("Company").fill("Northwind Clinic")
    page.goto(ASK)
    page.get_by_label("Your Name").fill("Amara Obi")
    page.go_back()
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")
    expect(page.get_by_label("Your Name")).to_have_value("Amara Obi")
    page.go_forward()
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")
    expect(page.get_by_label("Your Name")).to_have_value("Amara Obi")
    page.get_by_label("Your Name").fill("")
    page.go_back()
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")
    expect(page.get_by_label("Your Name")).to_have_value("")


@pytest.mark.parametrize("cleared", [False, True], ids=["changed", "cleared"])
def test_a_page_that_the_browser_kept_whole_takes_in_what_later_pages_did(page: Page, cleared: bool) -> None:
    page.goto(PAGE)
    page.get_by_label("Company").fill("Northwind Clinic")
    wait_until_kept(page, "Northwind Clinic")
    # What another page of this tab writes while this one is away.
    page.evaluate(
        """cleared => {
            const [key, text] = Object.entries(sessionStorage).find(([key]) => /^follow-up-kit [^ ]*$/.test(key));
            if (cleared) sessionStorage.removeItem(key);
            else sessionStorage.setItem(key, text.replace("Northwind Clinic", "Contoso"));
            window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
        }""",
        cleared,
    )
    expect(page.get_by_label("Company")).to_have_value("" if cleared else "Contoso")
    assert any(values(page)) is not cleared


@pytest.mark.long
def test_a_dropped_tab_comes_back_with_what_was_typed(page: Page) -> None:
    """A phone that is short of memory ends a tab's process, and nothing in the page hears of it."""
    page.add_init_script(
        """for (const kind of ["pagehide", "visibilitychange", "beforeunload", "freeze"]) {
            for (const target of [window, document]) {
                target.addEventListener(kind, (event) => event.stopImmediatePropagation(), { capture: true });
            }
        }"""
    )
    page.goto(PAGE)
    fill(page, ANSWERS)
    wait_until_kept(page, ANSWERS["Your Name"])
    page.reload()
    expect(page.locator("[data-part=body]")).to_contain_text(ANSWERS["Your Name"])
    for name, answer in ANSWERS.items():
        expect(question(page, name)).to_have_value(answer)


@pytest.mark.allow_errors
@pytest.mark.long
def test_a_new_build_reads_what_the_old_one_kept(page: Page, host: Host, builds: tuple[Path, Path]) -> None:
    page.goto(f"{host.address}/")
    page.get_by_label("Company").first.fill("Northwind Clinic")
    wait_until_kept(page, "Northwind Clinic")
    host.deploy(builds[1])
    page.reload()
    expect(page.get_by_text("of the second build").first).to_be_visible()
    expect(page.get_by_label("Company").first).to_have_value("Northwind Clinic")


@pytest.mark.parametrize(("minutes", "there"), [(24 * 60 - 5, True), (24 * 60 + 5, False)])
@pytest.mark.long
def test_what_is_over_a_day_old_is_ignored(page: Page, minutes: int, there: bool) -> None:
    page.goto(PAGE)
    page.get_by_label("Company").fill("Northwind Clinic")
    wait_until_kept(page, "Northwind Clinic")
    page.goto(PRIVACY)  # nothing of ours writes while it is made older
    page.evaluate(AGE, minutes)
    page.goto(PAGE)
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic" if there else "")
    assert ("Northwind Clinic" in (kept(page) or "")) is there


@pytest.mark.long
def test_clearing_takes_it_away_and_undoing_brings_it_back(page: Page) -> None:
    page.goto(PAGE)
    fill(page, ANSWERS)
    page.get_by_role("radio", name="warm").check(force=True)
    wait_until_kept(page, "Amara Obi")
    clear(page)
    assert kept(page) is None
    press(page, "Undo")
    wait_until_kept(page, "Amara Obi")
    page.reload()
    expect(page.get_by_label("Company")).to_have_value(ANSWERS["Company"])
    clear(page)
    page.reload()
    assert kept(page) is None
    assert not any(values(page))


@pytest.mark.allow_errors  # the theme itself does not expect it
@pytest.mark.parametrize(
    "names",
    [pytest.param(["sessionStorage"], marks=pytest.mark.long), ["localStorage", "sessionStorage"]],
)
def test_blocked_storage_leaves_the_form_as_it_was(page: Page, names: list[str]) -> None:
    page.add_init_script(BLOCKED.replace("NAMES", json.dumps(names)))
    ours: list[str] = []
    page.on("pageerror", lambda error: ours.extend(re.findall("/assets/kit/.*", error.stack or "")))
    page.goto(PAGE)
    assert page.evaluate(VISIT, "keepNow")  # there is nothing yet to lose
    fill(page, {"Company": "Northwind Clinic", "Your Name": "Amara Obi"})
    expect(page.locator("[data-part=body]")).to_contain_text("Amara Obi")
    assert not page.evaluate(VISIT, "keepNow")
    clear(page)
    press(page, "Undo")
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")
    assert not ours
    if "localStorage" not in names:
        # One that fails does not switch the other off.
        assert not page.locator("[data-part=reason]").first.text_content()
        box(page).check()
        assert page.evaluate("Object.values(localStorage).some(text => text.includes('Northwind Clinic'))")
        page.reload()
        expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")


@pytest.mark.allow_errors
@pytest.mark.long
def test_a_device_that_may_not_remember_still_keeps_what_is_typed_in_the_tab(page: Page) -> None:
    page.add_init_script(BLOCKED.replace("NAMES", '["localStorage"]'))
    page.goto(PAGE)
    page.get_by_label("Company").fill("Northwind Clinic")
    page.reload()
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")


@pytest.mark.long
def test_full_storage_says_nothing_and_is_told_to_whoever_asks(page: Page) -> None:
    page.add_init_script(FULL)
    page.goto(PAGE)
    fill(page, {"Company": "Northwind Clinic", "Your Name": "Amara Obi"})
    expect(page.locator("[data-part=body]")).to_contain_text("Amara Obi")
    assert not page.evaluate(VISIT, "keepNow")
    assert kept(page) is None
    assert not page.locator("[data-part=reason]").first.text_content()


def test_what_is_kept_at_once_is_there_after_a_reload(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_label("Company").fill("Northwind Clinic")
    assert page.evaluate(VISIT, "keepNow")
    assert "Northwind Clinic" in (kept(page) or "")


@pytest.mark.long
def test_the_tab_s_own_words_are_newer_than_what_another_tab_remembered(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_label("Company").fill("Mine")
    other = page.context.new_page()
    other.goto(PAGE)
    other.get_by_label("Company").fill("Theirs")
    box(other).check()
    page.reload()
    expect(page.get_by_label("Company")).to_have_value("Mine")
    expect(choice(page)).to_be_visible()
    press(page, "Keep mine")
    page.reload()
    expect(page.get_by_label("Company")).to_have_value("Mine")
    expect(choice(page)).to_have_count(0)  # asked and answered
    assert "Theirs" in stores(page)


@pytest.mark.long
def test_a_tab_that_was_dropped_before_it_wrote_to_the_device_is_not_asked(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_label("Company").fill("Northwind Clinic")
    box(page).check()
    page.evaluate(
        """() => {
            const [key, text] = Object.entries(sessionStorage).find(([key]) => /^follow-up-kit [^ ]*$/.test(key));
            sessionStorage.setItem(key, text.replace("Northwind Clinic", "Contoso"));
        }"""
    )
    page.reload()
    expect(page.get_by_label("Company")).to_have_value("Contoso")
    expect(choice(page)).to_have_count(0)
    expect(box(page)).to_be_checked()
    wait_for_store(page, "Contoso")


# ---- what is read from storage was written by anybody ----


@pytest.mark.parametrize(
    "count",
    [
        "1000000000",
        *(pytest.param(one, marks=pytest.mark.long) for one in ("NaN", "-3", "Infinity", "2.5", "1e999", "")),
    ],
)
def test_a_remembered_number_of_people_is_no_more_than_a_panel(page: Page, count: str) -> None:
    """Another site of the same host can write into our place."""
    page.goto(PANEL)
    page.get_by_label("Company").fill("Northwind Clinic")
    box(page).check()
    page.goto(PRIVACY)
    page.evaluate(
        """count => {
            const [key, text] = Object.entries(localStorage).find(([key]) => key.startsWith("follow-up-kit"));
            const saved = JSON.parse(text);
            saved.entries.push({ key: "#people", value: count, group: "", link: false });
            sessionStorage.clear();
            localStorage.setItem(key, JSON.stringify(saved));
        }""",
        count,
    )
    page.goto(PANEL)
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")
    expect(people(page)).to_have_count({"1000000000": 20, "Infinity": 20, "1e999": 20, "2.5": 2}.get(count, 1))


@pytest.mark.long
def test_no_more_people_can_be_added_than_are_kept(page: Page) -> None:
    page.goto(PANEL)
    add = page.get_by_role("button", name="Add a person")
    for _ in range(19):
        add.click()
    expect(add).to_be_disabled()
    page.reload()
    expect(people(page)).to_have_count(20)


@pytest.mark.parametrize("store", ["localStorage", pytest.param("sessionStorage", marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "entries",
    [
        """Array.from({ length: 100_000 }, (_, index) => ({ key: `k${index}`, value: "", group: "", link: false }))""",
        *(
            pytest.param(one, marks=pytest.mark.long)
            for one in (
                """[{ key: "Company", value: "x".repeat(2_000_000), group: "", link: false }]""",
                """{ length: 1, every: 1 }""",
                """[{ key: "Company", value: { toString: 1 }, group: "", link: false }]""",
                """[null]""",
            )
        ),
    ],
    ids=["many", "long", "no list", "no text", "null"],
)
def test_what_is_too_large_or_odd_is_nothing(page: Page, store: str, entries: str) -> None:
    page.goto(PRIVACY)
    page.evaluate(
        f"""() => {{
            const saved = {{ version: 1, saved: Date.now(), entries: {entries} }};
            {store}.setItem("follow-up-kit /", JSON.stringify(saved));
        }}"""
    )
    page.goto(PAGE)
    page.get_by_label("Company").fill("Northwind Clinic")
    expect(page.locator("[data-part=body]")).to_contain_text("Northwind Clinic")
    expect(box(page)).not_to_be_checked()
    wait_until_kept(page, "Northwind Clinic")
    assert stores(page) == NOTHING
