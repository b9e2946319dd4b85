"""The name of another company."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from generator.core.fields import field_key
from generator.core.review.case import Case
from generator.core.review.part import Part
from generator.core.review.phrases import Token, fold
from generator.core.review.rule import Hit, rule


@rule(
    "wrong-company",
    "other-company",
    facts=("words", "name"),
    finds=("company-before", "company-after", "date"),
    compares=("not-company",),
)
def company(case: Case) -> Iterator[Hit]:
    """A company other than the one that the email is to."""
    company = " / ".join(value for _, value in case.role("company"))
    own = f" {fold(company)} "
    if not company:
        return
    strangers: dict[str, list[str]] = {}
    for name in sorted(case.earlier):
        if field_key(name) not in case.roles["company"]:
            continue
        for value in case.earlier[name]:
            folded = fold(value)
            if len(folded) >= 3 and f" {folded} " not in own:
                strangers[value.strip()] = folded.split()
    for part in case.parts:
        taken: list[tuple[int, int]] = []
        text = part.text.casefold() if strangers else ""
        for value, folded_words in strangers.items():
            if folded_words[0].partition("'")[0] not in text:
                continue
            for start, end in _occurrences(part, folded_words):
                # 'Target' is a company, 'target' is a word.
                plain = part.text[start:end].islower() and not value.islower()
                if not plain and part.is_typed(start, end) and not part.in_name(start, end):
                    taken.append((start, end))
                    yield Hit("wrong-company", part.name, start, end, None, {"name": company})
        yield from _other_company(case, part, company, taken)


def _occurrences(part: Part, folded: Sequence[str]) -> Iterator[tuple[int, int]]:
    words = part.words
    size = len(folded)
    for number in range(len(words) - size + 1):
        word = words[number][2]
        if word != folded[0] and word != f"{folded[0]}'s":
            continue
        run = [token[2].removesuffix("'s") for token in words[number : number + size]]
        if run == list(folded):
            start, end = words[number][0], words[number + size - 1][1]
            yield start, end - (2 if words[number + size - 1][2] == f"{folded[-1]}'s" else 0)


def _other_company(case: Case, part: Part, company: str, taken: list[tuple[int, int]]) -> Iterator[Hit]:
    before, after = part.matches.get("company-before", ()), part.matches.get("company-after", ())
    if not before and not after:
        return
    typed = (fold(value).split() for key, value in case.values.items() if case.is_name(key))
    names = {word for words in typed for word in words if len(word) > 3}
    # 'The' and 'and' do not make two companies one.
    own = {word for word in fold(company).split() if len(word) > 3} or set(fold(company).split())
    stop = case.phrases.lists.get("not-company", frozenset()) | case.phrases.lists.get("date", frozenset())
    initials = "".join(word[0] for word in fold(company).split())
    starts = [token[0] for token in part.words]
    runs = [_name_from(part, bisect_right(starts, end - 1), end) for _, end in before]
    runs += [_name_upto(part, bisect_left(starts, start), start) for start, _ in after]
    for run in sorted(filter(None, runs)):
        start, end = run[0][0], run[-1][1]
        words = {token[2].removesuffix("'s") for token in run}
        # 'join Maria's team' speaks of a person, 'join Monday' of a day.
        # 'Hill Insurance' is not 'Fernhill Insurance': the last word alone makes no firm.
        # 'AVH' may be Aire Valley Hospitals.
        letters = part.text[start:end]
        if letters.isupper() and (fold(letters) in initials or fold(letters) in fold(company).split()):
            continue
        same = words <= own or words & own - ({fold(company).split()[-1]} if len(own) > 1 else set())
        if run[-1][2].endswith("'s") or same or words & names - own or run[0][2] in stop:
            continue
        prose = part.is_typed(start, end) and not part.in_name(start, end)
        if prose and not any(since < end and start < upto for since, upto in taken):
            yield Hit("other-company", part.name, start, end, None, {"name": company})


_MOST_OF_A_NAME: Final = 4


def _name_from(part: Part, number: int, last: int) -> list[Token]:
    """Return the words with capitals that follow on ``last``, the first being word ``number``."""
    run: list[Token] = []
    for token in part.words[number : number + _MOST_OF_A_NAME]:
        between = part.text[last : token[0]]
        if between.strip(" &") or "\n" in between or not part.text[token[0]].isupper():
            break
        run.append(token)
        last = token[1]
    return run


def _name_upto(part: Part, number: int, first: int) -> list[Token]:
    """Return the words with capitals before ``first``, where word ``number`` begins, if they are a name."""
    run: list[Token] = []
    for token in reversed(part.words[max(0, number - _MOST_OF_A_NAME) : number]):
        between = part.text[token[1] : first]
        if between.strip(" &") or "\n" in between or not part.text[token[0]].isupper():
            break
        run.insert(0, token)
        first = token[0]
    # 'Teaching is still my dream': every sentence begins with a capital.
    opens = (
        not part.text[:first].rstrip()
        or part.text[:first].rstrip()[-1] in ".!?:…"
        or "\n" in part.text[first - 1 : first]
    )
    inner = run and not part.text[run[0][0] + 1 : run[0][1]].islower()
    return run if not opens or len(run) > 1 or inner else []
