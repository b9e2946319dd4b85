"""The form on the built site, in a real browser, with the real Pyodide."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import ANSWERS, Watch, clipboard, compiled_again, email, fill, question
from tests.browser.probe import change_worker
from tests.tools.site import ACCEPT, ALL, ASK, GUIDE, NOTE, PANEL, START, THANKS, WHY, emails, say

Open = Callable[..., Page]

WASM = re.compile(r"/wasm\.\w+\.bin$")


def filled(answers: dict[str, str], page: str = START, wording: int = 0) -> tuple[str, str]:
    """Return subject and body as the core makes them here, outside the browser."""
    draft = emails(page)[0].wordings[wording].fill(answers)
    return draft.subject, draft.body


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript_the_sample_is_whole(page: Page) -> None:
    page.goto(THANKS)
    region = page.get_by_role("region", name="Your email")
    expect(region).to_be_visible()
    subject, body = filled({}, THANKS)
    assert region.locator("[data-part=subject]").text_content() == subject
    assert region.locator("[data-part=body]").text_content() == body
    expect(page.get_by_text("To use it by hand")).to_be_visible()
    for name in ANSWERS:
        expect(page.get_by_role("listitem").filter(has_text=f"[{name}]").first).to_be_visible()
    # What cannot work is not offered, and every other wording can be read.
    expect(page.get_by_role("button", name=say("copy_email"))).to_have_count(0)
    expect(page.get_by_role("region", name="Wording: short")).to_be_visible()


def test_seven_answers_make_an_email_and_it_is_copied(open_form: Open) -> None:
    page = open_form(START)
    fill(page, ANSWERS)
    subject, body = filled(ANSWERS)
    region = page.get_by_role("region", name="Your email")
    expect(region.locator("[data-part=body]")).to_have_text(body)
    assert email(page) == (subject, body)
    page.get_by_role("button", name=say("copy_email")).click()
    expect(page.get_by_role("status").filter(has_text="The email is copied")).to_be_visible()
    assert clipboard(page) == body
    html = clipboard(page, "text/html")
    assert html.count("<p>") == len(body.split("\n\n"))
    page.get_by_role("button", name="Copy subject").click()
    expect(page.get_by_role("status").filter(has_text="The subject is copied")).to_be_visible()
    assert clipboard(page) == subject


def test_copy_stops_while_words_are_missing_and_copies_on_a_second_press(open_form: Open) -> None:
    page = open_form(START)
    fill(page, {name: value for name, value in ANSWERS.items() if name != "Company"})
    page.evaluate("navigator.clipboard.writeText('untouched')")
    button = page.get_by_role("button", name=say("copy_email"))
    button.dblclick()  # a double click is not a deliberate second press
    alert = page.get_by_role("alert").filter(has_text="Some words are still in brackets")
    expect(alert).to_be_visible()
    expect(page).to_have_title(re.compile("^Error: "))
    assert clipboard(page) == "untouched"
    company = page.get_by_label("Company")
    expect(company).to_have_attribute("aria-invalid", "true")
    alert.get_by_role("link", name="Fill in: Company").click()
    expect(company).to_be_focused()
    button.click()
    expect(page.get_by_role("status").filter(has_text="The email is copied")).to_be_visible()
    assert "[Company]" in clipboard(page)
    company.fill(ANSWERS["Company"])
    expect(company).not_to_have_attribute("aria-invalid", "true")
    expect(alert).to_have_count(0)
    expect(page).not_to_have_title(re.compile("Error"))


def test_typed_text_is_text(open_form: Open) -> None:
    page = open_form(START)
    typed = "<img src=x onerror=alert(1)> [Company] {{x}} \\[ & “quotes”  two  spaces 李小龍 עברית é é 👩‍💻"
    fill(page, ANSWERS | {"Company": typed})
    expect(page.locator("[data-part=body]")).to_contain_text(ANSWERS["Your Name"])
    assert email(page) == filled(ANSWERS | {"Company": typed})
    assert page.locator("[data-part=body] img").count() == 0
    # The review takes exception to brackets and markup; who means them presses again.
    page.get_by_role("button", name=say("copy_email")).click()
    expect(page.get_by_role("alert").filter(has_text="fix first")).to_be_focused()
    page.get_by_role("button", name=say("copy_email")).click()
    expect(page.get_by_role("status").filter(has_text="copied")).to_be_visible()
    assert clipboard(page) == filled(ANSWERS | {"Company": typed})[1]


@pytest.mark.long
def test_a_chip_leads_to_its_field(open_form: Open) -> None:
    page = open_form(START)
    page.get_by_role("region", name="Your email").get_by_role("link", name="[Company]").click()
    expect(page.get_by_label("Company")).to_be_focused()


def test_wordings_switch_and_keep_what_was_typed(open_form: Open) -> None:
    page = open_form(THANKS)
    fill(page, {"Company": "Northwind Clinic"})
    page.get_by_role("radio", name="warm").check(force=True)
    warm = filled({"Company": "Northwind Clinic"}, THANKS, wording=1)
    expect(page.locator("[data-part=body]")).to_have_text(warm[1])
    expect(question(page, "the specific field")).to_be_hidden()
    expect(page.get_by_label("a word on top")).to_be_visible()
    page.get_by_role("radio", name="plain").check(force=True)
    expect(question(page, "the specific field")).to_be_visible()
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")


def test_works_by_keyboard_alone(open_form: Open) -> None:
    page = open_form(START)
    question(page, "a project or aspect discussed").focus()
    for value in ANSWERS.values():
        page.keyboard.type(value)
        page.keyboard.press("Tab")
    button = page.get_by_role("button", name=say("copy_email"))
    for _ in range(20):
        if button.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(page.locator("[data-part=body]")).to_have_text(filled(ANSWERS)[1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="copied")).to_be_visible()
    assert clipboard(page) == filled(ANSWERS)[1]


@pytest.mark.long
def test_single_keys_do_not_leave_the_page(open_form: Open) -> None:
    page = open_form(THANKS)
    fill(page, {"Company": "Northwind Clinic"})
    page.get_by_role("button", name="Copy subject").focus()
    for key in ("n", "p", ".", ","):
        page.keyboard.press(key)
    # A navigation that had begun would be over before this one, which is asked for later.
    page.get_by_role("link", name="Guide", exact=True).first.click()
    expect(page).to_have_url(re.compile("/guide/$"))
    page.go_back()
    expect(page).to_have_url(re.compile("/emails/thank-you/$"))
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")


def test_lives_through_instant_navigation_back_and_reload(open_form: Open) -> None:
    page = open_form(THANKS)
    fill(page, {"Company": "Northwind Clinic"})
    page.evaluate("window.sameDocument = true")
    page.get_by_role("link", name="Start", exact=True).first.click()
    expect(page.get_by_role("heading", name="Say thank you now")).to_be_visible()
    assert page.evaluate("window.sameDocument") is True
    # Typed once, used everywhere within the visit.
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")
    expect(page.locator("[data-part=body]")).to_contain_text("Northwind Clinic")
    page.go_back()
    # The address changes before the page does.
    expect(page.get_by_role("heading", name="Thanks in three wordings")).to_be_visible()
    expect(page).to_have_url(re.compile("/emails/thank-you/$"))
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")
    fill(page, ANSWERS)
    expect(page.locator("[data-part=body]")).to_have_text(filled(ANSWERS, THANKS)[1])
    page.reload()
    page.locator("email-form").hover()
    fill(page, ANSWERS)
    expect(page.locator("email-form")).to_have_attribute("data-state", "ready")
    expect(page.locator("[data-part=body]")).to_have_text(filled(ANSWERS, THANKS)[1])


def test_works_under_a_sub_path(page: Page, watch: Watch, fork: str) -> None:
    page.goto(f"{fork}/")
    page.evaluate("window.sameDocument = true")
    page.wait_for_load_state("networkidle")  # before, a link loads a whole page
    page.get_by_role("link", name="Two emails").first.click()
    form = page.locator("email-form").first
    form.get_by_label("Company").fill("Northwind Clinic")
    expect(form).to_have_attribute("data-state", "ready")
    expect(form.locator("[data-part=body]")).to_have_text("Dear Northwind Clinic")
    assert page.evaluate("window.sameDocument") is True
    assert all(url.startswith((f"{fork}/", "blob:")) for url in watch.requests)


def test_the_preview_follows_typing_before_python_is_there(page: Page) -> None:
    waiting: list[Route] = []
    page.context.route(WASM, lambda route: waiting.append(route))
    page.goto(START)
    fill(page, {"Company": "Northwind Clinic"})
    expect(page.locator("[data-part=body]")).to_contain_text("Northwind Clinic")
    expect(page.locator("email-form")).to_have_attribute("data-state", "loading")
    page.get_by_role("button", name=say("copy_email")).click()
    expect(page.get_by_role("status").filter(has_text="as soon as it is ready")).to_be_visible()
    fill(page, ANSWERS)
    for route in waiting:
        route.continue_()
    page.context.unroute(WASM)
    expect(page.locator("email-form")).to_have_attribute("data-state", "ready")
    expect(page.get_by_role("status").filter(has_text="The email is copied")).to_be_visible()
    assert clipboard(page) == filled(ANSWERS)[1]


def test_more_of_a_filled_word_shows_before_python_has_answered(open_form: Open) -> None:
    page = open_form(THANKS)
    fill(page, ANSWERS)
    expect(page.locator("[data-part=body]")).to_contain_text(ANSWERS["Position"])
    # No answer of a worker comes in the middle of a script.
    shown = question(page, "Position").evaluate(
        """(field) => {
            field.value += " II";
            field.dispatchEvent(new Event("input", { bubbles: true }));
            return field.closest("email-form").querySelector("[data-part=body]").textContent;
        }"""
    )
    answers = ANSWERS | {"Position": f"{ANSWERS['Position']} II"}
    assert shown == filled(answers, THANKS)[1]
    assert email(page) == filled(answers, THANKS)


@pytest.mark.allow_errors
@pytest.mark.long
def test_a_fault_of_our_own_is_told_and_what_is_typed_stays(page: Page) -> None:
    change_worker(
        page,
        "reply: handle(message.request)",
        """reply: message.request.includes("Crash Inc") ? '{"type": "error"}' : handle(message.request)""",
    )
    page.goto(THANKS)
    fill(page, ANSWERS)
    form = page.locator("email-form")
    expect(form).to_have_attribute("data-state", "ready")
    page.get_by_label("Company").fill("Crash Inc")
    expect(page.get_by_text("The form could not start.")).to_be_visible()
    expect(page.locator("[data-part=body]")).to_contain_text("Crash Inc")
    page.get_by_label("Company").fill("Northwind Clinic")
    page.get_by_role("button", name="Try again").click()
    expect(form).to_have_attribute("data-state", "ready")
    assert email(page) == filled(ANSWERS, THANKS)


@pytest.mark.allow_errors
def test_a_missing_file_fails_in_words_and_retry_mends_it(page: Page) -> None:
    page.context.route(WASM, lambda route: route.fulfill(status=404, body="not here"))
    page.goto(THANKS)
    fill(page, ANSWERS)
    form = page.locator("email-form")
    expect(form).to_have_attribute("data-state", "failed")
    expect(page.get_by_text("The form could not start.")).to_be_visible()
    expect(page.get_by_text("To use it by hand")).to_be_visible()
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")
    page.context.unroute(WASM)
    page.get_by_role("button", name="Try again").click()
    expect(form).to_have_attribute("data-state", "ready")
    assert email(page) == filled(ANSWERS, THANKS)
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")


@pytest.mark.allow_errors
@pytest.mark.long
def test_without_the_engine_the_email_is_copied_unchecked(page: Page) -> None:
    page.context.route(WASM, lambda route: route.fulfill(status=404, body="not here"))
    page.goto(THANKS)
    fill(page, ANSWERS)
    form = page.locator("email-form")
    expect(form).to_have_attribute("data-state", "failed")
    # The message stands above the questions, and nothing is offered that cannot work.
    message = page.get_by_role("alert").filter(has_text="The form could not start.").bounding_box()
    question = page.get_by_label("Company").bounding_box()
    assert message
    assert question
    assert message["y"] < question["y"]
    for name in ("Download .eml", "Download .txt", "Proofread"):
        expect(page.get_by_role("button", name=name)).to_be_hidden()
    expect(page.get_by_role("link", name="Gmail")).to_be_hidden()
    page.get_by_role("button", name=say("copy_email")).click()
    expect(page.get_by_role("status").filter(has_text="Copied without our checks.")).to_be_visible()
    # It is the email that Python would have made, but for what it would have said of it.
    subject, body = filled(ANSWERS, THANKS)
    assert clipboard(page) == body == page.locator("[data-part=body]").text_content()
    page.get_by_role("button", name="Copy subject").click()
    expect(
        page.get_by_role("status").filter(has_text="The subject is copied without our checks.")
    ).to_be_visible()
    assert clipboard(page) == subject
    # A gap stops it as ever.
    page.get_by_label("Company").fill("")
    page.get_by_role("button", name=say("copy_email")).click()
    expect(page.get_by_role("alert").filter(has_text="Fill in: Company")).to_be_visible()


@pytest.mark.allow_errors
@pytest.mark.long
def test_a_press_before_the_engine_failed_is_not_obeyed_after_a_retry(page: Page) -> None:
    held: list[Route] = []
    page.context.route(WASM, lambda route: held.append(route))
    page.goto(THANKS)
    fill(page, ANSWERS)
    page.evaluate("navigator.clipboard.writeText('nothing')")
    page.get_by_role("button", name=say("copy_email")).click()
    expect(page.get_by_role("status").filter(has_text="copied as soon as it is ready")).to_be_visible()
    while not held:
        page.wait_for_timeout(20)
    for route in held:
        route.fulfill(status=404, body="not here")
    expect(page.get_by_role("status").filter(has_text="so nothing was copied")).to_be_visible()
    page.context.unroute(WASM)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("email-form")).to_have_attribute("data-state", "ready")
    assert email(page) == filled(ANSWERS, THANKS)
    assert clipboard(page) == "nothing"


@pytest.mark.long
def test_keyboards_are_told_what_is_typed(page: Page) -> None:
    page.goto(THANKS)
    detail = question(page, "a project or aspect discussed")
    expect(detail).to_have_attribute("autocapitalize", "none")
    expect(page.get_by_label("Company")).to_have_attribute("autocapitalize", "words")
    own = page.get_by_label("Your Name")
    expect(own).to_have_attribute("autocapitalize", "words")
    expect(own).to_have_attribute("autocomplete", "name")
    expect(page.locator(".ef-questions")).to_have_attribute("autocomplete", "off")
    # Enter goes where the key says that it goes.
    expect(detail).to_have_attribute("enterkeyhint", "next")
    expect(own).to_have_attribute("enterkeyhint", "done")
    page.get_by_label("Company").press("Enter")
    expect(own).to_be_focused()
    own.press("Enter")
    expect(own).not_to_be_focused()


@pytest.mark.long
def test_a_very_long_email_is_shown_in_part_and_copied_whole(open_form: Open) -> None:
    page = open_form(THANKS)
    fill(page, ANSWERS)
    long = "x<b>é😀 " * 37_500
    question(page, "a project or aspect discussed").fill(long)
    body = page.locator("[data-part=body]")
    expect(page.get_by_text("Only the beginning of this very long email is shown here.")).to_be_visible()
    assert 15_000 < len(body.text_content() or "") <= 20_000
    page.get_by_role("button", name=say("copy_email")).click()
    if page.get_by_role("alert").filter(has_text="again").is_visible():
        page.get_by_role("button", name=say("copy_email")).click()
    expect(page.get_by_role("status").filter(has_text="The email is copied")).to_be_visible()
    assert long.strip() in clipboard(page)
    question(page, "a project or aspect discussed").fill("one point")
    expect(body).to_contain_text("one point")
    expect(page.get_by_text("Only the beginning")).to_be_hidden()


@pytest.mark.long
def test_an_answer_that_takes_long_is_told(page: Page) -> None:
    busy = 'if (data.request?.includes("Slow Inc")) for (const end = Date.now() + 3_500; Date.now() < end; );'
    change_worker(page, "const message = data;", f"const message = data; {busy}")
    page.goto(THANKS)
    fill(page, ANSWERS)
    expect(page.locator("email-form")).to_have_attribute("data-state", "ready")
    page.get_by_label("Company").fill("Slow Inc")
    status = page.get_by_role("status").filter(has_text="Working on it")
    expect(status).to_be_visible()
    expect(status).to_be_hidden()
    expect(page.locator("[data-part=body]")).to_contain_text("Slow Inc")


def test_a_reading_page_loads_no_python(page: Page, watch: Watch) -> None:
    page.goto(WHY)
    page.wait_for_load_state("networkidle")
    assert not [url for url in watch.requests if "/engine/" in url or url.endswith((".wasm", ".zip"))]


def test_the_search_index_waits_until_somebody_searches(page: Page) -> None:
    page.goto(WHY)
    # Material has started its search.
    expect(page.locator("[data-md-component=search-result] .md-search-result__meta")).to_be_attached()
    page.wait_for_load_state("networkidle")
    loaded = "performance.getEntriesByType('resource').some(({ name }) => name.includes('search_index'))"
    assert page.evaluate(loaded) is False
    with page.expect_response("**/search_index.json"):
        page.keyboard.press("/")


def test_every_script_is_named_ahead(open_form: Open) -> None:
    """A policy in a page keeps Chromium from looking ahead: on a slow line each other script costs a round trip."""
    page = open_form(START)
    page.wait_for_load_state("networkidle")
    loaded = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    scripts = {url for url in loaded if re.search(r"\.m?js$", url) and "/workers/" not in url}
    ahead = page.locator("head > link:is([rel=preload][as=script], [rel=modulepreload])")
    assert {str(url) for url in ahead.evaluate_all("(links) => links.map(({ href }) => href)")} == scripts
    # A script in the page runs only when the style sheets above it are there, and all below it waits.
    waiting = "head link[rel=stylesheet] ~ script:not([src]):not([type]) ~ link:is([rel=stylesheet], [rel=preload], [rel=modulepreload])"
    expect(page.locator(waiting)).to_have_count(0)


def test_typing_sends_nothing(open_form: Open, watch: Watch) -> None:
    page = open_form(START)
    compiled_again(page)
    before = len(watch.requests)
    fill(page, ANSWERS)
    expect(page.locator("[data-part=body]")).to_have_text(filled(ANSWERS)[1])
    page.get_by_role("button", name=say("copy_email")).click()
    expect(page.get_by_role("status").filter(has_text="copied")).to_be_visible()
    assert watch.requests[before:] == []
    # The tab keeps its own words; nothing else does.
    stored = page.evaluate(
        """[localStorage, sessionStorage].flatMap((store) => Object.entries(store))
            .filter(([key]) => !/^follow-up-kit [^ ]*$/.test(key)).join()"""
    )
    assert not any(value in stored for value in ANSWERS.values())


def test_several_emails_on_one_page_are_independent(page: Page, fork: str) -> None:
    page.goto(f"{fork}/two/")
    forms = page.locator("email-form")
    expect(page.get_by_role("region", name="Your email: Second")).to_be_visible()
    forms.nth(0).get_by_label("Company").fill("First Company")
    forms.nth(1).get_by_label("Company").fill("Second Company")
    for form, body in ((forms.nth(0), "Dear First Company"), (forms.nth(1), "Hello Second Company")):
        expect(form).to_have_attribute("data-state", "ready")
        expect(form.locator("[data-part=body]")).to_have_text(body)
    expect(forms.nth(0).get_by_label("Company")).to_have_value("First Company")


def test_one_form_for_all_emails(open_form: Open) -> None:
    page = open_form(ALL)
    options = page.get_by_label("Which email?").locator("option")
    pages = (START, THANKS, PANEL, ASK, ACCEPT, NOTE)
    assert options.count() == sum(len(email.wordings) for page in pages for email in emails(page))
    fill(page, {"Company": "Northwind Clinic"})
    page.get_by_label("Which email?").select_option(label="Say yes")
    expect(page.locator("[data-part=subject]")).to_contain_text("offer")
    expect(page.get_by_label("Company")).to_have_value("Northwind Clinic")
    expect(question(page, "a project or aspect discussed")).to_be_hidden()


@pytest.mark.long
def test_search_finds_what_people_type(page: Page) -> None:
    page.goto(GUIDE)
    page.get_by_role("textbox", name="Search").fill("panel")
    results = page.locator(".md-search-result__item a.md-search-result__link")
    expect(results.first).to_be_visible()
    links = results.evaluate_all("links => links.slice(0, 5).map(link => link.getAttribute('href'))")
    assert any("emails/panel/" in link for link in links), links


def test_who_typed_before_the_script_ran_gets_the_engine(page: Page) -> None:
    held: list[Route] = []
    page.route("**/email-form/email-form.mjs", lambda route: held.append(route))
    page.goto(THANKS, wait_until="commit")
    page.get_by_label("Company").fill("Northwind Clinic")
    expect(page.locator("email-form")).to_have_attribute("data-state", "idle")
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    expect(page.locator("email-form")).to_have_attribute("data-state", "ready")
    expect(page.locator("[data-part=body]")).to_contain_text("Northwind Clinic")
