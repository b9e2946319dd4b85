"""Exclamation marks and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from generator.core.review.case import Case
from generator.core.review.rule import Hit, rule

_EXCLAMATION: Final = re.compile("[!?！？]{2,}|[!！]")


@rule("many-exclamation-marks", limits=("exclamation-marks", "own-exclamation-marks"))
def exclamations(case: Case) -> Iterator[Hit]:
    """Every typed exclamation mark after the first in the email."""
    count = 0
    most, glad = case.limits["exclamation-marks"], case.limits["own-exclamation-marks"]
    for part in case.parts:
        for match in _EXCLAMATION.finditer(part.text):
            if part.in_name(match.start(), match.end()):
                continue
            asks = any(mark in match[0] for mark in "?？")
            before, count = count, count + (0 if asks else len(match[0]))
            # Two sentences with joy in them are no noise, where a person writes it all.
            few = count <= most or (case.own_draft and len(match[0]) == 1 and count <= glad)
            if (few and not asks) or not part.is_typed(match.start(), match.end()):
                continue
            start = match.start() + (0 if asks else max(0, most - before))
            inside = part.field_of(start, match.end()) is not None
            # One of '!!' is kept, so the others go without a full stop.
            mend = ("?" if asks else "" if start > match.start() else ".") if inside else None
            yield Hit("many-exclamation-marks", part.name, start, match.end(), mend)


# One character class in front lets the scan run over plain text quickly.
_EMOJI: Final = re.compile(
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55]"
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200d\U000e0020-\U000e007f]*"
)


_TAGS: Final = re.compile("[\U000e0020-\U000e007f]+")


_SMILEY: Final = re.compile(r"[:;](?<!\S[:;])-?[()DP](?!\w)")


@rule(
    "emoji",
)
def emoji(case: Case) -> Iterator[Hit]:
    """A picture or a smiley."""
    for part in case.parts:
        for pattern in (_EMOJI, _SMILEY):
            for match, origin in part.prose_finds(pattern):
                start, end = origin + match.start(), origin + match.end()
                # The space before a picture goes with it.
                if part.text[start - 1 : start] == " " and part.field_of(start - 1, end) is not None:
                    start -= 1
                yield Hit("emoji", part.name, start, end, "", {"words": _TAGS.sub("", match[0])})
