"""Tables of all that a site can say otherwise, made from what the kit reads, so that they cannot be wrong.

A page asks for one with a block: its name, a colon, and the headings of its columns::

    ```reference
    words: Key, What it says
    ```
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from markupsafe import Markup

from generator.core.fields import KINDS
from generator.core.handoff import LINKS
from generator.core.problem import suggest
from generator.core.review.rule import DEFINITIONS, facts_of
from generator.core.schedule import CALENDARS
from generator.core.template import HEADERS
from generator.pages.data import FIELD_OPTIONS, RULE_OPTIONS, SITE_OPTIONS, SITUATION_OPTIONS, Data, known_lists
from generator.pages.look import COLORS

Row = tuple[str, ...]
"""What stands in a row: the first cell is a name to be written as it is, or HTML."""

#: Every button that hands typed words on, by the keys of their words; those in one row hand them to the same.
HAND_OFFS: Final = (
    ("copy_email", "copy_subject", "person_copy"),
    ("copy_link",),
    *((name, "person_send") if name == "mail" else (name,) for name in LINKS),
    ("share",),
    ("download_eml", "download_txt", "download_all"),
    ("plan_add", "plan_next_add"),
    *((name,) for name in CALENDARS),
    ("print",),
)


def _hand_offs(data: Data) -> Iterable[Row]:
    for keys in HAND_OFFS:
        labels = Markup(", ").join(Markup("<b>{}</b>").format(data.words[key]) for key in keys)
        yield labels, data.words[f"gets_{keys[0]}"]


def _rules(data: Data) -> Iterable[Row]:
    for name, rule in data.rules.items():
        facts = " ".join(f"{{{fact}}}" for fact in sorted(facts_of(name)))
        yield name, str(rule["level"]), str(rule["message"]), facts


def _told(data: Data) -> Iterable[Row]:
    """Every rule that the guide can show with a bad line and a good one."""
    for rule in data.rules.values():
        if rule["level"] != "off" and rule["bad"]:
            yield Markup("<b>{}</b>").format(rule["what"]), rule["why"], rule["bad"], rule["good"]


def _limits(data: Data) -> Iterable[Row]:
    for name, number in data.limits.items():
        rules = [rule for one in DEFINITIONS if name in one.limits for rule in one.names]
        yield name, str(number), ", ".join(rules)


def _phrases(data: Data) -> Iterable[Row]:
    for name in known_lists(data):
        count = {language: len(lists[name]) for language, lists in data.phrases.items() if name in lists}
        yield name, ", ".join(f"{language}: {number}" for language, number in count.items())


#: Every table that there is: its rows, for what a site says.
TABLES: Final[Mapping[str, Callable[[Data], Iterable[Row]]]] = {
    "email-lines": lambda _: HEADERS.items(),
    "field-options": lambda _: FIELD_OPTIONS.items(),
    "kinds": lambda _: ((name, kind.meaning) for name, kind in KINDS.items()),
    "fields": lambda data: ((one.name, one.hint, one.example) for one in data.fields.values()),
    "words": lambda data: data.words.items(),
    "rule-options": lambda _: RULE_OPTIONS.items(),
    "rules": _rules,
    "good-and-bad": _told,
    "limits": _limits,
    "phrases": _phrases,
    "hand-offs": _hand_offs,
    "site-options": lambda _: SITE_OPTIONS.items(),
    "colors": lambda _: COLORS.items(),
    "situation-options": lambda _: SITUATION_OPTIONS.items(),
}


def unknown_table(text: str) -> tuple[str, str] | None:
    """Return what is wrong with the text of a block, and how to mend it; None if nothing is."""
    name, _, _ = text.partition(":")
    if name.strip() in TABLES:
        return None
    return f"there is no reference table '{name.strip()}'", suggest(name.strip(), list(TABLES))


def render_reference(text: str, data: Data) -> str:
    """Return the HTML of the table for which the text of a block asks."""
    name, _, headings = text.partition(":")
    head = Markup("").join(Markup("<th>{}</th>").format(heading.strip()) for heading in headings.split(","))
    rows = []
    for first, *rest in TABLES[name.strip()](data):
        cells = Markup("").join(Markup("<td>{}</td>").format(cell) for cell in rest)
        name = first if isinstance(first, Markup) else Markup("<code>{}</code>").format(first)
        rows.append(Markup("<tr><td>{}</td>{}</tr>").format(name, cells))
    body = Markup("\n").join(rows)
    return Markup("<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody>\n</table>").format(head, body)
