"""What an email should hold: thanks, interest, a next step, a detail of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from generator.core.review.case import Case
from generator.core.review.checks import SPECIAL_SAYINGS
from generator.core.review.phrases import countable, fold
from generator.core.review.rule import Hit, rule

_DATE: Final = re.compile(
    r"\d{1,2}[./-]\d{1,2}|\d{1,2}(?:st|nd|rd|th)?\.?\s[^\W\d_]{3,}|[^\W\d_]{3,}\s\d{1,2}(?!\d)|\d月"
)


_AMOUNT: Final = re.compile(
    r"[$€£¥₹]\s?\d|\d\s?[$€£¥₹]|\d\s?k\b|\b(?:USD|EUR|GBP|CHF|CAD|AUD|INR)\b"
    r"|\d\s+(?:dollars|euros|pounds|francs|rupees|per|an?)\b",
    re.IGNORECASE,
)


@rule(
    "must-say",
    "say-more",
    facts=("name",),
    finds=("date", "accepts", "declines", "withdraws"),
)
def must_say(case: Case) -> Iterator[Hit]:
    """What this kind of email has to say, and does not."""
    if not case.ready:
        return
    open_facts: list[str] = []
    answered = named = False
    for name, words in case.situation.must_say:
        if name in SPECIAL_SAYINGS:
            said = _says_special(case, name)
            named |= said
            if not said:
                open_facts.append(words)
        elif case.has_list(name):
            said = case.said(name) or (case.own_draft and bool(case.subject.matches.get(name)))
            answered |= said
            if not said:
                yield Hit("must-say", facts={"name": words})
    if not case.own_draft:
        yield from (Hit("must-say", facts={"name": words}) for words in open_facts)
    # Who says yes by themselves and names the day, or the job, has left nothing to guess.
    elif open_facts and not named and (answered or len(case.situation.must_say) == len(open_facts)):
        yield Hit("say-more", facts={"name": open_facts[-1]})


def _says_special(case: Case, name: str) -> bool:
    text = case.body.text
    if name == "position":
        values = [value for _, value in case.role("position")]
        folded = f" {' '.join(word for part in case.parts for _, _, word in part.words)} "
        if case.own_draft and any(
            len(word) > 3 and f" {word} " in folded for value in values for word in fold(value).split()
        ):
            return True
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
            if key in case.roles["detail"]:
                plain = fold(words).split()
                if vague and all(word in vague for word in plain):
                    yield Hit("vague-detail", part.name, start, end)
                elif (
                    countable(text)
                    and len(plain) == 1
                    and (field is None or not field.words or field.words[0] > 2)
                ):
                    yield Hit("short-detail", part.name, start, end)
                elif len(plain) > 2 and part.name == "body":
                    yield Hit("good-detail", part.name, start, end)
            # The same sentence in two different fields is a slip; the same name is not.
            prose = len(words.split()) >= 4 and not case.is_name(key)
            if prose and seen.setdefault(words, key) != key:
                yield Hit("repeated-detail", part.name, start, end)
    yield from _said_again(case)


_MOST_OF_A_SENTENCE: Final = 400


def _said_again(case: Case) -> Iterator[Hit]:
    """Yield each sentence that stands there twice."""
    seen: set[str] = set()
    told: set[str] = set()
    for start, end in (span for spans in case.layout.sentences for span in spans):
        text = case.body.text[start:end].strip()
        if len(text) > _MOST_OF_A_SENTENCE or not case.body.is_typed(start, end):
            continue
        folded = " ".join(text.casefold().split())
        if len(folded.split()) < 5:
            continue
        if folded in seen and folded not in told:
            told.add(folded)
            begin = start + len(case.body.text[start:end]) - len(case.body.text[start:end].lstrip())
            yield Hit("repeated-detail", "body", begin, end)
        seen.add(folded)


@rule("no-fact", facts=(), limits=("facts",), finds=("talk",), compares=("plain-words",))
def fact(case: Case) -> Iterator[Hit]:
    """An email of one's own that could go to any employer; or the sentence of it that could not."""
    plain = case.phrases.lists.get("plain-words")
    if not case.ready or not plain or not case.own_text:
        return
    text = case.body.text
    if not countable(text) or len(text.encode("ascii", "ignore")) * 2 < len(text):
        return
    known = {
        word
        for _, value in (*case.role("company", "position", "own-name", "recipient"),)
        for word in fold(value).split()
    }
    words = case.body.words
    at = 0
    for start, end in (span for spans in case.layout.sentences for span in spans):
        found: set[str] = set()
        opening: list[str] = []
        while at < len(words) and words[at][0] < end:
            since, _, word = words[at]
            at += 1
            if since < start:
                continue
            if len(opening) < 6:
                opening.append(word)
            root = word.removesuffix("'s")
            if root not in plain and root not in known and not root.isdigit():
                found.add(root)
        of_self = bool(_SELF.intersection(opening)) and not case.said("talk", start, end)
        if len(found) >= case.limits["facts"] and not of_self:
            return
    yield Hit("no-fact")


@rule("no-thanks", facts=(), finds=("thanks", "other-thanks"))
def thanks(case: Case) -> Iterator[Hit]:
    """An email of one's own after a talk, without a word of thanks in any form."""
    if not case.ready or not case.own_draft or not case.has_list("thanks"):
        return
    text = case.body.text
    if not countable(text) or len(text.encode("ascii", "ignore")) * 2 < len(text):
        return
    said = any(part.matches.get(name) for part in case.parts for name in ("thanks", "other-thanks"))
    if not said:
        yield Hit("no-thanks")


_SELF: Final = frozenset(("i", "my", "i'm", "i've"))
