"""Slips of the hand: words and marks twice, capitals where none belong."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from generator.core.review.case import Case
from generator.core.review.part import Part
from generator.core.review.phrases import WORD, fold
from generator.core.review.rule import Hit, rule

_SMALL_I: Final = re.compile(r"i(?<![\w.'’@/-]i)(?=['’](?:m|ve|d|ll)\b|\s+\w|,)")


@rule("lower-case-i", compares=("doubled-ok",))
def small_i(case: Case) -> Iterator[Hit]:
    """A small 'i' for the writer."""
    if not case.has_list("doubled-ok"):
        return  # in other languages 'i' is a word
    for part in case.parts:
        for match in _SMALL_I.finditer(part.text):
            here = match.span()
            if part.field_of(*here) is not None and not part.in_name(*here):
                yield Hit("lower-case-i", part.name, match.start(), match.end(), "I")


_ONE_SPACE: Final = re.compile(r"[^\S\n]*\n?[^\S\n]*")


@rule("doubled-word", compares=("doubled-ok", "titles"))
def doubled(case: Case) -> Iterator[Hit]:
    """The same word twice."""
    allowed = case.phrases.lists.get("doubled-ok")
    if allowed is None:
        return  # 'nous nous' is good French
    titles = case.phrases.lists.get("titles", frozenset())
    for part in case.parts:
        text = part.text
        for (start, first_end, word), (second, end, again) in pairwise(part.words):
            if word != again or word in allowed or word.isdigit() or not part.is_typed(start, end):
                continue
            # A title that the author wrote and the name begins with stands there twice all the same.
            if part.in_name(start, end) and word not in titles:
                continue
            gap = text[first_end:second]
            if not gap or (not _ONE_SPACE.fullmatch(gap) and not (word in titles and gap.strip() == ".")):
                continue
            field = part.field_of(start, end)
            capital = text[start].isupper() and text[second].isupper()
            if field is not None and capital and len(word) > 1 and word not in titles:
                continue  # Walla Walla, New York New York
            yield _doubled_hit(part, start, first_end, second, end)


def _doubled_hit(part: Part, start: int, first_end: int, second: int, end: int) -> Hit:
    """Take out the second word when it was typed, else the first; with the space between, if typed."""
    facts = {"words": part.text[start:end]}
    if part.field_of(start, end) is not None:
        return Hit("doubled-word", part.name, first_end, end, "", facts)
    after = end + 1 if part.text[end : end + 1] == " " else end
    if part.field_of(second, after) is not None:
        return Hit("doubled-word", part.name, second, after, "", facts)
    before = start - 1 if start and part.text[start - 1] == " " else start
    if part.field_of(before, first_end) is not None:
        return Hit("doubled-word", part.name, before, first_end, "", facts)
    return Hit("doubled-word", part.name, start, end, None, facts)


_MOST_REPEATED: Final = 4


@rule(
    "repeated-words",
)
def repeated(case: Case) -> Iterator[Hit]:
    """Words of the author's sentence that were typed once more: 'hearing about hearing about the desk'.

    One word is the matter of 'doubled-word'.
    """
    for part in case.parts:
        starts = [token[0] for token in part.words]
        for start, end, _ in part.prose:
            first, after = bisect_left(starts, start), bisect_left(starts, end)
            for size in range(_MOST_REPEATED, 1, -1):
                if after - first < size:
                    continue
                if _twice(part, first - size, size):
                    stop = starts[first + size] if first + size < after else end
                    yield Hit("repeated-words", part.name, start, stop, "")
                    break
                if _twice(part, after - size, size):
                    since = part.words[after - size - 1][1] if after - size > first else start
                    yield Hit("repeated-words", part.name, since, end, "")
                    break


def _twice(part: Part, first: int, size: int) -> bool:
    """Whether the ``size`` words from place ``first`` on stand there again right after, in one sentence."""
    run = part.words[first : first + 2 * size] if first >= 0 else []
    words = [word for _, _, word in run]
    return (
        len(run) == 2 * size
        and words[:size] == words[size:]
        and not _SENTENCE_BREAK.search(part.text, run[0][0], run[-1][1])
    )


_SENTENCE_BREAK: Final = re.compile(r"[.!?…:;\n]")


_MYSELF: Final = re.compile(r"I(?![^\W_’'])")


_GOES_ON: Final = re.compile(r"[\w,)’'”\"][^\S\n]+\Z")


@rule("capital-in-sentence", compares=("small-words",))
def capital(case: Case) -> Iterator[Hit]:
    """A capital in the middle of the author's sentence: 'I liked hearing about The new desk'."""
    small = case.phrases.lists.get("small-words", frozenset())
    if not small:
        return
    for part in case.parts:
        text = part.text
        for start, end, _ in part.prose:
            match = WORD.match(text, start, end)
            if (
                match is None
                or fold(match[0]) not in small
                or not _GOES_ON.search(text, max(0, start - 3), start)
            ):
                continue
            word = match[0]
            after = WORD.search(text, match.end(), end)
            # 'The Copper Kettle' is a name, and so is 'IT'. 'Why I' is none.
            named = after is not None and not after[0].islower() and not _MYSELF.match(after[0])
            if word != word.lower() and word[1:] == word[1:].lower() and not named:
                yield Hit("capital-in-sentence", part.name, start, match.end(), word[0].lower() + word[1:])


_ADDRESS: Final = re.compile(r"[.@/:_+-]\S")
_BEGINS: Final = re.compile(r"(?:\A|\n[^\S\n]*\n|[.!?…]['’”\"]?\s)[^\S\n]*\Z")


@rule("small-letter-at-the-start", compares=("doubled-ok",))
def small_start(case: Case) -> Iterator[Hit]:
    """A sentence of one's own that begins with a small letter: 'Thank you. my bus was late.'"""
    if not case.has_list("doubled-ok"):
        return  # not every script has capitals, nor every language ours
    for start, end, _ in case.body.prose:
        text = case.body.text
        match = WORD.match(text, start, end)
        if match is None or not match[0].isascii() or not match[0].islower() or not match[0][0].isalpha():
            continue
        # 'www.example.org', 'ana@example.org' and 'https://…' begin as they are written.
        goes_on = _ADDRESS.match(text, match.end())
        if not goes_on and _BEGINS.search(text, max(0, start - 4), start):
            word = match[0]
            yield Hit("small-letter-at-the-start", "body", start, match.end(), word[0].upper() + word[1:])


_SMALL_AFTER: Final = re.compile(r"[^\S\n]+[a-z]")


def _ends_short(case: Case, text: str) -> bool:
    """Whether a text ends with an abbreviation, so that the full stop after it belongs to the word."""
    word = text.rpartition(" ")[2]
    abbreviations = case.phrases.lists.get("abbreviations", frozenset())
    return not word.isalpha() or fold(word) in abbreviations or len(word) < 3 or word[:1].isupper()


@rule("double-punctuation", compares=("abbreviations",))
def marks(case: Case) -> Iterator[Hit]:
    """A full stop, comma or question mark typed right before the author's own."""
    for part in case.parts:
        text = part.text
        for start, end, _ in part.prose:
            visible = start + len(text[start:end].rstrip())
            after = text[end : end + 1]
            # 'the pattern.' in the middle of the author's sentence, which goes on with a small letter.
            goes_on = _SMALL_AFTER.match(text, end)
            if (
                goes_on
                and text[visible - 1 : visible] in ".?"
                and not _ends_short(case, text[start : visible - 1])
            ):
                sign = text[visible - 1]
                if part.field_of(end, end + 1) is None and not text[start : visible - 1].endswith((".", "?")):
                    yield Hit("double-punctuation", part.name, visible - 1, end, "", {"words": sign})
                continue
            if (
                visible == start
                or part.field_of(end, end + 1) is not None
                or after not in (".", ",", "?", "!", ";")
            ):
                continue
            last = visible
            while last > start and text[last - 1] in ".,;!?":
                last -= 1
            mine = text[last:visible]
            # 'Acme Inc.,' is right, and an ellipsis is no full stop.
            short = mine == "." and after in ",?!;" and _ends_short(case, text[start:last])
            if mine and last > start and not short and mine != "...":
                yield Hit("double-punctuation", part.name, last, end, "", {"words": mine + after})
