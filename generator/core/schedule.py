"""When to send each email, when to ask again and when to stop; the reminders as a calendar file.

The ``Send:`` header of a template says when an email goes out. Its grammar, in full::

    at once
    when it happens
    within N hours | days | working days of EVENT
    N hours | days | working days | weeks | months after EVENT
    N-M working days after EVENT

    EVENT: the interview, the promised date, the last email, the rejection, the offer, the talk,
           the news, the decision date

Dates and times are those of the clock on the wall where the reader is. A datetime without a zone is
exactly that. A datetime with a zone keeps it, and then "within 24 hours" is elapsed time, also on the two
nights of the year on which the clocks change. Nothing here reads a clock: "now" is an argument.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import Final, Literal, get_args

from generator.core.problem import nearest, suggest

Moment = date | datetime
"""A day, or a point in time on it. Every datetime is a date too: ask for the datetime first."""

Unit = Literal["hours", "days", "working days", "weeks", "months"]
Form = Literal["at once", "when it happens", "within", "after"]
Kind = Literal["send", "first_chase", "second_chase", "stop"]
State = Literal["", "early", "now", "late", "over"]

EVENTS: Final = (
    "the interview",
    "the promised date",
    "the last email",
    "the rejection",
    "the offer",
    "the talk",
    "the news",
    "the decision date",
)
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

MAX_NUMBER: Final = 366
"""The largest number that the grammar takes; a larger one is most likely a slip."""
YEARS: Final = range(2000, 2200)
"""The years that are believed: a date field left half typed gives the year 20 or 202."""

#: Sooner than this after a talk, an email reads as if it had been written before it.
FIRST_HOUR: Final = timedelta(hours=1)
#: Later than this, a thank-you is a late one, which is an email of its own.
TOO_LATE: Final = timedelta(hours=48)
#: Before a weekend: by the end of the same day, else early on the next working day.
DAY_END: Final = time(18)
MORNING: Final = (time(8), time(9))

# After these an email is about what was said, and the first hour and the weekend matter.
_TALKS: Final = frozenset({"the interview", "the talk"})
_WITHIN_UNITS: Final = UNITS[:3]
_UNITS: Final = {spelling: unit for unit in UNITS for spelling in (unit, unit.removesuffix("s"))}
_WITHIN: Final = re.compile(r"within (?P<number>\S+) (?P<unit>.+?) of (?P<event>.+)")
_AFTER: Final = re.compile(r"(?P<number>\S+) (?P<unit>.+?) after (?P<event>.+)")
_NUMBER: Final = re.compile(r"([0-9]+)(?:[-–]([0-9]+))?")


class SendError(ValueError):
    """A ``Send:`` text that does not follow the grammar: ``what`` is wrong and how to ``mend`` it."""

    def __init__(self, what: str, mend: str) -> None:
        self.what = what
        self.mend = mend
        super().__init__(f"{what} — {mend}")


@dataclass(frozen=True, slots=True)
class Send:
    """When an email is sent, as its template says. Make one with :func:`parse_send`.

    ``least`` and ``most`` count ``unit`` and differ only for a range. ``at once`` and ``when it happens``
    have neither number nor event.
    """

    form: Form
    least: int = 0
    most: int = 0
    unit: Unit = "days"
    event: str = ""

    def __str__(self) -> str:
        """Return the text that :func:`parse_send` reads as this, in its plainest spelling."""
        return say_send(self)


def parse_send(text: str) -> Send:
    """Read the value of a ``Send:`` header. Capitals and repeated spaces do not matter.

    Raises:
        SendError: the text does not follow the grammar in this module's docstring.
    """
    tidy = " ".join(text.split()).lower()
    if tidy == "at once":
        return Send("at once")
    if tidy == "when it happens":
        return Send("when it happens")
    within = _WITHIN.fullmatch(tidy)
    match = within or _AFTER.fullmatch(tidy)
    if match is None or (within is None and tidy.startswith("within ")):
        raise _unreadable(tidy)
    unit = _unit(match["unit"], "within" if within else "after")
    least, most = _numbers(match["number"], unit, "within" if within else "after")
    if match["event"] not in EVENTS:
        raise SendError(f"'{match['event']}' is not an event", suggest(match["event"], EVENTS))
    return Send("within" if within else "after", least, most, unit, match["event"])


def _unreadable(tidy: str) -> SendError:
    what = f"'{tidy}' does not say when to send"
    if tidy.startswith("within ") and " after " in tidy:
        return SendError(what, "'within' goes with 'of': write 'within 24 hours of the interview'")
    for begin, join in (("within ", " of "), ("", " after ")):
        if tidy.startswith(begin) and re.fullmatch(r"[0-9–-]+ [a-z]+( [a-z]+)?", tidy[len(begin) :]):
            return SendError(what, f"say{join}what: add '{join.strip()} the interview'")
    near = nearest(tidy, ("at once", "when it happens"))
    if near:
        return SendError(what, f"did you mean '{near}'?")
    return SendError(
        what,
        "write 'at once', 'when it happens', 'within 24 hours of the interview' "
        "or '2 days after the rejection'",
    )


def _unit(word: str, form: Form) -> Unit:
    unit = _UNITS.get(word)
    if unit is None:
        raise SendError(
            f"'{word}' is not a unit of time", suggest(word, _WITHIN_UNITS if form == "within" else UNITS)
        )
    if form == "within" and unit not in _WITHIN_UNITS:
        raise SendError(f"'within' does not count {unit}", f"use one of: {', '.join(_WITHIN_UNITS)}")
    return unit


def _numbers(text: str, unit: Unit, form: Form) -> tuple[int, int]:
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise SendError(f"'{text}' is not a number", "write it in digits: '2' or '5-7'")
    # Compared by length first: Python refuses to read numbers of thousands of digits.
    if any(len(digits) > 6 or int(digits) > MAX_NUMBER for digits in match.groups("0")):
        raise SendError(f"{text} {unit} is too long", f"use at most {MAX_NUMBER}, or a larger unit")
    least = int(match[1])
    most = least if match[2] is None else int(match[2])
    if least < 1:
        raise SendError(f"'{text}' is not a time to wait", "use 1 or more, or write 'at once'")
    if match[2] is not None and (form != "after" or unit != "working days"):
        raise SendError(
            f"a range of {unit} {'within' if form == 'within' else 'after'} an event",
            "only working days after an event take a range: '5-7 working days after the interview'",
        )
    if least > most:
        raise SendError(f"'{text}' counts backwards", f"write the smaller number first: '{most}-{least}'")
    return least, most


# --- Calendar arithmetic ---------------------------------------------------------------------------


def is_working_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Return whether ``day`` is a Monday to Friday that is no holiday."""
    return day.weekday() < 5 and day not in holidays


def on_working_day(day: date, holidays: Collection[date] = ()) -> date:
    """Return ``day`` if it is a working day, else the next one."""
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int, holidays: Collection[date] = ()) -> date:
    """Return the working day that is ``count`` (1 or more) working days after ``day``.

    ``day`` itself never counts: one working day after a Friday, a Saturday or a Sunday is the Monday.
    """
    for _ in range(count):
        day = on_working_day(day + timedelta(days=1), holidays)
    return day


def add_months(day: date, count: int) -> date:
    """Return the same day of the month ``count`` months later, or that month's last day if it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _zone(moment: Moment) -> tzinfo | None:
    return moment.tzinfo if isinstance(moment, datetime) else None


def _later(moment: datetime, by: timedelta) -> datetime:
    """Return the time when ``by`` has passed: elapsed time in a zone, else time on the wall's clock.

    Adding to a datetime with a zone moves the hands of its clock, so the sum is made in UTC.
    """
    if moment.tzinfo is None:
        return moment + by
    return (moment.astimezone(UTC) + by).astimezone(moment.tzinfo)


def _at(day: date, clock: time, like: Moment) -> datetime:
    """Return that time of ``day``, in the zone of ``like`` if it has one."""
    return datetime.combine(day, clock, _zone(like))


def _instant(moment: datetime) -> datetime:
    """Return what can be compared: two datetimes of one zone compare by the clock's hands, not by time."""
    return moment if moment.tzinfo is None else moment.astimezone(UTC)


def _begin(moment: Moment, like: datetime) -> datetime:
    return _instant(moment if isinstance(moment, datetime) else _at(moment, time(), like))


def _end(moment: Moment, like: datetime) -> datetime:
    """Return when ``moment`` is over: a day is over when the next one begins."""
    if isinstance(moment, datetime):
        return _instant(moment)
    return _instant(_at(moment + timedelta(days=1), time(), like))


@dataclass(frozen=True, slots=True)
class Window:
    """When to send: from ``start`` to ``end``, and if that was missed, in the window ``otherwise``.

    A ``start`` or ``end`` that is a day means the whole of it.
    """

    start: Moment
    end: Moment
    otherwise: Window | None = None


def window(send: Send, event: Moment, holidays: Collection[date] = ()) -> Window:
    """Return when to send an email whose event happened, or will happen, at ``event``.

    - Hours are elapsed time. For an event of which only the day is known they count as whole days.
    - What waits for a while goes out on a working day; a limit ("within") is never moved past itself.
    - After an interview or a talk: not in the first hour, and never so that it lies in an inbox over the
      weekend. A limit that ends on a day off becomes the evening of the last working day before it, and
      if that is missed, the morning of the next one: Friday afternoon, else Monday between 8 and 9.

    Raises:
        ScheduleError: ``event`` is in a year that cannot be meant.
    """
    _check_year(event)
    return _window(send, event, holidays)


def _window(send: Send, event: Moment, holidays: Collection[date]) -> Window:
    if send.form in ("at once", "when it happens"):
        return Window(event, event)
    day = _day(event)
    if send.form == "within":
        return _limit(send, event, holidays)
    if send.unit == "hours" and isinstance(event, datetime):
        then = _later(event, timedelta(hours=send.least))
        return Window(then, then)
    if send.unit == "working days":
        return Window(add_working_days(day, send.least, holidays), add_working_days(day, send.most, holidays))
    months = send.unit == "months"
    waited = add_months(day, send.least) if months else day + timedelta(days=_whole_days(send))
    waited = on_working_day(waited, holidays)
    return Window(waited, waited)


def _whole_days(send: Send) -> int:
    return {"hours": -(-send.most // 24), "days": send.most, "weeks": send.most * 7}[send.unit]


def _limit(send: Send, event: Moment, holidays: Collection[date]) -> Window:
    day = _day(event)
    start: Moment = event
    if send.event in _TALKS and isinstance(event, datetime):
        start = _later(event, FIRST_HOUR)
    if send.unit == "working days":
        return Window(start, add_working_days(day, send.most, holidays))
    end: Moment
    if send.unit == "hours" and isinstance(event, datetime):
        end = _later(event, timedelta(hours=send.most))
    else:
        end = day + timedelta(days=_whole_days(send))
    if send.event not in _TALKS or is_working_day(_day(end), holidays):
        return Window(start, end)
    morning = on_working_day(_day(end), holidays)
    later = Window(_at(morning, MORNING[0], event), _at(morning, MORNING[1], event))
    last = _day(end)
    while last > day and not is_working_day(last, holidays):
        last -= timedelta(days=1)
    if isinstance(end, datetime):
        evening = _at(last, DAY_END, event)
        # A limit of a few hours may end before the evening does.
        end = min(evening, end, key=_instant)
        return Window(start, end, later) if _begin(start, end) <= _instant(end) else later
    return Window(start, last, later) if _day(start) <= last else later


# --- Sentences -------------------------------------------------------------------------------------

ENGLISH: Final[Mapping[str, str]] = MappingProxyType(
    {
        "send": "Send it between {start} and {end}.",
        "send.day": "Send it by {end}.",
        "send.weekend": "Send it by {end}; if you cannot, then on {later_start}, before the day fills up.",
        "send.early": "Wait a little: within the first hour it reads as if written before. Send it by {end}.",
        "send.now": "Now is a good time. Send it by {end}.",
        "send.late": "It is late but still worth it: send it today, without a long excuse.",
        "send.over": "It is too late for a plain thank-you: use the late one, and send it now.",
        "first_chase": "No answer yet? Ask once, on {when}. Asking before looks impatient.",
        "first_chase.promised": "They named {promised}. If nothing has come, ask once, on {when}, not before.",
        "second_chase": "Still nothing? Ask a second and last time, on {when}.",
        "stop": "Stop here, on {when}. A short last note is fine; do not ask a third time.",
        "summary.send": "Send the thank-you",
        "summary.first_chase": "Ask for news",
        "summary.second_chase": "Ask a second time",
        "summary.stop": "Stop waiting",
        "error.date": "This date or time cannot be read: check it.",
        "error.year": "The year {year} cannot be right: check the date.",
        "error.promised": "The promised date ({promised}) is before the interview ({interview}): check both.",
        "error.zones": "The interview and the present time must both have a time zone, or neither.",
        "rule.at_once": "at once",
        "rule.when_it_happens": "when it happens",
        "rule.within": "within {time} of {event}",
        "rule.after": "{time} after {event}",
        "units": "hour, hours, day, days, working day, working days, week, weeks, month, months",
        "events": "the interview, the promised date, the last email, the rejection, the offer, the talk, "
        "the news, the decision date",
        "weekdays": "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday",
        "months": "January, February, March, April, May, June, July, August, September, October, "
        "November, December",
        "date": "{weekday} {day} {month} {year}",
        "moment": "{date}, {time}",
    }
)
"""The default wording of every sentence; the site's interface data may have its own for each key."""

LISTS: Final = ("units", "events", "weekdays", "months")
"""The wordings that are lists: another language has as many names, in the same order."""

Values = dict[str, Moment | int | str]

_NAME: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence for people: the key of its wording, and the values that go into it."""

    key: str
    values: Mapping[str, Moment | int | str] = field(default_factory=dict)

    def say(self, words: Mapping[str, str] = ENGLISH) -> str:
        """Return the sentence in the given words, or in English where they lack it."""
        return _insert(_wording(self.key, words), {k: _show(v, words) for k, v in self.values.items()})

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.say()


class ScheduleError(ValueError):
    """Dates that cannot be meant; ``sentence`` says what is wrong with them."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(str(sentence))


def _wording(key: str, words: Mapping[str, str]) -> str:
    return words.get(key) or ENGLISH[key]


def _insert(wording: str, values: Mapping[str, str]) -> str:
    # Not str.format: it can reach into objects, and wordings come from files that anybody may edit.
    return _NAME.sub(lambda match: values.get(match[1], match[0]), wording)


def _show(value: Moment | int | str, words: Mapping[str, str]) -> str:
    if not isinstance(value, date):
        return str(value)
    if isinstance(value, datetime):
        clock = f"{value.hour:02}:{value.minute:02}"
        return _insert(_wording("moment", words), {"date": _show(value.date(), words), "time": clock})
    parts = {
        "weekday": _name("weekdays", value.weekday(), 7, words),
        "month": _name("months", value.month - 1, 12, words),
        "day": str(value.day),
        "year": str(value.year),
    }
    return _insert(_wording("date", words), parts)


def _name(key: str, index: int, count: int, words: Mapping[str, str]) -> str:
    names = _wording(key, words).split(",")
    return (names if len(names) == count else ENGLISH[key].split(","))[index].strip()


def say_send(send: Send, words: Mapping[str, str] = ENGLISH) -> str:
    """Return when an email is sent, for people: the header's own words, or their translation."""
    if send.form in ("at once", "when it happens"):
        return _wording(f"rule.{send.form.replace(' ', '_')}", words)
    number = str(send.least) if send.least == send.most else f"{send.least}-{send.most}"
    unit = _name("units", 2 * UNITS.index(send.unit) + (send.most != 1), 2 * len(UNITS), words)
    event = _name("events", EVENTS.index(send.event), len(EVENTS), words)
    return _insert(_wording(f"rule.{send.form}", words), {"time": f"{number} {unit}", "event": event})


# --- The plan after an interview -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rules:
    """When to send, to ask for news and to stop. Advice differs, so a site may have its own."""

    send: Send
    first_chase: Send
    first_chase_promised: Send
    second_chase: Send
    stop: Send


RULES: Final = Rules(
    send=parse_send("within 24 hours of the interview"),
    first_chase=parse_send("5-7 working days after the interview"),
    first_chase_promised=parse_send("1-2 working days after the promised date"),
    second_chase=parse_send("1 week after the last email"),
    stop=parse_send("4 weeks after the interview"),
)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One date of the plan.

    Attributes:
        kind: what is to be done.
        when: for ``send`` the latest moment, else the moment to do it.
        ring: when a calendar should remind of it.
        sentence: what to tell the person.
        state: where "now" lies: ``early`` (do not do it yet), ``now``, ``late``, ``over`` (it makes no
            sense any more), or empty if "now" was not given.
    """

    kind: Kind
    when: Moment
    ring: Moment
    sentence: Sentence
    state: State = ""


def schedule(
    interview: Moment,
    *,
    promised: date | None = None,
    now: datetime | None = None,
    holidays: Collection[date] = (),
    rules: Rules = RULES,
    clock: time = MORNING[1],
) -> list[Reminder]:
    """Return when to send the thank-you, to ask for news, to ask again and to stop, in this order.

    Args:
        interview: when the interview ended, or only its day.
        promised: the day by which an answer was promised.
        now: the present time. With a zone if ``interview`` has one, without if it has none.
        holidays: days that are no working days.
        rules: when to do what.
        clock: the time of day at which to ask for news.

    Raises:
        ScheduleError: the dates cannot be meant.
    """
    _check_year(interview)
    if now is not None and not isinstance(interview, datetime):
        # A day has no zone: what counts is the date on the reader's wall.
        now = now.replace(tzinfo=None)
    elif now is not None and (_zone(interview) is None) != (now.tzinfo is None):
        raise ScheduleError(Sentence("error.zones"))
    if promised is None:
        first = _window(rules.first_chase, interview, holidays)
    else:
        _check_year(promised)
        if _day(promised) < _day(interview):
            both: Values = {"promised": _day(promised), "interview": _day(interview)}
            raise ScheduleError(Sentence("error.promised", both))
        first = _window(rules.first_chase_promised, _day(promised), holidays)
    second = _window(rules.second_chase, first.start, holidays)
    # A late promise moves the end: a week of silence after the second chase is the least.
    after_second = _window(rules.second_chase, second.start, holidays)
    stop = max(_day(_window(rules.stop, interview, holidays).start), _day(after_second.start))
    plan: tuple[tuple[Kind, Window], ...] = (
        ("first_chase", first),
        ("second_chase", second),
        ("stop", Window(stop, stop)),
    )
    times = [_at(_day(found.start), clock, interview) for _, found in plan]
    reminders = [_thank_you(interview, _window(rules.send, interview, holidays), now, holidays)]
    for (kind, found), when, following in zip(plan, times, [*times[1:], None], strict=True):
        sentence = Sentence(kind, {"when": when, "until": _day(found.end)})
        if kind == "first_chase" and promised is not None:
            sentence = Sentence("first_chase.promised", {**sentence.values, "promised": _day(promised)})
        reminders.append(Reminder(kind, when, when, sentence, _state(when, following, now)))
    return reminders


def _state(when: datetime, following: datetime | None, now: datetime | None) -> State:
    if now is None:
        return ""
    if _instant(now) < _instant(when):
        return "early"
    return "now" if following is None or _instant(now) < _instant(following) else "over"


def _thank_you(interview: Moment, found: Window, now: datetime | None, holidays: Collection[date]) -> Reminder:
    """Return the reminder to send, with the second window when the first was missed."""
    if now is not None and found.otherwise is not None and _instant(now) > _end(found.end, now):
        found = found.otherwise
    values: Values = {"start": found.start, "end": found.end}
    if found.otherwise is not None:
        values |= {"later_start": found.otherwise.start, "later_end": found.otherwise.end}
        key = "send.weekend"
    else:
        key = "send" if isinstance(found.end, datetime) else "send.day"
    state: State = ""
    if now is None:
        pass
    elif _instant(now) < _begin(found.start, now):
        state = "early"
        if isinstance(interview, datetime) and _instant(interview) <= _instant(now):
            soon = _instant(now) - _instant(interview) < FIRST_HOUR
            key = "send.early" if soon else key
    elif _instant(now) <= _end(found.end, now):
        state, key = "now", "send.now"
    elif _instant(now) <= _end(_latest(interview, found, holidays), now):
        state, key = "late", "send.late"
    else:
        state, key = "over", "send.over"
    return Reminder("send", found.end, found.start, Sentence(key, values), state)


def _latest(interview: Moment, found: Window, holidays: Collection[date]) -> Moment:
    """Return until when a plain thank-you is better than the late one: Tuesday after a Friday."""
    end = _day(interview) + TOO_LATE
    if is_working_day(end, holidays) and isinstance(interview, datetime):
        return _later(interview, TOO_LATE)
    return max(end, add_working_days(_day(found.end), 1, holidays))


def _check_year(moment: Moment) -> None:
    if moment.year not in YEARS:
        raise ScheduleError(Sentence("error.year", {"year": moment.year}))


# --- The calendar file -----------------------------------------------------------------------------
#
# The icalendar package was measured and left out: it adds about 1 MB and 0.4 to 0.7 s to the engine for
# the four events that are written here. It is used where it is worth it: the tests read every file back
# with it and with three other parsers.

_BREAKS: Final = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def ics(
    reminders: Sequence[Reminder],
    *,
    uid_seed: str,
    stamp: datetime,
    about: str = "",
    words: Mapping[str, str] = ENGLISH,
) -> str:
    """Return the reminders as an iCalendar file (RFC 5545), to be written in UTF-8.

    Times are floating (section 3.3.5, form 1): 09:00 is 09:00 wherever the calendar is read. An event
    takes a quarter of an hour, does not mark the person as busy and is private. Reminders that are
    ``over`` are left out.

    Args:
        reminders: as :func:`schedule` returns them.
        uid_seed: makes the events' identities: the same seed gives the same ones, so that a calendar
            replaces the events of an earlier download; another seed gives others. Best a random text.
        stamp: the present time, with a zone.
        about: what the reminders are about, for example the position; put after each event's title.
        words: the wordings; see :data:`ENGLISH`.

    Raises:
        ValueError: ``stamp`` has no zone, or no reminder is left: a calendar holds at least one event.
    """
    if stamp.tzinfo is None:
        raise ValueError("'stamp' needs a time zone: DTSTAMP is in UTC (RFC 5545, 3.8.7.2)")
    left = [reminder for reminder in reminders if reminder.state != "over"]
    if not left:
        raise ValueError("no reminder is left for the calendar")
    stamped = f"{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    topic = re.sub("[ \t\n]+", " ", _plain(about)).strip()
    counts: dict[str, int] = {}
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Follow-Up Kit//Reminders//EN", "CALSCALE:GREGORIAN"]
    for reminder in left:
        number = counts[reminder.kind] = counts.get(reminder.kind, 0) + 1
        summary = _wording(f"summary.{reminder.kind}", words) + (f": {topic}" if topic else "")
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_uid(uid_seed, reminder.kind, number)}",
            f"DTSTAMP:{stamped}",
            *_start(reminder.ring),
            f"SUMMARY:{_escape(summary)}",
            f"DESCRIPTION:{_escape(reminder.sentence.say(words))}",
            "CLASS:PRIVATE",
            "TRANSP:TRANSPARENT",
        ]
        for trigger in _triggers(reminder):
            lines += [
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                f"DESCRIPTION:{_escape(summary)}",
                f"TRIGGER:{trigger}",
                "END:VALARM",
            ]
        lines.append("END:VEVENT")
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _fold(line))


def _uid(seed: str, kind: str, number: int) -> str:
    """Return a UUID made from the seed (RFC 9562 section 5.8): it names no machine (RFC 7986, 5.3)."""
    text = f"{seed}\0{kind}\0{number}".encode("utf-8", "surrogatepass")
    digits = hashlib.sha256(text).hexdigest()
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"


def _start(ring: Moment) -> tuple[str, str]:
    if isinstance(ring, datetime):
        return f"DTSTART:{ring:%Y%m%dT%H%M%S}", "DURATION:PT15M"
    return f"DTSTART;VALUE=DATE:{ring:%Y%m%d}", "DURATION:P1D"


def _triggers(reminder: Reminder) -> Iterator[str]:
    """Yield when to ring, counted from the event's start (RFC 5545 section 3.8.6.3)."""
    if not isinstance(reminder.ring, datetime):
        # A whole day starts at midnight; nobody wants to be woken then.
        yield f"PT{MORNING[1].hour}H"
        return
    yield "PT0S"
    if isinstance(reminder.when, datetime):
        # The file has the wall's clock only, so the difference is between its two times as well.
        wait = reminder.when.replace(tzinfo=None) - reminder.ring.replace(tzinfo=None) - timedelta(hours=2)
        if wait >= timedelta(hours=2):
            yield f"PT{wait // timedelta(minutes=1)}M"


def _plain(text: str) -> str:
    """Return ``text`` with line feeds as its only breaks and without the controls of section 3.1."""
    return _CONTROLS.sub("", _BREAKS.sub("\n", text))


def _escape(text: str) -> str:
    """Return ``text`` as a TEXT value (section 3.3.11)."""
    return _plain(text).translate(_ESCAPES)


_UNCUT: Final = re.compile(r"\\.|.", re.DOTALL)


def _fold(line: str) -> Iterator[str]:
    """Yield the line in pieces of at most 75 octets that never cut a character (section 3.1).

    Nor are a backslash and what it escapes cut apart: that is allowed, but some calendars unfold too late.
    """
    begin, room = 0, 75
    for match in _UNCUT.finditer(line):
        size = len(match[0].encode())
        if size > room:
            yield line[begin : match.start()] if not begin else f" {line[begin : match.start()]}"
            begin, room = match.start(), 74
        room -= size
    yield line[begin:] if not begin else f" {line[begin:]}"
