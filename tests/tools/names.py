"""Types real names into emails, and tells of each remark that stops or warns about one as typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from generator.core.fields import Field
from generator.core.review import Checks, Finding, review
from generator.core.template import Draft, Template
from generator.pages.source import Content
from tests.tools.cases import CASES

#: Each list of names, and the roles of the fields that take such a name.
LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "companies": ("company",),
    "titles": ("position",),
    "people": ("recipient", "own-name"),
}

#: How many names of each list are in a normal run; a hundred of every list make three hundred.
SAMPLE: Final = 10

#: What a long name may well cause: a site's own box holds only so much, whoever's name it is.
OF_THE_WHOLE: Final = frozenset({"too-many-characters"})


@dataclass(frozen=True)
class Wording:
    """One wording of one page, with all that its review needs."""

    page: str
    template: Template
    fields: tuple[Field, ...]
    values: dict[str, str]
    checks: Checks

    @property
    def title(self) -> str:
        """The page and the wording."""
        return f"{self.page}/{self.template.wording}"


def wordings(content: Content) -> tuple[Wording, ...]:
    """Return every wording of a site, filled with its example."""
    checks = content.data.checks
    found = []
    for path, emails in content.pages.items():
        for email in emails:
            described = email.fields(content.data.fields)
            examples = {field.key: field.example for field in described} | (email.example or {})
            # That the other words are examples need not be said.
            fields = tuple(replace(field, example="") for field in described)
            found += [
                Wording(content.situations.get(path, Path(path).stem), template, fields, examples, checks)
                for template in email.wordings
            ]
    return tuple(found)


def names(name: str) -> list[str]:
    """Return the names of one list."""
    return (CASES / "names" / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def sample(name: str) -> list[str]:
    """Return some names of one list, from all over it."""
    everything = names(name)
    return everything[:: len(everything) // SAMPLE][:SAMPLE]


def _keys(wording: Wording, roles: tuple[str, ...]) -> list[str]:
    """Return the fields of a wording that take a name of these roles."""
    taking = frozenset[str]().union(*(wording.checks.roles[role] for role in roles))
    return [field.key for field in wording.template.fields if field.key in taking]


def _remarks(wording: Wording, values: dict[str, str]) -> tuple[Draft, list[Finding]]:
    """Return the email with ``values``, and what the review stops or warns about."""
    draft = wording.template.fill(values)
    findings = review(
        draft,
        fields=wording.fields,
        values=values,
        checks=wording.checks,
        situation=wording.page,
        words=wording.template.words,
    )
    return draft, [one for one in findings if one.level in ("blocks", "warns")]


def _touches(draft: Draft, finding: Finding, taken: list[str]) -> bool:
    """Whether a finding means words in one of the fields ``taken``."""
    segments = draft.subject_segments if finding.part == "subject" else draft.body_segments
    position = 0
    for segment in segments if finding.part else ():
        end = position + len(segment.text)
        is_name = segment.kind == "filled" and segment.key in taken
        if is_name and finding.start < end and position < finding.end:
            return True
        position = end
    return False


def blamed(wording: Wording, roles: tuple[str, ...], some: list[str]) -> tuple[int, list[str]]:
    """Type each name into the wording; return how many reviews that were, and each wrong remark in words."""
    taken = _keys(wording, roles)
    if not taken:
        return 0, []
    usual = {finding.rule for finding in _remarks(wording, wording.values)[1]} | OF_THE_WHOLE
    wrong = []
    for name in some:
        draft, findings = _remarks(wording, wording.values | dict.fromkeys(taken, name))
        wrong += [
            f"{wording.title}: {name!r}: {finding.rule}: {finding.message}"
            for finding in findings
            if _touches(draft, finding, taken) or finding.rule not in usual
        ]
    return len(some), wrong
