"""Three programs can build the site. What they build works alike, in the browser too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ANSWERS, Scheme, Watch, compiled_again, email, fill, set_screen
from tests.browser.test_accessibility import violations
from tests.conftest import once
from tests.tools.builders import BUILDERS, build_with, copy_site, install_builders, leave_out_and_rename
from tests.tools.serve import serving
from tests.tools.site import GUIDE, LIST, OLD, PANEL, START, THANKS, WHY, say

pytestmark = [pytest.mark.long, pytest.mark.own_context]


@pytest.fixture(scope="session")
def python(shared: dict[str, str]) -> Path:
    """The Python of an environment with all builders in it."""
    return once(Path(shared["folder"]) / "builders", install_builders) / "bin" / "python"


@pytest.fixture(scope="module", params=BUILDERS)
def built(
    request: pytest.FixtureRequest, python: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The address and the folder of the test site, as a builder builds it."""
    folder = tmp_path_factory.mktemp(request.param)
    with serving(folder / "site") as address:  # instant navigation needs the address
        build_with(request.param, python, copy_site(folder), f"{address}/")
        yield address, folder / "site"


@pytest.fixture
def address(built: tuple[str, Path], watch: Watch) -> str:
    watch.own.append(f"{built[0]}/")
    return built[0]


def ready(page: Page) -> None:
    page.locator("email-form").first.hover()
    page.locator("email-form[data-state=ready]").first.wait_for()


@pytest.mark.parametrize("path", [START, THANKS])
def test_the_form_fills_the_email(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    ready(page)
    fill(page, ANSWERS)
    expect(page.locator("[data-part=body]").first).to_contain_text(ANSWERS["Interviewer's Name"])
    subject, body = email(page)
    assert ANSWERS["Position"] in subject
    assert ANSWERS["a project or aspect discussed"] in body
    assert "[" not in subject + body


def test_the_list_of_emails_leads_to_a_form_without_a_new_page(page: Page, address: str) -> None:
    page.goto(address + LIST)
    page.evaluate("window.stillHere = true")
    page.get_by_role("article").get_by_role("listitem").get_by_role("link").first.click()
    ready(page)
    assert page.evaluate("window.stillHere"), "the link loaded a whole page"


def test_a_page_to_read_loads_nothing_of_the_forms(page: Page, address: str, watch: Watch) -> None:
    page.goto(address + WHY)
    page.wait_for_load_state("networkidle")
    assert page.locator("head script[type=importmap]").count() == 1
    assert not [url for url in watch.requests if re.search("/engine/|email-form", url)]


@pytest.mark.allow_errors  # the browser says what the policy refuses
@pytest.mark.parametrize("path", [START, THANKS, GUIDE, "/404.html"])
def test_the_policy_is_in_force(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    refused = page.evaluate(
        """() => new Promise((resolve) => {
            document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.head.append(script);
            setTimeout(() => resolve("nothing"), 5000);
        })"""
    )
    assert refused == "script-src-elem"
    assert page.evaluate("window.ran") is None


@pytest.mark.allow_errors
def test_the_forms_work_without_a_network(page: Page, address: str) -> None:
    page.goto(address + THANKS)
    ready(page)
    compiled_again(page)
    page.context.set_offline(True)
    page.goto(address + PANEL)
    ready(page)
    page.goto(f"{address}/nowhere/")
    expect(page.get_by_role("heading", level=1)).to_have_text(say("offline_title"))


def test_the_search_finds_a_page(page: Page, address: str) -> None:
    page.goto(address + GUIDE)
    box = page.get_by_role("textbox", name="Search")
    if not box.is_visible():  # Zensical opens a dialog
        page.locator(".md-search__button").click()
        box = page.get_by_role("combobox", name="Search")
    box.fill("panel")
    expect(page.locator('a[href*="emails/panel/"]').locator("visible=true").first).to_be_visible()


@pytest.mark.parametrize(("path", "kind"), [(START, "WebSite"), (WHY, "Article")])
def test_structured_data_is_there(page: Page, address: str, path: str, kind: str) -> None:
    page.goto(address + path)
    data: dict[str, Any] = json.loads(page.locator('script[type="application/ld+json"]').text_content() or "")
    assert data["@type"] == kind
    assert data["url"] == address + path
    assert page.locator('meta[property="og:title"]').get_attribute("content")
    assert page.locator("link[rel=manifest]").count() == 1


@pytest.mark.parametrize(("scheme", "size"), [("light", (1280, 900)), ("dark", (390, 844))])
def test_no_page_is_harder_to_use(page: Page, address: str, scheme: Scheme, size: tuple[int, int]) -> None:
    set_screen(page, scheme, size)
    for path in (START, LIST, WHY, "/404.html"):
        page.goto(address + path)
        assert violations(page) == []


def test_who_comes_to_an_old_address_is_led_on(page: Page, address: str) -> None:
    page.goto(f"{address}{OLD}#email=panel")
    page.wait_for_url(f"{address}{PANEL}**")


def test_a_page_that_is_not_there_says_where_to_go(page: Page, address: str) -> None:
    page.goto(f"{address}/404.html")
    expect(page.get_by_role("heading", level=1)).to_have_text(say("lost_title"))
    page.get_by_role("article").get_by_role("link").first.click()
    ready(page)


def test_the_site_says_who_made_what_it_is_built_with(built: tuple[str, Path]) -> None:
    text = (built[1] / "LICENSES.txt").read_text(encoding="utf-8")
    maker = re.search('name="generator" content="([^"]*)"', (built[1] / "index.html").read_text("utf-8"))
    assert maker
    named = "Zensical 0" if "zensical" in maker[1] else "Material for MkDocs 9"
    assert f"== {named}" in text


@pytest.mark.parametrize("builder", BUILDERS)
def test_what_a_site_leaves_out_or_renames_is_so_for_every_builder(
    builder: str, python: Path, tmp_path: Path
) -> None:
    leave_out_and_rename(copy_site(tmp_path))
    build_with(builder, python, tmp_path, "https://kit.example/site/")
    site = tmp_path / "site"
    for name in ("emails/check-in", "guide/why"):
        assert not (site / name).exists()
        assert name not in (site / "sitemap.xml").read_text(encoding="utf-8")
    guide = (site / "guide" / "index.html").read_text(encoding="utf-8")
    assert re.search(
        r'<a href="\.\./emails/several/#thanks-to-a-panel"><em>several</em></a>, <span>the wait</span>', guide
    )
    assert "Published by Test Office" in guide
    old = (site / "emails" / "panel" / "index.html").read_text(encoding="utf-8")
    assert 'content="0; url=../../emails/several/"' in old
    index = next(path for path in (site / "search.json", site / "search/search_index.json") if path.is_file())
    text = index.read_text(encoding="utf-8")
    assert "emails/several/" in text
    assert not [name for name in ("emails/check-in/", "guide/why/", "emails/panel/") if name in text]
