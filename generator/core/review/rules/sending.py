"""What goes wrong when the email is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from generator.core.message import Message
from generator.core.review.case import Case
from generator.core.review.rule import Hit, rule

_ADDRESS: Final = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


@rule("one-address", facts=("name",))
def addresses(case: Case) -> Iterator[Hit]:
    """Two addresses where one belongs."""
    for key in sorted(case.values):
        field = case.fields.get(key)
        if field is not None and field.kind == "email" and len(_ADDRESS.findall(case.values[key])) > 1:
            yield Hit("one-address", facts={"name": field.name})


# As RFC 3986 section 2.3: these go into a link as they are.
_UNRESERVED: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"


_LINK_START: Final = len("mailto:?subject=&body=")


def link_length(message: Message) -> int:
    """Return how many characters a mail link without an address has for ``message`` (RFC 6068)."""
    text = message.subject + message.body.replace("\n", "\r\n")
    data = text.encode("utf-8", "replace")
    # Every other byte becomes three characters.
    return _LINK_START + len(data) + 2 * len(data.translate(None, _UNRESERVED))


@rule("link-too-long", facts=("count", "most"), limits=("link",), at_any_length=True)
def link(case: Case) -> Iterator[Hit]:
    """An email that does not fit into a link to a mail program."""
    # Beside a draft of one's own, the form says so where the link is missing.
    if case.ready and not case.own_draft:
        length = link_length(case.draft.message)
        if length > case.limits["link"]:
            yield Hit("link-too-long", facts={"count": length, "most": case.limits["link"]})


@rule("attach-it", finds=("attachment", "attached-to"))
def attach_it(case: Case) -> Iterator[Hit]:
    """An attachment that the email speaks of and the writer has to add."""
    if case.ready and "attach-it" in case.rules:
        excepted = case.body.matches.get("attached-to", ())
        for start, end in case.body.matches.get("attachment", ()):
            if not any(start < upto and since < end for since, upto in excepted):
                yield Hit("attach-it", "body", start, end)
                return


@rule("removed-characters", facts=("count", "name"), at_any_length=True)
def removed(case: Case) -> Iterator[Hit]:
    """Characters that no email can carry."""
    for removed in sorted(case.draft.removed, key=lambda one: one.field):
        yield Hit("removed-characters", facts={"count": removed.count, "name": removed.field})
