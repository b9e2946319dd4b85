"""axe-core on every page of the site, light and dark, on a small phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Scheme, browser_type_launch_args, set_screen
from tests.browser.test_accessibility import violations
from tests.tools.serve import serving

# The same browser as everywhere.
__all__ = ["browser_type_launch_args"]

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def address(content_site: Path) -> Iterator[str]:
    """Where the site is served, below the folder that it was built for."""
    with serving(content_site, under="/kit") as root:
        yield root


def pages(site: Path) -> list[str]:
    """Return the place of every page, but those that lead on at once."""
    found = [
        path for path in sorted(site.rglob("*.html")) if "kit-moved" not in path.read_text(encoding="utf-8")
    ]
    return [path.relative_to(site).as_posix().removesuffix("index.html") for path in found]


@pytest.fixture
def window(browser: Browser) -> Iterator[Page]:
    """A window of its own: what is served here is not the site of the other tests."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_has_a_violation(
    window: Page, address: str, content_site: Path, scheme: Scheme, width: int
) -> None:
    set_screen(window, scheme, (width, 800))
    found: dict[str, list[str]] = {}
    for path in pages(content_site):
        window.goto(f"{address}/{path}")
        for one in window.locator(".kit-chooser summary").all()[:1]:
            one.click()
        found[path] = violations(window)
        if window.evaluate("document.documentElement.scrollWidth") > width:
            found[path].append("it scrolls sideways")
    assert len(found) > 5
    assert {path: one for path, one in found.items() if one} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_menu_and_search_have_no_violation(
    window: Page, address: str, content_site: Path, scheme: Scheme, width: int
) -> None:
    set_screen(window, scheme, (width, 800))
    first = next(path for path in pages(content_site) if path.count("/") > 1)
    window.goto(f"{address}/{first}")
    menu = window.locator(".kit-menu")
    if menu.is_visible():
        menu.click()
        assert violations(window) == []
        window.keyboard.press("Escape")
    window.keyboard.press("/")
    window.locator(".md-search__input").fill("interview")
    window.locator(".md-search-result__item").first.wait_for()
    assert violations(window) == []
