"""What the guide says of the rules holds: the review remarks on each bad line, and is silent on each good one."""

from __future__ import annotations

from functools import cache

import pytest

from generator.core.pasted import read
from generator.core.review import Checks, review
from generator.core.review.checks import Situation
from generator.pages.data import Data
from generator.pages.source import read_content
from tests.tools import prose
from tests.tools.cases import FACTS


@cache
def data() -> Data:
    return read_content(prose.DOCS).data


@cache
def checks() -> Checks:
    return data().checks


SHOWN = [(name, rule) for name, rule in data().rules.items() if rule["bad"] and rule["level"] != "off"]


def rules_on(line: str, rule: str) -> set[str]:
    """Return the rules that remark on a line, in a situation that has the ``rule``."""
    # A site may have told of no situation at all.
    situations = {"": Situation(), **checks().situations}
    situation = next((name for name, one in situations.items() if rule in checks().active(one)), None)
    if situation is None:
        pytest.skip(f"no situation of this site uses '{rule}'")
    found = review(read(line).draft, fields=[], values=FACTS, checks=checks(), situation=situation)
    return {one.rule for one in found}


@pytest.mark.parametrize(("name", "rule"), SHOWN, ids=[name for name, _ in SHOWN])
def test_a_bad_line_gets_its_remark_and_a_good_one_does_not(name: str, rule: dict[str, str]) -> None:
    assert name in rules_on(rule["bad"], name)
    assert name not in rules_on(rule["good"], name)


@pytest.mark.parametrize(("name", "rule"), SHOWN, ids=[name for name, _ in SHOWN])
def test_a_rule_that_is_shown_says_what_it_is_and_why(name: str, rule: dict[str, str]) -> None:
    assert all(rule[key] for key in ("what", "why", "good")), name
    assert rule["why"].endswith("."), name
    assert len(rule["why"].split()) <= 20, name


@pytest.mark.original
def test_the_guide_shows_the_rules() -> None:
    assert len(SHOWN) >= 30
    assert "```reference\ngood-and-bad:" in (prose.DOCS / "guide" / "what-makes-it-good.md").read_text("utf-8")
