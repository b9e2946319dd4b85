"""Grammar where an answer meets the author's sentence, and dates and capitals that are misread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from generator.core.review.case import Case
from generator.core.review.part import Part
from generator.core.review.phrases import Token, words_of
from generator.core.review.rule import Hit, rule


@rule("because-of-clause", facts=("words", "name"), finds=("because-of-clause",))
def because_of(case: Case) -> Iterator[Hit]:
    """'Because of' before a whole clause: 'because of my bus was late'."""
    for part in case.parts:
        for start, end in part.phrases("because-of-clause"):
            words = [one for one in words_of(part.text[start:end]) if one[2] != "because"]
            rest = part.text[start + words[1][0] : end] if len(words) > 1 else ""
            of_start, of_end = start + words[0][0], start + words[1][0] if len(words) > 1 else end
            # The 'of' and its space go, if they were typed.
            mend = "" if part.field_of(of_start, of_end) is not None else None
            if mend is None:
                yield Hit("because-of-clause", part.name, start, end, None, {"name": rest})
            else:
                yield Hit("because-of-clause", part.name, of_start, of_end, mend, {"name": rest})


@rule("clause-in-gap", finds=("clause",), compares=("before-a-thing",))
def clause(case: Case) -> Iterator[Hit]:
    """A whole clause where the author's sentence needs a thing: 'I have [I worked in triage]'."""
    before = case.phrases.lists.get("before-a-thing", frozenset())
    if not before or case.own:
        return
    for part in case.parts:
        clauses = dict(part.matches.get("clause", ()))
        last: Token | None = None
        starts = {start: (end, key) for start, end, key in part.prose}
        for token in part.words:
            if token[0] in starts and token[0] in clauses and last is not None:
                between = part.text[last[1] : token[0]]
                if last[2] in before and between == " " and not part.is_typed(last[0], last[1]):
                    yield Hit("clause-in-gap", part.name, token[0], clauses[token[0]])
            last = token


_ARTICLE: Final = re.compile(r"\b(an?) ([a-z]{3,}(?:-[a-z]+)?)\b")


@rule("a-or-an", facts=("words", "name"), compares=("an-before", "a-before"))
def article(case: Case) -> Iterator[Hit]:
    """'a' before a sound that wants 'an', and the other way round."""
    an, a = (case.phrases.lists.get(name, frozenset()) for name in ("an-before", "a-before"))
    if not an:
        return
    for part in case.parts:
        # Letters that are read one by one, and names, go by how they are spoken: only small letters count.
        for match, origin in part.prose_finds(_ARTICLE):
            right = _article(match[2], an, a)
            if right != match[1]:
                start, end = origin + match.start(1), origin + match.end(1)
                yield Hit(
                    "a-or-an", part.name, start, end, right, {"words": match[0], "name": f"{right} {match[2]}"}
                )


def _article(word: str, an: frozenset[str], a: frozenset[str]) -> str:
    first = word.partition("-")[0]
    if word in an or first in an:
        return "an"
    if word in a or first in a or word.startswith(("uni", "eu", "use", "usa", "uti")):
        return "a" if not word.startswith(("unim", "unin", "unid")) else "an"
    return "an" if word[0] in "aeiou" else "a"


_SHOUTS: Final = re.compile(r"[A-ZÀ-Þ]{2}[^\w\n]{1,3}[A-ZÀ-Þ]")


@rule("all-capitals")
def capitals(case: Case) -> Iterator[Hit]:
    """Words in capitals: four or more of them, which no abbreviation makes."""
    for part in case.parts:
        if not _SHOUTS.search(part.text):
            continue
        run: list[Token] = []
        for token in [*part.words, (len(part.text), len(part.text), "")]:
            written = part.text[token[0] : token[1]]
            same = not run or "\n" not in part.text[run[-1][1] : token[0]]
            if written.isupper() and written.upper() != written.lower() and same:
                run.append(token)
                continue
            if run and written.isdigit() and same:
                continue
            yield from _shouted(part, run)
            run = [token] if written.isupper() else []


def _shouted(part: Part, run: list[Token]) -> Iterator[Hit]:
    long = [token for token in run if token[1] - token[0] > 2]
    if len(run) < 3 or len(long) < 2 or sum(token[1] - token[0] for token in run) < 12:
        return
    start, end = run[0][0], run[-1][1]
    if not part.is_typed(start, end) or part.in_name(start, end):
        return
    small = part.text[start:end].lower()
    before = part.text[:start].rstrip()
    if not before or before[-1] in ".!?\n:" or part.text[start - 1 : start] == "\n":
        small = small[:1].upper() + small[1:]
    small = re.sub(r"\bi\b", "I", small)
    yield Hit("all-capitals", part.name, start, end, small if part.field_of(start, end) is not None else None)


_FIGURES: Final = re.compile(
    r"(?<![\w./-])(?P<one>\d{1,2})(?P<mark>[/.-])(?P<two>\d{1,2})(?:(?P=mark)(?P<year>\d{4}|\d{2}))?(?![\w/%-])"
)


_HAS_FIGURES: Final = re.compile(r"\d[/.-]\d")


@rule("ambiguous-date", finds=("before-a-date",))
def figures(case: Case) -> Iterator[Hit]:
    """A date in figures that two countries read differently: 5/6."""
    for part in case.parts:
        ends = {end for _, end in part.matches.get("before-a-date", ())}
        for start, end, key in part.typed if _HAS_FIGURES.search(part.text) else ():
            for match in _FIGURES.finditer(part.text, start, end):
                one, two, year = int(match["one"]), int(match["two"]), match["year"]
                if not (1 <= one <= 12 and 1 <= two <= 12) or one == two or part.in_name(*match.span()):
                    continue
                # '1/2' may be a half, '4.5' a number: only a date's field, a year, or the word before tells.
                # '04/05' is no fraction: nobody writes one with a nought before it.
                dated = (
                    case.is_date(key)
                    or bool(year)
                    or (match["mark"] == "/" and match["one"][0] == match["two"][0] == "0")
                    or (match["mark"] == "/" and len(part.text[: match.start()].rstrip()) in ends)
                )
                if dated:
                    yield Hit("ambiguous-date", part.name, match.start(), match.end())
