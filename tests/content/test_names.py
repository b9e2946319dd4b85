"""Real names of companies, jobs and people in every wording: no remark may stop or warn about one as typed.

The whole lists are gone through by ``pytest -m long tests/content/test_names.py``; a sample of each is in every run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from generator.core.checks import Checks
from generator.core.fields import Field, field_key
from generator.core.review import Finding, review
from generator.core.template import Draft, Template
from generator.pages.source import read_content
from tests.tools.cases import CASES
from tests.tools.prose import DOCS

NAMES: Final = CASES / "names"

#: Each list of names, and the roles of the fields that take such a name.
LISTS: Final = {
    "companies": ("company",),
    "titles": ("position",),
    "people": ("recipient", "own-name"),
}

#: How many names of each list are in a normal run; a hundred of every list make three hundred.
SAMPLE: Final = 100

#: What a long name may well cause: a site's own box holds only so much, whoever's name it is.
OF_THE_WHOLE: Final = frozenset({"too-many-characters"})


@dataclass(frozen=True)
class Wording:
    """One wording of one page, with all that its review needs."""

    page: str
    template: Template
    fields: tuple[Field, ...]
    values: dict[str, str]

    @property
    def title(self) -> str:
        """The page and the wording."""
        return f"{self.page}/{self.template.wording}"


@cache
def checks() -> Checks:
    return Checks.from_data(content().data.checks)


content = cache(lambda: read_content(DOCS))


@cache
def wordings() -> tuple[Wording, ...]:
    """Every wording of the site, filled with its example."""
    found = []
    for path, emails in content().pages.items():
        for email in emails:
            described = email.fields(content().data.fields)
            examples = {field.key: field.example for field in described} | (email.example or {})
            # That the other words are examples need not be said.
            fields = tuple(replace(field, example="") for field in described)
            found += [Wording(Path(path).stem, template, fields, examples) for template in email.wordings]
    return tuple(found)


def names(name: str) -> list[str]:
    """Return the names of one list."""
    return (NAMES / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def keys(wording: Wording, roles: tuple[str, ...]) -> list[str]:
    """Return the fields of a wording that take a name of these roles."""
    taking = frozenset[str]().union(*(checks().roles[role] for role in roles))
    return [field.key for field in wording.template.fields if field.key in taking]


def remarks(wording: Wording, values: dict[str, str]) -> tuple[Draft, list[Finding]]:
    """Return the email with ``values``, and what the review stops or warns about."""
    draft = wording.template.fill(values)
    findings = review(
        draft,
        fields=wording.fields,
        values=values,
        checks=checks(),
        situation=wording.page,
        words=wording.template.words,
    )
    return draft, [one for one in findings if one.level in ("blocks", "warns")]


def touches(draft: Draft, finding: Finding, taken: list[str]) -> bool:
    """Whether a finding means words in one of the fields ``taken``."""
    segments = draft.subject_segments if finding.part == "subject" else draft.body_segments
    position = 0
    for segment in segments if finding.part else ():
        end = position + len(segment.text)
        is_name = segment.kind == "filled" and field_key(segment.field) in taken
        if is_name and finding.start < end and position < finding.end:
            return True
        position = end
    return False


def blamed(wording: Wording, roles: tuple[str, ...], some: list[str]) -> tuple[int, list[str]]:
    """Type each name into the wording; return how many reviews that were, and each wrong remark in words."""
    taken = keys(wording, roles)
    if not taken:
        return 0, []
    usual = {finding.rule for finding in remarks(wording, wording.values)[1]} | OF_THE_WHOLE
    wrong = []
    for name in some:
        draft, findings = remarks(wording, wording.values | dict.fromkeys(taken, name))
        wrong += [
            f"{wording.title}: {name!r}: {finding.rule}: {finding.message}"
            for finding in findings
            if touches(draft, finding, taken) or finding.rule not in usual
        ]
    return len(some), wrong


@pytest.mark.parametrize("name", LISTS)
def test_the_lists_are_long_and_of_all_scripts(name: str) -> None:
    found = names(name)
    assert len(found) >= 1500
    assert found == sorted(set(found))
    text = "".join(found)
    # Cyrillic, Greek, Hebrew, Arabic, Georgian, Thai, Japanese or Chinese, Korean.
    for letter_range in ("а-я", "α-ω", "א-ת", "ء-ي", "ა-ჰ", "ก-ฮ", "一-龥", "가-힣"):
        first, _, last = letter_range.partition("-")
        assert any(first <= letter <= last for letter in text), letter_range


@pytest.mark.parametrize("name", LISTS)
def test_no_remark_stops_or_warns_about_a_name_of_the_sample(name: str) -> None:
    everything = names(name)
    some = everything[:: len(everything) // SAMPLE][:SAMPLE]
    results = [blamed(wording, LISTS[name], some) for wording in wordings()]
    assert sum(count for count, _ in results) > SAMPLE * 30
    assert not [line for _, wrong in results for line in wrong]


@pytest.mark.long
@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("wording", wordings(), ids=lambda wording: wording.title)
def test_no_remark_stops_or_warns_about_any_name(name: str, wording: Wording) -> None:
    _, wrong = blamed(wording, LISTS[name], names(name))
    assert not wrong, "\n".join(wrong[:50])
