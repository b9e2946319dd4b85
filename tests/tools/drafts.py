"""How well the review reads whole emails that people judged by hand: ``python -m tests.tools.drafts``.

``tests/cases/drafts`` has the emails. A remark is right if it names a fault that was listed for its email; of a fault
that stands in certain words, the remark has to be about these, or about the email as a whole.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from generator.core.pasted import Pasted, read
from generator.core.review import Finding, review
from generator.pages.data import Data, read_data
from tests.tools.cases import CASES
from tests.tools.site import ROOT

DRAFTS = CASES / "drafts"

#: The sets of emails by people who had not read the rules, and what their first reading gave, before anything was mended
#: after it. Another set is another file with the same fields, and another line here.
FRESH = {
    "fresh": "55.6% of the remarks were right, and 44.3% of the faults were named",
    "second": "57% of the remarks were right, with further fair ones counted, and 47% of the faults were named",
    "third": "90% of the remarks were right, with further fair ones counted, 46% of the faults were named, and 3 of 40 decent emails were warned",
    "fourth": "95.0% of the remarks were right, with all counted that its author had called fair beforehand, 60.7% of the faults were named, and 3 of 40 decent emails were warned or stopped",
}


@cache
def data() -> Data:
    return read_data(ROOT / "docs" / "_data", ROOT)


def load(name: str) -> Any:
    return yaml.safe_load((DRAFTS / f"{name}.yml").read_text(encoding="utf-8"))


def found_in(pasted: Pasted, case: dict[str, Any]) -> list[Finding]:
    facts = case.get("facts") or {}
    return review(
        pasted.draft,
        fields=[one for one in data().fields.values() if one.name in facts],
        values=facts,
        checks=data().checks,
        situation=case.get("situation", ""),
    )


def emails() -> list[tuple[dict[str, Any], Pasted]]:
    """Return all emails with what was judged of them: our own, those of fresh hands, and those of answers.yml."""
    own = [*load("decent"), *load("bad"), *({**one, "set": name} for name in FRESH for one in load(name))]
    answers = yaml.safe_load((CASES / "answers.yml").read_text(encoding="utf-8"))["bad_emails"]
    judged = [
        {
            **one,
            "faults": told["faults"],
            "facts": one["values"],
            "who": one["why"],
            "set": "answers",
            "right": told.get("right", ()),
        }
        for one, told in zip(answers, load("answers"), strict=True)
    ]
    return [(one, read(one["text"])) for one in own] + [
        (one, Pasted(one["subject"], one["body"])) for one in judged
    ]


@dataclass
class Result:
    """What was right, wrong and missed, by rule and by kind."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    decent: int = 0
    hurt: int = 0
    """How many decent emails there are, and how many of them are stopped or warned for nothing."""

    @property
    def precision(self) -> float:
        return self.right.total() / max(1, self.right.total() + self.wrong.total())

    @property
    def recall(self) -> float:
        return self.named.total() / max(1, self.named.total() + self.missed.total())


@cache
def measure(only: str = "") -> Result:
    """Review all emails, or ``only`` those of "answers" (answers.yml), of a set of FRESH, or our "own"."""
    kinds: dict[str, list[str]] = load("kinds")
    result = Result()
    for case, pasted in emails():
        if only and only != case.get("set", "own"):
            continue
        texts = {"subject": pasted.subject, "body": pasted.body, "": ""}
        remarks = [one for one in found_in(pasted, case) if one.level != "good"]
        faults = case.get("faults") or []
        for fault in faults:
            hit = any(_names(one, fault, kinds, texts) for one in remarks)
            (result.named if hit else result.missed)[fault["kind"]] += 1
            if not hit:
                result.notes.append(f"missed in {case['who']}: {fault['kind']} {fault.get('words', '')!r}")
        # What would be fair to remark on is a rule, or a kind of fault with all of its rules.
        fair = {rule for name in case.get("right") or () for rule in kinds.get(name, [name])}
        unfair = False
        for one in remarks:
            right = one.rule in fair or any(_names(one, fault, kinds, texts) for fault in faults)
            (result.right if right else result.wrong)[one.rule] += 1
            if not right:
                words = texts[one.part][one.start : one.end]
                result.notes.append(f"wrong in {case['who']}: {one.level} {one.rule} {words!r}")
                unfair |= one.level in ("blocks", "warns")
        if case.get("kind", "bad" if faults else "decent") == "decent":
            result.decent += 1
            result.hurt += unfair
    return result


def _names(one: Finding, fault: dict[str, str], kinds: dict[str, list[str]], texts: dict[str, str]) -> bool:
    if one.rule not in kinds[fault["kind"]]:
        return False
    words = fault.get("words")
    # Several signs of a machine are one remark.
    if not words or not one.part or one.rule == "sounds-generated":
        return True
    # The same fault may be seen a few words before or after those that a person would underline.
    text = texts[one.part]
    at = text.find(words)
    while at >= 0:
        if one.start < at + len(words) + 40 and at - 40 < one.end:
            return True
        at = text.find(words, at + 1)
    return False


def table() -> str:
    """Return what was measured, as a page."""
    own, answers = measure("own"), measure("answers")
    lines = [
        "# The review on emails that were judged by hand",
        "",
        "Made by `python -m tests.tools.drafts --write`. The emails and what an adviser sees in them stand beside this",
        "page. A rule counts as right when it names a fault that was listed, or a remark that was read and found right.",
        "",
        f"- Our own emails: {own.precision:.1%} of the remarks are right; {own.recall:.1%} of the faults are named.",
        f"- The bad emails of answers.yml: {answers.recall:.1%} of the faults are named.",
        *(_row(name, first) for name, first in FRESH.items()),
        "",
        "Our own emails, by rule and by fault:",
        "",
        "| Rule | Right | Wrong |",
        "|---|---|---|",
        *(f"| `{rule}` | {own.right[rule]} | {own.wrong[rule]} |" for rule in sorted(own.right | own.wrong)),
        "",
        "| Fault | Named | Missed |",
        "|---|---|---|",
        *(f"| {kind} | {own.named[kind]} | {own.missed[kind]} |" for kind in sorted(own.named | own.missed)),
        "",
    ]
    return "\n".join(lines)


def _row(name: str, first: str) -> str:
    """Return what was measured in one set of emails of a fresh hand."""
    found = measure(name)
    return (
        f"- {name}.yml, {len(load(name))} emails by somebody who had not read the rules: {found.precision:.1%} of the remarks"
        f" are right, {found.recall:.1%} of the faults are named, and {found.hurt} of {found.decent} decent emails are stopped"
        f" or warned for nothing. At first reading, before anything was mended after it, {first}."
    )


def main(arguments: list[str]) -> None:
    """Print the table and what was missed or wrong, or write the table down."""
    if arguments == ["--write"]:
        (DRAFTS / "README.md").write_text(table(), encoding="utf-8")
        return
    print(table())
    for name in ("own", "answers", *FRESH):
        print("\n".join((f"{name}:", *measure(name).notes, "")))


if __name__ == "__main__":
    main(sys.argv[1:])
