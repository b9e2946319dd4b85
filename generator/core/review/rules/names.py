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
    jobs: set[str] = set()
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
                if key in case.roles["position"]:
                    jobs.add(folded)
        if " " in value and key not in case.roles["position"] and not value.islower():
            wholes.append((value, value.casefold()))
    if not right:
        return
    for part in case.parts:
        # A subject that answers is nobody's spelling now.
        if not part.typed or (part is case.subject and case.own and case.answers):
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
            # 'Office' is no slip for the 'Officer' of a job, nor 'GAVE' for 'Gate'.
            if mend is not None and (
                (text[start:end].isupper() and not mend.isupper()) or _same_stem(folded, fold(mend), jobs)
            ):
                mend = None
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


def _same_stem(word: str, job: str, jobs: set[str]) -> bool:
    """Whether a word is another form of one of a job's title: 'Office' and 'Officer'."""
    return job in jobs and (job.startswith(word) or word.startswith(job))


_TITLE: Final = re.compile(r"(\w+)\.\s{0,2}\Z")


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
    if opens and (title := _TITLE.search(text, max(0, start - 12), start)) is not None:
        opens = fold(title[1]) not in not_names  # 'Ms. Hadad' begins no sentence
    for known_folded, known in right.items():
        if abs(len(known_folded) - len(folded)) > 1 or (opens and len(folded) < 6):
            continue
        # 'Mark' and 'Park' are two people.
        if known_folded[0] != folded[0] and (len(folded) < 6 or known_folded[-1] != folded[-1]):
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
    "several-greeted",
    "honorific",
    facts={"greeting-name": ("words", "name")},
    limits=("greeted",),
    finds=("no-name-greeting", "two-titles"),
    compares=("titles", "civil-titles", "greeting", "groups", "short-names"),
)
def greeting(case: Case) -> Iterator[Hit]:
    """A greeting that names somebody else, or several people, or with another title."""
    line = case.layout.greeting
    if line is None:
        return
    start, end = line
    if not case.body.is_typed(start, end):
        return
    text = case.body.text[start:end]
    lists = case.phrases.lists
    words = fold(text).split()
    people = _people(text, words, lists.get("titles", frozenset()))
    # Who shares a desk, or sat on one panel, may be thanked in one email.
    if people > (case.limits["greeted"] if case.own_draft else 1):
        yield Hit("several-greeted", "body", start, end)
    nobody = case.body.matches.get("no-name-greeting", ())
    if people > 1 or any(since >= start and upto <= end for since, upto in nobody):
        return
    recipients = list(case.role("recipient"))
    # One set of values serves many emails: of several recipients, those of this template count.
    recipients = [(key, value) for key, value in recipients if key in case.fields] or recipients
    if not recipients:
        return
    titles = lists.get("titles", frozenset())
    wanted = {word for _, value in recipients for word in fold(value).split()} - titles
    names = [word for word in words if word not in titles and word not in _greeting_words(lists)]
    if case.own and not lists.get("groups", frozenset()).isdisjoint(names):
        return  # 'Dear members of the panel' names nobody, and nobody wrongly
    shorts = lists.get("short-names", frozenset())
    verbatim = any(value in text for _, value in recipients)
    if (
        wanted
        and names
        and not verbatim
        and not any(_same_name(word, name) or f"{word} {name}" in shorts for word in names for name in wanted)
    ):
        yield Hit("greeting-name", "body", start, end, None, {"name": recipients[0][1]})
    elif not verbatim:
        yield from _other_title(
            case, start, end, {word for _, value in recipients for word in fold(value).split()}
        )


def _greeting_words(lists: Mapping[str, frozenset[str]]) -> set[str]:
    return {word for greets in lists.get("greeting", ()) for word in greets.split()}


_JOINED: Final = re.compile(r"\band\b|&|(?<=\w),\s*(?=\w)|/")


def _people(text: str, words: list[str], titles: frozenset[str]) -> int:
    """Return how many people a greeting names: titles, each with a name, or names with 'and' between."""
    pieces = [piece.split() for piece in _JOINED.split(text.strip().rstrip(",:!.")) if piece.strip()]
    if len(pieces) < 2 or "team" in words:
        return 1
    named = [
        piece
        for piece in pieces
        if piece[-1][:1].isupper() and fold(piece[-1]) not in titles and len(fold(piece[-1])) > 1
    ]
    # 'Dear Ana, and thank you …' goes on in small letters; 'Kettle & Spoon' would need a title or three names.
    people = sum(fold(piece[0]) in titles or fold(piece[0]) in ("dear", "hi", "hello") for piece in pieces)
    several = people > 1 or len(pieces) > 2 or re.search(r"\band\b", text)
    return len(pieces) if several and len(named) == len(pieces) else 1


def _other_title(case: Case, start: int, end: int, given: set[str]) -> Iterator[Hit]:
    """A title for a woman or a man that is not the one that was given."""
    civil = case.phrases.lists.get("civil-titles", frozenset())
    if not given & civil:
        return
    if any(start <= since and upto <= end for since, upto in case.body.matches.get("two-titles", ())):
        return
    for match in WORD.finditer(case.body.text, start, end):
        word = match[0].casefold()
        if word in civil and word not in given:
            yield Hit("honorific", "body", match.start(), match.end())


def _same_name(word: str, name: str) -> bool:
    """Whether a greeting's word is the name, its start ('Jo' for 'Jordan'), or the name with more to it."""
    return len(word) > 1 and (
        # 'Robbie' is Robert, 'Berni' is Bernadette.
        (len(word) > 3 and len(name) > 3 and word[:3] == name[:3])
        or name.startswith(word)
        or (len(name) > 1 and word.startswith(name))
        or _one_edit(word, name)
    )


_NAME_AFTER: Final = re.compile(r" [A-Z][a-z]")


@rule("no-name-greeting", finds=("no-name-greeting",))
def no_name(case: Case) -> Iterator[Hit]:
    """A greeting to nobody in particular."""
    if (line := case.layout.greeting) is None:
        block_end = min(len(case.body.text), 80)
        line = (0, block_end)
    for start, end in case.body.phrases("no-name-greeting"):
        named = _NAME_AFTER.match(case.body.text, end)  # 'Dear Sir Ian' greets somebody
        if start >= line[0] and end <= line[1] and not named:
            yield Hit("no-name-greeting", "body", start, end)


@rule("two-titles", finds=("two-titles",), compares=("civil-titles", "learned-titles"))
def two_titles(case: Case) -> Iterator[Hit]:
    """Two titles where one would do: nobody knows whom one greets."""
    civil = case.phrases.lists.get("civil-titles", frozenset())
    learned = case.phrases.lists.get("learned-titles", frozenset())
    for part in case.parts:
        for start, end in part.phrases("two-titles"):
            yield Hit("two-titles", part.name, start, end)
        # 'Mrs. Dr. Haddad': a full stop ends a phrase, so it is none.
        for number, (start, end, word) in enumerate(part.words[:-1]):
            if word not in civil or not part.text[start].isupper():
                continue
            after, last, title = part.words[number + 1]
            if title in learned and part.text[end:after] in (" ", ". ") and part.is_typed(start, last):
                yield Hit("two-titles", part.name, start, last)


@rule("name-in-lower-case", "more-than-a-name", compares=("greeting", "abbreviations", "small-words"))
def person_names(case: Case) -> Iterator[Hit]:
    """A person's name in small letters, or with more than the name."""
    yield from _greeted_in_small_letters(case)
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


def _greeted_in_small_letters(case: Case) -> Iterator[Hit]:
    """The name that was given, in small letters in a greeting of one's own: 'hi kim'."""
    if not case.own or case.layout.greeting is None:
        return
    given = {
        word.casefold(): word
        for _, value in case.role("recipient")
        for word in value.split()
        if word.isalpha() and word[:1].isupper() and len(word) > 1
    }
    for match in WORD.finditer(case.body.text, *case.layout.greeting):
        right = given.get(match[0])
        if right is not None and case.body.field_of(*match.span()) is not None:
            yield Hit("name-in-lower-case", "body", *match.span(), right)


_WITH_ADDRESS: Final = re.compile(r"\s*[<(\[]?\s*(?:mailto:)?[^\s<>()\[\]@]+@[^\s<>()\[\]@]+\s*[>)\]]?\s*")


_REMARK: Final = re.compile(r"\s*\([^()]{1,40}\)\s*\Z")


def _name_alone(value: str, phrases: Phrases) -> str:
    """Return a person's name without a greeting before it, an address, or a sentence's mark after it."""
    name = _WITH_ADDRESS.sub(" ", value).strip()
    name = _REMARK.sub("", name)
    first, _, rest = name.partition(" ")
    # 'my cousin Kofi' is greeted as Kofi.
    if (
        first.islower()
        and first in phrases.lists.get("small-words", ())
        and (last := rest.rpartition(" ")[2])[:1].isupper()
    ):
        return last
    if rest.strip() and fold(first) in phrases.lists.get("greeting", frozenset()):
        name = rest.strip()
    name = name.rstrip(" ,;:!?")
    last = name.rpartition(" ")[2]
    # 'Karen.' is a sentence's end; 'Downey Jr.', 'J.' and 'Dipl.-Ing.' are names.
    ends = len(last) > 4 and last.endswith(".") and last[:-1].isalpha() and last[1:-1].islower()
    if ends and fold(last) not in phrases.lists.get("abbreviations", frozenset()):
        name = name[:-1]
    return name
