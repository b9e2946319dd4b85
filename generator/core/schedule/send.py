"""The ``Send:`` header of a template: when an email goes out. Its grammar, in full::

at once
when it happens
within N hours | days | working days of EVENT
N hours | days | working days | weeks | months after EVENT
N-M working days after EVENT

EVENT: the interview, the promised date, the last email, the rejection, the offer, the talk,
       the news, the decision date
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

from generator.core.problem import nearest, suggest
from generator.core.words import Words, one_of, put

Unit = Literal["hours", "days", "working days", "weeks", "months"]
Form = Literal["at once", "when it happens", "within", "after"]

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

MAX_NUMBER: Final = 366
"""The largest number that the grammar takes; a larger one is most likely a slip."""

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
        if not self.event:
            return self.form
        unit = self.unit if self.most != 1 else self.unit.removesuffix("s")
        return (
            f"within {_span(self)} {unit} of {self.event}"
            if self.form == "within"
            else (f"{_span(self)} {unit} after {self.event}")
        )


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


def say_send(send: Send, words: Words) -> str:
    """Return when an email is sent, for people."""
    if send.form in ("at once", "when it happens"):
        return words[f"plan.rule.{send.form.replace(' ', '_')}"]
    unit = one_of(words, "plan.units", 2 * UNITS.index(send.unit) + (send.most != 1))
    event = one_of(words, "plan.events", EVENTS.index(send.event))
    return put(words[f"plan.rule.{send.form}"], {"time": f"{_span(send)} {unit}", "event": event})


def _span(send: Send) -> str:
    return str(send.least) if send.least == send.most else f"{send.least}-{send.most}"
