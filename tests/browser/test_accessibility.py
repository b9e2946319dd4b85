"""axe-core on each kind of page: desk and phone, light and dark, in every state of the form."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ANSWERS, Scheme, each_screen, fill, people, question, set_screen
from tests.tools.site import ALL, LIST, PANEL, PRIVACY, ROOT, START, THANKS, WHY, say

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
PAGES = (START, ALL, LIST, WHY, PRIVACY, "/404.html", THANKS)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Return what axe-core finds: rule, and the elements that break it."""
    page.evaluate(AXE)
    # What happens to lie half under the header can be scrolled out from there, and is no smaller for it.
    # And what fades is judged when it is there.
    page.evaluate(
        """async () => {
            scrollTo({ top: 0, behavior: "instant" });
            for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
            await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})));
        }"""
    )
    options = json.dumps({"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]})
    found: list[dict[str, Any]] = page.evaluate(
        f"axe.run(document, {options}).then(result => result.violations)"
    )
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]


@each_screen
def test_no_violation(page: Page, scheme: Scheme, size: tuple[int, int]) -> None:
    set_screen(page, scheme, size)
    found: dict[str, list[str]] = {}
    for path in PAGES:
        page.goto(path)
        found[path] = violations(page)
    # The last one has a form.
    page.locator("email-form").hover()
    expect(page.locator("email-form")).to_have_attribute("data-state", "ready")
    page.get_by_role("button", name=say("copy_email")).click()
    expect(page.get_by_role("alert").filter(has_text="brackets")).to_be_visible()
    found["missing words"] = violations(page)
    fill(page, ANSWERS)
    page.get_by_role("button", name=say("copy_email")).click()
    expect(page.get_by_role("status").filter(has_text="copied")).to_be_visible()
    found["copied"] = violations(page)
    assert not {path: one for path, one in found.items() if one}


@pytest.mark.allow_errors
@pytest.mark.long
def test_no_violation_when_the_engine_fails(page: Page) -> None:
    page.context.route(re.compile(r"/wasm\.\w+\.bin$"), lambda route: route.fulfill(status=404))
    page.goto(THANKS)
    page.locator("email-form").hover()
    expect(page.locator("email-form")).to_have_attribute("data-state", "failed")
    assert violations(page) == []


def test_nothing_scrolls_sideways_at_320_pixels(page: Page) -> None:
    """WCAG 2.2, 1.4.10."""
    page.set_viewport_size({"width": 320, "height": 640})
    widths: dict[str, int] = {}
    for path in PAGES:
        page.goto(path)
        widths[path] = page.evaluate(
            """() => {
                for (const element of document.querySelectorAll("details")) element.open = true;
                return document.documentElement.scrollWidth;
            }"""
        )
    assert not {path: width for path, width in widths.items() if width > 320}


def test_targets_are_large_enough(page: Page) -> None:
    """WCAG 2.2, 2.5.8: at least 24 by 24 CSS pixels."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(THANKS)
    small = page.locator(
        "email-form :is(button, input, textarea, select, .ef-wordings label):visible"
    ).evaluate_all(
        """elements => elements
            .map(element => [element.outerHTML.slice(0, 80), element.getBoundingClientRect()])
            .filter(([, box]) => box.width < 24 || box.height < 24)
            .map(([html]) => html)"""
    )
    assert small == []


def test_the_header_hides_no_focused_field(page: Page) -> None:
    """WCAG 2.2, 2.4.11: what has the focus is in view."""
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto(START)
    page.get_by_label("Your Name").focus()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        hidden = page.evaluate(
            """() => {
                const element = document.activeElement;
                const box = element.getBoundingClientRect();
                const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 10));
                const inForm = element.closest("email-form");
                return inForm && !(top && (element.contains(top) || top.contains(element)))
                    ? element.outerHTML.slice(0, 120) : null;
            }"""
        )
        assert hidden is None


def test_the_preview_is_not_read_out_while_typing(page: Page) -> None:
    """WCAG 2.2, 4.1.3: status messages are said, the preview is not."""
    page.goto(START)
    region = page.get_by_role("region", name="Your email")
    live = region.locator("[aria-live], [role=status], [role=alert], [role=log]")
    assert live.locator("[data-part=body], [data-part=subject]").count() == 0


def test_forced_colors_keep_the_chips_and_fields_visible(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(START)
    for selector in (".ef-missing", ".ef-field input"):
        width = page.locator(f"email-form {selector}").first.evaluate("e => getComputedStyle(e).borderTopWidth")
        assert width != "0px"


#: What the emails of a panel ask for.
PANEL_ASKS = ANSWERS.keys() - {"the specific field"}

LONG = "Donaudampfschifffahrtsgesellschaft" * 6


@pytest.mark.parametrize("width", [320, pytest.param(390, marks=pytest.mark.long)])
def test_a_word_of_two_hundred_characters_makes_nothing_wider(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(PANEL)
    page.locator("email-form").hover()
    expect(page.locator("email-form")).to_have_attribute("data-state", "ready")
    for label in (
        "a project or aspect discussed",
        "Company",
        "Your Name",
        "Position",
        "relevant skills or experience",
    ):
        question(page, label).fill(LONG)
    question(page, "Interviewer's Name").fill(LONG.lower())
    page.get_by_role("button", name="Add a person").click()
    question(page, "Interviewer's Name").fill(f"Hi {LONG}")
    question(page, "a project or aspect discussed").fill(f"{LONG} and i and {LONG} **{LONG}** {LONG}")
    expect(page.get_by_role("button", name="Change to")).not_to_have_count(0)
    page.get_by_label("Their email address").fill(f"{LONG}@example.org")
    page.get_by_role("button", name="Download all").click()
    expect(page.get_by_role("alert").filter(has_text=LONG[:40])).to_be_visible()
    wide = page.evaluate(
        """() => [...document.querySelectorAll("email-form *")]
            .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest("[hidden]"))
            .map((one) => one.className || one.tagName)"""
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not wide


@pytest.mark.parametrize("width", [390, 1000])
def test_no_stop_of_the_tab_key_is_out_of_sight(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(WHY)
    unseen = []
    for _ in range(25):
        page.keyboard.press("Tab")
        where = page.evaluate(
            """() => {
                // What a switch of colors looks like is its label.
                const one = document.activeElement.matches(".md-option") ? document.activeElement.nextElementSibling : document.activeElement;
                const { left, right, top, bottom } = one.getBoundingClientRect();
                return { seen: right > 0 && left < innerWidth && bottom > 0 && top < innerHeight, name: one.className };
            }"""
        )
        if not where["seen"]:
            unseen.append(where["name"])
    assert not unseen
    # The menu opens by key as well as by touch, and closes with Escape.
    button = page.get_by_role("button", name="Navigation").first
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    link = page.locator(".md-sidebar--primary").get_by_role("link", name="Privacy").first
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.parametrize(
    ("scheme", "width"),
    [("light", 320), *(pytest.param(*one, marks=pytest.mark.long) for one in (("dark", 390), ("light", 1280)))],
)
def test_a_panel_of_three_is_for_everybody(page: Page, scheme: Scheme, width: int) -> None:
    set_screen(page, scheme, (width, 664))
    page.goto(PANEL)
    page.locator("email-form").hover()
    expect(page.locator("email-form")).to_have_attribute("data-state", "ready")
    fill(page, {key: ANSWERS[key] for key in PANEL_ASKS})
    found = {"one": violations(page)}
    for name in ("Mr. Park", LONG.lower()):
        page.get_by_role("button", name="Add a person").click()
        fill(page, {key: ANSWERS[key] for key in PANEL_ASKS} | {"Interviewer's Name": name})
    expect(page.locator("[data-part=alike] details").first).to_be_visible()
    page.locator("[data-part=alike] summary").first.click()
    page.get_by_role("button", name="Mr. Park: show this email").click()
    copy_or_send = page.get_by_role("group", name=say("people")).locator("a, button").filter(visible=True)
    small = copy_or_send.evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).filter(box => box.width < 44 || box.height < 44).length"
    )
    assert small == 0
    page.get_by_role("button", name=say("copy_email")).click()
    page.get_by_role("button", name=say("copy_email")).click()
    expect(page.locator("[data-part=next-ways] a")).to_be_visible()
    expect(people(page).nth(1)).to_contain_text("Handed over")
    found["three"] = violations(page)
    page.get_by_role("button", name="Remove Mr. Park").click()
    found["removed"] = violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not {state: one for state, one in found.items() if one}
