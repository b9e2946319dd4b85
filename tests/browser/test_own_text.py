"""The email changed by hand, and the sheet that it is on a phone."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ANSWERS, clipboard, email, fill, more_ways, question, set_screen
from tests.browser.test_accessibility import violations
from tests.tools.site import PANEL, START, THANKS, say

Open = Callable[..., Page]
PHONE = (390, 664)


def settle(page: Page) -> None:
    """Fill in the form, and wait until the email says it."""
    fill(page, ANSWERS)
    expect(page.locator("[data-part=body]")).to_contain_text(ANSWERS["Your Name"])


def change(page: Page) -> Locator:
    """Begin to change the text; return the body."""
    page.get_by_role("button", name=say("own_start")).click()
    body = page.get_by_role("textbox", name=say("own_body"))
    expect(body).to_be_focused()
    return body


def write(page: Page, text: str) -> None:
    """Write at the end of the body."""
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type(text)


def button(page: Page, key: str) -> Locator:
    return page.get_by_role("button", name=say(key))


def test_what_is_changed_goes_everywhere(open_form: Open) -> None:
    page = open_form(START)
    settle(page)
    body = change(page)
    write(page, "\nP.S. I found the keys.")
    subject = page.get_by_role("textbox", name=say("own_subject"))
    subject.click()
    page.keyboard.press("End")
    page.keyboard.type(", and the keys")
    page.keyboard.press("Enter")  # a subject is one line
    shown = email(page)
    assert shown[0].endswith(", and the keys")
    assert shown[1].endswith("\nP.S. I found the keys.")
    mail = page.locator("[data-link=mail]")
    expect(
        page.locator("[data-link=mail][href*='the%20keys&body'], [data-link=mail][href*='the%20keys']")
    ).to_be_visible()
    assert "P.S. I found the keys." in unquote(mail.get_attribute("href") or "")
    button(page, "copy_email").click()
    expect(page.get_by_role("status").filter(has_text=say("copied_email"))).to_be_visible()
    assert clipboard(page).replace("\r\n", "\n") == shown[1]
    more_ways(page)
    with page.expect_download() as download:
        button(page, "download_txt").click()
    assert "P.S. I found the keys." in download.value.path().read_text(encoding="utf-8")
    expect(body).to_be_visible()


@pytest.mark.long
def test_the_questions_rest_meanwhile_and_come_back_when_asked(open_form: Open) -> None:
    page = open_form(START)
    settle(page)
    made = email(page)
    change(page)
    write(page, " Bye.")
    assert question(page, "Company").evaluate("(control) => control.closest('fieldset').inert")
    back = button(page, "back_to_questions")
    back.click()
    expect(page.get_by_role("group", name=say("own_question"))).to_be_focused()
    button(page, "own_keep").click()
    assert email(page)[1] == f"{made[1]} Bye."
    back.click()
    button(page, "own_drop").click()
    expect(button(page, "own_start")).to_be_focused()
    assert email(page) == made
    fill(page, {"Company": "Contoso"})
    expect(page.locator("[data-part=body]")).to_contain_text("Contoso")


@pytest.mark.long
def test_who_changed_nothing_is_not_asked(open_form: Open) -> None:
    page = open_form(START)
    change(page)
    button(page, "back_to_questions").click()
    expect(button(page, "own_start")).to_be_focused()


def test_a_change_can_be_undone(open_form: Open) -> None:
    page = open_form(START)
    settle(page)
    made = email(page)
    change(page)
    write(page, "!")
    assert email(page)[1] == f"{made[1]}!"
    button(page, "own_undo").click()
    assert email(page) == made
    write(page, "?")
    page.keyboard.press("ControlOrMeta+z")
    assert email(page) == made


def test_the_review_reads_and_mends_what_was_changed(open_form: Open) -> None:
    page = open_form(START)
    settle(page)
    change(page)
    write(page, "\n\nI liked it it a lot.")
    doubled = page.locator("[data-part=findings]").get_by_role("listitem").filter(has_text="it it")
    doubled.get_by_role("button", name="Remove").or_(
        doubled.get_by_role("button", name="Change to")
    ).first.click()
    expect(page.locator("[data-part=body]")).to_contain_text("I liked it a lot.")
    button(page, "own_undo").click()
    expect(page.locator("[data-part=body]")).to_contain_text("I liked it it a lot.")


@pytest.mark.long
def test_a_gap_that_is_left_stops_it(open_form: Open) -> None:
    page = open_form(START)
    fill(page, ANSWERS | {"Company": ""})
    change(page)
    button(page, "copy_email").click()
    expect(page.get_by_role("alert").filter(has_text=say("problem_title"))).to_contain_text("[Company]")


def test_it_outlives_a_reload_and_is_cleared_with_the_rest(open_form: Open) -> None:
    page = open_form(START)
    settle(page)
    change(page)
    write(page, " Bye.")
    page.reload()
    expect(page.locator("[data-part=body]")).to_contain_text(" Bye.")
    expect(page.get_by_role("textbox", name=say("own_body"))).to_be_visible()
    button(page, "clear_all").click()
    page.get_by_role("button", name="Yes, clear all").click()
    expect(page.locator("[data-part=body]")).not_to_contain_text("Bye.")
    expect(button(page, "own_start")).to_be_visible()
    button(page, "undo").click()
    expect(page.locator("[data-part=body]")).to_contain_text(" Bye.")


@pytest.mark.long
def test_each_wording_is_changed_by_itself(open_form: Open) -> None:
    page = open_form(THANKS)
    fill(page, {"Company": "Contoso"})
    change(page)
    write(page, " Bye.")
    wordings = page.locator(".ef-wordings").get_by_role("radio")
    wordings.nth(1).check(force=True)
    expect(page.locator("[data-part=body]")).not_to_contain_text("Bye.")
    wordings.nth(0).check(force=True)
    expect(page.locator("[data-part=body]")).to_contain_text(" Bye.")


@pytest.mark.long
def test_any_script_can_be_written(open_form: Open) -> None:
    page = open_form(START)
    change(page)
    for text in ("اكتب هنا", "שלום", "こんにちは", "🐦‍🔥 é"):
        write(page, f"\n{text}")
        assert email(page)[1].endswith(f"\n{text}")


@pytest.mark.long
def test_a_book_is_not_taken_and_nothing_is_lost(open_form: Open) -> None:
    page = open_form(START)
    settle(page)
    made = email(page)
    change(page)
    page.evaluate("navigator.clipboard.writeText('x'.repeat(1_000_000))")
    page.keyboard.press("ControlOrMeta+v")
    expect(page.get_by_role("status").filter(has_text=say("own_too_long"))).to_be_visible()
    assert email(page) == made
    page.evaluate("navigator.clipboard.writeText('line 1\\r\\nline 2')")
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.press("ControlOrMeta+v")
    assert email(page)[1] == f"{made[1]}line 1\nline 2"


# ---- the sheet ----


def see(page: Page) -> None:
    page.get_by_role("link", name=say("show_email")).click()
    expect(page.locator("email-form[data-sheet]")).to_have_count(1)


def test_on_a_phone_all_of_the_email_is_one_press_away_and_back_leads_back(open_form: Open) -> None:
    page = open_form(START)
    set_screen(page, "light", PHONE)
    settle(page)
    where = page.evaluate("scrollY")
    see(page)
    for shown in (
        page.locator("[data-part=address]"),
        page.locator("[data-part=subject]"),
        page.get_by_role("link", name=say("mail")),
        button(page, "copy_email"),
    ):
        expect(shown).to_be_in_viewport(ratio=1)
    expect(page.locator("[data-part=body]")).to_be_in_viewport()
    button(page, "copy_email").click()
    expect(page.get_by_role("status").filter(has_text=say("copied_email"))).to_be_in_viewport(ratio=1)
    assert violations(page) == []
    page.go_back()
    expect(page.locator("email-form[data-sheet]")).to_have_count(0)
    assert page.evaluate("scrollY") == where
    expect(question(page, "Company")).to_have_value(ANSWERS["Company"])


@pytest.mark.long
def test_a_gap_in_the_sheet_leads_to_its_question(open_form: Open) -> None:
    page = open_form(START)
    set_screen(page, "light", PHONE)
    fill(page, ANSWERS | {"Company": ""})
    see(page)
    page.locator("[data-part=body] .ef-missing").first.click()
    expect(question(page, "Company")).to_be_focused()
    expect(question(page, "Company")).to_be_in_viewport()
    expect(page.locator("email-form[data-sheet]")).to_have_count(0)


def test_the_text_can_be_changed_in_the_sheet(open_form: Open) -> None:
    page = open_form(START)
    set_screen(page, "light", PHONE)
    settle(page)
    see(page)
    change(page)
    write(page, " Bye.")
    assert violations(page) == []
    page.go_back()
    expect(page.locator("email-form[data-sheet]")).to_have_count(0)
    expect(page.get_by_text(say("own_note"))).to_be_visible()
    assert violations(page) == []


def test_each_person_of_a_panel_has_a_text_of_their_own(open_form: Open) -> None:
    page = open_form(PANEL)
    fill(page, {"Interviewer's Name": "Ms. Grant"})
    button(page, "add_person").click()
    fill(page, {"Interviewer's Name": "Mr. Wong"})
    change(page)
    write(page, " Only for you.")
    expect(page.locator("[data-part=body]")).to_contain_text("Mr. Wong")
    page.get_by_role("button", name=say("person_show", name="Ms. Grant")).click()
    expect(page.locator("[data-part=body]")).not_to_contain_text("Only for you.")
    page.get_by_role("button", name=say("person_show", name="Mr. Wong")).click()
    expect(page.locator("[data-part=body]")).to_contain_text(" Only for you.")
