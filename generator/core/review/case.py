"""One draft under review, with all that the rules ask about it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from generator.core.fields import KINDS, Field, field_key
from generator.core.message import Message
from generator.core.pasted import OWN
from generator.core.review.checks import Checks, Situation
from generator.core.review.layout import Layout
from generator.core.review.part import Part
from generator.core.review.phrases import NO_PHRASES
from generator.core.template import Draft

MAX_CHARACTERS: Final = 20_000
"""A longer email is only measured: its words are not looked at, so that the form stays quick."""


_ANSWER: Final = re.compile(r"(?:re|aw|sv|antw|fwd?)\s?:", re.IGNORECASE)


class Case:
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
        #: The email, or a part of it, is the writer's own text: pasted, or edited in the form.
        self.own = any(segment.kind == "filled" and segment.key == OWN for segment in segments)
        known = self._known_names() if self.own and self.look else ()
        self.subject = Part(
            "subject", draft.subject_segments, self.phrases, self.is_name, look=self.look, known=known
        )
        self.body = Part("body", draft.body_segments, self.phrases, self.is_name, look=self.look, known=known)
        self.parts = (self.subject, self.body)
        #: In a thread the subject stays as somebody else wrote it: 'Re: your decision'.
        self.answers = bool(_ANSWER.match(self.subject.text))
        self.typed = bool(self.subject.typed or self.body.typed)
        missing = any(segment.kind == "missing" for segment in (*draft.subject_segments, *draft.body_segments))
        #: Nothing is missing and something was typed: the email as a whole can be judged.
        self.ready = self.typed and not missing
        self.range = words or situation.words
        #: From how many characters on a note is told of, and stopped.
        self.characters = (characters, characters) if characters else situation.characters
        nothing = Part("body", (), NO_PHRASES, self.is_name, look=False)
        self.layout = Layout(self.body if self.look else nothing, self.phrases)
        if self.own and self.layout.signature is not None:
            self.body.leave_alone(self.layout.signature)
        typed = sum(end - start for start, end, _ in self.body.typed)
        #: The writer, not the author, is responsible for what the body lacks: nearly all is typed.
        self.own_text = typed * 5 > len(self.body.text) * 4
        #: A person wrote the email by themselves, pasted or edited: no author set its length.
        self.own_draft = self.own and self.own_text

    def _known_names(self) -> list[tuple[str, str]]:
        """Return the names that were given, and those of people also word for word."""
        known = [(value, key) for key, value in self.values.items() if self.is_name(key)]
        for key, value in self.role("recipient", "own-name"):
            known += [
                (word, key) for word in value.split() if len(word) > 2 and word[0].isupper() and word.isalpha()
            ]
        return known

    def uses(self, names: Iterable[str]) -> bool:
        """Whether one of the rules ``names`` is used here."""
        return not self.rules.keys().isdisjoint(names)

    def term(self, rule: str, name: str) -> str:
        """Return a word that the message of ``rule`` uses for what cannot be quoted."""
        return self.rules[rule].terms[name] if rule in self.rules else ""

    def has_list(self, name: str) -> bool:
        """Whether the language has this phrase list."""
        return name in self.phrases.lists

    def said(self, name: str, start: int = 0, end: int | None = None) -> bool:
        """Whether a phrase of a list stands in the body, by whomever, between ``start`` and ``end``."""
        return any(
            start <= since and (end is None or upto <= end) for since, upto in self.body.matches.get(name, ())
        )

    def said_times(self, name: str, start: int, end: int) -> int:
        """Return how many phrases of a list stand in the body between ``start`` and ``end``."""
        spans = self.body.matches.get(name, ())
        return bisect_left(spans, (end,)) - bisect_left(spans, (start,))

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
        return (field is not None and KINDS[field.kind].is_name) or any(
            key in self.roles[role] for role in ("company", "position", "own-name", "recipient")
        )
