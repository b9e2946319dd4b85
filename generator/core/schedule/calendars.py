"""Links that put one reminder into a calendar on the web, beside the file that puts in all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from generator.core.handoff import percent
from generator.core.schedule.ics import TAKES, plain, title
from generator.core.schedule.plan import Moment, Reminder
from generator.core.words import Words


def google_calendar(reminder: Reminder, about: str, words: Words) -> str:
    """Return a link to Google Calendar's page for a new event, filled in as the file's event is.

    Times carry no zone, so Google takes them as those of the person's own calendar.
    """
    parameters = {
        "action": "TEMPLATE",
        "text": title(reminder, about, words),
        "dates": "/".join(_span(reminder.ring)),
        "details": plain(reminder.sentence.say(words)),
    }
    query = "&".join(f"{name}={percent(value)}" for name, value in parameters.items())
    return f"https://calendar.google.com/calendar/render?{query}"


def _span(ring: Moment) -> tuple[str, str]:
    """Return when the event begins and ends; a whole day ends with the next one."""
    if isinstance(ring, datetime):
        return f"{ring:%Y%m%dT%H%M%S}", f"{ring + TAKES:%Y%m%dT%H%M%S}"
    return f"{ring:%Y%m%d}", f"{ring + timedelta(days=1):%Y%m%d}"


CALENDARS: Final[Mapping[str, Callable[[Reminder, str, Words], str]]] = MappingProxyType(
    {"google_calendar": google_calendar}
)
"""Every calendar that there is a link to. The site's words have a label of the same name, and who gets the
words under ``gets_`` and that name."""
