"""What a page says about when to send its email: the plain rule, and the data of the element that plans."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from generator.core.fields import field_key
from generator.core.schedule import ENGLISH, parse_send, say_send
from generator.core.template import Template
from generator.pages.data import Data
from generator.pages.source import Email

#: Emails about these events are steps of one plan: thanks, a question, another one, an end.
EVENTS: Final = ("the interview", "the promised date", "the last email")

#: The texts that the script puts into the page.
_SCRIPT: Final = ("now", "early", "late", "over", "ready", "added", "failed")


@dataclass(frozen=True, slots=True)
class Plan:
    """The block below an email that works out its dates."""

    rules: tuple[str, ...]
    script: str


def rule(template: Template, data: Data) -> str:
    """Return when the template says that it is sent, in the site's words; empty if it does not say."""
    header = template.headers.get("Send")
    if not header:
        return ""
    ours = {key.removeprefix("plan."): text for key, text in data.words.items() if key.startswith("plan.")}
    return say_send(parse_send(header), {**ENGLISH, **ours})


def plan(email: Email, data: Data, ids: Mapping[str, str]) -> Plan | None:
    """Return the plan of an email, None if it is about other events.

    Args:
        email: the email with its wordings.
        data: the shared data.
        ids: the form's controls by the key of their field.
    """
    headers = [template.headers.get("Send", "") for template in email.wordings]
    templates = [
        template
        for template, header in zip(email.wordings, headers, strict=True)
        if header and parse_send(header).event in EVENTS
    ]
    if not templates:
        return None
    script = {
        "send": templates[0].headers["Send"],
        "about": ids.get(field_key(data.interface["plan_about"]), ""),
        "words": {name: data.interface[f"plan_{name}"] for name in _SCRIPT}
        | {"loading": data.interface["loading"]},
    }
    rules = tuple(dict.fromkeys(rule(template, data) for template in templates))
    return Plan(rules, json.dumps(script, ensure_ascii=False, separators=(",", ":")))
