"""The ways to the emails: on the start page, in the chooser, and for an address that is not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch, email, question
from tests.tools.host import Host
from tests.tools.site import ASK, LIST, OLD, START, THANKS, say

WAYS = ("Say thanks", "No answer", "A yes came", "Something else")


@pytest.mark.long
def test_the_start_page_leads_on_with_one_press(page: Page) -> None:
    page.goto(START)
    ways = page.locator(".kit-ways li")
    assert [text.strip() for text in ways.all_text_contents()] == [*WAYS]
    # Where one is already is no link.
    expect(ways.first.get_by_role("link")).to_have_count(0)
    page.get_by_role("link", name="No answer", exact=True).click()
    expect(page).to_have_url(re.compile(f"{ASK}$"))
    expect(page.locator("email-form")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_chooser_asks_and_leads_to_an_email(browser: Browser, server: str, scripts: bool) -> None:
    page = browser.new_page(
        base_url=server, java_script_enabled=scripts, viewport={"width": 390, "height": 664}
    )
    page.goto(LIST)
    answer = page.locator(".kit-chooser").get_by_role("link", name="I met several people")
    expect(answer).to_be_hidden()
    questions = page.locator(".kit-chooser summary")
    assert questions.all_text_contents() == ["I was there", "I wait", "I know"]
    for one in questions.all():
        box = one.bounding_box()
        assert box
        assert box["height"] >= 48
    questions.first.click()
    box = answer.bounding_box()
    assert box
    assert box["height"] >= 48
    # One question at a time.
    questions.nth(1).click()
    expect(answer).to_be_hidden()
    questions.first.click()
    answer.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("panel")
    page.close()


def test_the_chooser_works_by_keyboard(page: Page) -> None:
    page.goto(LIST)
    page.locator(".kit-chooser summary").nth(1).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{ASK}$"))


def test_the_menu_has_the_emails_in_their_groups(page: Page) -> None:
    page.goto(LIST)
    menu = page.locator(".md-sidebar--primary .md-nav")
    for group in ("After a talk", "After a panel", "No answer", "An answer came"):
        expect(menu.get_by_text(group, exact=True).first).to_be_attached()
    expect(page.locator("article").get_by_role("link", name="A panel").first).to_be_visible()


# ---- an address that has moved ----


def test_an_old_address_leads_on_without_a_script(browser: Browser, server: str) -> None:
    page = browser.new_page(base_url=server, java_script_enabled=False)
    page.goto(OLD)
    page.wait_for_url(f"**{LIST}")
    page.close()


def test_an_old_address_leads_on(page: Page) -> None:
    page.goto(f"{OLD}?from=there")
    page.wait_for_url(f"**{LIST}?from=there")


@pytest.mark.parametrize("wording", ["short", "warm"])
def test_a_link_to_an_old_address_keeps_its_words(page: Page, wording: str) -> None:
    page.goto(f"{OLD}#email=thank-you%2F{wording}&Company=Northwind%20Clinic")
    page.wait_for_url(re.compile(f"{THANKS}(#|$)"))
    expect(question(page, "Company")).to_have_value("Northwind Clinic")
    checked = page.locator(".ef-wordings :checked")
    expect(checked.locator("xpath=..") if checked.count() else checked).to_contain_text(
        wording, ignore_case=True
    )


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("email=panel&Company=Contoso", "/emails/panel/"),
        ("email=nonsense&Company=Contoso", "/emails/thank-you/"),
        *(
            pytest.param(words, "/emails/thank-you/", marks=pytest.mark.long)
            for words in (
                "Company=Contoso",
                "email=%E0%A4%A&Company=Contoso",
                "email=__proto__&Company=Contoso",
            )
        ),
    ],
)
def test_words_find_a_form(page: Page, words: str, target: str) -> None:
    page.goto(f"{OLD}#{words}")
    page.wait_for_url(re.compile(f"{target}(#|$)"))
    expect(question(page, "Company")).to_have_value("Contoso")


# ---- an address that is not there ----


@pytest.mark.allow_errors
def test_an_address_that_is_not_there_asks_what_happened(
    page: Page, host: Host, builds: tuple[Path, Path]
) -> None:
    assert builds
    page.goto(f"{host.address}/far/away/from/here/")
    expect(page.get_by_role("heading", level=1)).to_have_text(say("lost_title"))
    page.locator("article").get_by_role("link", name="Write a note").click()
    expect(page).to_have_url(f"{host.address}/")
    expect(page.locator("email-form")).to_be_visible()


@pytest.mark.allow_errors
def test_it_looks_like_the_rest_and_is_large_enough(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 664})
    page.goto("/404.html")
    expect(page).to_have_title(f"{say('lost_title')} - Test Site")
    expect(page.get_by_role("heading", level=2)).to_have_text(say("lost_ways"))
    links = page.locator(".kit-ways a")
    assert links.all_text_contents() == [*WAYS]
    for link in links.all():
        box = link.bounding_box()
        assert box
        assert box["height"] >= 48
        assert box["y"] + box["height"] <= 664
    links.nth(2).click()
    expect(page).to_have_url(re.compile(f"{LIST}#an-answer-came$"))


@pytest.mark.allow_errors
@pytest.mark.long
@pytest.mark.own_context
def test_without_a_network_a_page_that_is_not_kept_offers_the_same(
    page: Page, open_form: Callable[..., Page], watch: Watch
) -> None:
    open_form(START)
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    page.context.set_offline(True)
    page.goto("/far/away/from/here/")
    expect(page.get_by_role("heading", name=say("offline_title"))).to_be_visible()
    expect(page.get_by_text(say("lost_ways"))).to_be_visible()
    page.get_by_role("link", name="Say thanks").click()
    expect(page.locator("email-form")).to_be_visible()
    assert email(page)[0]
    assert watch.requests
