"""From filled in to sent: the review, several people, links, downloads, printer."""

from __future__ import annotations

import email as email_package
import re
import zipfile
from collections.abc import Callable
from email import policy
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import (
    ANSWERS,
    clipboard,
    email,
    fill,
    more_ways,
    names,
    people,
    question,
)
from tests.tools.site import ALL, NOTE, PANEL, START, THANKS, say

Open = Callable[..., Page]

PEOPLE = {
    "Position": "Science Teacher",
    "Company": "Hillside School",
    "Your Name": "Tomás Rivera",
    "Interviewer's Name": "Ms. Grant",
    "a project or aspect discussed": "lab days with 32 students and only eight benches",
    "relevant skills or experience": "practice in running group labs by rota",
}


def review(page: Page) -> Locator:
    """Return the findings that are shown."""
    return page.locator("[data-part=findings]").get_by_role("listitem")


def settle(page: Page, answers: dict[str, str]) -> tuple[str, str]:
    """Fill in the form, wait for Python's draft, and return it."""
    fill(page, answers)
    expect(page.locator("[data-part=body]")).to_contain_text(answers["Your Name"])
    return email(page)


def test_the_review_finds_shows_and_mends(open_form: Open) -> None:
    page = open_form(START)
    settle(page, ANSWERS | {"the specific field": "children's \u202eemergency care"})
    hidden = review(page).filter(has_text=re.compile("hidden|invisible|direction", re.IGNORECASE)).first
    expect(hidden).to_be_visible()
    hidden.get_by_role("button", name="Remove").click()
    expect(question(page, "the specific field")).to_have_value("children's emergency care")
    expect(hidden).to_have_count(0)

    fill(page, {"relevant skills or experience": "four years of of triage work on a busy ward"})
    doubled = review(page).filter(has_text="stands there twice")
    doubled.get_by_role("button", name=say("show_words")).click()
    assert page.evaluate("getSelection().toString().trim()") == "of"
    doubled.get_by_role("button", name=re.compile("Change to|Remove")).click()
    expect(question(page, "relevant skills or experience")).to_have_value(
        "four years of triage work on a busy ward"
    )
    expect(doubled).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="Nothing to fix")).to_be_visible()


def test_what_blocks_stops_every_way_out_until_a_second_press(open_form: Open) -> None:
    page = open_form(START)
    settle(page, ANSWERS | {"relevant skills or experience": "XXX years of work [insert skill]"})
    link = page.get_by_role("link", name="Open in mail app")
    expect(link).to_be_visible()
    page.evaluate("""() => {
        window.went = 0;
        document.addEventListener("click", (event) => {
            if (!event.target.closest("[data-link]") || event.defaultPrevented) return;
            window.went += 1;
            event.preventDefault();
        });
    }""")
    link.click()
    expect(page.get_by_role("alert").filter(has_text="There is something to fix first")).to_be_focused()
    assert page.evaluate("window.went") == 0
    link.click()
    assert page.evaluate("window.went") == 1


def test_links_say_exactly_the_preview(open_form: Open) -> None:
    page = open_form(START)
    answers = ANSWERS | {"Company": "Müller & Söhne #1 + Co. 100% “ß” 😊"}
    subject, body = settle(page, answers)
    page.get_by_label("Their email address").fill("jordan.lee@northwind.example")
    mail = page.get_by_role("link", name="Open in mail app")
    expect(mail).to_have_attribute("href", re.compile("^mailto:jordan.lee@northwind.example"))
    parts = urlsplit(mail.get_attribute("href") or "")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&"))
    assert set(query) == {"subject", "body"}
    assert unquote(query["subject"]) == subject
    assert unquote(query["body"]) == body.replace("\n", "\r\n")
    assert "+" not in parts.query
    more_ways(page)
    for name, host, keys in (
        ("Gmail", "mail.google.com", {"view", "fs", "to", "su", "body"}),
        ("Outlook", "outlook.live.com", {"to", "subject", "body"}),
        ("Microsoft 365", "outlook.office.com", {"to", "subject", "body"}),
    ):
        link = page.get_by_role("link", name=name)
        found = urlsplit(link.get_attribute("href") or "")
        assert found.hostname == host
        values = parse_qs(found.query, strict_parsing=True)
        assert keys <= set(values)
        assert values["body"] == [body.replace("\n", "\r\n")]
        assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener noreferrer")


@pytest.mark.long
def test_a_long_email_has_no_links_and_says_why(open_form: Open) -> None:
    page = open_form(START)
    settle(page, ANSWERS)
    more_ways(page)
    expect(page.get_by_role("link", name="Gmail")).to_be_visible()
    fill(page, {"a project or aspect discussed": "面接 " * 200})
    expect(page.get_by_text("This email is too long for a link")).to_be_visible()
    expect(page.get_by_role("link", name="Gmail")).to_be_hidden()
    expect(page.get_by_role("link", name="Open in mail app")).to_be_hidden()


@pytest.mark.long
def test_an_address_that_outlook_cannot_take_is_told(open_form: Open) -> None:
    page = open_form(START)
    settle(page, ANSWERS)
    note = page.get_by_text("Outlook opens without the address")
    expect(note).to_be_hidden()
    page.get_by_label("Their email address").fill("\u202ajordan+jobs@northwind.example;\u202c")
    expect(note).to_be_visible()
    href = page.get_by_role("link", name="Open in mail app").get_attribute("href") or ""
    assert href.startswith("mailto:jordan%2Bjobs@northwind.example?")


@pytest.mark.long
def test_a_wrong_address_is_told_and_left_out(open_form: Open) -> None:
    page = open_form(START)
    settle(page, ANSWERS)
    page.get_by_label("Their email address").fill("a@b.example, c@d.example")
    expect(page.get_by_text("Write one address only")).to_be_visible()
    href = page.get_by_role("link", name="Open in mail app").get_attribute("href") or ""
    assert href.startswith("mailto:?subject=")


@pytest.mark.parametrize("ending", ["eml", pytest.param("txt", marks=pytest.mark.long)])
def test_downloads_say_exactly_the_preview(open_form: Open, tmp_path: Path, ending: str) -> None:
    page = open_form(START)
    subject, body = settle(page, ANSWERS | {"Company": "=?utf-8?q?x?= Ünïcode 😊\u202e"})
    more_ways(page)
    button = page.get_by_role("button", name=f"Download .{ending}")
    with page.expect_download() as waiting:
        button.click()
        if page.get_by_role("alert").filter(has_text="fix first").is_visible():
            button.click()
    download = waiting.value
    assert download.suggested_filename == f"follow-up-thank-you.{ending}"
    target = tmp_path / "file"
    download.save_as(target)
    content = target.read_bytes()
    if ending == "txt":
        assert content.decode("utf-8") == f"{subject}\n\n{body}\n".replace("\n", "\r\n")
        return
    message = email_package.message_from_bytes(content, policy=policy.default)
    assert message["X-Unsent"] == "1"
    assert message.get_content().replace("\r\n", "\n").rstrip("\n") == body
    assert set(message.keys()) == {
        "Subject",
        "X-Unsent",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    }


PARK = {
    "Interviewer's Name": "Mr. Park",
    "a project or aspect discussed": "the school garden that feeds the kitchen from May on",
    "relevant skills or experience": "two summers of leading a farm camp",
}

#: Counts the links to mail programs that are followed, and follows none.
WENT = """() => {
    window.went = [];
    document.addEventListener("click", (event) => {
        const link = event.target.closest("[data-link]");
        if (!link || event.defaultPrevented) return;
        window.went.push(decodeURIComponent(link.getAttribute("href")));
        event.preventDefault();
    });
}"""


def state(page: Page, number: int) -> Locator:
    return people(page).nth(number).locator(".ef-person-state")


def test_each_person_of_a_panel_has_a_row_and_a_way_to_send(open_form: Open) -> None:
    page = open_form(PANEL)
    page.evaluate(WENT)
    expect(people(page)).to_have_count(1)
    expect(state(page, 0)).to_have_text("6 gaps left")
    settle(page, PEOPLE)
    expect(state(page, 0)).to_have_text("Ready")
    page.get_by_label("Their email address").fill("grant@example.org")

    # The third person is two presses and two names.
    add = page.get_by_role("button", name="Add a person")
    name = question(page, "Interviewer's Name")
    add.click()
    expect(name).to_be_focused()
    page.keyboard.type("Mr. Park")
    add.click()
    expect(name).to_be_focused()
    page.keyboard.type("Dr. Ellis")
    assert names(page) == ["Ms. Grant", "Mr. Park", "Dr. Ellis"]
    expect(question(page, "Position")).to_have_value("Science Teacher")
    expect(page.locator("[data-part=body]")).to_contain_text("Dear Dr. Ellis")
    expect(page.get_by_label("Their email address")).to_have_value("")
    expect(people(page).nth(2)).to_have_attribute("aria-current", "true")
    expect(state(page, 1)).to_have_text("2 gaps left")

    # Each row shows its person's email, and keeps the focus.
    page.get_by_role("button", name="Mr. Park: show this email").click()
    expect(name).to_be_focused()
    expect(name).to_have_value("Mr. Park")
    fill(page, PARK)
    expect(page.locator("[data-part=body]")).to_contain_text(PARK["a project or aspect discussed"])
    page.get_by_role("link", name="Send to Mr. Park").click()
    expect(state(page, 1)).to_have_text("Handed over")

    # Sent from another row, their email is shown first.
    page.get_by_role("link", name="Send to Ms. Grant").click()
    expect(state(page, 0)).to_have_text("Handed over")
    expect(page.locator("[data-part=body]")).to_contain_text("Dear Ms. Grant")
    expect(page.get_by_label("Their email address")).to_have_value("grant@example.org")
    park, grant = page.evaluate("window.went")
    assert park.startswith("mailto:?subject=")
    assert "Dear Mr. Park" in park
    assert PARK["relevant skills or experience"] in park
    assert grant.startswith("mailto:grant@example.org?")
    assert "Dear Ms. Grant" in grant
    # What comes next is said once for all.
    expect(page.locator("[data-part=next-line]")).to_contain_text("Next: if you hear nothing, ask on")


@pytest.mark.long
def test_a_row_does_not_send_what_has_gaps(open_form: Open) -> None:
    page = open_form(PANEL)
    page.evaluate(WENT)
    settle(page, PEOPLE)
    page.get_by_role("button", name="Add a person").click()
    fill(page, {"Interviewer's Name": "Mr. Park"})
    page.get_by_role("button", name="Ms. Grant: show this email").click()
    send = page.get_by_role("link", name="Send to Mr. Park")
    send.click()
    stop = page.get_by_role("alert").filter(has_text="still in brackets")
    expect(stop).to_be_focused()
    expect(page.locator("[data-part=body]")).to_contain_text("Dear Mr. Park")
    assert page.evaluate("window.went") == []
    send.click()  # told once, a second press goes on
    expect(state(page, 1)).to_have_text("Handed over")
    assert len(page.evaluate("window.went")) == 1


@pytest.mark.long
def test_who_is_removed_can_be_brought_back(open_form: Open) -> None:
    page = open_form(PANEL)
    settle(page, PEOPLE)
    expect(page.get_by_role("button", name="Remove Ms. Grant")).to_be_hidden()
    page.get_by_role("button", name="Add a person").click()
    fill(page, PARK)
    page.get_by_label("Their email address").fill("park@example.org")
    page.get_by_role("button", name="Remove Mr. Park").click()
    assert names(page) == ["Ms. Grant"]
    expect(page.get_by_role("status").filter(has_text="Mr. Park is removed.")).to_be_visible()
    undo = page.get_by_role("group", name=say("people")).get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    assert names(page) == ["Ms. Grant", "Mr. Park"]
    expect(question(page, "relevant skills or experience")).to_have_value(PARK["relevant skills or experience"])
    expect(page.get_by_label("Their email address")).to_have_value("park@example.org")
    expect(undo).to_be_hidden()


@pytest.mark.long
def test_a_row_copies_where_no_mail_program_takes_the_email(open_form: Open) -> None:
    page = open_form(PANEL)
    settle(page, PEOPLE)
    page.get_by_role("button", name="Add a person").click()
    fill(page, PARK | {"a project or aspect discussed": "面接 " * 200})
    expect(page.get_by_role("link", name="Send to Mr. Park")).to_be_hidden()
    expect(page.get_by_role("link", name="Send to Ms. Grant")).to_be_visible()
    page.get_by_role("button", name="Ms. Grant: show this email").click()
    copies = page.get_by_role("button", name="Copy the email to Mr. Park")
    copies.click()
    expect(page.locator("[data-part=body]")).to_contain_text("Dear Mr. Park")
    if page.get_by_role("alert").filter(has_text="fix first").is_visible():
        copies.click()
    expect(state(page, 1)).to_have_text("Handed over")
    assert "面接" in clipboard(page)


@pytest.mark.long
def test_the_name_goes_back_among_the_questions_where_there_is_no_panel(open_form: Open) -> None:
    page = open_form(ALL)
    which = page.get_by_label("Which email?")
    which.select_option(label="Thanks to a panel: full")
    fill(page, {"Interviewer's Name": "Ms. Grant"})
    expect(people(page)).to_have_count(1)
    which.select_option(label="Thanks: warm")
    expect(page.locator(".ef-people")).to_be_hidden()
    expect(question(page, "Interviewer's Name")).to_be_visible()
    expect(question(page, "Interviewer's Name")).to_have_value("Ms. Grant")


@pytest.mark.long
def test_notes_that_are_nearly_the_same_are_shown_side_by_side(open_form: Open) -> None:
    page = open_form(PANEL)
    settle(page, PEOPLE)
    page.get_by_role("button", name="Add a person").click()
    fill(
        page,
        {name: PEOPLE[name] for name in ("a project or aspect discussed", "relevant skills or experience")},
    )
    fill(page, {"Interviewer's Name": "Mr. Park"})
    alike = page.locator("[data-part=alike]")
    expect(alike).to_contain_text("of this email is the same as the one to Ms. Grant")
    alike.get_by_text("Compare them side by side").click()
    expect(alike.locator(".ef-beside > div")).to_have_count(2)
    expect(alike.locator(".ef-beside > div").nth(0)).to_contain_text("Dear Mr. Park")
    expect(alike.locator(".ef-beside > div").nth(1)).to_contain_text("Dear Ms. Grant")
    # What differs is marked, and nothing else.
    expect(alike.locator("mark")).to_have_text(["Mr. Park,", "Ms. Grant,"])
    for width, beside in ((1280, True), (900, True), (890, False)):
        page.set_viewport_size({"width": width, "height": 800})
        left, right = (one.bounding_box() for one in alike.locator(".ef-beside > div").all())
        assert left
        assert right
        assert (left["y"] == right["y"]) is beside


@pytest.mark.long
def test_the_people_of_a_panel_live_through_navigation(open_form: Open) -> None:
    page = open_form(PANEL)
    settle(page, PEOPLE)
    page.get_by_role("button", name="Add a person").click()
    fill(page, {"Interviewer's Name": "Mr. Park"})
    page.evaluate(WENT)
    page.get_by_role("link", name="Send to Ms. Grant").click()
    expect(state(page, 0)).to_have_text("Handed over")
    page.get_by_role("link", name="Guide", exact=True).first.click()
    expect(page).to_have_url(re.compile("/guide/$"))
    page.go_back()
    expect(people(page)).to_have_count(2)
    assert names(page) == ["Ms. Grant", "Mr. Park"]
    expect(state(page, 0)).to_have_text("Handed over")
    expect(state(page, 1)).not_to_have_text("Handed over")


def test_print_gives_one_page_with_the_email_alone(open_form: Open) -> None:
    page = open_form(THANKS)
    settle(page, ANSWERS)
    # A browser may come back from here before it has looked at the page.
    page.evaluate("window.print = () => {}")
    more_ways(page)
    page.get_by_role("button", name="Print").click()
    paper = page.locator(".ef-columns .ef-paper")
    expect(paper).to_have_attribute("data-print", "")
    page.emulate_media(media="print")
    seen = page.locator("h1, header, footer, nav, .ef-questions, button")
    assert not [one for one in seen.all() if one.is_visible()]
    expect(paper).to_be_visible()
    # Making a file of it is printing: when that is over, the page is as before.
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1
    expect(paper).not_to_have_attribute("data-print", "")


@pytest.mark.long
def test_copy_falls_back_to_plain_text(open_form: Open) -> None:
    page = open_form(START)
    _, body = settle(page, ANSWERS)
    for refusal in (
        "() => { navigator.clipboard.write = () => Promise.reject(new Error('no')); }",
        "() => { delete window.ClipboardItem; }",
    ):
        page.evaluate("navigator.clipboard.writeText('')")
        page.evaluate(refusal)
        page.get_by_role("button", name=say("copy_email")).click()
        expect(page.get_by_role("status").filter(has_text="The email is copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == body


def test_all_emails_stop_for_a_gap_in_one_that_is_not_shown(open_form: Open, tmp_path: Path) -> None:
    page = open_form(PANEL)
    settle(page, PEOPLE)
    press = page.get_by_role("button", name="Download all")
    expect(press).to_be_hidden()
    page.get_by_role("button", name="Add a person").click()
    fill(page, {"Interviewer's Name": "Mr. Park"})
    page.get_by_role("button", name="Ms. Grant: show this email").click()
    press.click()
    stop = page.get_by_role("alert").filter(has_text="still in brackets")
    expect(stop).to_contain_text("For Mr. Park, fill in: What did you talk about that you liked?")
    # The way there.
    stop.get_by_role("link", name="For Mr. Park, fill in: What did you talk about that you liked?").click()
    expect(people(page).nth(1)).to_have_attribute("aria-current", "true")
    expect(question(page, "a project or aspect discussed")).to_be_focused()
    # Told once more, a second press goes on.
    press.click()
    expect(stop).to_be_visible()
    with page.expect_download() as waiting:
        press.click()
    assert waiting.value.suggested_filename == "follow-up-panel.zip"
    waiting.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as read:
        assert read.namelist() == ["follow-up-panel-1.eml", "follow-up-panel-2.eml"]
        bodies = [
            email_package.message_from_bytes(read.read(name), policy=policy.default).get_content()
            for name in read.namelist()
        ]
    assert bodies[0].startswith("Dear Ms. Grant,")
    assert bodies[1].startswith("Dear Mr. Park,")


@pytest.mark.long
def test_all_emails_stop_for_what_must_be_mended_in_one_that_is_not_shown(open_form: Open) -> None:
    page = open_form(PANEL)
    settle(page, PEOPLE)
    page.get_by_role("button", name="Add a person").click()
    fill(
        page,
        PEOPLE
        | {"Interviewer's Name": "Mr. Park", "a project or aspect discussed": "the move to [new ward name]"},
    )
    page.get_by_role("button", name="Ms. Grant: show this email").click()
    page.get_by_role("button", name="Download all").click()
    expect(
        page.get_by_role("alert").filter(has_text="For Mr. Park: “[new ward name]” looks like a gap")
    ).to_be_visible()


def test_a_note_counts_its_characters_and_is_stopped_over_its_own_limit(open_form: Open) -> None:
    page = open_form(NOTE)
    answers = {
        "Company": "Northwind Clinic",
        "Interviewer's Name": "Noor Hassan",
        "Your Name": "Amara Obi",
        "the thing we talked about": "beds",
    }
    fill(page, answers)
    count = page.locator("[data-part=count]")
    body = page.locator("[data-part=body]")
    expect(body).to_contain_text("for beds")
    expect(count).to_have_text(f"{len(body.text_content() or '')} / 200 characters")
    fill(page, {"the thing we talked about": "how the wards plan their beds for the winter, " * 3})
    expect(count).to_contain_text("/ 200 characters: the end would be lost")
    page.evaluate("navigator.clipboard.writeText('nothing')")
    page.get_by_role("button", name=say("copy_note")).click()
    expect(page.get_by_role("alert").filter(has_text="At most 200 fit")).to_be_visible()
    assert clipboard(page) == "nothing"
    # What a paid account may send is more.
    page.get_by_role("radio", name="paid").check()
    expect(count).to_contain_text("/ 300 characters")


def test_a_note_for_a_box_has_no_subject_and_no_mail_links(open_form: Open) -> None:
    page = open_form(NOTE, ready=False)
    form = page.locator("email-form")
    mail_only = form.locator(
        ".ef-subject, [data-copy=subject], [data-link], [data-file=eml], [data-part=address]"
    )
    assert not any(one.is_visible() for one in mail_only.all())
    expect(form.get_by_role("button", name=say("copy_note"))).to_be_visible()
    expect(form.get_by_role("region", name="Your note")).to_be_visible()
    # One form for all emails follows the choice.
    page = open_form(ALL, ready=False)
    expect(form.locator("[data-copy=subject]").first).to_be_visible()
    form.get_by_role("combobox").first.select_option(label="Note: free")
    expect(form.locator("[data-copy=subject]").first).to_be_hidden()
    expect(form.get_by_role("button", name=say("copy_note"))).to_be_visible()
    expect(question(page, "Position")).to_be_hidden()
