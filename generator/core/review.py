"""The review: what is good in a filled email, what to mend, and why.

A rule looks at what a person typed and never blames them for the author's words: a finding about words
overlaps something typed, and a finding about the whole email waits until nothing is missing. The rules
are code; their wording, levels, numbers and phrase lists are data (``docs/_data/checks.yml``), read with
:meth:`Checks.from_data`.

Everything is one or two linear passes: the text is cut into words once, and all phrase lists are looked
up by their first word in one go. No rule changes the text; a finding that can be applied says with what
to replace its words (``mend``).
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from generator.core.checks import (
    FACT,
    LEVELS,
    NO_SITUATION,
    RULES,
    SPECIAL_SAYINGS,
    WORD,
    Checks,
    Level,
    Phrases,
    Situation,
    Source,
    Token,
    fold,
    words_of,
)
from generator.core.fields import Field, field_key
from generator.core.message import Message
from generator.core.template import Draft, Segment

__all__ = ["Checks", "Finding", "Level", "Pair", "Source", "compare", "link_length", "review"]

PartName = Literal["", "subject", "body"]

MAX_CHARACTERS: Final = 20_000
"""A longer email is only measured: its words are not looked at, so that the form stays quick."""
MAX_PER_RULE: Final = 5
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


# ---- words -----------------------------------------------------------------------------------------------

# Between the words of one phrase stands white space, a hyphen, a slash, or a full stop without space.
_PHRASE_GAP: Final = re.compile(r"\s+|\s?[-‐‑/]\s?|\.")
_ONE_SPACE: Final = re.compile(r"[^\S\n]*\n?[^\S\n]*")

# Scripts that put no space between words: Thai, Lao, Burmese, Khmer, kana and Chinese characters.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)


def _countable(text: str) -> bool:
    """Whether counting words says anything about the length of ``text``."""
    return len(_UNSPACED.findall(text)) * 10 < len(text)


# ---- the draft as the rules see it ------------------------------------------------------------------------


class _Part:
    """The subject or the body, with what is known about each stretch of it."""

    __slots__ = ("matches", "name", "names", "prose", "segments", "starts", "text", "typed", "words")

    def __init__(
        self,
        name: PartName,
        segments: Sequence[Segment],
        phrases: Phrases,
        is_name: Callable[[str], bool],
        *,
        look: bool,
    ) -> None:
        self.name = name
        self.segments = segments
        self.text = "".join(segment.text for segment in segments)
        self.starts: list[int] = []
        position = 0
        for segment in segments:
            self.starts.append(position)
            position += len(segment.text)
        #: start, end and field of everything typed
        self.typed = [
            (start, start + len(segment.text), segment.field)
            for start, segment in zip(self.starts, segments, strict=True)
            if segment.kind == "filled" and segment.text
        ]
        #: The typed stretches that are a name. A rule about words looks neither into one nor across its border:
        #: what a name is made of is nobody's slip.
        self.names = [stretch for stretch in self.typed if is_name(field_key(stretch[2]))]
        #: the other typed stretches
        self.prose = (
            [stretch for stretch in self.typed if stretch not in self.names] if self.names else self.typed
        )
        self.words = words_of(self.text) if look else []
        self.matches = self._find(phrases)

    def _find(self, phrases: Phrases) -> Mapping[str, list[tuple[int, int]]]:
        """Return, for each phrase list, where its phrases stand: one pass over the words."""
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        singles, longer, words = phrases.singles, phrases.longer, self.words
        borders = iter((*self.names, _NO_BORDER))
        since, upto, _ = next(borders)
        for number, (start, end, word) in enumerate(words):
            while upto <= start:
                since, upto, _ = next(borders)
            in_name = since < end
            if word in longer and number + 1 < len(words):
                for phrase, name in longer[word].get(words[number + 1][2], ()):
                    last = number + len(phrase) - 1
                    if not self._holds(phrase, number, last):
                        continue
                    if name in _OF_NAMES or not (in_name or since < words[last][1]):
                        _add(found[name], start, words[last][1])
            if word in singles:
                for name in singles[word]:
                    if name in _OF_NAMES or not in_name:
                        _add(found[name], start, end)
        return found

    def _holds(self, phrase: tuple[str, ...], first: int, last: int) -> bool:
        words = self.words
        if last >= len(words):
            return False
        for offset in range(1, len(phrase)):
            before, here = words[first + offset - 1], words[first + offset]
            if here[2] != phrase[offset] or not _PHRASE_GAP.fullmatch(self.text, before[1], here[0]):
                return False
        return True

    def segment_at(self, position: int) -> int:
        """Return the index of the segment in which ``position`` lies."""
        return bisect_right(self.starts, position) - 1

    def is_typed(self, start: int, end: int) -> bool:
        """Whether anything between ``start`` and ``end`` was typed."""
        for number in range(max(self.segment_at(start), 0), len(self.segments)):
            if self.starts[number] >= end:
                return False
            segment = self.segments[number]
            if segment.kind == "filled" and self.starts[number] + len(segment.text) > start:
                return True
        return False

    def field_of(self, start: int, end: int) -> str | None:
        """Return the field in which all of ``start`` to ``end`` was typed, or None."""
        number = self.segment_at(start)
        if number < 0:
            return None
        segment = self.segments[number]
        inside = segment.kind == "filled" and end <= self.starts[number] + len(segment.text)
        return segment.field if inside else None

    def in_name(self, start: int, end: int) -> bool:
        """Whether anything between ``start`` and ``end`` belongs to a name."""
        return any(since < end and start < upto for since, upto, _ in self.names)

    def prose_finds(self, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], int]]:
        """Yield what ``pattern`` finds in each typed stretch that is no name, and where that stretch begins."""
        return self._finds(pattern, self.prose)

    def typed_finds(self, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], int]]:
        """The same for every typed stretch, names too."""
        return self._finds(pattern, self.typed)

    def _finds(
        self, pattern: re.Pattern[str], stretches: Iterable[tuple[int, int, str]]
    ) -> Iterator[tuple[re.Match[str], int]]:
        for start, end, _ in stretches:
            for match in pattern.finditer(self.text[start:end]):
                yield match, start

    def phrases(self, name: str) -> Iterator[tuple[int, int]]:
        """Yield where phrases of a list stand that are typed at least in part and not excepted."""
        excepted = self.matches.get(f"{name}-except", ())
        for start, end in self.matches.get(name, ()):
            if any(start < upto and since < end for since, upto in excepted):
                continue
            if self.is_typed(start, end):
                yield start, end


_NO_BORDER: Final = (sys.maxsize, sys.maxsize, "")
#: Phrases that stand where a name belongs, so they are looked for in names.
_OF_NAMES: Final = frozenset({"no-name-greeting"})


def _add(spans: list[tuple[int, int]], start: int, end: int) -> None:
    """Add a span unless it begins inside the last one: the longest phrase at a place comes first."""
    if not spans or spans[-1][1] <= start:
        spans.append((start, end))


_BLANK: Final = re.compile(r"\n[^\S\n]*\n\s*")
# One character class in front lets the scan run over plain text quickly.
_SENTENCE_END: Final = re.compile(r"[.!?…。！？]+[\"'”’)\]]*")
_LAST_WORD: Final = re.compile(r"[\w.]+\Z")


_NOTHING: Final = Phrases({}, {}, {})


class _Layout:
    """The body in its parts: greeting, paragraphs, close."""

    __slots__ = ("greeting", "paragraphs", "sentences")

    def __init__(self, part: _Part, phrases: Phrases) -> None:
        text = part.text
        blocks: list[tuple[int, int]] = []
        position = len(text) - len(text.lstrip())
        end = len(text.rstrip())
        while position < end:
            gap = _BLANK.search(text, position, end)
            stop = gap.start() if gap else end
            blocks.append((position, stop))
            position = gap.end() if gap else end
        self.greeting: tuple[int, int] | None = None
        if blocks:
            start, stop = blocks[0]
            line_end = text.find("\n", start, stop)
            first = (start, line_end if line_end >= 0 else stop)
            if _is_greeting(text[first[0] : first[1]], phrases):
                self.greeting = first
                blocks[0] = (first[1] + 1, stop)
                if blocks[0][0] >= stop:
                    del blocks[0]
        self.paragraphs = _without_close(text, blocks, phrases)
        abbreviations = phrases.lists.get("abbreviations", frozenset())
        self.sentences = [_sentences(part, start, stop, abbreviations) for start, stop in self.paragraphs]


def _is_greeting(line: str, phrases: Phrases) -> bool:
    line = line.strip()
    if not line or len(line) > 80:
        return False
    words = fold(line).split()
    greets = phrases.lists.get("greeting", frozenset())
    known = bool(words) and (words[0] in greets or " ".join(words[:2]) in greets)
    if known:
        return line[-1] in ",:!，、：" or len(words) <= 4
    return line[-1] in ",，、：" and len(words) <= 6


def _is_close(line: str, phrases: Phrases) -> bool:
    line = line.strip()
    if not line or len(line) > 40:
        return False
    folded = fold(line)
    if folded in phrases.lists.get("sign-off", frozenset()):
        return True
    return line[-1] in ",，" and len(folded.split()) <= 4


def _without_close(text: str, blocks: list[tuple[int, int]], phrases: Phrases) -> list[tuple[int, int]]:
    """Return the paragraphs before the close and the name under it."""
    for number in range(len(blocks) - 1, max(len(blocks) - 4, -1), -1):
        start, stop = blocks[number]
        line_start = start
        while line_start < stop:
            line_end = text.find("\n", line_start, stop)
            line_end = stop if line_end < 0 else line_end
            if _is_close(text[line_start:line_end], phrases):
                kept = blocks[:number]
                return [*kept, (start, line_start - 1)] if line_start > start else kept
            line_start = line_end + 1
    if len(blocks) > 1:
        last = text[slice(*blocks[-1])].strip()
        if len(last) <= 40 and not last.endswith(tuple(".!?…。！？")) and "\n" not in last:
            return blocks[:-1]  # a name alone
    return blocks


def _sentences(part: _Part, start: int, stop: int, abbreviations: frozenset[str]) -> list[tuple[int, int]]:
    text = part.text
    found: list[tuple[int, int]] = []
    begin = start
    for match in _SENTENCE_END.finditer(text, start, stop):
        after = text[match.end() : match.end() + 1]
        if after and not after.isspace() and match[0][0] not in "。！？":
            continue  # 4.50, a.m., example.org
        if part.in_name(match.start(), match.start() + 1):
            continue  # Yahoo!, s.c.
        if match[0] == ".":
            word = _LAST_WORD.search(text[max(begin, match.start() - 12) : match.start()])
            if word and (word[0].casefold() in abbreviations or (len(word[0]) == 1 and word[0].isupper())):
                continue
        found.append((begin, match.end()))
        begin = match.end()
    if text[begin:stop].strip():
        found.append((begin, stop))
    return found


class _Hit(NamedTuple):
    """What a rule found, before it is worded."""

    rule: str
    part: PartName = ""
    start: int = 0
    end: int = 0
    mend: str | None = None
    facts: Mapping[str, object] = {}


class _Case:
    """One draft under review, with all that the rules ask about it."""

    def __init__(
        self,
        draft: Draft,
        fields: Sequence[Field],
        values: Mapping[str, str],
        checks: Checks,
        situation: Situation,
        words: tuple[int, int] | None,
        characters: int | None,
        others: Sequence[Message],
        earlier: Mapping[str, Sequence[str]],
        language: str,
    ) -> None:
        self.limits = checks.limits
        self.roles = checks.roles
        self.alike = checks.alike
        self.rules = checks.active(situation)
        self.situation = situation
        self.phrases = checks.for_language(language)
        self.fields = {field.key: field for field in fields}
        self.values = {
            field_key(name): value.strip() for name, value in values.items() if value and value.strip()
        }
        self.others = others
        self.earlier = earlier
        self.draft = draft
        segments = (*draft.subject_segments, *draft.body_segments)
        length = sum(len(segment.text) for segment in segments)
        self.look = length <= MAX_CHARACTERS
        self.subject = _Part("subject", draft.subject_segments, self.phrases, self.is_name, look=self.look)
        self.body = _Part("body", draft.body_segments, self.phrases, self.is_name, look=self.look)
        self.parts = (self.subject, self.body)
        self.typed = bool(self.subject.typed or self.body.typed)
        missing = any(segment.kind == "missing" for segment in (*draft.subject_segments, *draft.body_segments))
        #: Nothing is missing and something was typed: the email as a whole can be judged.
        self.ready = self.typed and not missing
        self.range = words or situation.words
        #: From how many characters on a note is told of, and stopped.
        self.characters = (characters, characters) if characters else situation.characters
        nothing = _Part("body", (), _NOTHING, self.is_name, look=False)
        self.layout = _Layout(self.body if self.look else nothing, self.phrases)
        typed = sum(end - start for start, end, _ in self.body.typed)
        #: The writer, not the author, is responsible for what the body lacks: nearly all is typed.
        self.own_text = typed * 5 > len(self.body.text) * 4

    def has_list(self, name: str) -> bool:
        """Whether the language has this phrase list."""
        return name in self.phrases.lists

    def said(self, name: str, start: int = 0, end: int | None = None) -> bool:
        """Whether a phrase of a list stands in the body, by whomever, between ``start`` and ``end``."""
        return any(
            start <= since and (end is None or upto <= end) for since, upto in self.body.matches.get(name, ())
        )

    def role(self, *roles: str) -> Iterator[tuple[str, str]]:
        """Yield key and value of the filled fields that have one of ``roles``."""
        for role in roles:
            for key in sorted(self.roles[role]):
                if value := self.values.get(key):
                    yield key, value

    def is_date(self, key: str) -> bool:
        """Whether a field holds a date."""
        field = self.fields.get(key)
        return field is not None and field.kind == "date"

    def is_name(self, key: str) -> bool:
        """Whether a field holds a name: words in it are not prose."""
        field = self.fields.get(key)
        return (field is not None and field.kind in ("name", "email")) or any(
            key in self.roles[role] for role in ("company", "position", "own-name", "recipient")
        )


_Rule = Callable[[_Case], Iterator[_Hit]]


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
    case = _Case(
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
    hits: list[_Hit] = []
    for names, rule in _RULES:
        if not case.look and rule not in _MEASURES:
            continue
        if any(name in case.rules for name in names) and (case.typed or rule is _missing):
            hits.extend(hit for hit in rule(case) if hit.rule in case.rules)
    return _worded(case, hits)


def _worded(case: _Case, hits: Iterable[_Hit]) -> list[Finding]:
    """Word, sort and thin out what the rules found."""
    findings: list[Finding] = []
    parts = {part.name: part for part in case.parts}
    order = {name: number for number, name in enumerate(RULES)}
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
            facts.setdefault("words", _short(part.text[hit.start : hit.end]))
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
            )
        )
    findings.sort(key=lambda one: (ranks[one.level], places[one.part], one.start, one.end, order[one.rule]))
    return findings


def _short(text: str) -> str:
    """Return ``text`` on one line, cut in the middle of nothing worse than a long quotation."""
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:57].rstrip()}…"


# ---- rules: something is still open ------------------------------------------------------------------------


def _missing(case: _Case) -> Iterator[_Hit]:
    seen: set[str] = set()
    for part in case.parts:
        for start, segment in zip(part.starts, part.segments, strict=True):
            if segment.kind == "missing" and segment.field not in seen:
                seen.add(segment.field)
                yield _Hit(
                    "missing", part.name, start, start + len(segment.text), None, {"name": segment.field}
                )


_LEFTOVER: Final = re.compile(
    r"\[(?P<inner>[^\[\]\n]{1,80})\](?!\()|\{\{?[^{}\n]{1,80}\}\}?|<<[^<>\n]{1,80}>>|__+_"
)
_HINT_START: Final = re.compile(r"\s*(?:e\.g\.|(?:for example|such as|example):)", re.IGNORECASE)


def _leftover(case: _Case) -> Iterator[_Hit]:
    gaps = case.phrases.lists.get("gap", frozenset())
    for part in case.parts:
        for match, origin in part.prose_finds(_LEFTOVER):
            yield _Hit("leftover-placeholder", part.name, origin + match.start(), origin + match.end())
        for start, end in part.phrases("leftover"):
            yield _Hit("leftover-placeholder", part.name, start, end)
        for start, end, name in part.names:
            yield from _brackets_in_name(part, start, end, {*gaps, fold(name)})
        for start, end, name in part.typed:
            if match_start := _HINT_START.match(part.text, start, end):
                yield _Hit("leftover-placeholder", part.name, start, match_start.end())
            field = case.fields.get(field_key(name))
            if end - start > 2 * max(
                10, len(name), len(field.hint) if field else 0, len(field.example) if field else 0
            ):
                continue  # too long to be one of them
            typed = fold(part.text[start:end])
            if typed and (typed in gaps or typed in (fold(name), fold(field.hint) if field else "")):
                yield _Hit("leftover-placeholder", part.name, start, end)
            elif field and typed and typed == fold(field.example) and field.kind in ("text", "paragraph"):
                yield _Hit("example-kept", part.name, start, end, None, {"name": name})


def _brackets_in_name(part: _Part, start: int, end: int, gaps: Collection[str]) -> Iterator[_Hit]:
    """A gap in a name blocks; a company that writes itself in brackets is only told of."""
    for match in _LEFTOVER.finditer(part.text, start, end):
        inner = match["inner"]
        gap = inner is None or fold(inner) in gaps or fold(inner).startswith(("insert ", "your "))
        if gap or (match.start(), match.end()) == (start, end):
            rule = "leftover-placeholder" if gap else "brackets-in-name"
            yield _Hit(rule, part.name, match.start(), match.end())


# ---- rules: names ---------------------------------------------------------------------------------------


def _company(case: _Case) -> Iterator[_Hit]:
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
                    yield _Hit("wrong-company", part.name, start, end, None, {"name": company})
        yield from _other_company(case, part, company, taken)


def _occurrences(part: _Part, folded: Sequence[str]) -> Iterator[tuple[int, int]]:
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


def _other_company(case: _Case, part: _Part, company: str, taken: list[tuple[int, int]]) -> Iterator[_Hit]:
    if not (spans := part.matches.get("company-before")):
        return
    typed = (fold(value).split() for key, value in case.values.items() if case.is_name(key))
    names = {word for words in typed for word in words if len(word) > 3}
    # 'The' and 'and' do not make two companies one.
    own = {word for word in fold(company).split() if len(word) > 3} or set(fold(company).split())
    stop = case.phrases.lists.get("not-company", frozenset()) | case.phrases.lists.get("date", frozenset())
    starts = [token[0] for token in part.words]
    for _, before in spans:
        number = bisect_right(starts, before - 1)
        run: list[Token] = []
        last = before
        for token in part.words[number : number + 4]:
            between = part.text[last : token[0]]
            if between.strip(" &") or "\n" in between or not part.text[token[0]].isupper():
                break
            run.append(token)
            last = token[1]
        if not run:
            continue
        start, end = run[0][0], run[-1][1]
        words = {token[2].removesuffix("'s") for token in run}
        # 'join Maria's team' speaks of a person, 'join Monday' of a day.
        if run[-1][2].endswith("'s") or words & own or words & names or run[0][2] in stop:
            continue
        prose = part.is_typed(start, end) and not part.in_name(start, end)
        if prose and not any(since < end and start < upto for since, upto in taken):
            yield _Hit("other-company", part.name, start, end, None, {"name": company})


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


def _spellings(case: _Case) -> Iterator[_Hit]:
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
                yield _Hit("name-spelled-two-ways", part.name, start, end, mend, {"name": mend})
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


def _whole_in_lower_case(part: _Part, text: str, value: str, folded: str) -> Iterator[_Hit]:
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
            yield _Hit("name-spelled-two-ways", part.name, position, end, value, {"name": value})
        position = text.find(folded, end)


def _greeting(case: _Case) -> Iterator[_Hit]:
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
            yield _Hit("greeting-name", "body", start, end, None, {"name": recipients[0][1]})
        elif wanted and case.ready:
            yield _Hit("good-greeting", "body", start, end)


def _same_name(word: str, name: str) -> bool:
    """Whether a greeting's word is the name, its start ('Jo' for 'Jordan'), or the name with more to it."""
    return len(word) > 1 and (
        name.startswith(word) or (len(name) > 1 and word.startswith(name)) or _one_edit(word, name)
    )


def _no_name(case: _Case) -> Iterator[_Hit]:
    if (line := case.layout.greeting) is None:
        block_end = min(len(case.body.text), 80)
        line = (0, block_end)
    for start, end in case.body.phrases("no-name-greeting"):
        if start >= line[0] and end <= line[1]:
            yield _Hit("no-name-greeting", "body", start, end)


def _person_names(case: _Case) -> Iterator[_Hit]:
    honorific = case.phrases.lists.get("honorific", frozenset())
    for part in case.parts:
        for start, end, name in part.typed:
            key = field_key(name)
            if key not in case.roles["recipient"] and key not in case.roles["own-name"]:
                continue
            value = part.text[start:end]
            # Georgian has capitals, but writes no name with one: the letter's title case tells.
            if value.islower() and value[:1].isalpha() and value[:1].title() != value[:1]:
                mend = " ".join(word[:1].title() + word[1:] for word in value.split(" "))
                yield _Hit("name-in-lower-case", part.name, start, end, mend)
            name = _name_alone(value, case.phrases)
            if name != value.strip():
                yield _Hit("more-than-a-name", part.name, start, end, name or None)
            for match in WORD.finditer(value):
                if match[0].casefold() in honorific:
                    yield _Hit("honorific", part.name, start + match.start(), start + match.end())


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


# ---- rules: the shape -----------------------------------------------------------------------------------


def _length(case: _Case) -> Iterator[_Hit]:
    if not case.ready:
        return
    text = case.body.text
    if case.characters is not None:
        least, most = case.characters
        if len(text) > most:
            yield _Hit("too-many-characters", facts={"count": len(text), "most": most})
        elif len(text) > least:
            yield _Hit("over-free-limit", facts={"count": len(text), "least": least})
    if not _countable(text):
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
        yield _Hit("far-too-long", facts=facts)
    elif case.range is not None and count * 100 > most * (100 + slack):
        yield _Hit("too-long", facts=facts)
    elif case.range is not None and count * 100 < least * (100 - slack):
        yield _Hit("too-short", facts=facts)
    elif case.range is not None:
        yield _Hit("good-length", facts=facts)


def _paragraphs(case: _Case) -> Iterator[_Hit]:
    if not case.ready:
        return
    body, layout = case.body, case.layout
    count = len(layout.paragraphs)
    # Only breaks that were typed can be taken out again by the writer.
    if count > case.limits["paragraphs"] and any(
        _BLANK.search(body.text[since:upto]) for since, upto, _ in body.typed
    ):
        yield _Hit("too-many-paragraphs", facts={"count": count, "most": case.limits["paragraphs"]})
    for (start, end), sentences in zip(layout.paragraphs, layout.sentences, strict=True):
        if len(sentences) <= case.limits["sentences"]:
            continue
        # A sentence that ends, or goes on after an end, in typed text is the writer's.
        if any(body.is_typed(upto - 1, upto) and upto < end for _, upto in sentences):
            yield _Hit(
                "long-paragraph",
                "body",
                start,
                end,
                None,
                {"count": len(sentences), "most": case.limits["sentences"]},
            )


def _content(case: _Case) -> Iterator[_Hit]:
    """What a whole email should hold: thanks early, interest, a next step."""
    if not case.ready or not case.layout.paragraphs:
        return
    # A Japanese email on an English page is none of our English lists' business.
    if len(case.body.text.encode("ascii", "ignore")) * 2 < len(case.body.text):
        return
    first = [span for sentences in case.layout.sentences for span in sentences][:2]
    if case.has_list("thanks") and first:
        if case.said("thanks", first[0][0], first[-1][1]):
            yield _Hit("good-thanks")
        elif case.own_text:
            yield _Hit("thanks-come-late", "body", first[0][0], first[-1][1])
    content = case.layout.paragraphs[0][0], case.layout.paragraphs[-1][1]
    if case.has_list("next-step"):
        if case.said("next-step", *content):
            yield _Hit("good-next-step")
        elif case.own_text:
            yield _Hit("no-next-step")
    if case.has_list("interest") and case.own_text and not case.said("interest", *content):
        yield _Hit("no-interest")


def _questions(case: _Case) -> Iterator[_Hit]:
    spans = [match.span() for match in re.finditer(r"[?？]+", case.body.text)]
    marks = [start for start, end in spans if not case.body.in_name(start, end)]
    most = case.limits["questions"]
    typed = [mark for mark in marks if case.body.is_typed(mark, mark + 1)]
    if len(marks) > most and typed:
        yield _Hit(
            "many-questions", "body", typed[-1], typed[-1] + 1, None, {"count": len(marks), "most": most}
        )


_DATE: Final = re.compile(
    r"\d{1,2}[./-]\d{1,2}|\d{1,2}(?:st|nd|rd|th)?\.?\s[^\W\d_]{3,}|[^\W\d_]{3,}\s\d{1,2}(?!\d)|\d月"
)
_AMOUNT: Final = re.compile(
    r"[$€£¥₹]\s?\d|\d\s?[$€£¥₹]|\d\s?k\b|\b(?:USD|EUR|GBP|CHF|CAD|AUD|INR)\b"
    r"|\d\s+(?:dollars|euros|pounds|francs|rupees|per|an?)\b",
    re.IGNORECASE,
)


def _must_say(case: _Case) -> Iterator[_Hit]:
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
            yield _Hit("must-say", facts={"name": words})


def _says_special(case: _Case, name: str) -> bool:
    text = case.body.text
    if name == "position":
        values = [value for _, value in case.role("position")]
        folded = f" {' '.join(word for part in case.parts for _, _, word in part.words)} "
        return not values or any(f" {fold(value)} " in folded or not fold(value) for value in values)
    roles = case.roles.get(name, frozenset())
    if any(field_key(field) in roles for part in case.parts for _, _, field in part.typed):
        return True
    if name == "pay":
        return bool(_AMOUNT.search(text))
    return bool(_DATE.search(text)) or case.said("date")


_MOST_OF_A_DETAIL: Final = 600


def _details(case: _Case) -> Iterator[_Hit]:
    vague = case.phrases.lists.get("vague-detail", frozenset())
    seen: dict[str, str] = {}
    for part in case.parts:
        for start, end, name in part.typed:
            key = field_key(name)
            text = part.text[start:end]
            if len(text) > _MOST_OF_A_DETAIL:
                continue  # an email, not an answer
            words = " ".join(text.casefold().split())
            field = case.fields.get(key)
            least = field.words[0] if field and field.words else case.limits["detail-words"]
            if key in case.roles["detail"]:
                if len(words) < 100 and fold(words) in vague:
                    yield _Hit("vague-detail", part.name, start, end)
                elif _countable(text) and len(words.split()) < least:
                    yield _Hit("short-detail", part.name, start, end)
                elif words and part.name == "body":
                    yield _Hit("good-detail", part.name, start, end)
            # The same sentence in two different fields is a slip; the same name is not.
            prose = len(words.split()) >= 4 and not case.is_name(key)
            if prose and seen.setdefault(words, key) != key:
                yield _Hit("repeated-detail", part.name, start, end)


def _subject(case: _Case) -> Iterator[_Hit]:
    text = case.subject.text
    if any(segment.kind == "missing" for segment in case.draft.subject_segments):
        return
    if not case.subject.typed:
        return
    typed = sum(end - start for start, end, name in case.subject.prose if not case.is_date(field_key(name)))
    most = case.limits["subject"]
    whole = ("subject", 0, len(text))
    # A long title is nobody's fault, nor are the author's words: what is free must be the most of it.
    if len(text) > most and typed * 2 > len(text):
        yield _Hit("subject-too-long", "subject", 0, len(text), None, {"count": len(text), "most": most})
    words = set(fold(text).split())
    names = [set(fold(value).split()) for _, value in case.role("position", "company", "own-name", "recipient")]
    bare = case.phrases.lists.get("bare-subject", frozenset())
    named = any(words & name for name in names)
    if fold(text) in bare or (typed * 5 > len(text) * 4 and names and not named and _countable(text)):
        yield _Hit("subject-says-little", *whole)  # type: ignore[arg-type]
    elif named and len(text) <= most and case.ready:
        yield _Hit("good-subject", *whole)  # type: ignore[arg-type]


def _alike(case: _Case) -> Iterator[_Hit]:
    if not case.others or not case.ready:
        return
    own = _shingles(case.body.text)
    best = max((_overlap(own, _shingles(other.body)) for other in case.others), default=0.0)
    if best >= case.alike:
        yield _Hit("same-as-another", facts={"count": int(best * 100)})


_ADDRESS: Final = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


def _addresses(case: _Case) -> Iterator[_Hit]:
    for key in sorted(case.values):
        field = case.fields.get(key)
        if field is not None and field.kind == "email" and len(_ADDRESS.findall(case.values[key])) > 1:
            yield _Hit("one-address", facts={"name": field.name})


# As RFC 3986 section 2.3: these go into a link as they are.
_UNRESERVED: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_LINK_START: Final = len("mailto:?subject=&body=")


def link_length(message: Message) -> int:
    """Return how many characters a mail link without an address has for ``message`` (RFC 6068)."""
    text = message.subject + message.body.replace("\n", "\r\n")
    data = text.encode("utf-8", "replace")
    # Every other byte becomes three characters.
    return _LINK_START + len(data) + 2 * len(data.translate(None, _UNRESERVED))


def _link(case: _Case) -> Iterator[_Hit]:
    if case.ready:
        length = link_length(case.draft.message)
        if length > case.limits["link"]:
            yield _Hit("link-too-long", facts={"count": length, "most": case.limits["link"]})


# ---- rules: the words -----------------------------------------------------------------------------------

_PHRASE_RULES: Final = {
    "stock-phrase": "stock-phrase",
    "apology": "apology",
    "attachment-mentioned": "attachment",
    "chat-words": "chat-words",
    "pressure": "pressure",
    "flattery": "flattery",
    "reconsider": "reconsider",
    "pay": "pay",
}


def _wording(case: _Case) -> Iterator[_Hit]:
    for rule, name in _PHRASE_RULES.items():
        if rule in case.rules:
            for part in case.parts:
                for start, end in part.phrases(name):
                    # 'meet u' is chat, a U bend and a Ty are not.
                    capital = rule == "chat-words" and end - start <= 2 and not part.text[start:end].islower()
                    if not capital:
                        yield _Hit(rule, part.name, start, end)


def _attach_it(case: _Case) -> Iterator[_Hit]:
    if case.ready and "attach-it" in case.rules:
        excepted = case.body.matches.get("attachment-except", ())
        for start, end in case.body.matches.get("attachment", ()):
            if not any(start < upto and since < end for since, upto in excepted):
                yield _Hit("attach-it", "body", start, end)
                return


_DASH: Final = re.compile("—|(?<= )–(?= )")


def _generated(case: _Case) -> Iterator[_Hit]:
    """Signs of generated text, told only in clusters and only as a reader's guess."""
    if not case.has_list("generated"):
        return
    body = case.body
    spans = list(body.phrases("generated"))
    signs = [_short(body.text[start:end]) for start, end in spans]
    if len(case.layout.paragraphs) >= 3 and case.own_text:
        sizes = [len(body.text[start:end].split()) for start, end in case.layout.paragraphs]
        if min(sizes) >= 20 and max(sizes) <= min(sizes) * 1.1:
            signs.append("paragraphs of equal length")
            spans.append(case.layout.paragraphs[0])
    if "—" in body.text or "–" in body.text:
        dashes = [origin + match.start() for match, origin in body.prose_finds(_DASH)]
        if len(dashes) >= 3:
            signs.append("many dashes")
            spans.append((dashes[0], dashes[0] + 1))
    trio = [next(iter(body.phrases(name)), None) for name in ("thanks", "enthusiasm", "offer")]
    if all(trio) and trio[1] is not None:
        signs.append("thanks, enthusiasm and offer in a row")
        spans.append(trio[1])
    if len(signs) >= case.limits["signs"]:
        start, end = min(spans)
        yield _Hit("sounds-generated", "body", start, end, None, {"words": ", ".join(signs[:3])})


_EXCLAMATION: Final = re.compile("[!！]+")


def _exclamations(case: _Case) -> Iterator[_Hit]:
    """Every typed exclamation mark after the first in the email."""
    count = 0
    most = case.limits["exclamation-marks"]
    for part in case.parts:
        for match in _EXCLAMATION.finditer(part.text):
            if part.in_name(match.start(), match.end()):
                continue
            before, count = count, count + len(match[0])
            if count <= most or not part.is_typed(match.start(), match.end()):
                continue
            start = match.start() + max(0, most - before)
            inside = part.field_of(start, match.end()) is not None
            # One of '!!' is kept, so the others go without a full stop.
            mend = ("" if start > match.start() else ".") if inside else None
            yield _Hit("many-exclamation-marks", part.name, start, match.end(), mend)


# One character class in front lets the scan run over plain text quickly.
_EMOJI: Final = re.compile(
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55]"
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200d\U000e0020-\U000e007f]*"
)
_TAGS: Final = re.compile("[\U000e0020-\U000e007f]+")
_SMILEY: Final = re.compile(r"[:;](?<!\S[:;])-?[()DP](?!\w)")


def _emoji(case: _Case) -> Iterator[_Hit]:
    for part in case.parts:
        for pattern in (_EMOJI, _SMILEY):
            for match, origin in part.prose_finds(pattern):
                start, end = origin + match.start(), origin + match.end()
                # The space before a picture goes with it.
                if part.text[start - 1 : start] == " " and part.field_of(start - 1, end) is not None:
                    start -= 1
                yield _Hit("emoji", part.name, start, end, "", {"words": _TAGS.sub("", match[0])})


# ---- rules: slips ---------------------------------------------------------------------------------------

_SMALL_I: Final = re.compile(r"i(?<![\w.'’@/-]i)(?=['’](?:m|ve|d|ll)\b|\s+\w|,)")


def _small_i(case: _Case) -> Iterator[_Hit]:
    if not case.has_list("doubled-ok"):
        return  # in other languages 'i' is a word
    for part in case.parts:
        for match in _SMALL_I.finditer(part.text):
            here = match.span()
            if part.field_of(*here) is not None and not part.in_name(*here):
                yield _Hit("lower-case-i", part.name, match.start(), match.end(), "I")


def _doubled(case: _Case) -> Iterator[_Hit]:
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


def _doubled_hit(part: _Part, start: int, first_end: int, second: int, end: int) -> _Hit:
    """Take out the second word when it was typed, else the first; with the space between, if typed."""
    facts = {"words": part.text[start:end]}
    if part.field_of(start, end) is not None:
        return _Hit("doubled-word", part.name, first_end, end, "", facts)
    after = end + 1 if part.text[end : end + 1] == " " else end
    if part.field_of(second, after) is not None:
        return _Hit("doubled-word", part.name, second, after, "", facts)
    before = start - 1 if start and part.text[start - 1] == " " else start
    if part.field_of(before, first_end) is not None:
        return _Hit("doubled-word", part.name, before, first_end, "", facts)
    return _Hit("doubled-word", part.name, start, end, None, facts)


_MOST_REPEATED: Final = 4


def _repeated(case: _Case) -> Iterator[_Hit]:
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
                    yield _Hit("repeated-words", part.name, start, stop, "")
                    break
                if _twice(part, after - size, size):
                    since = part.words[after - size - 1][1] if after - size > first else start
                    yield _Hit("repeated-words", part.name, since, end, "")
                    break


def _twice(part: _Part, first: int, size: int) -> bool:
    """Whether the ``size`` words from place ``first`` on stand there again right after, in one sentence."""
    run = part.words[first : first + 2 * size] if first >= 0 else []
    words = [word for _, _, word in run]
    return (
        len(run) == 2 * size
        and words[:size] == words[size:]
        and not _SENTENCE_BREAK.search(part.text, run[0][0], run[-1][1])
    )


_SENTENCE_BREAK: Final = re.compile(r"[.!?…:;\n]")
_GOES_ON: Final = re.compile(r"[\w,)’'”\"][^\S\n]+\Z")


def _capital(case: _Case) -> Iterator[_Hit]:
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
            # 'The Copper Kettle' is a name, and so is 'IT'.
            named = after is not None and not after[0].islower()
            if word != word.lower() and word[1:] == word[1:].lower() and not named:
                yield _Hit("capital-in-sentence", part.name, start, match.end(), word[0].lower() + word[1:])


def _marks(case: _Case) -> Iterator[_Hit]:
    """A full stop, comma or question mark typed right before the author's own."""
    for part in case.parts:
        text = part.text
        for start, end, _ in part.prose:
            visible = start + len(text[start:end].rstrip())
            after = text[end : end + 1]
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
            if mine and last > start and not (mine == "." and after in ",?!;") and mine != "...":
                yield _Hit("double-punctuation", part.name, last, end, "", {"words": mine + after})


_HTML: Final = (
    r"</?(?:a|b|i|u|p|br|hr|div|span|strong|em|ul|ol|li|h[1-6]|table|t[rdh]|font|img|html|body|blockquote|pre|code|style"
    r"|script)(?:\s[^<>\n]{0,300})?/?>"
)
_NOT_PLAIN: Final = re.compile(
    r"\*\*(?P<bold>[^*\n]{1,300})\*\*"
    r"|(?<![\w*])\*(?P<star>[^\s*](?:[^*\n]{0,300}[^\s*])?)\*(?![\w*])"
    r"|`(?P<code>[^`\n]{1,300})`"
    r"|\[(?P<link>[^\[\]\n]{1,200})\]\([^()\s]{1,300}\)"
    r"|^#{1,6}[ \t](?=\S)"
    r"|^[ \t]*[•‣◦▪●*][ \t]+(?=\S)|[•‣◦▪●]"
    rf"|{_HTML}|&(?:amp|nbsp|lt|gt|quot|apos|\#\d{{1,6}});|\t",
    re.MULTILINE,
)
_ENTITIES: Final = {
    "&amp;": "&",
    "&nbsp;": " ",
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&apos;": "'",
    "\t": " ",
}
_UNNAMED: Final = {"\t": "tab", "•": "•"}


_NOT_PLAIN_SIGN: Final = re.compile(r"[*`\[#•‣◦▪●<&\t]")


def _not_plain(case: _Case) -> Iterator[_Hit]:
    for part in case.parts:
        if not _NOT_PLAIN_SIGN.search(part.text):
            continue
        for match, origin in part.prose_finds(_NOT_PLAIN):
            inner = next((text for text in match.groups() if text is not None), None)
            mend = _ENTITIES.get(match[0], "") if inner is None else inner
            shown = _short(match[0]) or _UNNAMED.get(match[0], "tab")
            yield _Hit(
                "not-plain-text",
                part.name,
                origin + match.start(),
                origin + match.end(),
                mend,
                {"words": shown},
            )


_PASTED: Final = re.compile(
    r"On [^\n]{4,120} wrote:"
    r"|[ \t]*>+ ?[^\n]{0,200}"
    r"|-{2,}[ \t]?(?:Original Message|Forwarded message)[^\n]{0,40}"
    r"|Begin forwarded message:?"
    r"|(?:From|Sent|To|Subject|Date|Cc): [^\n]{2,200}"
    r"|Sent from my [^\n]{2,30}"
    r"|Get Outlook for [^\n]{2,20}",
    re.MULTILINE,
)


def _pasted(case: _Case) -> Iterator[_Hit]:
    body = case.body
    greets = case.has_list("greeting")
    visible_end = len(body.text.rstrip())
    for start, end, _ in body.prose:
        position = start
        while position < end:
            line_end = body.text.find("\n", position, end)
            line_end = end if line_end < 0 else line_end
            if match := _PASTED.match(body.text, position, line_end):
                yield _Hit("pasted-email", "body", position, match.end())
            elif greets:
                line = body.text[position:line_end]
                if _is_salutation(case, body, position, line) or _is_early_close(
                    case, line, line_end, visible_end
                ):
                    yield _Hit("pasted-email", "body", position, line_end)
            position = line_end + 1


def _is_salutation(case: _Case, body: _Part, position: int, line: str) -> bool:
    """Whether a typed line greets somebody although the email's greeting stands elsewhere."""
    greeting = case.layout.greeting
    # The whole line greets ('Dear Ms. Ito,'), or a line begins so and runs on ('Hi Sam, thank you …').
    head, comma, more = line.strip().partition(",")
    at_line_start = body.text[position - 1 : position] in ("", "\n")
    if not comma or len(head) > 60 or not head[:1].isupper() or not (at_line_start or not more):
        return False
    if greeting is not None and greeting[0] <= position <= greeting[1]:
        return False
    if greeting is None and not body.text[:position].strip():
        return False
    opening = fold(head).split()
    greets = case.phrases.lists["greeting"]
    return 0 < len(opening) <= 5 and (opening[0] in greets or " ".join(opening[:2]) in greets)


def _is_early_close(case: _Case, line: str, line_end: int, visible_end: int) -> bool:
    """Whether a typed line closes the email although more than a signature follows."""
    if len(line) > 40 or fold(line) not in case.phrases.lists.get("sign-off", frozenset()):
        return False
    rest = case.body.text[line_end:visible_end]
    lines = [text for text in rest.split("\n") if text.strip()]
    return (
        len(lines) > 4
        or any(len(text) > 60 for text in lines)
        or any(fold(text) in case.phrases.lists["sign-off"] for text in lines)
    )


# Direction marks and overrides, zero-width space, word joiner, byte order mark, soft hyphen, invisible
# operators, blank fillers, line and paragraph separators, C1 controls and tag characters (UTS 36 and 39).
# A flag made of tags (Scotland, Wales …) is a picture, so it is stepped over first.
_HIDDEN: Final = re.compile(
    "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
    "|(?P<hidden>[\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\u206a-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]+)|(?P<joiner>[\u200c\u200d]+)"
)


_HIDDEN_SIGN: Final = re.compile("[\x7f-\x9f\u00ad\u061c-\uffff\U000e0000-\U000e007f]")


def _hidden(case: _Case) -> Iterator[_Hit]:
    for part in case.parts:
        if (part.text.isascii() and "\x7f" not in part.text) or not _HIDDEN_SIGN.search(part.text):
            continue
        for match, origin in part.typed_finds(_HIDDEN):
            start, end = origin + match.start(), origin + match.end()
            if match["joiner"] and _joins(
                part.text[start - 1 : start] if start else "", part.text[end : end + 1]
            ):
                continue
            if match["hidden"] or match["joiner"]:
                codes = ", ".join(dict.fromkeys(f"U+{ord(sign):04X}" for sign in match[0][:8]))
                # A separator stood for a break, so it leaves one space.
                mend = " " if "\u2028" in match[0] or "\u2029" in match[0] else ""
                yield _Hit("hidden-characters", part.name, start, end, mend, {"words": codes})


def _joins(before: str, after: str) -> bool:
    """Whether a joiner has work to do: next to Persian, Indic … letters or in a picture."""
    return any(sign and ord(sign) >= 0x600 and not 0x2000 <= ord(sign) <= 0x206F for sign in (before, after))


_MIXED: Final = re.compile(
    "[A-Za-z][\u0400-\u04ff\u0391-\u03a9\u03bf\u03c5]|[\u0400-\u04ff\u0391-\u03a9\u03bf\u03c5][A-Za-z]"
)
_MIXED_SIGNS: Final = frozenset("ΩΔΣΦΨΠΛΘΓΞ")  # signs of science stand next to Latin letters


def _look_alikes(case: _Case) -> Iterator[_Hit]:
    for part in case.parts:
        if part.text.isascii():
            continue
        last = -1
        for match, origin in part.typed_finds(_MIXED):
            start, end = origin + match.start(), origin + match.end()
            if start < last or not _MIXED_SIGNS.isdisjoint(match[0]):
                continue
            while start > 0 and part.text[start - 1].isalnum():
                start -= 1
            while end < len(part.text) and part.text[end].isalnum():
                end += 1
            last = end
            yield _Hit("look-alike-letters", part.name, start, end)


def _removed(case: _Case) -> Iterator[_Hit]:
    for removed in sorted(case.draft.removed, key=lambda one: one.field):
        yield _Hit("removed-characters", facts={"count": removed.count, "name": removed.field})


_RULES: Final[tuple[tuple[tuple[str, ...], _Rule], ...]] = (
    (("missing",), _missing),
    (("leftover-placeholder", "brackets-in-name", "example-kept"), _leftover),
    (("wrong-company", "other-company"), _company),
    (("name-spelled-two-ways",), _spellings),
    (("greeting-name", "good-greeting"), _greeting),
    (("no-name-greeting",), _no_name),
    (("name-in-lower-case", "more-than-a-name", "honorific"), _person_names),
    (
        ("far-too-long", "too-long", "too-short", "too-many-characters", "over-free-limit", "good-length"),
        _length,
    ),
    (("too-many-paragraphs", "long-paragraph"), _paragraphs),
    (("thanks-come-late", "good-thanks", "no-interest", "no-next-step", "good-next-step"), _content),
    (("many-questions",), _questions),
    (("must-say",), _must_say),
    (("vague-detail", "short-detail", "repeated-detail", "good-detail"), _details),
    (("subject-too-long", "subject-says-little", "good-subject"), _subject),
    (("same-as-another",), _alike),
    (("one-address",), _addresses),
    (("link-too-long",), _link),
    (tuple(_PHRASE_RULES), _wording),
    (("attach-it",), _attach_it),
    (("sounds-generated",), _generated),
    (("many-exclamation-marks",), _exclamations),
    (("emoji",), _emoji),
    (("lower-case-i",), _small_i),
    (("doubled-word",), _doubled),
    (("repeated-words",), _repeated),
    (("capital-in-sentence",), _capital),
    (("double-punctuation",), _marks),
    (("not-plain-text",), _not_plain),
    (("pasted-email",), _pasted),
    (("hidden-characters",), _hidden),
    (("look-alike-letters",), _look_alikes),
    (("removed-characters",), _removed),
)

_MEASURES: Final = (_missing, _length, _link, _removed)
"""What is still told about an email that is too long to be looked at."""


# ---- several emails ---------------------------------------------------------------------------------------


class Pair(NamedTuple):
    """Two emails, by their place in the list, and how alike they are: 0 to 1."""

    first: int
    second: int
    similarity: float


_UNIT: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|\\w+(?:['’]\\w+)*"
)


@lru_cache(maxsize=32)  # while one note is typed, the others of its panel stay as they are
def _shingles(body: str) -> frozenset[tuple[str, ...]]:
    """Return every run of three words of a body.

    Notes from one template share most of their words. Runs of words tell a note with a detail of its own
    (each changed word breaks three runs) from one in which only the name is new.
    """
    words = _UNIT.findall(body.casefold())
    if len(words) < 3:
        return frozenset({tuple(words)}) if words else frozenset()
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _overlap(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def compare(messages: Sequence[Message], threshold: float) -> list[Pair]:
    """Return the pairs of ``messages`` that are at least ``threshold`` (0 to 1) alike, in order.

    A site's own threshold is :attr:`Checks.alike`. The similarity is the share of three-word runs that two
    bodies have in common, of all that they have.
    """
    if len(messages) < 2:
        return []
    runs = [_shingles(message.body) for message in messages]
    pairs: list[Pair] = []
    for second in range(len(runs)):
        for first in range(second):
            similarity = _overlap(runs[first], runs[second])
            if similarity >= threshold:
                pairs.append(Pair(first, second, similarity))
    return sorted(pairs)
