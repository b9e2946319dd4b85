"""A draft of one's own: pasted whole, reviewed, mended, sent, and kept nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import clipboard, email, question, set_screen
from tests.browser.test_accessibility import violations
from tests.tools.site import ACCEPT, CHECK, THANKS, say

Open = Callable[..., Page]

DRAFT = """To: jordan@northwind.example
Subject: Thank you: Data Analyst role

Dear Ms. Lee,

Thank you for showing me how your your team counts beds at Northwind Clinic. I have done the same for a bus company.

Best regards,
Amara Obi
--
+44 20 7946 0123

On Tue, 19 May 2026, Jordan Lee wrote:
> Please call me ASAP!!! [Company]"""
BODY = DRAFT.split("\n\n", 1)[1]


def paste(page: Page, text: str) -> None:
    """Put a text into the body as a person does who copied it elsewhere."""
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    page.locator("[data-part=body]").click()
    page.keyboard.press("ControlOrMeta+v")


def rules(page: Page) -> list[str]:
    """Return the rules whose remarks are shown."""
    found: list[str] = page.locator("[data-rule]").evaluate_all("all => all.map(one => one.dataset.rule)")
    return found


def test_a_pasted_email_is_taken_apart_reviewed_mended_and_handed_over(open_form: Open) -> None:
    page = open_form(CHECK)
    paste(page, DRAFT)
    expect(page.locator("[data-part=subject]")).to_have_text("Thank you: Data Analyst role")
    assert email(page)[1].rstrip("\n") == BODY
    expect(page.locator("[data-part=address]")).to_have_value("jordan@northwind.example")
    # What others wrote, and a signature, are left alone.
    page.locator("[data-rule=doubled-word]").wait_for()
    assert not {"leftover-placeholder", "many-exclamation-marks"} & {*rules(page)}
    page.locator("[data-rule=doubled-word]").get_by_role("button").first.click()
    expect(page.locator("[data-rule=doubled-word]")).to_have_count(0)
    mended = BODY.replace("your your", "your")
    assert email(page)[1].rstrip("\n") == mended
    page.get_by_role("button", name=say("copy_email")).click()
    expect(page.get_by_role("status").filter(has_text=say("copied_email"))).to_be_visible()
    assert clipboard(page).rstrip() == mended
    address = page.locator("[data-link=mail]").get_attribute("href") or ""
    assert address.startswith("mailto:jordan@northwind.example")
    assert "how your team counts beds" in unquote(address)


def test_nothing_of_it_is_kept_and_names_and_situation_count(open_form: Open) -> None:
    page = open_form(CHECK)
    paste(page, DRAFT.replace("Ms. Lee", "Ms. Leigh"))
    expect(page.locator("[data-part=review-state]")).not_to_be_empty()
    page.locator("summary").filter(has_text=say("check_names")).click()
    question(page, "Interviewer's Name").fill("Jordan Lee")
    question(page, "Company").fill("Contoso")
    page.locator("[data-level=blocks]").first.wait_for()
    before = rules(page)
    page.get_by_label(say("check_for")).select_option("accept")
    expect(page.locator("[data-rule=must-say]").first).to_be_visible()
    assert "must-say" not in before
    page.wait_for_timeout(600)  # longer than any form waits before it keeps what was typed
    stored = page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    assert not [one for one in ("Northwind", "Contoso", "Jordan", "jordan@") if one in stored], json.loads(
        stored
    )
    page.reload()
    expect(page.locator("[data-part=body]")).to_be_empty()
    expect(question(page, "Company")).to_have_value("")


def test_it_is_found_from_each_email(page: Page) -> None:
    for path in (THANKS, ACCEPT):
        page.goto(path)
        page.get_by_role("link", name=say("check_link")).click()
        expect(page.get_by_role("heading", name="Check your own")).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_it_is_for_everybody(open_form: Open, width: int) -> None:
    page = open_form(CHECK)
    set_screen(page, "dark" if width == 390 else "light", (width, 664))
    found = {"empty": violations(page)}
    paste(page, DRAFT + "\n" + "x" * 200)
    expect(page.locator("[data-rule]").first).to_be_visible()
    found["reviewed"] = violations(page)
    page.locator("summary").filter(has_text=say("check_names")).click()
    found["names"] = violations(page)
    assert not {state: one for state, one in found.items() if one}
    assert page.evaluate("document.documentElement.scrollWidth") <= width
