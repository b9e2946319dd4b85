"""What an email should hold: thanks, interest, a next step, a detail of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from generator.core.review.case import Case
from generator.core.review.checks import SPECIAL_SAYINGS
from generator.core.review.phrases import countable, fold
from generator.core.review.rule import Hit, rule


@rule(
    "thanks-come-late",
    "good-thanks",
    "no-interest",
    "no-next-step",
    "good-next-step",
    facts={"good-thanks": (), "no-interest": (), "no-next-step": (), "good-next-step": ()},
    finds=("thanks", "next-step", "interest"),
)
def content(case: Case) -> Iterator[Hit]:
    """What a whole email should hold: thanks early, interest, a next step."""
    if not case.ready or not case.layout.paragraphs:
        return
    # A Japanese email on an English page is none of our English lists' business.
    if len(case.body.text.encode("ascii", "ignore")) * 2 < len(case.body.text):
        return
    first = [span for sentences in case.layout.sentences for span in sentences][:2]
    if case.has_list("thanks") and first:
        if case.said("thanks", first[0][0], first[-1][1]):
            yield Hit("good-thanks")
        elif case.own_text:
            yield Hit("thanks-come-late", "body", first[0][0], first[-1][1])
    content = case.layout.paragraphs[0][0], case.layout.paragraphs[-1][1]
    if case.has_list("next-step"):
        if case.said("next-step", *content):
            yield Hit("good-next-step")
        elif case.own_text:
            yield Hit("no-next-step")
    if case.has_list("interest") and case.own_text and not case.said("interest", *content):
        yield Hit("no-interest")


_DATE: Final = re.compile(
    r"\d{1,2}[./-]\d{1,2}|\d{1,2}(?:st|nd|rd|th)?\.?\s[^\W\d_]{3,}|[^\W\d_]{3,}\s\d{1,2}(?!\d)|\d月"
)


_AMOUNT: Final = re.compile(
    r"[$€£¥₹]\s?\d|\d\s?[$€£¥₹]|\d\s?k\b|\b(?:USD|EUR|GBP|CHF|CAD|AUD|INR)\b"
    r"|\d\s+(?:dollars|euros|pounds|francs|rupees|per|an?)\b",
    re.IGNORECASE,
)


@rule("must-say", facts=("name",), finds=("date", "accepts", "declines", "withdraws"))
def must_say(case: Case) -> Iterator[Hit]:
    """What this kind of email has to say, and does not."""
    if not case.ready:
        return
    for name, words in case.situation.must_say:
        if name in SPECIAL_SAYINGS:
            said = _says_special(case, name)
        elif case.has_list(name):
            said = case.said(name)
        else:
            continue
        if not said:
            yield Hit("must-say", facts={"name": words})


def _says_special(case: Case, name: str) -> bool:
    text = case.body.text
    if name == "position":
        values = [value for _, value in case.role("position")]
        folded = f" {' '.join(word for part in case.parts for _, _, word in part.words)} "
        return not values or any(f" {fold(value)} " in folded or not fold(value) for value in values)
    roles = case.roles.get(name, frozenset())
    if any(key in roles for part in case.parts for _, _, key in part.typed):
        return True
    if name == "pay":
        return bool(_AMOUNT.search(text))
    return bool(_DATE.search(text)) or case.said("date")


_MOST_OF_A_DETAIL: Final = 600


@rule(
    "vague-detail",
    "short-detail",
    "repeated-detail",
    "good-detail",
    limits=("detail-words",),
    compares=("vague-detail",),
)
def details(case: Case) -> Iterator[Hit]:
    """A detail of the talk: too vague, too short, said twice, or good."""
    vague = case.phrases.lists.get("vague-detail", frozenset())
    seen: dict[str, str] = {}
    for part in case.parts:
        for start, end, key in part.typed:
            text = part.text[start:end]
            if len(text) > _MOST_OF_A_DETAIL:
                continue  # an email, not an answer
            words = " ".join(text.casefold().split())
            field = case.fields.get(key)
            least = field.words[0] if field and field.words else case.limits["detail-words"]
            if key in case.roles["detail"]:
                if len(words) < 100 and fold(words) in vague:
                    yield Hit("vague-detail", part.name, start, end)
                elif countable(text) and len(words.split()) < least:
                    yield Hit("short-detail", part.name, start, end)
                elif words and part.name == "body":
                    yield Hit("good-detail", part.name, start, end)
            # The same sentence in two different fields is a slip; the same name is not.
            prose = len(words.split()) >= 4 and not case.is_name(key)
            if prose and seen.setdefault(words, key) != key:
                yield Hit("repeated-detail", part.name, start, end)
