"""Names of people and things: how they are spelled, and who is greeted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from generator.core.review.case import Case
from generator.core.review.part import Part
from generator.core.review.phrases import WORD, Phrases, Token, fold, words_of
from generator.core.review.rule import Hit, rule


def _one_edit(one: str, other: str) -> bool:
    """Whether one letter more, less, other or swapped makes ``one`` into ``other``."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1 or one == other:
        return False
    at = 0
    while at < len(one) and one[at] == other[at]:
        at += 1
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    return one[at + 1 :] == other[at + 1 :] or (
        one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    )


@rule("name-spelled-two-ways", facts=("words", "name"), finds=("date",), compares=("titles", "greeting"))
def spellings(case: Case) -> Iterator[Hit]:
    """A name that is spelled otherwise elsewhere in the email."""
    lists = case.phrases.lists
    not_names = frozenset[str]().union(*(lists.get(name, ()) for name in ("titles", "date", "greeting")))
    right: dict[str, str] = {}  # a word of a typed name, as it is compared -> as it was typed
    everything: set[str] = set()
    wholes: list[tuple[str, str]] = []
    for key in sorted(case.values):
        if not case.is_name(key):
            continue
        value = case.values[key]
        for start, end, folded in words_of(value):
            name, folded = value[start:end], folded.removesuffix("'s")
            everything.add(folded)
            if len(folded) >= 4 and name[0].isupper() and folded not in not_names:
                right.setdefault(folded, name[: len(folded)])
        if " " in value and key not in case.roles["position"] and not value.islower():
            wholes.append((value, value.casefold()))
    if not right:
        return
    for part in case.parts:
        if not part.typed:
            continue
        text = part.text
        near: Token | None = None  # the capitalised word just before
        for start, end, folded in part.words:
            if not text[start].isupper():
                near = None
                continue
            before, near = near, (start, end, folded)
            folded = folded.removesuffix("'s")
            end = start + len(folded)
            mend = _spelling(text, start, text[start:end], folded, right, everything, not_names)
            if mend is None and before is not None and start - before[1] == 1:
                # 'North Wind' for 'Northwind'
                mend = right.get(before[2] + folded)
                start = before[0] if mend else start
            if mend is not None and part.field_of(start, end) is not None and not part.in_name(start, end):
                yield Hit("name-spelled-two-ways", part.name, start, end, mend, {"name": mend})
        folded_text = text.casefold() if wholes else ""
        if len(folded_text) == len(text):  # else the offsets would be wrong
            for value, folded in wholes:
                yield from _whole_in_lower_case(part, folded_text, value, folded)


def _spelling(
    text: str,
    start: int,
    word: str,
    folded: str,
    right: Mapping[str, str],
    everything: set[str],
    not_names: frozenset[str],
) -> str | None:
    """Return how ``word`` is spelled elsewhere, when it is probably meant to be the same name."""
    if folded in everything:
        known = right.get(folded)
        if known is None or known == word or word.isupper() or known.isupper():
            return None
        # Only inner capitals make a different name: 'LinkedIn' and 'Linkedin'.
        return known if known[1:] != word[1:] else None
    if len(word) < 4 or folded in not_names:
        return None
    before = text[max(0, start - 3) : start].rstrip(" \"'“‘(")
    opens = not before or before[-1] in ".!?…:\n"
    for known_folded, known in right.items():
        if abs(len(known_folded) - len(folded)) > 1 or (opens and len(folded) < 6):
            continue
        if known_folded[0] != folded[0] and known_folded[-1] != folded[-1]:
            continue
        # 'Nurses' is no slip for 'Nurse', nor 'Roberts' surely one for 'Robert'.
        if f"{known_folded}s" == folded or f"{folded}s" == known_folded:
            continue
        if _one_edit(known_folded, folded):
            return known
    return None


def _whole_in_lower_case(part: Part, text: str, value: str, folded: str) -> Iterator[Hit]:
    """Find a name of several words in small letters; ``text`` is the part's text, folded."""
    position = text.find(folded)
    while position >= 0:
        end = position + len(folded)
        found = part.text[position:end]
        edges = (position == 0 or not text[position - 1].isalnum()) and (
            end == len(text) or not text[end].isalnum()
        )
        typed = part.field_of(position, end) is not None and not part.in_name(position, end)
        if edges and typed and found != value and found.islower():
            yield Hit("name-spelled-two-ways", part.name, position, end, value, {"name": value})
        position = text.find(folded, end)


@rule(
    "greeting-name",
    "good-greeting",
    facts={"greeting-name": ("words", "name")},
    finds=("no-name-greeting",),
    compares=("titles",),
)
def greeting(case: Case) -> Iterator[Hit]:
    """A greeting that names somebody else, or the right person."""
    line = case.layout.greeting
    recipients = list(case.role("recipient"))
    # One set of values serves many emails: of several recipients, those of this template count.
    recipients = [(key, value) for key, value in recipients if key in case.fields] or recipients
    if line is None:
        return
    start, end = line
    typed = case.body.is_typed(start, end)
    nameless = any(
        since >= start and upto <= end for since, upto in case.body.matches.get("no-name-greeting", ())
    )
    if typed and not nameless and recipients:
        line_text = case.body.text[start:end]
        greeted = fold(line_text).split()
        titles = case.phrases.lists.get("titles", frozenset())
        wanted = {word for _, value in recipients for word in fold(value).split()} - titles
        verbatim = any(value in line_text for _, value in recipients)
        if wanted and not verbatim and not any(_same_name(word, name) for word in greeted for name in wanted):
            yield Hit("greeting-name", "body", start, end, None, {"name": recipients[0][1]})
        elif wanted and case.ready:
            yield Hit("good-greeting", "body", start, end)


def _same_name(word: str, name: str) -> bool:
    """Whether a greeting's word is the name, its start ('Jo' for 'Jordan'), or the name with more to it."""
    return len(word) > 1 and (
        name.startswith(word) or (len(name) > 1 and word.startswith(name)) or _one_edit(word, name)
    )


@rule("no-name-greeting", finds=("no-name-greeting",))
def no_name(case: Case) -> Iterator[Hit]:
    """A greeting to nobody in particular."""
    if (line := case.layout.greeting) is None:
        block_end = min(len(case.body.text), 80)
        line = (0, block_end)
    for start, end in case.body.phrases("no-name-greeting"):
        if start >= line[0] and end <= line[1]:
            yield Hit("no-name-greeting", "body", start, end)


@rule(
    "name-in-lower-case", "more-than-a-name", "honorific", compares=("honorific", "greeting", "abbreviations")
)
def person_names(case: Case) -> Iterator[Hit]:
    """A person's name in small letters, with more than the name, or with a title that can be wrong."""
    honorific = case.phrases.lists.get("honorific", frozenset())
    for part in case.parts:
        for start, end, key in part.typed:
            if key not in case.roles["recipient"] and key not in case.roles["own-name"]:
                continue
            value = part.text[start:end]
            # Georgian has capitals, but writes no name with one: the letter's title case tells.
            if value.islower() and value[:1].isalpha() and value[:1].title() != value[:1]:
                mend = " ".join(word[:1].title() + word[1:] for word in value.split(" "))
                yield Hit("name-in-lower-case", part.name, start, end, mend)
            name = _name_alone(value, case.phrases)
            if name != value.strip():
                yield Hit("more-than-a-name", part.name, start, end, name or None)
            for match in WORD.finditer(value):
                if match[0].casefold() in honorific:
                    yield Hit("honorific", part.name, start + match.start(), start + match.end())


_WITH_ADDRESS: Final = re.compile(r"\s*[<(\[]?\s*(?:mailto:)?[^\s<>()\[\]@]+@[^\s<>()\[\]@]+\s*[>)\]]?\s*")


def _name_alone(value: str, phrases: Phrases) -> str:
    """Return a person's name without a greeting before it, an address, or a sentence's mark after it."""
    name = _WITH_ADDRESS.sub(" ", value).strip()
    first, _, rest = name.partition(" ")
    if rest.strip() and fold(first) in phrases.lists.get("greeting", frozenset()):
        name = rest.strip()
    name = name.rstrip(" ,;:!?")
    last = name.rpartition(" ")[2]
    # 'Karen.' is a sentence's end; 'Downey Jr.', 'J.' and 'Dipl.-Ing.' are names.
    ends = len(last) > 4 and last.endswith(".") and last[:-1].isalpha() and last[1:-1].islower()
    if ends and fold(last) not in phrases.lists.get("abbreviations", frozenset()):
        name = name[:-1]
    return name
