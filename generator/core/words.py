"""Words for people: looked up by their key, with values put in. The core has none of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

Words = Mapping[str, str]
"""What a site says, by key (``generator/english/words.yml``, with the site's own laid over it)."""

Value = date | int | str

_NAME: Final = re.compile(r"\{(\w+)\}")


def put(text: str, values: Mapping[str, str]) -> str:
    """Return ``text`` with ``values`` in place of its ``{names}``; a name without a value stays.

    Not ``str.format``: it can reach into objects, and words come from files that anybody may edit.
    """
    return _NAME.sub(lambda match: values.get(match[1], match[0]), text)


def names_in(text: str) -> frozenset[str]:
    """Return the ``{names}`` for which ``text`` has places."""
    return frozenset(_NAME.findall(text))


def one_of(words: Words, key: str, index: int) -> str:
    """Return the name at ``index`` of a list of names with commas between, such as the weekdays."""
    return words[key].split(",")[index].strip()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence for people: the key of its wording, and the values that go into it."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def say(self, words: Words) -> str:
        """Return the sentence in the given words."""
        return put(words[self.key], {name: _show(value, words) for name, value in self.values.items()})


def _show(value: Value, words: Words) -> str:
    if not isinstance(value, date):
        return str(value)
    if isinstance(value, datetime):
        clock = f"{value.hour:02}:{value.minute:02}"
        return put(words["plan.moment"], {"date": _show(value.date(), words), "time": clock})
    parts = {
        "weekday": one_of(words, "plan.weekdays", value.weekday()),
        "month": one_of(words, "plan.months", value.month - 1),
        "day": str(value.day),
        "year": str(value.year),
    }
    return put(words["plan.date"], parts)
