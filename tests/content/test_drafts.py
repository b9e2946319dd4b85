"""The review on answers and whole emails as people type them, judged by hand; the numbers that it has to keep.

``python -m tests.tools.drafts`` prints them by rule and by fault.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml

from generator.core.review import Finding, review
from tests.tools import drafts, prose
from tests.tools.cases import CASES

pytestmark = pytest.mark.original

ANSWERS = yaml.safe_load((CASES / "answers.yml").read_text(encoding="utf-8"))

#: Which rules name what is harmful, by the reason that stands at it.
NAMED_BY = {
    "rival work for": {"other-company"},
    "capital start": {"capital-in-sentence"},
    "clause skill": {"clause-in-gap"},
    "because of clause": {"because-of-clause"},
    "blame": {"blames-them"},
    "vague2": {"vague-detail"},
    "vague4": {"vague-detail"},
    "vague skill": {"vague-claim"},
    "pay2": {"pay"},
    "competing names figure": {"pay"},
    "neg employer": {"runs-down"},
    "age/gender guess": {"two-titles"},
    "all caps": {"all-capitals"},
    "slash date": {"ambiguous-date"},
    "past date promise": {"must-say"},
    "begging": {"begging"},
    "confidential": {"confidential"},
}


def remarks(case: dict[str, Any]) -> list[Finding]:
    """Review an email of the site with its example, and the values of a case over it."""
    content = prose.content()
    emails = content.pages[f"docs/emails/{case['page']}.md"]
    email, template = next(
        (email, one) for email in emails for one in email.wordings if one.wording == case["wording"]
    )
    shared = content.data.fields
    values = (
        {field.key: field.example for field in email.fields(shared)} | (email.example or {}) | case["values"]
    )
    return review(
        template.fill(values),
        fields=[replace(one.described_by(shared.get(one.key)), example="") for one in template.fields],
        values=values,
        checks=content.data.checks,
        situation=case["page"],
        words=template.words,
        characters=template.characters,
    )


@pytest.mark.parametrize("case", ANSWERS["harmless"], ids=lambda case: case["why"])
def test_what_is_harmless_is_not_stopped(case: dict[str, Any]) -> None:
    assert [one for one in remarks(case) if one.level in ("blocks", "warns")] == []


def test_what_is_harmful_is_named() -> None:
    missed = [
        case["why"]
        for case in ANSWERS["harmful"]
        if not NAMED_BY[case["why"]] & {one.rule for one in remarks(case)}
    ]
    assert len(ANSWERS["harmful"]) - len(missed) >= 14, missed


def test_the_bad_emails_of_the_answers() -> None:
    result = drafts.measure("answers")
    assert result.recall >= 0.6, result.notes


def test_emails_that_were_judged_by_hand() -> None:
    assert len([one for one, _ in drafts.emails() if one.get("set") != "answers"]) >= 60
    result = drafts.measure("own")
    assert result.precision >= 0.95, result.notes
    assert result.recall >= 0.6, result.notes


def test_the_table_is_the_one_that_is_kept() -> None:
    """The table beside the cases says what the review does today: python -m tests.tools.drafts --write."""
    assert (drafts.DRAFTS / "README.md").read_text(encoding="utf-8") == drafts.table()
