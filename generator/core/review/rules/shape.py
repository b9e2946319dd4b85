"""How long the email and its parts are, and what the subject says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.core.review.case import Case
from generator.core.review.layout import BLANK
from generator.core.review.phrases import countable, fold
from generator.core.review.rule import Hit, rule


@rule(
    "far-too-long",
    "too-long",
    "too-short",
    "too-many-characters",
    "over-free-limit",
    "good-length",
    facts={
        "too-many-characters": ("count", "most"),
        "over-free-limit": ("count", "least"),
        "far-too-long": ("count", "most"),
        **dict.fromkeys(("too-long", "too-short", "good-length"), ("count", "least", "most")),
    },
    limits=("most-words", "slack"),
    at_any_length=True,
)
def length(case: Case) -> Iterator[Hit]:
    """How many words, or characters, the email has."""
    if not case.ready:
        return
    text = case.body.text
    if case.characters is not None:
        least, most = case.characters
        if len(text) > most:
            yield Hit("too-many-characters", facts={"count": len(text), "most": most})
        elif len(text) > least:
            yield Hit("over-free-limit", facts={"count": len(text), "least": least})
    if not countable(text):
        return
    count = len(text.split())
    limit = case.limits["most-words"]
    facts = {"count": count, "most": limit}
    if case.range is not None:
        least, most = case.range
        limit = max(limit, most)
        facts = {"count": count, "least": least, "most": most}
    slack = case.limits["slack"]
    if count > limit:
        yield Hit("far-too-long", facts=facts)
    elif case.range is not None and count * 100 > most * (100 + slack):
        yield Hit("too-long", facts=facts)
    elif case.range is not None and count * 100 < least * (100 - slack):
        yield Hit("too-short", facts=facts)
    elif case.range is not None:
        yield Hit("good-length", facts=facts)


@rule(
    "too-many-paragraphs",
    "long-paragraph",
    facts={"too-many-paragraphs": ("count", "most"), "long-paragraph": ("words", "count", "most")},
    limits=("paragraphs", "sentences"),
)
def paragraphs(case: Case) -> Iterator[Hit]:
    """Too many paragraphs, or too much in one."""
    if not case.ready:
        return
    body, layout = case.body, case.layout
    count = len(layout.paragraphs)
    # Only breaks that were typed can be taken out again by the writer.
    if count > case.limits["paragraphs"] and any(
        BLANK.search(body.text[since:upto]) for since, upto, _ in body.typed
    ):
        yield Hit("too-many-paragraphs", facts={"count": count, "most": case.limits["paragraphs"]})
    for (start, end), sentences in zip(layout.paragraphs, layout.sentences, strict=True):
        if len(sentences) <= case.limits["sentences"]:
            continue
        # A sentence that ends, or goes on after an end, in typed text is the writer's.
        if any(body.is_typed(upto - 1, upto) and upto < end for _, upto in sentences):
            yield Hit(
                "long-paragraph",
                "body",
                start,
                end,
                None,
                {"count": len(sentences), "most": case.limits["sentences"]},
            )


@rule("many-questions", facts=("words", "count", "most"), limits=("questions",))
def questions(case: Case) -> Iterator[Hit]:
    """More questions than a busy person answers."""
    spans = [match.span() for match in re.finditer(r"[?？]+", case.body.text)]
    marks = [start for start, end in spans if not case.body.in_name(start, end)]
    most = case.limits["questions"]
    typed = [mark for mark in marks if case.body.is_typed(mark, mark + 1)]
    if len(marks) > most and typed:
        yield Hit("many-questions", "body", typed[-1], typed[-1] + 1, None, {"count": len(marks), "most": most})


@rule(
    "subject-too-long",
    "subject-says-little",
    "good-subject",
    facts={"subject-too-long": ("words", "count", "most")},
    limits=("subject",),
    compares=("bare-subject",),
)
def subject(case: Case) -> Iterator[Hit]:
    """A subject that is cut off, or says too little."""
    text = case.subject.text
    if any(segment.kind == "missing" for segment in case.draft.subject_segments):
        return
    if not case.subject.typed:
        return
    typed = sum(end - start for start, end, key in case.subject.prose if not case.is_date(key))
    most = case.limits["subject"]
    whole = ("subject", 0, len(text))
    # A long title is nobody's fault, nor are the author's words: what is free must be the most of it.
    if len(text) > most and typed * 2 > len(text):
        yield Hit("subject-too-long", "subject", 0, len(text), None, {"count": len(text), "most": most})
    words = set(fold(text).split())
    names = [set(fold(value).split()) for _, value in case.role("position", "company", "own-name", "recipient")]
    bare = case.phrases.lists.get("bare-subject", frozenset())
    named = any(words & name for name in names)
    if fold(text) in bare or (typed * 5 > len(text) * 4 and names and not named and countable(text)):
        yield Hit("subject-says-little", *whole)  # type: ignore[arg-type]
    elif named and len(text) <= most and case.ready:
        yield Hit("good-subject", *whole)  # type: ignore[arg-type]
