"""The reminders as a calendar file.

The icalendar package was measured and left out: it adds about 1 MB and 0.4 to 0.7 s to the engine for
the four events that are written here. It is used where it is worth it: the tests read every file back
with it and with three other parsers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from generator.core.schedule.plan import MORNING, Moment, Reminder
from generator.core.words import Words

TAKES: Final = timedelta(minutes=15)
"""How much of a day a reminder takes in a calendar."""

_BREAKS: Final = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def ics(
    reminders: Sequence[Reminder],
    *,
    uid_seed: str,
    stamp: datetime,
    about: str = "",
    words: Words,
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
        words: what the site says.

    Raises:
        ValueError: ``stamp`` has no zone, or no reminder is left: a calendar holds at least one event.
    """
    if stamp.tzinfo is None:
        raise ValueError("'stamp' needs a time zone: DTSTAMP is in UTC (RFC 5545, 3.8.7.2)")
    left = [reminder for reminder in reminders if reminder.state != "over"]
    if not left:
        raise ValueError("no reminder is left for the calendar")
    stamped = f"{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    counts: dict[str, int] = {}
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Follow-Up Kit//Reminders//EN", "CALSCALE:GREGORIAN"]
    for reminder in left:
        number = counts[reminder.kind] = counts.get(reminder.kind, 0) + 1
        summary = title(reminder, about, words)
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


def title(reminder: Reminder, about: str, words: Words) -> str:
    """Return what a calendar calls a reminder: what to do, and for what."""
    topic = re.sub("[ \t\n]+", " ", plain(about)).strip()
    return words[f"plan.summary.{reminder.kind}"] + (f": {topic}" if topic else "")


def _uid(seed: str, kind: str, number: int) -> str:
    """Return a UUID made from the seed (RFC 9562 section 5.8): it names no machine (RFC 7986, 5.3)."""
    text = f"{seed}\0{kind}\0{number}".encode("utf-8", "surrogatepass")
    digits = hashlib.sha256(text).hexdigest()
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"


def _start(ring: Moment) -> tuple[str, str]:
    if isinstance(ring, datetime):
        return f"DTSTART:{ring:%Y%m%dT%H%M%S}", f"DURATION:PT{TAKES.seconds // 60}M"
    return f"DTSTART;VALUE=DATE:{ring:%Y%m%d}", "DURATION:P1D"


def _triggers(reminder: Reminder) -> Iterator[str]:
    """Yield when to ring, counted from the event's start (RFC 5545 section 3.8.6.3)."""
    if not isinstance(reminder.ring, datetime):
        # A whole day starts at midnight; nobody wants to be woken then.
        yield f"PT{MORNING[1].hour}H"
        return
    yield "PT0S"
    if isinstance(reminder.when, datetime):
        wait = reminder.when - reminder.ring - timedelta(hours=2)
        if wait >= timedelta(hours=2):
            yield f"PT{wait // timedelta(minutes=1)}M"


def plain(text: str) -> str:
    """Return ``text`` with line feeds as its only breaks and without the controls of section 3.1."""
    return _CONTROLS.sub("", _BREAKS.sub("\n", text))


def _escape(text: str) -> str:
    """Return ``text`` as a TEXT value (section 3.3.11)."""
    return plain(text).translate(_ESCAPES)


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
