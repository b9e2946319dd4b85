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
    facts={
        "too-many-characters": ("count", "most"),
        "over-free-limit": ("count", "least"),
        "far-too-long": ("count", "most"),
        **dict.fromkeys(("too-long", "too-short"), ("count", "least", "most")),
    },
    limits=("most-words", "slack", "own-most-words", "own-words", "own-few-words"),
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
    count = len(text[: case.body.signature].split())
    limit = case.limits["most-words"]
    facts = {"count": count, "most": limit}
    if case.range is not None:
        least, most = case.range
        limit = max(limit, most)
        facts = {"count": count, "least": least, "most": most}
    if case.own_draft:
        # A good email of one's own is as long as what it tells.
        if count > case.limits["own-most-words"]:
            yield Hit("far-too-long", facts={**facts, "most": limit})
        elif case.range is not None and count > max(case.limits["own-words"], case.range[1]):
            yield Hit("too-long", facts=facts)
        elif case.range is not None and count < case.limits["own-few-words"]:
            yield Hit("too-short", facts=facts)
        return
    slack = case.limits["slack"]
    if count > limit:
        yield Hit("far-too-long", facts=facts)
    elif case.range is not None and count * 100 > most * (100 + slack):
        yield Hit("too-long", facts=facts)
    # Less than half of it is enough for who writes it all: a short note that says something is a good one.
    elif case.range is not None and count * 100 < least * (40 if case.own_text else 100 - slack):
        yield Hit("too-short", facts=facts)


@rule(
    "too-many-paragraphs",
    "long-paragraph",
    facts={"too-many-paragraphs": ("count", "most"), "long-paragraph": ("words", "count", "most")},
    limits=("paragraphs", "sentences", "short-paragraph", "own-paragraph"),
)
def paragraphs(case: Case) -> Iterator[Hit]:
    """Too many paragraphs, or too much in one."""
    if not case.ready:
        return
    body, layout = case.body, case.layout
    count = len(layout.paragraphs)
    # Only breaks that were typed can be taken out again by the writer.
    long = sum(len(body.text[since:upto].split()) for since, upto in layout.paragraphs)
    # In a text of one's own they are no fault: who wrote too much is told how much.
    if (
        not case.own_draft
        and count > case.limits["paragraphs"]
        and long > 2 * case.limits["short-paragraph"]
        and any(BLANK.search(body.text[since:upto]) for since, upto, _ in body.typed)
    ):
        yield Hit("too-many-paragraphs", facts={"count": count, "most": case.limits["paragraphs"]})
    # A formal letter has long paragraphs, and is read at a desk.
    short = case.limits["own-paragraph" if case.own_draft else "short-paragraph"]
    for (start, end), sentences in zip(layout.paragraphs, layout.sentences, strict=True):
        few = len(sentences) <= case.limits["sentences"]
        if few or len(body.text[start:end].split()) <= short:
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


@rule("many-questions", facts=("words", "count", "most"), limits=("questions",), finds=("question-words",))
def questions(case: Case) -> Iterator[Hit]:
    """More questions than a busy person answers."""
    spans = [match.span() for match in re.finditer(r"[?？]+", case.body.text)]
    marks = [start for start, end in spans if not case.body.in_name(start, end)]
    most = case.limits["questions"]
    typed = [mark for mark in marks if case.body.is_typed(mark, mark + 1)]
    # 'Who got it, what did they have, and what did I lack?' asks three things.
    count = len(marks) + sum(
        max(0, case.said_times("question-words", *span) - 1) for span in _asked(case, marks)
    )
    if count > most and typed:
        yield Hit("many-questions", "body", typed[-1], typed[-1] + 1, None, {"count": count, "most": most})


@rule("list-of-questions", facts=("words", "count", "most"), limits=("own-questions",))
def question_list(case: Case) -> Iterator[Hit]:
    """A whole list of questions in an email of one's own."""
    if not case.own_draft or case.uses(("many-questions",)):
        return
    asked = [
        match.start()
        for match in re.finditer(r"[?？]+", case.body.text)
        if case.body.is_typed(*match.span()) and not case.body.in_name(*match.span())
    ]
    most = case.limits["own-questions"]
    if len(asked) > most:
        yield Hit(
            "list-of-questions",
            "body",
            asked[most],
            asked[most] + 1,
            None,
            {"count": len(asked), "most": most},
        )


def _asked(case: Case, marks: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the sentences that end with one of the question marks."""
    sentences = iter([span for spans in case.layout.sentences for span in spans])
    for mark in marks:
        for start, end in sentences:
            if start <= mark < end:
                yield start, end
                break


@rule(
    "subject-too-long",
    "subject-says-little",
    facts={"subject-too-long": ("words", "count", "most")},
    limits=("subject", "own-subject", "bare-words"),
    compares=("bare-subject", "particular"),
)
def subject(case: Case) -> Iterator[Hit]:
    """A subject that is cut off, or says too little."""
    text = case.subject.text
    if any(segment.kind == "missing" for segment in case.draft.subject_segments):
        return
    if not case.subject.typed:
        return
    if case.answers and case.own:
        return
    typed = sum(end - start for start, end, key in case.subject.prose if not case.is_date(key))
    most = case.limits["subject"]
    whole = ("subject", 0, len(text))
    # A long title is nobody's fault, nor are the author's words: what is free must be the most of it.
    if len(text) > (case.limits["own-subject"] if case.own else most) and typed * 2 > len(text):
        yield Hit("subject-too-long", "subject", 0, len(text), None, {"count": len(text), "most": most})
    if case.subject.field_of(0, len(text)) is None or case.answers or "[" in text:
        return
    bare = case.phrases.lists.get("bare-subject", frozenset())
    words = fold(text).split()
    # 'Thanks for yesterday' is enough for who writes it by themselves, 'Thank you' is not.
    particular = case.phrases.lists.get("particular", frozenset())
    if case.own and (
        len(words) > case.limits["bare-words"] or (len(words) > 1 and not particular.isdisjoint(words))
    ):
        return
    if bare and all(word in bare for word in words):
        yield Hit("subject-says-little", *whole)  # type: ignore[arg-type]
