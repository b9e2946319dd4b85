"""A script of the form that is missing, changed or shut out: the page says so, and nothing on it is dead."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Watch
from tests.tools.site import GUIDE, THANKS, say

#: The scripts that an email's form is made of: its own, which holds those of its folder, and what that imports.
SCRIPTS = (
    "email-form",
    "build",
    "client",
    "dom",
    "handoff",
    "host",
    "sealed",
    "storage",
    "supervisor",
    "visit",
)
WORDS = "The form could not start, because a part of this page did not arrive."
DEAD = "button, select, input[type=radio], a[role=button]"


def missing(route: Route) -> None:
    route.fulfill(status=404, body="no", content_type="text/plain")


def page_instead(route: Route) -> None:
    route.fulfill(status=200, body="<h1>Blocked by your network</h1>", content_type="text/html")


def half(route: Route) -> None:
    response = route.fetch()
    route.fulfill(response=response, body=response.body()[: len(response.body()) // 2])


def changed(route: Route) -> None:
    response = route.fetch()
    route.fulfill(response=response, body=response.body() + b"\nwindow.ran = true;\n")


def script(name: str) -> re.Pattern[str]:
    return re.compile(rf"/assets/kit/\w+/(?:[\w-]+/)?{name}\.mjs$")


def assert_it_says_so(page: Page) -> None:
    """Words above the questions, and nothing that can be pressed in vain."""
    form = page.locator("email-form").first
    said = form.get_by_role("alert").filter(has_text=WORDS)
    expect(said).to_be_visible()
    above, below = said.bounding_box(), form.locator(".ef-field[data-key]:visible").first.bounding_box()
    assert above
    assert below
    assert above["y"] < below["y"]
    pressable = [one for one in form.locator(DEAD).all() if one.is_visible()]
    assert [one.text_content() for one in pressable] == ["Try again"]
    expect(form.locator(".ef-by-hand")).to_be_visible()


def test_all_scripts_are_tried(site: Path) -> None:
    scripts = {path.stem: path.read_text(encoding="utf-8") for path in site.glob("assets/kit/**/*.mjs")}
    text = "".join(scripts[name] for name in SCRIPTS)
    assert set(re.findall(r'^import .* from "[./\w-]*?([\w-]+)\.mjs";$', text, re.MULTILINE)) <= {*SCRIPTS}


@pytest.mark.allow_errors
@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in ("email-form",) else pytest.mark.long) for name in SCRIPTS],
)
def test_a_missing_script_is_told(page: Page, name: str) -> None:
    page.route(script(name), missing)
    page.goto(THANKS)
    assert_it_says_so(page)
    field = page.get_by_label("Company")
    field.fill("Northwind Clinic")
    expect(field).to_have_value("Northwind Clinic")
    # The cause is gone.
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")
    page.locator("email-form").hover()
    expect(page.locator("email-form[data-state=ready]")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_be_hidden()
    expect(page.get_by_role("button", name=say("copy_email"))).to_be_visible()


@pytest.mark.allow_errors
@pytest.mark.parametrize(
    "fault", [page_instead, *(pytest.param(one, marks=pytest.mark.long) for one in (half, changed))]
)
def test_a_script_that_is_not_ours_does_not_run_and_is_told(page: Page, fault: Callable[[Route], None]) -> None:
    page.route(script("visit"), fault)
    page.goto(THANKS)
    assert_it_says_so(page)
    assert page.evaluate("window.ran") is None


@pytest.mark.allow_errors
@pytest.mark.long
def test_without_the_scripts_beside_it_the_form_works(page: Page) -> None:
    for name in ("send-plan", "kit-memory", "prefill", "proofreader", "theme"):
        page.route(script(name), missing)
    page.goto(THANKS)
    page.get_by_label("Company").fill("Northwind Clinic")
    expect(page.locator("email-form[data-state=ready]")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_be_hidden()
    expect(page.get_by_role("button", name=say("clear_all"))).to_be_hidden()
    page.get_by_text("When to send it, and when to ask again").click()
    expect(page.locator("send-plan")).to_contain_text("The rule:")
    assert not [one for one in page.locator(f"send-plan :is({DEAD})").all() if one.is_visible()]


@pytest.mark.allow_errors
@pytest.mark.long
def test_a_page_opened_as_a_file_says_why(page: Page, site: Path, watch: Watch) -> None:
    watch.own.append("file:")
    page.goto((site / "emails" / "thank-you" / "index.html").as_uri())
    assert_it_says_so(page)
    expect(page.get_by_text("You opened this page as a file.")).to_be_visible()


@pytest.mark.allow_errors
@pytest.mark.long
def test_a_page_that_navigation_brings_says_so_too(page: Page) -> None:
    page.route(script("email-form"), missing)
    page.goto(GUIDE)
    page.evaluate("window.stillHere = true")
    page.locator(".md-tabs").get_by_role("link", name="Write").click()
    assert_it_says_so(page)
    assert page.evaluate("window.stillHere")


@pytest.mark.allow_errors
@pytest.mark.long
def test_a_late_script_is_welcome(page: Page) -> None:
    late: list[Route] = []
    page.clock.install()
    page.route(script("email-form"), lambda route: late.append(route))
    page.goto(THANKS, wait_until="commit")
    page.locator(".ef-field[data-key]").first.wait_for()
    while not late:
        page.wait_for_timeout(50)
    page.clock.run_for(11_000)
    assert_it_says_so(page)
    page.get_by_label("Company").fill("Northwind Clinic")
    late[0].continue_()
    expect(page.get_by_text(WORDS)).to_be_hidden()
    expect(page.get_by_role("button", name=say("copy_email"))).to_be_visible()
    expect(page.locator("[data-part=body]").first).to_contain_text("Northwind Clinic")
