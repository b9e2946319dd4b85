"""What a page costs whoever only reads it: bytes, and files that it waits for before anything shows."""

from __future__ import annotations

import gzip
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.tools.site import START, WHY

#: All files of a page that is only read, packed as hosts pack them.
MOST = 100_000

ASKED = "() => [location.href, ...performance.getEntriesByType('resource').map(({ name }) => name)]"


def asked(page: Page, path: str) -> set[str]:
    """Return what a page loads, by its place in the site."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return {urlsplit(name).path.lstrip("/") for name in page.evaluate(ASKED)}


def test_a_page_waits_for_one_style_sheet_of_ours(page: Page) -> None:
    for path in (START, WHY):
        asked(page, path)
        waits = page.evaluate(
            """() => [...document.head.querySelectorAll("link[rel=stylesheet], script[src]:not([type=module], [async], [defer])")]
                .map((one) => one.getAttribute("href") ?? one.getAttribute("src"))"""
        )
        ours = [name for name in waits if "assets/stylesheets/" not in name]
        assert len(waits) == 3, waits  # the theme has two
        assert len(ours) == 1
        assert ours[0].endswith("/kit.css")


def test_a_page_that_is_only_read_is_small(page: Page, site: Path) -> None:
    sizes = {}
    for name in asked(page, WHY):
        path = site / name
        sizes[name] = len(gzip.compress((path / "index.html" if path.is_dir() else path).read_bytes(), mtime=0))
    assert sum(sizes.values()) <= MOST, sorted(sizes.items(), key=lambda one: -one[1])


@pytest.mark.long
def test_the_form_s_scripts_come_with_the_first_form(page: Page) -> None:
    before = asked(page, WHY)
    assert not [name for name in before if "email-form" in name or name.endswith("/visit.mjs")]
    page.evaluate("window.stillHere = true")
    page.locator(".md-tabs").get_by_role("link", name="Start").click()
    page.get_by_label("Company").fill("Northwind Clinic")
    expect(page.locator("email-form[data-state=ready]")).to_be_visible()
    expect(page.locator("[data-part=body]")).to_contain_text("Northwind Clinic")
    assert page.evaluate("window.stillHere")
