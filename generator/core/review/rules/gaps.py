"""Something is still open: a gap, a bracket, an example that was kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from generator.core.review.case import Case
from generator.core.review.part import Part
from generator.core.review.phrases import fold
from generator.core.review.rule import Hit, rule


@rule("missing", facts=("words", "name"), at_any_length=True, untouched=True)
def missing(case: Case) -> Iterator[Hit]:
    """A placeholder that nobody has filled in."""
    seen: set[str] = set()
    for part in case.parts:
        for start, segment in zip(part.starts, part.segments, strict=True):
            if segment.kind == "missing" and segment.key not in seen:
                seen.add(segment.key)
                yield Hit(
                    "missing", part.name, start, start + len(segment.text), None, {"name": segment.text[1:-1]}
                )


_LEFTOVER: Final = re.compile(
    r"\[(?P<inner>[^\[\]\n]{1,80})\](?!\()|\{\{?[^{}\n]{1,80}\}\}?|<<[^<>\n]{1,80}>>|__+_"
)


_HINT_START: Final = re.compile(r"\s*(?:e\.g\.|(?:for example|such as|example):)", re.IGNORECASE)


@rule(
    "leftover-placeholder",
    "brackets-in-name",
    "example-kept",
    facts={"example-kept": ("words", "name")},
    finds=("leftover",),
    compares=("gap", "gap-words"),
)
def leftover(case: Case) -> Iterator[Hit]:
    """A gap or a hint that was typed, or the example as it stands in the form."""
    gaps = case.phrases.lists.get("gap", frozenset())
    for part in case.parts:
        for match, origin in part.prose_finds(_LEFTOVER):
            # 'Re: [EXTERNAL] [#123] Your offer': their mail program put these in.
            if case.own and case.answers and part is case.subject and not _known_gap(case, match["inner"]):
                continue
            rule = "leftover-placeholder" if _asks(case, match["inner"]) else "brackets-in-name"
            yield Hit(rule, part.name, origin + match.start(), origin + match.end())
        for start, end in part.phrases("leftover"):
            yield Hit("leftover-placeholder", part.name, start, end)
        for start, end, key in part.names:
            yield from _brackets_in_name(part, start, end, {*gaps, fold(key)})
        for start, end, key in part.typed:
            if match_start := _HINT_START.match(part.text, start, end):
                yield Hit("leftover-placeholder", part.name, start, match_start.end())
            field = case.fields.get(key)
            if end - start > 2 * max(
                10, len(key), len(field.hint) if field else 0, len(field.example) if field else 0
            ):
                continue  # too long to be one of them
            typed = fold(part.text[start:end])
            if typed and (typed in gaps or typed in (fold(key), fold(field.hint) if field else "")):
                yield Hit("leftover-placeholder", part.name, start, end)
            elif field and typed and typed == fold(field.example) and field.kind in ("text", "paragraph"):
                yield Hit("example-kept", part.name, start, end, None, {"name": field.name})


def _asks(case: Case, inner: str | None) -> bool:
    """Whether brackets ask for other words: '[Specific Project]', but not '[column names]' or '[sic]'."""
    if inner is None:
        return True
    words = fold(inner).split()
    if not words or words == ["sic"] or all(word.isdigit() for word in words):
        return False
    named = inner.strip()[0].isupper() and (len(words) > 1 or not inner.strip().isupper())
    # '[Job 20417]' is a reference.
    numbered = any(sign.isdigit() for sign in inner)
    return (named and not numbered) or _known_gap(case, inner)


def _known_gap(case: Case, inner: str | None) -> bool:
    """Whether what stands in brackets is a gap by its words: '[Position]', '[your skill]'."""
    asking = case.phrases.lists.get("gap-words", frozenset())
    return inner is None or (
        fold(inner) in case.phrases.lists.get("gap", ())
        or any(word.split("'")[0] in asking for word in fold(inner).split())
    )


def _brackets_in_name(part: Part, start: int, end: int, gaps: Collection[str]) -> Iterator[Hit]:
    """A gap in a name blocks; a company that writes itself in brackets is only told of."""
    for match in _LEFTOVER.finditer(part.text, start, end):
        inner = match["inner"]
        gap = inner is None or fold(inner) in gaps or fold(inner).startswith(("insert ", "your "))
        if gap or (match.start(), match.end()) == (start, end):
            rule = "leftover-placeholder" if gap else "brackets-in-name"
            yield Hit(rule, part.name, match.start(), match.end())
