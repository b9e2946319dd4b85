"""The site on a home screen: what Chromium asks of it, and that it opens there without a network."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.tools.site import START, WHY


@pytest.mark.parametrize("path", [START, WHY, "/404.html"])
def test_chromium_finds_nothing_that_keeps_it_from_being_installed(page: Page, path: str) -> None:
    page.goto(path)
    session = page.context.new_cdp_session(page)
    found = session.send("Page.getAppManifest")
    assert found["errors"] == []
    data = json.loads(found["data"])
    assert data["name"] == "Test Site"
    # Contexts of tests leave no trace, and nothing can be installed from such a window.
    errors = [one["errorId"] for one in session.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert [one for one in errors if one != "in-incognito"] == []


def test_every_page_names_the_manifest_and_its_colors(page: Page) -> None:
    for path in (START, WHY):
        page.goto(path)
        address = page.locator("link[rel=manifest]").evaluate("link => link.href")
        assert page.request.get(address).json()["start_url"] == "./"
        assert page.request.get(page.locator("link[rel=apple-touch-icon]").evaluate("link => link.href")).ok
        media = page.locator("meta[name=theme-color][media]").evaluate_all(
            "all => all.map(({ media }) => media)"
        )
        assert media == ["(prefers-color-scheme: light)", "(prefers-color-scheme: dark)"]


@pytest.mark.long
@pytest.mark.own_context
def test_where_it_starts_opens_without_a_network(page: Page, open_form: Callable[..., Page]) -> None:
    open_form(START)
    page.wait_for_function("() => navigator.serviceWorker.controller")
    start = page.evaluate(
        """async () => {
            const link = document.querySelector("link[rel=manifest]").href;
            return new URL((await (await fetch(link)).json()).start_url, link).href;
        }"""
    )
    page.context.set_offline(True)
    page.goto(start)
    expect(page.locator("email-form")).to_be_visible()
    assert page.evaluate("async () => (await fetch(document.querySelector('link[rel=manifest]').href)).ok")
