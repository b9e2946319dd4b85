"""The windows in which to send, and the plan after an interview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, get_args

from generator.core.schedule.send import Send, parse_send
from generator.core.words import Sentence, Value

Moment = date | datetime
"""A day, or a point in time on it. Every datetime is a date too: ask for the datetime first."""

Kind = Literal["send", "first_chase", "second_chase", "stop"]
State = Literal["", "early", "now", "late", "over"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

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


# --- Calendar arithmetic ---------------------------------------------------------------------------


def is_working_day(day: date) -> bool:
    """Return whether ``day`` is a Monday to Friday. A holiday is one too: each country has others."""
    return day.weekday() < 5


def on_working_day(day: date) -> date:
    """Return ``day`` if it is a working day, else the next one."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int) -> date:
    """Return the working day that is ``count`` (1 or more) working days after ``day``.

    ``day`` itself never counts: one working day after a Friday, a Saturday or a Sunday is the Monday.
    """
    for _ in range(count):
        day = on_working_day(day + timedelta(days=1))
    return day


def add_months(day: date, count: int) -> date:
    """Return the same day of the month ``count`` months later, or that month's last day if it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _begin(moment: Moment) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


def _end(moment: Moment) -> datetime:
    """Return when ``moment`` is over: a day is over when the next one begins."""
    return moment if isinstance(moment, datetime) else datetime.combine(moment + timedelta(days=1), time())


@dataclass(frozen=True, slots=True)
class Window:
    """When to send: from ``start`` to ``end``, and if that was missed, in the window ``otherwise``.

    A ``start`` or ``end`` that is a day means the whole of it.
    """

    start: Moment
    end: Moment
    otherwise: Window | None = None


def window(send: Send, event: Moment) -> Window:
    """Return when to send an email whose event happened, or will happen, at ``event``.

    - For an event of which only the day is known, hours count as whole days.
    - What waits for a while goes out on a working day; a limit ("within") is never moved past itself.
    - After an interview or a talk: not in the first hour, and never so that it lies in an inbox over the
      weekend. A limit that ends on a day off becomes the evening of the last working day before it, and
      if that is missed, the morning of the next one: Friday afternoon, else Monday between 8 and 9.

    Raises:
        ScheduleError: ``event`` is in a year that cannot be meant.
    """
    _check_year(event)
    return _window(send, event)


def _window(send: Send, event: Moment) -> Window:
    if send.form in ("at once", "when it happens"):
        return Window(event, event)
    day = _day(event)
    if send.form == "within":
        return _limit(send, event)
    if send.unit == "hours" and isinstance(event, datetime):
        then = event + timedelta(hours=send.least)
        return Window(then, then)
    if send.unit == "working days":
        return Window(add_working_days(day, send.least), add_working_days(day, send.most))
    months = send.unit == "months"
    waited = add_months(day, send.least) if months else day + timedelta(days=_whole_days(send))
    waited = on_working_day(waited)
    return Window(waited, waited)


def _whole_days(send: Send) -> int:
    return {"hours": -(-send.most // 24), "days": send.most, "weeks": send.most * 7}[send.unit]


def _limit(send: Send, event: Moment) -> Window:
    day = _day(event)
    start: Moment = event
    if send.event in _TALKS and isinstance(event, datetime):
        start = event + FIRST_HOUR
    if send.unit == "working days":
        return Window(start, add_working_days(day, send.most))
    end: Moment
    if send.unit == "hours" and isinstance(event, datetime):
        end = event + timedelta(hours=send.most)
    else:
        end = day + timedelta(days=_whole_days(send))
    if send.event not in _TALKS or is_working_day(_day(end)):
        return Window(start, end)
    morning = on_working_day(_day(end))
    later = Window(datetime.combine(morning, MORNING[0]), datetime.combine(morning, MORNING[1]))
    last = _day(end)
    while last > day and not is_working_day(last):
        last -= timedelta(days=1)
    if isinstance(end, datetime):
        evening = datetime.combine(last, DAY_END)
        # A limit of a few hours may end before the evening does.
        end = min(evening, end)
        return Window(start, end, later) if _begin(start) <= end else later
    return Window(start, last, later) if _day(start) <= last else later


class ScheduleError(ValueError):
    """Dates that cannot be meant; ``sentence`` says what is wrong with them."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.key)


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
    first_chase_promised=parse_send("1 week after the promised date"),
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
    rules: Rules = RULES,
    clock: time = MORNING[1],
) -> list[Reminder]:
    """Return when to send the thank-you, to ask for news, to ask again and to stop, in this order.

    Args:
        interview: when the interview ended, or only its day.
        promised: the day by which an answer was promised.
        now: the present time.
        rules: when to do what.
        clock: the time of day at which to ask for news.

    Raises:
        ScheduleError: the dates cannot be meant.
    """
    _check_year(interview)
    if promised is None:
        first = _window(rules.first_chase, interview)
    else:
        _check_year(promised)
        if _day(promised) < _day(interview):
            both: dict[str, Value] = {"promised": _day(promised), "interview": _day(interview)}
            raise ScheduleError(Sentence("plan.error.promised", both))
        first = _window(rules.first_chase_promised, _day(promised))
    second = _window(rules.second_chase, first.start)
    # A late promise moves the end: a week of silence after the second chase is the least.
    after_second = _window(rules.second_chase, second.start)
    stop = max(_day(_window(rules.stop, interview).start), _day(after_second.start))
    plan: tuple[tuple[Kind, Window], ...] = (
        ("first_chase", first),
        ("second_chase", second),
        ("stop", Window(stop, stop)),
    )
    times = [datetime.combine(_day(found.start), clock) for _, found in plan]
    reminders = [_thank_you(interview, _window(rules.send, interview), now)]
    for (kind, found), when, following in zip(plan, times, [*times[1:], None], strict=True):
        sentence = Sentence(f"plan.{kind}", {"when": when, "until": _day(found.end)})
        if kind == "first_chase" and promised is not None:
            sentence = Sentence("plan.first_chase.promised", {**sentence.values, "promised": _day(promised)})
        reminders.append(Reminder(kind, when, when, sentence, _state(when, following, now)))
    return reminders


def following(
    send: Send,
    *,
    now: datetime,
    interview: Moment | None = None,
    promised: date | None = None,
    rules: Rules = RULES,
    clock: time = MORNING[1],
) -> Reminder | None:
    """Return what comes after an email that has just gone out, None if nothing does.

    Args:
        send: the email's own ``Send:``. It tells which step of the plan the email is.
        now: the present time.
        interview: when the interview ended, or only its day. Without it the plan counts from today.
        promised: the day by which an answer was promised.
        rules: when to do what.
        clock: the time of day at which to ask for news.

    Raises:
        ScheduleError: the dates cannot be meant.
    """
    done = _step(send)
    if done is None:
        return None
    kind = KINDS[KINDS.index(done) + 1]
    planned = schedule(interview or now.date(), promised=promised, now=now, rules=rules, clock=clock)
    day = next(_day(one.when) for one in planned if one.kind == kind)
    # An email is given so long for an answer, whenever it went out; whoever sent it late waits as long.
    waited = _day(_window(rules.second_chase, now.date()).start)
    if kind == "stop" and interview is not None:
        day = max(day, waited)
    elif kind != "first_chase" or day <= now.date():
        day = waited
    ring = datetime.combine(day, clock)
    return Reminder(kind, ring, ring, Sentence(f"plan.next.{kind}", {"when": day}), "early")


def _step(send: Send) -> Kind | None:
    """Return the step of the plan that an email with this ``Send:`` is, if something comes after it."""
    if send.event == "the promised date":
        return "first_chase"
    if send.event == "the last email":
        return "second_chase"
    if send.event != "the interview" or send.unit in ("weeks", "months"):
        return None
    return "first_chase" if send.form == "after" and send.unit == "working days" else "send"


def _state(when: datetime, following: datetime | None, now: datetime | None) -> State:
    if now is None:
        return ""
    if now < when:
        return "early"
    return "now" if following is None or now < following else "over"


def _thank_you(interview: Moment, found: Window, now: datetime | None) -> Reminder:
    """Return the reminder to send, with the second window when the first was missed."""
    if now is not None and found.otherwise is not None and now > _end(found.end):
        found = found.otherwise
    values: dict[str, Value] = {"start": found.start, "end": found.end}
    if found.otherwise is not None:
        values |= {"later_start": found.otherwise.start, "later_end": found.otherwise.end}
        key = "plan.send.weekend"
    else:
        key = "plan.send" if isinstance(found.end, datetime) else "plan.send.day"
    state: State = ""
    if now is None:
        pass
    elif now < _begin(found.start):
        state = "early"
        if isinstance(interview, datetime) and interview <= now:
            soon = now - interview < FIRST_HOUR
            key = "plan.send.early" if soon else key
    elif now <= _end(found.end):
        state, key = "now", "plan.send.now"
    elif now <= _end(_latest(interview, found)):
        state, key = "late", "plan.send.late"
    else:
        state, key = "over", "plan.send.over"
    return Reminder("send", found.end, found.start, Sentence(key, values), state)


def _latest(interview: Moment, found: Window) -> Moment:
    """Return until when a plain thank-you is better than the late one: Tuesday after a Friday."""
    end = _day(interview) + TOO_LATE
    if is_working_day(end) and isinstance(interview, datetime):
        return interview + TOO_LATE
    return max(end, add_working_days(_day(found.end), 1))


def _check_year(moment: Moment) -> None:
    if moment.year not in YEARS:
        raise ScheduleError(Sentence("plan.error.year", {"year": moment.year}))
