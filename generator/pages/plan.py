"""What a page says about when to send its email: the plain rule, and the data of the element that plans."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from generator.core.schedule import CALENDARS, parse_send, say_send
from generator.core.template import Template
from generator.pages.data import Data
from generator.pages.source import Email

#: Emails about these events are steps of one plan: thanks, a question, another one, an end.
EVENTS: Final = ("the interview", "the promised date", "the last email")

#: The texts that the script puts into the page.
_SCRIPT: Final = (
    "loading",
    "plan_rule",
    "plan_ready",
    "plan_now",
    "plan_early",
    "plan_late",
    "plan_over",
    "plan_added",
    "plan_failed",
    "plan_next_add",
    "plan_next_all",
    "plan_next_counted",
    "calendar_link",
    *CALENDARS,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """The block below an email that works out its dates."""

    rule: str
    """The rule of the wording that is shown first; empty if the plan is not about that one."""
    script: str


def rule(template: Template, data: Data) -> str:
    """Return when the template says that it is sent, in the site's words; empty if it does not say."""
    header = template.headers.get("Send")
    if not header:
        return ""
    return say_send(parse_send(header), data.words)


def plan(email: Email, data: Data, company: str) -> Plan | None:
    """Return the plan of an email, None if it is about other events.

    Args:
        email: the email with its wordings.
        data: the shared data.
        company: the form's control for the company's name, which the reminders are about; or empty.
    """
    headers = [template.headers.get("Send", "") for template in email.wordings]
    steps = [header if header and parse_send(header).event in EVENTS else "" for header in headers]
    if not any(steps):
        return None
    rules = {
        header: rule(template, data) for template, header in zip(email.wordings, steps, strict=True) if header
    }
    script = {
        "steps": steps,
        "rules": rules,
        "about": company,
        "words": {key: data.words[key] for key in _SCRIPT},
    }
    return Plan(rules.get(steps[0], ""), json.dumps(script, ensure_ascii=False, separators=(",", ":")))
