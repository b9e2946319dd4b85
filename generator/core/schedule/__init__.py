"""When to send each email, when to ask again and when to stop; the reminders as a calendar file.

Dates and times are those of the clock on the wall where the reader is: a datetime has no zone. Nothing here
reads a clock: "now" is an argument.
"""

from generator.core.schedule.calendars import CALENDARS
from generator.core.schedule.ics import ics
from generator.core.schedule.plan import (
    RULES,
    Moment,
    Reminder,
    Rules,
    ScheduleError,
    following,
    schedule,
    window,
)
from generator.core.schedule.send import EVENTS, Send, SendError, parse_send, say_send

__all__ = [
    "CALENDARS",
    "EVENTS",
    "RULES",
    "Moment",
    "Reminder",
    "Rules",
    "ScheduleError",
    "Send",
    "SendError",
    "following",
    "ics",
    "parse_send",
    "say_send",
    "schedule",
    "window",
]
