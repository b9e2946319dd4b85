"""The review: what is good in a filled email, what to mend, and why.

    review(draft, fields=…, values=…, checks=…) -> the findings
    compare(messages, threshold) -> which of several emails are nearly the same

A rule stands in one of the families (``rules/``) and is known by being defined there; see :mod:`.rule`. A
rule that looks for phrases and nothing else is data. What each says, its level and its phrases come with
:class:`Checks`.

Everything is one or two linear passes: the text is cut into words once, and all phrase lists are looked
up by their first word in one go. No rule changes the text; a finding that can be applied says with what
to replace its words (``mend``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from generator.core.fields import Field
from generator.core.message import Message
from generator.core.pasted import OWN
from generator.core.review import rules as _families  # noqa: F401  # importing a family defines its rules
from generator.core.review.case import Case
from generator.core.review.checks import LEVELS, NO_SITUATION, Checks, Level, Source
from generator.core.review.likeness import Pair, compare, differences
from generator.core.review.part import Part, PartName
from generator.core.review.phrases import short
from generator.core.review.rule import DEFINITIONS, Hit
from generator.core.template import Draft

__all__ = ["Checks", "Finding", "Level", "Pair", "Source", "compare", "differences", "review"]

FACT: Final = re.compile(r"\{(\w+)\}")
"""What a message may hold to be filled in."""

MAX_PER_RULE: Final = 8
"""How many findings one rule makes: more of the same help nobody."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark about a draft.

    ``start`` and ``end`` are offsets into the draft's subject or body, as ``part`` says; ``part`` is empty
    and both are 0 for a remark about the email as a whole. ``mend`` is what to put in place of these
    words, all of which then lie in one filled segment; None where only the writer can tell.
    """

    rule: str
    level: Level
    message: str
    part: PartName = ""
    start: int = 0
    end: int = 0
    mend: str | None = None
    source: Source | None = None
    why: str = ""


def review(
    draft: Draft,
    *,
    fields: Sequence[Field],
    values: Mapping[str, str],
    checks: Checks,
    situation: str = "",
    words: tuple[int, int] | None = None,
    characters: int | None = None,
    others: Sequence[Message] = (),
    earlier: Mapping[str, Sequence[str]] | None = None,
    language: str = "en",
) -> list[Finding]:
    """Return what is good in ``draft`` and what to mend.

    Args:
        draft: the filled template.
        fields: the template's fields, described by the shared data.
        values: what was typed, by the placeholder's name.
        checks: the data of the review.
        situation: the page's name, such as ``thank-you``; unknown or empty: the general rules.
        words: the range of the template's ``Words`` header; it wins over the situation's.
        characters: the limit of its ``Characters`` header; it wins over the situation's.
        others: the other emails of the same panel.
        earlier: what the same fields held in earlier emails, such as ``{"Company": ["Contoso"]}``.
        language: the language of the template; without phrase lists for it, the rules on words rest.

    Returns:
        The findings: the gravest first, then in the order of the text.
    """
    case = Case(
        draft,
        fields,
        values,
        checks,
        checks.situations.get(situation, NO_SITUATION),
        words,
        characters,
        others,
        earlier or {},
        language,
    )
    said = list(_phrases(case)) if case.look and case.typed else []
    hits: list[Hit] = []
    for one in DEFINITIONS:
        if (case.look or one.at_any_length) and (case.typed or one.untouched) and case.uses(one.names):
            hits.extend(hit for hit in one.find(case) if hit.rule in case.rules)
    return _worded(case, [*hits, *said])


def _phrases(case: Case) -> Iterator[Hit]:
    """Yield what the rules that are only phrases find."""
    for rule in case.rules.values():
        for part in case.parts if rule.phrases else ():
            for start, end in part.phrases(rule.phrases) if rule.phrases in part.matches else ():
                words = part.text[start:end]
                # 'meet u' is chat, a U bend and a Ty are not.
                if (end - start > 2 or words.islower()) and not _named(part, start, words):
                    yield Hit(rule.name, part.name, start, end)


_BEGINS: Final = re.compile(r"(?:\A|[.!?:\n…])[\s\"“‘('*]*\Z")


def _named(part: Part, start: int, words: str) -> bool:
    """Whether words in the middle of a sentence are a name, which all their capitals tell: 'at Perfect Fit'."""
    capitals = [word[:1].isupper() for word in words.split() if word[:1].isalpha()]
    if not all(capitals) or words.isupper() or len(capitals) < 1 or words[:1] == "I":
        return False
    return not _BEGINS.search(part.text, max(0, start - 4), start) and part.name == "body"


def _worded(case: Case, hits: Iterable[Hit]) -> list[Finding]:
    """Word, sort and thin out what the rules found."""
    findings: list[Finding] = []
    parts = {part.name: part for part in case.parts}
    order = {name: number for number, name in enumerate(case.rules)}
    ranks = {level: number for number, level in enumerate(LEVELS)}
    places = {"subject": 0, "body": 1, "": 2}
    seen: set[tuple[object, ...]] = set()
    counts: dict[str, int] = defaultdict(int)
    for hit in hits:
        part = parts.get(hit.part)
        facts = dict(hit.facts)
        if part is not None:
            # What is typed once and stands in three places is one thing to mend, not three.
            if (field := part.field_of(hit.start, hit.end)) is not None:
                origin = part.starts[part.segment_at(hit.start)]
                identity = (hit.rule, field, hit.start - origin, hit.end - origin)
                if identity in seen:
                    continue
                seen.add(identity)
                # Of the same words in a text of one's own, the first will do.
                if field == OWN and hit.mend is None:
                    again = (hit.rule, part.name, part.text[hit.start : hit.end].casefold())
                    if again in seen:
                        continue
                    seen.add(again)
            facts.setdefault("words", short(part.text[hit.start : hit.end]))
        counts[hit.rule] += 1
        if counts[hit.rule] > MAX_PER_RULE and hit.rule != "missing":
            continue
        rule = case.rules[hit.rule]
        findings.append(
            Finding(
                rule.name,
                rule.level,
                FACT.sub(lambda match, facts=facts: str(facts.get(match[1], "")), rule.message),  # type: ignore[misc]
                hit.part,
                hit.start,
                hit.end,
                hit.mend,
                rule.source,
                rule.why,
            )
        )
    findings = _praise(findings)
    findings.sort(key=lambda one: (ranks[one.level], places[one.part], one.start, one.end, order[one.rule]))
    return findings


def _praise(findings: list[Finding]) -> list[Finding]:
    """Keep one line of praise at most, and none for words that are faulted, or in an email that must not go."""
    faults = [one for one in findings if one.level != "good"]
    praise = [
        one
        for one in findings
        if one.level == "good"
        and not any(
            fault.part == one.part and fault.start < one.end and one.start < fault.end for fault in faults
        )
    ]
    return faults if any(one.level == "blocks" for one in faults) else [*faults, *praise[:1]]
