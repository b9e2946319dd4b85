"""When to send, and the reminders in the calendar: golden cases, every date rule, and other readers."""

# ruff: noqa: DTZ001 - times on the wall's clock, without a zone, are what is tested here

from __future__ import annotations

import calendar
import json
import random
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from generator.bridge import handle
from generator.core.schedule import (
    CALENDARS,
    EVENTS,
    RULES,
    Moment,
    Reminder,
    ScheduleError,
    Send,
    SendError,
    following,
    ics,
    parse_send,
    say_send,
    schedule,
    window,
)
from generator.core.schedule.plan import KINDS, add_months, add_working_days, on_working_day
from generator.core.schedule.send import UNITS
from generator.core.words import Sentence
from generator.pages.data import LISTS
from tests.tools.reading import INJECTIONS, awkward, cases, read_back
from tests.tools.site import site_data

STAMP = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
WORDS = site_data().words
EPOCH = date(2000, 1, 1)
ALL_DAYS = (date(2199, 10, 1) - EPOCH).days


def moment(text: str) -> Moment:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def wall(found: Moment) -> str:
    return found.isoformat(timespec="minutes") if isinstance(found, datetime) else found.isoformat()


# --- The Send header -------------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("schedule/send.yml"), ids=lambda case: case["text"])
def test_send(case: dict[str, str]) -> None:
    assert str(parse_send(case["text"])) == case["read"]


@pytest.mark.parametrize("case", cases("schedule/send-nope.yml"), ids=lambda case: case["text"])
def test_send_errors(case: dict[str, str]) -> None:
    with pytest.raises(SendError) as caught:
        parse_send(case["text"])
    assert (caught.value.what, caught.value.mend) == (case["what"], case["mend"])
    assert str(caught.value) == f"{case['what']} — {case['mend']}"


@st.composite
def sends(draw: st.DrawFn) -> Send:
    if draw(st.booleans()):
        return Send(draw(st.sampled_from(["at once", "when it happens"])))
    form = draw(st.sampled_from(["within", "after"]))
    unit = draw(st.sampled_from(UNITS[:3] if form == "within" else UNITS))
    least = draw(st.integers(1, 366))
    ranged = form == "after" and unit == "working days"
    most = draw(st.integers(least, 366)) if ranged else least
    return Send(form, least, most, unit, draw(st.sampled_from(EVENTS)))  # type: ignore[arg-type]


@given(sends())
def test_send_reads_what_it_writes(send: Send) -> None:
    assert parse_send(str(send)) == send


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*EVENTS, *UNITS, "within", "of", "after", "3", "5-7"])).map(" ".join)
)
def test_send_reads_or_explains(text: str) -> None:
    try:
        send = parse_send(text)
    except SendError:
        return
    assert parse_send(str(send)) == send


def test_a_number_too_long_to_read() -> None:
    with pytest.raises(SendError, match="too long"):
        parse_send(f"{'9' * 5000} days after the offer")


# --- Windows and plans -----------------------------------------------------------------------------


@pytest.mark.parametrize("case", cases("schedule/windows.yml"), ids=lambda case: case["what"])
def test_windows(case: dict[str, Any]) -> None:
    found = window(parse_send(case["send"]), moment(case["event"]))
    assert [wall(found.start), wall(found.end)] == case["window"]
    later = found.otherwise
    assert ([wall(later.start), wall(later.end)] if later else None) == case.get("otherwise")


@pytest.mark.parametrize("case", cases("schedule/plans.yml"), ids=lambda case: case["what"])
def test_plans(case: dict[str, Any]) -> None:
    promised = date.fromisoformat(case["promised"]) if "promised" in case else None
    now = moment(case["now"]) if "now" in case else None
    assert now is None or isinstance(now, datetime)

    def plan() -> list[Reminder]:
        return schedule(moment(case["interview"]), promised=promised, now=now)

    if "error" in case:
        with pytest.raises(ScheduleError) as caught:
            plan()
        assert caught.value.sentence.say(WORDS) == case["error"]
        return
    reminders = plan()
    assert [reminder.kind for reminder in reminders] == list(KINDS)
    found = {
        r.kind: [wall(r.when), r.sentence.key.removeprefix("plan."), *([r.state] if r.state else [])]
        for r in reminders
    }
    assert {kind: found[kind] for kind in case["plan"]} == case["plan"]


@pytest.mark.parametrize(("day", "count", "result"), cases("schedule/months.yml"))
def test_months(day: str, count: int, result: str) -> None:
    assert add_months(date.fromisoformat(day), count) == date.fromisoformat(result)


# --- Every rule, over many dates ---------------------------------------------------------


def working_days_between(day: date, later: date) -> int:
    """Count them from the weeks, not one by one."""
    weeks, rest = divmod((later - day).days, 7)
    return weeks * 5 + sum(1 for n in range(1, rest + 1) if (day.weekday() + n) % 7 < 5)


def check_working_days(day: date, count: int) -> None:
    found = add_working_days(day, count)
    assert found.weekday() < 5
    assert working_days_between(day, found) == count


def check_months(day: date, count: int) -> None:
    found = add_months(day, count)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == count
    assert found.day == min(day.day, calendar.monthrange(found.year, found.month)[1])


def check_elapsed(event: datetime, hours: int) -> None:
    found = window(Send("within", hours, hours, "hours", "the offer"), event)
    assert isinstance(found.end, datetime)
    assert found.end - event == timedelta(hours=hours)
    assert found.start == event


def check_thank_you(event: datetime) -> None:
    found = window(RULES.send, event)
    start, end = found.start, found.end
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    assert event + timedelta(hours=1) <= start <= end
    day_after = event + timedelta(days=1)
    if day_after.weekday() < 5:
        assert (found.otherwise, start, end) == (None, event + timedelta(hours=1), day_after)
        return
    monday = found.otherwise or found
    assert wall(monday.start)[10:] == "T08:00"
    assert wall(monday.end)[10:] == "T09:00"
    assert monday.start.weekday() == 0
    assert 0 < (monday.start.date() - event.date()).days <= 3  # type: ignore[union-attr]
    if found.otherwise:
        assert wall(end) == f"{event.date()}T18:00"
        assert event.hour <= 17
    else:
        assert event.hour >= 17


def check_plan(event: datetime, promised: date | None) -> None:
    send, first, second, stop = schedule(event, promised=promised, now=event)
    assert send.state == "early"
    last = event.date()
    for reminder in (first, second, stop):
        assert isinstance(reminder.when, datetime)
        assert reminder.when == reminder.ring
        assert reminder.when.time() == time(9)
        assert reminder.when.weekday() < 5
        assert reminder.when.date() > last
        last = reminder.when.date()
    # Five working days; or a week after a named date, from a day off to the next working day.
    if promised is None:
        assert working_days_between(event.date(), first.when.date()) == 5  # type: ignore[union-attr]
    else:
        assert first.when.date() == on_working_day(promised + timedelta(weeks=1))  # type: ignore[union-attr]
    # Four weeks, or a week after the second chase; from a day off to the next working day.
    weeks = on_working_day(event.date() + timedelta(weeks=4))
    assert stop.when.date() == max(weeks, second.when.date() + timedelta(weeks=1))  # type: ignore[union-attr]
    assert (second.when.date() - first.when.date()).days == 7  # type: ignore[union-attr]


def sweep(count: int, seed: int) -> None:
    source = random.Random(seed)
    for _ in range(count):
        day = EPOCH + timedelta(days=source.randrange(ALL_DAYS))
        event = datetime.combine(day, time(source.randrange(24), source.randrange(60)))
        promised = source.choice([None, day + timedelta(days=source.randrange(90))])
        number, months = source.randint(1, 40), source.randint(1, 60)
        check_working_days(day, number)
        check_months(day, months)
        check_elapsed(event, number)
        check_thank_you(event)
        check_plan(event, promised)


def test_every_rule() -> None:
    sweep(10_000, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 12))
def test_every_rule_on_many_more_dates(seed: int) -> None:
    sweep(50_000, seed=seed)


# --- Sentences -------------------------------------------------------------------------------------


def test_sentences_in_other_words() -> None:
    words = {
        "plan.stop": "Am {when} ist Schluss. {unbekannt} {when.__class__}",
        "plan.date": "{weekday}, {day}. {month} {year}",
        "plan.moment": "{date} um {time} Uhr",
        "plan.weekdays": "Montag, Dienstag, Mittwoch, Donnerstag, Freitag, Samstag, Sonntag",
        "plan.months": "Januar, Februar, März, April, Mai, Juni, Juli, "
        "August, September, Oktober, November, Dezember",
    }
    sentence = Sentence("plan.stop", {"when": datetime(2026, 3, 2, 9)})
    said = sentence.say(words)
    assert said == "Am Montag, 2. März 2026 um 09:00 Uhr ist Schluss. {unbekannt} {when.__class__}"


def test_every_sentence_is_worded() -> None:
    keys = {entry[1] for case in cases("schedule/plans.yml") for entry in case.get("plan", {}).values()}
    assert {f"plan.{key}" for key in keys} <= set(WORDS)
    assert {key.split(".")[0] for key in keys} == set(KINDS)
    for case in cases("schedule/plans.yml"):
        if "error" not in case:
            now = moment(case["now"]) if "now" in case else None
            assert now is None or isinstance(now, datetime)
            for reminder in schedule(moment(case["interview"]), now=now):
                assert "{" not in reminder.sentence.say(WORDS)


def test_a_send_header_in_other_words() -> None:
    words = WORDS | {
        "plan.rule.at_once": "sofort",
        "plan.rule.within": "höchstens {time} nach {event}",
        "plan.rule.after": "{time} nach {event}",
        "plan.units": "Stunde, Stunden, Tag, Tage, Arbeitstag, Arbeitstage, Woche, Wochen, Monat, Monate",
        "plan.events": "dem Gespräch, dem Termin, der letzten E-Mail, der Absage, dem Angebot, dem Treffen, "
        "der Nachricht, dem Entscheid",
    }
    for header, said in {
        "at once": "sofort",
        "when it happens": "when it happens",
        "within 24 hours of the interview": "höchstens 24 Stunden nach dem Gespräch",
        "5-7 working days after the decision date": "5-7 Arbeitstage nach dem Entscheid",
        "1 month after the rejection": "1 Monat nach der Absage",
    }.items():
        assert say_send(parse_send(header), words) == said


def plan(**request: str) -> dict[str, Any]:
    """Return what the browser is told."""
    now = {"now": "2026-05-12T12:00:00", "stamp": "2026-05-12T10:00:00.000Z", "seed": "x"}
    handle(json.dumps({"type": "configure", **site_data().setup}))
    reply: dict[str, Any] = json.loads(handle(json.dumps({"type": "plan", **now, **request})))
    handle(json.dumps({"type": "configure"}))
    assert reply["type"] == "plan", reply
    return reply


def test_the_browser_is_told_the_plan() -> None:
    reply = plan(interview="2026-05-12T10:00", promised="2026-05-20", about="Northwind", situation="check-in")
    planned = schedule(datetime(2026, 5, 12, 10), promised=date(2026, 5, 20), now=datetime(2026, 5, 12, 12))
    assert [one["sentence"] for one in reply["reminders"]] == [one.sentence.say(WORDS) for one in planned]
    assert [one["state"] for one in reply["reminders"]] == [one.state for one in planned]
    assert reply["calendar"]["name"] == "follow-up-check-in.ics"
    assert "SUMMARY:Send the thank-you: Northwind\r\n" in reply["calendar"]["text"]


@pytest.mark.parametrize("case", cases("schedule/next.yml"), ids=lambda case: case["what"])
def test_what_comes_after_an_email(case: dict[str, Any]) -> None:
    found = following(
        parse_send(case["send"]),
        now=datetime(2026, 11, 26, 15),
        interview=moment(case["interview"]) if "interview" in case else None,
        promised=date.fromisoformat(case["promised"]) if "promised" in case else None,
    )
    assert (found and [found.kind, f"{found.when:%Y-%m-%d}"]) == case.get("next")


def told(**request: str) -> dict[str, Any]:
    """Return what the browser is told once an email has gone out."""
    now = {"now": "2026-11-26T15:00:00", "stamp": "2026-11-26T15:00:00.000Z", "seed": "x"}
    handle(json.dumps({"type": "configure", **site_data().setup}))
    reply: dict[str, Any] = json.loads(handle(json.dumps({"type": "next", **now, **request})))
    handle(json.dumps({"type": "configure"}))
    assert reply["type"] == "next", reply
    return reply


def test_the_browser_is_told_what_comes_next() -> None:
    send = "within 24 hours of the interview"
    reply = told(send=send, interview="", promised="", about="Northwind")
    assert reply["sentence"] == "Next: if you hear nothing, ask on Thursday 3 December 2026."
    assert reply["counted"] is True
    assert "DTSTART:20261203T090000\r\n" in reply["calendar"]["text"]
    assert reply["calendar"]["text"].count("BEGIN:VEVENT") == 1
    assert set(reply["links"]) == set(CALENDARS)
    # The same event as in the file with all dates: a calendar replaces one by the other.
    known = told(send=send, interview="2026-11-26", about="Northwind")
    assert known["counted"] is False
    every = plan(interview="2026-11-26", about="Northwind")["calendar"]["text"]
    (uid,) = re.findall("UID:.*", known["calendar"]["text"])
    assert uid in every


@pytest.mark.parametrize("asked", [{"send": "at once"}, {"interview": "2026-11-20", "promised": "2026-11-01"}])
def test_where_nothing_follows_nothing_is_said(asked: dict[str, str]) -> None:
    reply = told(**{"send": "within 24 hours of the interview"} | asked)
    assert (reply["sentence"], reply["links"], reply["calendar"]) == ("", {}, None)


# --- Calendars on the web --------------------------------------------------------------------------


def check_links(interview: Moment, about: str) -> None:
    """A link holds the event that the file holds."""
    reminders = schedule(interview)
    for reminder, expected in zip(reminders, expected_events(reminders, topic_of(about)), strict=True):
        link = urlsplit(CALENDARS["google_calendar"](reminder, about, WORDS))
        assert (link.scheme, link.netloc, link.path) == ("https", "calendar.google.com", "/calendar/render")
        values = {name: value for name, (value,) in parse_qs(link.query, strict_parsing=True).items()}
        assert values.keys() == {"action", "text", "dates", "details"}
        assert (values["text"], values["details"]) == (expected["summary"], expected["description"])
        begin, end = (datetime.fromisoformat(one) for one in values["dates"].split("/"))
        timed = isinstance(reminder.ring, datetime)
        written = [(one if timed else one.date()).isoformat() for one in (begin, end)]
        assert values["dates"] == re.sub("[:-]", "", "/".join(written))
        assert begin == (reminder.ring if timed else datetime.combine(reminder.ring, time()))
        assert end - begin == (timedelta(minutes=15) if timed else timedelta(days=1))


@pytest.mark.parametrize("interview", [datetime(2026, 11, 24, 14), date(2026, 12, 31)])
@pytest.mark.parametrize("about", ["", "Müller & Söhne #1 + Co. 100% 😊", *INJECTIONS, "\ud800 \x00"])
def test_a_link_to_a_calendar_holds_the_event_of_the_file(interview: Moment, about: str) -> None:
    check_links(interview, about)


def test_a_date_in_the_past_has_no_link() -> None:
    reminders = plan(interview="2026-04-01T10:00")["reminders"]
    assert {one["state"] for one in reminders} == {"over", "now"}
    assert all(bool(one["links"]) is (one["state"] != "over") for one in reminders)


def test_an_email_with_a_limit_of_its_own_keeps_it() -> None:
    asked = {"interview": "2026-05-12T10:00"}
    usual = [one["when"] for one in plan(**asked)["reminders"]]
    sooner = [one["when"] for one in plan(**asked, send="within 12 hours of the interview")["reminders"]]
    assert (usual[0], sooner[0]) == ("2026-05-13T10:00:00", "2026-05-12T22:00:00")
    assert usual[1:] == sooner[1:]
    for other in ("at once", "5-7 working days after the interview", "within 2 days of the talk"):
        assert [one["when"] for one in plan(**asked, send=other)["reminders"]] == usual


def test_dates_that_cannot_be_read_are_a_sentence_and_no_fault() -> None:
    for asked in (
        {"interview": "12026-05-12"},
        {"interview": "2026-05-12T25:00"},
        {"interview": "2026-05-12", "promised": "12026-05-20"},
    ):
        reply = plan(**asked)
        assert reply["problem"] == WORDS["plan.error.date"]
        assert (reply["reminders"], reply["calendar"]) == ([], None)


# --- The calendar file -----------------------------------------------------------------------------


def test_calendar_file() -> None:
    case = cases("schedule/calendar.yml")
    reminders = schedule(
        datetime.fromisoformat(case["interview"]), promised=date.fromisoformat(case["promised"])
    )
    text = ics(
        reminders,
        uid_seed=case["uid_seed"],
        stamp=datetime.fromisoformat(case["stamp"]),
        about=case["about"],
        words=WORDS,
    )
    assert text.split("\r\n") == [*case["lines"], ""]


def assert_well_formed(text: str) -> None:
    """RFC 5545 section 3.1."""
    data = text.encode()
    assert data.endswith(b"\r\n")
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n|[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", data.replace(b"\t", b" "))
    for line in data.removesuffix(b"\r\n").split(b"\r\n"):
        assert 1 < len(line) <= 75
        line.decode()
    unfolded = text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    names = {re.split("[:;]", each)[0] for each in unfolded}
    assert names <= {
        "BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "UID", "DTSTAMP", "DTSTART", "DURATION", "SUMMARY",
        "DESCRIPTION", "CLASS", "TRANSP", "ACTION", "TRIGGER",
    }  # fmt: skip
    # What is longer than 75 octets is folded, what is not is not.
    assert len(data.split(b"\r\n ")) - 1 == sum(_folds(line) for line in unfolded)


def _folds(line: str) -> int:
    """Count how often a line must be folded when every piece takes all that it can without cutting an escape."""
    folds, used = 0, 0
    for whole in re.findall(r"(?s)\\.|.", line):
        size = len(whole.encode())
        if used + size > 75:
            folds, used = folds + 1, 1
        used += size
    return folds


def topic_of(about: str) -> str:
    visible = "".join(" " if c in "\r\n\t\x85\u2028\u2029" else c for c in about)
    visible = re.sub("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", "", visible)
    return re.sub(" +", " ", visible).strip()


def expected_events(reminders: list[Reminder], topic: str) -> list[dict[str, Any]]:
    events = []
    for reminder in reminders:
        summary = WORDS[f"plan.summary.{reminder.kind}"] + (f": {topic}" if topic else "")
        ring = reminder.ring
        start = ring.isoformat()
        events.append({"start": start, "summary": summary, "description": reminder.sentence.say(WORDS)})
    return events


def by_icalendar(text: str) -> list[dict[str, Any]]:
    parsed = Calendar.from_ical(text.encode())
    assert not parsed.errors
    events = []
    for event in parsed.walk("VEVENT"):
        assert not event.errors
        assert set(event) == {
            "UID", "DTSTAMP", "DTSTART", "DURATION", "SUMMARY", "DESCRIPTION", "CLASS", "TRANSP",
        }  # fmt: skip
        start = event.decoded("DTSTART")
        assert event.decoded("DTSTAMP") == STAMP
        assert not isinstance(start, datetime) or start.tzinfo is None
        alarms = event.walk("VALARM")
        assert alarms
        for alarm in alarms:
            assert set(alarm) == {"ACTION", "DESCRIPTION", "TRIGGER"}
            assert str(alarm["DESCRIPTION"]) == str(event["SUMMARY"])
        events.append(
            {
                "start": start.isoformat(),
                "summary": str(event["SUMMARY"]),
                "description": str(event["DESCRIPTION"]),
                "uid": str(event["UID"]),
                "alarms": [int(alarm.decoded("TRIGGER").total_seconds()) for alarm in alarms],
            }
        )
    return events


def check_calendars(abouts: list[str], seed: int) -> None:
    """Four parsers agree with each other and with the reminders."""
    source = random.Random(seed)
    plans, texts = [], []
    for about in abouts:
        day = date(2026, 1, 1) + timedelta(days=source.randrange(3000))
        event: Moment = day
        if source.random() < 0.8:
            event = datetime.combine(day, time(source.randrange(24), source.randrange(60)))
        first = source.randrange(4)
        plans.append(schedule(event)[first : first + 2])
        texts.append(ics(plans[-1], uid_seed=str(source.random()), stamp=STAMP, about=about, words=WORDS))
    read = read_back(ics=texts)["ics"]
    for about, reminders, text, others in zip(abouts, plans, texts, read, strict=True):
        assert_well_formed(text)
        expected = expected_events(reminders, topic_of(about))
        here = by_icalendar(text)
        assert "ts-ics" in others or re.search("(?:BEGIN|END):V", about)
        for name, events in {"icalendar": here, **others}.items():
            assert [e["uid"] for e in events] == [e["uid"] for e in here], name
            for wanted, found in zip(expected, events, strict=True):
                if name == "node-ical" and re.search(r"\\[nN]", about):
                    # It reads an escaped backslash in front of an n as a line break.
                    continue
                assert {key: found[key] for key in wanted} == wanted, name
        assert all(event["floating"] for event in others["ical.js"] if "T" in event["start"])
        for name in others.keys() - {"node-ical"}:
            assert [event["alarms"] for event in others[name]] == [event["alarms"] for event in here]
            assert {event["stamp"] for event in others[name]} == {"2026-11-24T15:30:00Z"}


@pytest.mark.long
def test_a_thousand_calendars_read_back() -> None:
    source = random.Random(3)
    check_calendars([awkward(source, source.choice((20, 80, 400))) for _ in range(1000)], seed=4)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20, 25))
def test_ten_thousand_calendars_read_back(seed: int) -> None:
    source = random.Random(seed)
    check_calendars([awkward(source, source.choice((20, 80, 400))) for _ in range(2000)], seed=seed)


def test_injection_into_the_calendar() -> None:
    check_calendars(list(INJECTIONS), seed=5)
    plan = schedule(datetime(2026, 11, 24, 14))
    lists = {key: WORDS[key] for key in LISTS}  # how many names they have is checked at the build
    for text in INJECTIONS:
        made = ics(plan, uid_seed=text, stamp=STAMP, about=text, words=dict.fromkeys(WORDS, text) | lists)
        assert_well_formed(made)
        assert len(by_icalendar(made)) == 4


def test_a_wording_of_several_lines() -> None:
    plan = schedule(datetime(2026, 11, 24, 14))[-1:]
    for line_end in ("\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"):
        made = ics(plan, uid_seed="x", stamp=STAMP, words=WORDS | {"plan.stop": f"One, two;{line_end}\\three."})
        assert_well_formed(made)
        assert by_icalendar(made)[0]["description"] == "One, two;\n\\three."


def test_a_calendar_line_is_never_cut_behind_a_backslash() -> None:
    """Some calendars unfold only after they have read what a backslash stands for."""
    for day in range(365):
        interview = date(2026, 1, 1) + timedelta(days=day)
        plan = schedule(interview, now=datetime(2026, 1, 1))
        text = ics(plan, uid_seed="x", stamp=STAMP, about="a, " * (day % 40) + "\\" * (day % 5), words=WORDS)
        for line in text.split("\r\n"):
            backslashes = len(line) - len(line.rstrip("\\"))
            assert backslashes % 2 == 0, line
        assert_well_formed(text)


@given(st.integers(0, 300), st.text("aé世💡\u0301", max_size=80))
def test_folding(length: int, tail: str) -> None:
    plan = schedule(datetime(2026, 11, 24, 14))[:1]
    assert_well_formed(ics(plan, uid_seed="x", stamp=STAMP, about="x" * length + tail, words=WORDS))


def test_identities() -> None:
    plan = schedule(datetime(2026, 11, 24, 14))

    def uids(seed: str, reminders: list[Reminder]) -> list[str]:
        return re.findall("UID:(.*)\r", ics(reminders, uid_seed=seed, stamp=STAMP, words=WORDS))

    first = uids("a", plan + plan)
    assert len(set(first)) == 8
    assert uids("a", schedule(datetime(2027, 1, 1, 10))) == first[:4]
    assert not set(first) & set(uids("b", plan))
    for uid in first:
        assert re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", uid)


def test_alarms() -> None:
    def alarms(interview: Moment) -> list[list[int]]:
        return [
            event["alarms"]
            for event in by_icalendar(ics(schedule(interview), uid_seed="", stamp=STAMP, words=WORDS))
        ]

    # When writing becomes possible and two hours before the end: 15:00 and, the day after, 12:00.
    assert alarms(datetime(2026, 11, 24, 14)) == [[0, 21 * 3600], [0], [0], [0]]
    # An afternoon is too short for a second one.
    assert alarms(datetime(2026, 11, 27, 14)) == [[0], [0], [0], [0]]
    # A whole day rings at nine.
    assert alarms(date(2026, 11, 24)) == [[9 * 3600], [0], [0], [0]]


def test_what_is_over_is_left_out() -> None:
    late = schedule(datetime(2026, 11, 24, 14), now=datetime(2026, 12, 9))
    assert [reminder.state for reminder in late] == ["over", "over", "now", "early"]
    assert len(by_icalendar(ics(late, uid_seed="x", stamp=STAMP, words=WORDS))) == 2
    with pytest.raises(ValueError, match="no reminder"):
        ics(late[:2], uid_seed="x", stamp=STAMP, words=WORDS)
    with pytest.raises(ValueError, match="time zone"):
        ics(late, uid_seed="x", stamp=STAMP.replace(tzinfo=None), words=WORDS)
