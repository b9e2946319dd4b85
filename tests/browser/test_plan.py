"""When to send: the dates below an email, in a real browser, with the real Pyodide."""

# ruff: noqa: DTZ001 - times on the wall's clock, without a zone, are what is tested here

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from icalendar import Calendar
from playwright.sync_api import Locator, Page, expect

from generator.core.schedule import Moment, schedule
from tests.browser.conftest import ANSWERS, Watch, fill
from tests.browser.test_accessibility import violations
from tests.tools.site import ACCEPT, ALL, ASK, NOTE, PANEL, THANKS, say, site_data

Open = Callable[..., Page]

WORDS = site_data().words

NOW = datetime(2026, 5, 20, 15, 0)
INTERVIEW = datetime(2026, 5, 12, 10, 0)
#: What the page calls the states.
STATES = {"early": "Later", "now": "Now", "late": "Now, but late", "over": "Past"}


@pytest.fixture
def page(page: Page) -> Page:
    """A page on whose clock it is always about the same time, when it is opened."""
    # Not a fixed time: that stops all timers, which axe-core waits for without end.
    page.clock.install(time=NOW)
    return page


def opened(page: Page) -> Locator:
    plan = page.locator("send-plan")
    plan.get_by_text("When to send it, and when to ask again").click()
    return plan


def enter(plan: Locator, interview: Moment, promised: date | None = None) -> None:
    day = interview.date() if isinstance(interview, datetime) else interview
    plan.get_by_label("Interview date").fill(day.isoformat())
    if isinstance(interview, datetime):
        plan.get_by_label("Interview time").fill(f"{interview:%H:%M}")
    if promised:
        plan.get_by_label("Answer promised by").fill(promised.isoformat())


def steps(interview: Moment, promised: date | None = None, now: datetime = NOW) -> list[str]:
    """Return what the page must say, as the core says it here, outside the browser."""
    return [
        # What is past goes into no calendar.
        f"{STATES[one.state]} {one.sentence.say(WORDS)}{'' if one.state == 'over' else 'Google Calendar'}"
        for one in schedule(interview, promised=promised, now=now)
    ]


def saved(page: Page, plan: Locator, folder: Path) -> tuple[str, Calendar]:
    with page.expect_download() as download:
        plan.get_by_role("button", name=say("plan_add")).click()
    file = folder / "reminders.ics"
    download.value.save_as(file)
    return download.value.suggested_filename, Calendar.from_ical(file.read_bytes())


@pytest.mark.parametrize(
    ("interview", "promised", "now"),
    [
        (INTERVIEW, None, NOW),
        (INTERVIEW, date(2026, 5, 29), NOW),
        (INTERVIEW.date(), None, NOW),
        (datetime(2026, 5, 20, 14, 30), None, NOW),
        (datetime(2026, 5, 22, 14, 30), None, datetime(2026, 5, 22, 16, 45)),
        (INTERVIEW, None, datetime(2026, 5, 14, 9, 0)),
    ],
    ids=["a week ago", "an answer was promised", "no time", "just now", "a Friday", "late"],
)
@pytest.mark.long
def test_the_dates_are_those_of_the_core(
    open_form: Open, interview: Moment, promised: date | None, now: datetime
) -> None:
    page = open_form(THANKS)
    page.clock.set_fixed_time(now)
    plan = opened(page)
    enter(plan, interview, promised)
    expect(plan.get_by_role("listitem")).to_have_text(steps(interview, promised, now))
    expect(plan.locator("[aria-current=step]")).to_have_text([
        one for one in steps(interview, promised, now) if one.startswith("Now")
    ])  # fmt: skip


@pytest.mark.long
def test_the_dates_wait_for_the_engine(page: Page) -> None:
    page.goto(THANKS)
    plan = opened(page)
    enter(plan, INTERVIEW)
    expect(plan.get_by_role("listitem")).to_have_text(steps(INTERVIEW))


def test_the_reminders_are_a_calendar_file(open_form: Open, tmp_path: Path) -> None:
    page = open_form(THANKS)
    plan = opened(page)
    expect(plan.get_by_role("button", name=say("plan_add"))).to_be_hidden()
    enter(plan, INTERVIEW, date(2026, 5, 29))
    fill(page, {"Company": "Northwind; Clinic"})
    name, first = saved(page, plan, tmp_path)
    assert name.startswith("follow-up")
    assert name.endswith(".ics")
    expect(plan.get_by_role("status").filter(has_text="The calendar file is saved.")).to_be_visible()
    planned = [one for one in schedule(INTERVIEW, promised=date(2026, 5, 29), now=NOW) if one.state != "over"]
    events = first.walk("VEVENT")
    assert [event.decoded("DTSTART") for event in events] == [one.ring for one in planned]
    assert [str(event["DESCRIPTION"]) for event in events] == [one.sentence.say(WORDS) for one in planned]
    assert [str(event["SUMMARY"]) for event in events] == [
        f"{WORDS[f'plan.summary.{one.kind}']}: Northwind; Clinic" for one in planned
    ]
    # With another date the same events move; with another company they are others.
    enter(plan, datetime(2026, 5, 13, 10, 0))
    _, second = saved(page, plan, tmp_path)
    fill(page, {"Company": "Contoso"})
    _, third = saved(page, plan, tmp_path)
    ids = [{str(event["UID"]) for event in one.walk("VEVENT")} for one in (first, second, third)]
    assert ids[0] == ids[1]
    assert ids[0].isdisjoint(ids[2])


def test_each_date_has_a_link_to_google_calendar(open_form: Open, watch: Watch) -> None:
    watch.own.append("https://calendar.google.com/")
    page = open_form(THANKS)
    fill(page, {"Company": "Northwind & Co."})
    plan = opened(page)
    enter(plan, INTERVIEW)
    links = plan.locator("[data-calendar=google_calendar]")
    left = [one for one in schedule(INTERVIEW, now=NOW) if one.state != "over"]
    expect(links).to_have_count(len(left))
    for link, reminder in zip(links.all(), left, strict=True):
        title = WORDS[f"plan.summary.{reminder.kind}"]
        expect(link).to_have_accessible_name(f"Google Calendar: {title}")
        assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener noreferrer")
        found = urlsplit(link.get_attribute("href") or "")
        assert found.hostname == "calendar.google.com"
        values = parse_qs(found.query)
        assert values["text"] == [f"{title}: Northwind & Co."]
        assert values["dates"][0].startswith(f"{reminder.ring:%Y%m%dT%H%M%S}/")
    # It goes there: nothing on the page keeps it back.
    page.context.route("https://calendar.google.com/**", lambda route: route.fulfill(body="a calendar"))
    with page.context.expect_page() as waiting:
        links.first.click()
    expect(waiting.value.get_by_text("a calendar")).to_be_visible()


def following(page: Page) -> Locator:
    return page.locator("[data-part=next-line]")


def test_once_an_email_is_copied_the_form_says_what_comes_next(open_form: Open, tmp_path: Path) -> None:
    page = open_form(THANKS)
    fill(page, ANSWERS)
    expect(page.locator("[data-part=body]")).to_contain_text(ANSWERS["Your Name"])
    expect(following(page)).to_be_empty()
    page.get_by_role("button", name=say("copy_email")).click()
    # Nobody said when the interview was, so it counts from today, a Wednesday.
    expect(following(page)).to_have_text(
        "Next: if you hear nothing, ask on Wednesday 27 May 2026. "
        "Counted from today: the day of the interview is not known yet."
    )
    with page.expect_download() as download:
        page.get_by_role("button", name=say("plan_next_add")).click()
    download.value.save_as(tmp_path / "next.ics")
    (event,) = Calendar.from_ical((tmp_path / "next.ics").read_bytes()).walk("VEVENT")
    assert event.decoded("DTSTART") == datetime(2026, 5, 27, 9, 0)
    assert str(event["SUMMARY"]) == f"Ask for news: {ANSWERS['Company']}"
    expect(page.get_by_role("status").filter(has_text="The calendar file is saved.")).to_be_visible()
    # With the day of the interview it is exact.
    page.get_by_role("button", name=say("plan_next_all")).click()
    day = page.locator("send-plan").get_by_label("Interview date")
    expect(day).to_be_focused()
    day.fill("2026-05-19")
    expect(following(page)).to_have_text("Next: if you hear nothing, ask on Tuesday 26 May 2026.")
    # Another wording has not been sent.
    page.get_by_role("radio", name="warm").check(force=True)
    expect(following(page)).to_be_empty()
    expect(page.locator("[data-part=next-ways] *")).to_have_count(0)


@pytest.mark.long
def test_what_comes_next_is_said_once(open_form: Open) -> None:
    page = open_form(THANKS)
    fill(page, ANSWERS)
    expect(page.locator("[data-part=body]")).to_contain_text(ANSWERS["Your Name"])
    page.evaluate("""() => {
        window.said = [];
        const line = document.querySelector("[data-part=next-line]");
        new MutationObserver(() => window.said.push(line.textContent)).observe(line, { childList: true });
    }""")
    for _ in range(2):
        page.get_by_role("button", name=say("copy_email")).click()
        page.wait_for_timeout(300)
        page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(following(page)).not_to_be_empty()
    assert len(page.evaluate("window.said")) == 1


@pytest.mark.long
def test_where_nothing_comes_next_nothing_is_said(open_form: Open) -> None:
    page = open_form(ACCEPT)
    button = page.get_by_role("button", name=say("copy_subject"))
    button.click()
    page.get_by_role("button", name=say("copy_email")).dblclick(delay=50)
    page.get_by_role("button", name=say("copy_email")).click()
    expect(page.get_by_role("status").filter(has_text="The email is copied")).to_be_visible()
    page.wait_for_timeout(300)
    expect(following(page)).to_be_empty()


@pytest.mark.long
def test_works_by_keyboard_alone(open_form: Open) -> None:
    page = open_form(THANKS)
    page.get_by_role("button", name="Copy subject").focus()
    summary = page.locator("send-plan summary")
    for _ in range(10):
        if summary.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    plan = page.locator("send-plan")
    expect(plan.get_by_label("Interview date")).to_be_visible()
    page.keyboard.press("Tab")
    expect(plan.get_by_label("Interview date")).to_be_focused()
    page.keyboard.type("05122026")
    expect(plan.get_by_role("listitem")).to_have_text(steps(INTERVIEW.date()))
    plan.get_by_label("Interview time").focus()
    page.keyboard.type("1000AM")
    expect(plan.get_by_role("listitem")).to_have_text(steps(INTERVIEW))
    button = plan.get_by_role("button", name=say("plan_add"))
    for _ in range(16):
        if button.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    with page.expect_download():
        page.keyboard.press("Enter")


@pytest.mark.long
def test_dates_that_cannot_be_meant_are_a_sentence(open_form: Open) -> None:
    page = open_form(THANKS)
    plan = opened(page)
    enter(plan, INTERVIEW, date(2026, 5, 11))
    alert = plan.get_by_role("alert")
    expect(alert).to_have_text(
        "The promised date (Monday 11 May 2026) is before the interview (Tuesday 12 May 2026): check both."
    )
    expect(plan.get_by_role("listitem")).to_have_count(0)
    expect(plan.get_by_role("button", name=say("plan_add"))).to_be_hidden()
    plan.get_by_label("Answer promised by").fill("")
    expect(plan.get_by_role("listitem")).to_have_text(steps(INTERVIEW))
    expect(alert).to_be_empty()
    plan.get_by_label("Interview date").fill("")
    expect(plan.get_by_role("listitem")).to_have_count(0)


@pytest.mark.long
def test_a_year_is_wrong_only_when_its_field_is_left(open_form: Open) -> None:
    page = open_form(THANKS)
    plan = opened(page)
    plan.get_by_label("Interview date").focus()
    page.keyboard.type("0512202")
    expect(plan.get_by_label("Interview date")).to_have_value("0202-05-12")
    expect(plan.get_by_role("alert")).to_be_empty()
    plan.get_by_label("Answer promised by").focus()
    expect(plan.get_by_role("alert")).to_have_text("The year 202 cannot be right: check the date.")


@pytest.mark.long
def test_dates_are_shared_within_the_visit_and_stored_nowhere_but_in_the_tab(open_form: Open) -> None:
    page = open_form(THANKS)
    enter(opened(page), INTERVIEW, date(2026, 5, 29))
    page.evaluate("window.sameDocument = true")
    page.get_by_role("link", name="Start", exact=True).first.click()
    expect(page.get_by_role("heading", name="Say thank you now")).to_be_visible()
    assert page.evaluate("window.sameDocument") is True
    plan = opened(page)
    expect(plan.get_by_label("Interview date")).to_have_value("2026-05-12")
    expect(plan.get_by_label("Interview time")).to_have_value("10:00")
    expect(plan.get_by_label("Answer promised by")).to_have_value("2026-05-29")
    expect(plan.get_by_role("listitem")).to_have_text(steps(INTERVIEW, date(2026, 5, 29)))
    stored = page.evaluate("Object.entries(localStorage).join()")
    assert "2026-05" not in stored
    other = page.context.new_page()
    other.goto(THANKS)
    expect(opened(other).get_by_label("Interview date")).to_have_value("")


@pytest.mark.long
def test_clear_everything_clears_the_dates(open_form: Open) -> None:
    page = open_form(THANKS)
    plan = opened(page)
    enter(plan, INTERVIEW)
    expect(plan.get_by_role("listitem")).to_have_count(4)
    page.get_by_role("button", name=say("clear_all")).click()
    page.locator("[data-do=clear-yes]").click()
    expect(plan.get_by_label("Interview date")).to_have_value("")
    expect(plan.get_by_role("listitem")).to_have_count(0)


@pytest.mark.long
def test_the_questions_of_the_plan_come_only_when_it_is_opened(page: Page) -> None:
    page.goto(ASK)
    expect(page.get_by_label("Interview date", exact=True)).to_have_count(0)
    expect(opened(page).get_by_label("Interview date")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "shown"),
    [(ASK, True), (NOTE, True), (ACCEPT, False)],
)
@pytest.mark.long
def test_it_stands_below_emails_that_are_steps_of_the_plan(page: Page, path: str, *, shown: bool) -> None:
    page.goto(path)
    expect(page.locator("send-plan")).to_have_count(int(shown))


@pytest.mark.long
def test_an_email_with_a_limit_of_its_own_keeps_it(open_form: Open) -> None:
    page = open_form(PANEL)
    page.clock.set_fixed_time(datetime(2026, 5, 12, 12, 0))
    plan = opened(page)
    expect(plan.get_by_text("The rule: within 12 hours of the interview.")).to_be_visible()
    enter(plan, INTERVIEW)
    expect(plan.get_by_role("listitem").first).to_contain_text("Send it by Tuesday 12 May 2026, 22:00.")


@pytest.mark.long
def test_it_follows_the_email_that_is_chosen(open_form: Open) -> None:
    page = open_form(ALL)
    page.clock.set_fixed_time(datetime(2026, 5, 12, 12, 0))
    which = page.get_by_label("Which email?")
    which.select_option(label="Thanks: warm")
    plan = opened(page)
    enter(plan, INTERVIEW)
    expect(plan.get_by_role("listitem").first).to_contain_text("Send it by Wednesday 13 May 2026, 10:00.")
    which.select_option(label="Say yes")
    expect(plan).to_be_hidden()
    which.select_option(label="Thanks to a panel: short")
    expect(plan.get_by_text("The rule: within 12 hours of the interview.")).to_be_visible()
    expect(plan.get_by_role("listitem").first).to_contain_text("Send it by Tuesday 12 May 2026, 22:00.")


@pytest.mark.long
@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript_it_shows_the_rule(page: Page) -> None:
    page.goto(ASK)
    plan = opened(page)
    expect(plan.get_by_text("The rule: 5-7 working days after the interview.")).to_be_visible()
    expect(plan.locator("input, button")).to_have_count(0)


@pytest.mark.allow_errors
@pytest.mark.long
def test_when_the_engine_fails_it_says_so_and_retry_mends_it(page: Page) -> None:
    wasm = re.compile(r"/wasm\.\w+\.bin$")
    page.context.route(wasm, lambda route: route.fulfill(status=404, body="not here"))
    page.goto(THANKS)
    plan = opened(page)
    enter(plan, INTERVIEW)
    expect(plan.get_by_role("alert")).to_contain_text("The form could not start, so there are no dates.")
    page.context.unroute(wasm)
    page.get_by_role("button", name="Try again").click()
    expect(plan.get_by_role("listitem")).to_have_text(steps(INTERVIEW))
    expect(plan.get_by_role("alert")).to_be_empty()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.long
def test_no_violation_and_nothing_scrolls_sideways(open_form: Open, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 640})
    open_form(THANKS)
    plan = opened(page)
    found = {"empty": violations(page)}
    enter(plan, INTERVIEW)
    expect(plan.get_by_role("listitem")).to_have_text(steps(INTERVIEW))
    found["dates"] = violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    small = plan.locator("summary, input, button").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).filter(box => box.width < 24 || box.height < 24)"
    )
    assert small == []
    plan.get_by_label("Answer promised by").fill("2026-05-02")
    expect(plan.get_by_role("alert")).to_contain_text("check both")
    found["problem"] = violations(page)
    assert not {state: one for state, one in found.items() if one}


@pytest.mark.long
def test_states_can_be_told_apart_without_color(open_form: Open) -> None:
    page = open_form(THANKS)
    plan = opened(page)
    enter(plan, INTERVIEW)
    expect(plan.get_by_role("listitem")).to_have_count(4)
    page.emulate_media(forced_colors="active")
    shapes = plan.get_by_role("listitem").evaluate_all(
        """all => all.map(one => {
            const style = getComputedStyle(one, "::before");
            return [style.borderTopWidth, style.content, style.backgroundColor].join();
        })"""
    )
    over, now, early, _ = shapes
    assert len({over, now, early}) == 3
    assert not any(shape.startswith("0px") for shape in shapes)
