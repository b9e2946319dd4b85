"""axe-core on each kind of page: desk and phone, light and dark, in every state of the form."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ANSWERS, Scheme, each_screen, fill, set_screen
from tests.conftest import ROOT

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
PAGES = (
    "/",
    "/write/",
    "/emails/",
    "/guide/evidence/",
    "/fork/how-it-is-built/",
    "/404.html",
    "/emails/thank-you/",
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Return what axe-core finds: rule, and the elements that break it."""
    page.evaluate(AXE)
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
    page.get_by_role("button", name="Copy email").click()
    expect(page.get_by_role("alert").filter(has_text="brackets")).to_be_visible()
    found["missing words"] = violations(page)
    fill(page, ANSWERS)
    page.get_by_role("button", name="Copy email").click()
    expect(page.get_by_role("status").filter(has_text="copied")).to_be_visible()
    found["copied"] = violations(page)
    assert not {path: one for path, one in found.items() if one}


@pytest.mark.allow_errors
def test_no_violation_when_the_engine_fails(page: Page) -> None:
    page.context.route(re.compile(r"/wasm\.\w+\.bin$"), lambda route: route.fulfill(status=404))
    page.goto("/emails/thank-you/")
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
    page.goto("/emails/thank-you/")
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
    page.goto("/")
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
    page.goto("/")
    region = page.get_by_role("region", name="Your email")
    live = region.locator("[aria-live], [role=status], [role=alert], [role=log]")
    assert live.locator("[data-part=body], [data-part=subject]").count() == 0


def test_forced_colors_keep_the_chips_and_fields_visible(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto("/")
    for selector in (".ef-missing", ".ef-field input"):
        width = page.locator(f"email-form {selector}").first.evaluate("e => getComputedStyle(e).borderTopWidth")
        assert width != "0px"
