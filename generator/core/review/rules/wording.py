"""Words that a reader takes amiss; those that are only looked for are data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from generator.core.review.case import Case
from generator.core.review.phrases import short
from generator.core.review.rule import Hit, rule

_DASH: Final = re.compile("—|(?<= )–(?= )")


@rule(
    "sounds-generated",
    limits=("signs",),
    finds=("generated", "thanks", "enthusiasm", "offer"),
    terms=("even", "dashes", "trio"),
)
def generated(case: Case) -> Iterator[Hit]:
    """Signs of generated text, told only in clusters and only as a reader's guess."""
    if not case.has_list("generated"):
        return
    body = case.body
    spans = list(body.phrases("generated"))
    signs = [short(body.text[start:end]) for start, end in spans]
    if len(signs) < 2:
        return  # what is only polite, or only even, is no machine's
    if len(case.layout.paragraphs) >= 3 and case.own_text:
        sizes = [len(body.text[start:end].split()) for start, end in case.layout.paragraphs]
        if min(sizes) >= 20 and max(sizes) <= min(sizes) * 1.1:
            signs.append(case.term("sounds-generated", "even"))
            spans.append(case.layout.paragraphs[0])
    if "—" in body.text or "–" in body.text:
        dashes = [origin + match.start() for match, origin in body.prose_finds(_DASH)]
        if len(dashes) >= 3:
            signs.append(case.term("sounds-generated", "dashes"))
            spans.append((dashes[0], dashes[0] + 1))
    trio = [next(iter(body.phrases(name)), None) for name in ("thanks", "enthusiasm", "offer")]
    if all(trio) and trio[1] is not None:
        signs.append(case.term("sounds-generated", "trio"))
        spans.append(trio[1])
    if len(signs) >= case.limits["signs"]:
        start, end = min(spans)
        yield Hit("sounds-generated", "body", start, end, None, {"words": ", ".join(signs[:3])})
