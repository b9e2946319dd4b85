"""A text of one's own, read as an email; the review reads it like any other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.bridge import handle
from generator.core.pasted import OWN, read, typed, written
from generator.core.review import Checks, Finding, review
from generator.core.template import Template
from tests.tools.cases import CASES
from tests.tools.site import site_data

READ = yaml.safe_load((CASES / "pasted.yml").read_text(encoding="utf-8"))
CHECKS = Checks.from_data(site_data().review)


def found(text: str, situation: str = "", **values: str) -> list[Finding]:
    named = {
        name.replace("_", " ").replace("Interviewer", "Interviewer's"): one for name, one in values.items()
    }
    return review(read(text).draft, fields=[], values=named, checks=CHECKS, situation=situation)


@pytest.mark.parametrize("case", READ, ids=lambda case: str(case["name"]))
def test_a_text_is_read_as_an_email(case: dict[str, Any]) -> None:
    pasted = read(case["text"])
    assert (pasted.subject, pasted.body) == (case["subject"], case["body"])
    assert (pasted.to, pasted.signature, pasted.quoted) == tuple(
        case.get(part, "") for part in ("to", "signature", "quoted")
    )


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("Subject: To\n\n>-On wrote:\r\ud800Frmsent*_ "), max_size=300))
def test_no_text_is_too_odd(text: str) -> None:
    pasted = read(text)
    assert "\n" not in pasted.subject
    assert pasted.draft.body == pasted.body


def test_every_character_counts_as_typed() -> None:
    draft = typed("To you", "Dear Ana,\n\nThanks.")
    assert {(one.kind, one.key) for one in (*draft.subject_segments, *draft.body_segments)} == {("filled", OWN)}
    assert not draft.missing


def test_what_is_quoted_or_a_signature_is_left_alone() -> None:
    text = "Hi Ana,\n\nthe tour of the mill helped.\n\nRegards,\nBen\nPassionate baker\n+44 7700 900123\n\n> asap\n> asap"
    assert not {one.rule for one in found(text)} & {"pressure", "stock-phrase", "pasted-email"}
    assert "stock-phrase" in {one.rule for one in found(text.replace("the tour of", "I am passionate about"))}


def test_a_name_that_is_known_is_no_slip_in_a_text_of_ones_own() -> None:
    text = "Hi Ana,\n\nI would like to work for Passionate Bakers, and the tour helped.\n\nRegards,\nBen"
    assert "stock-phrase" not in {one.rule for one in found(text, Company="Passionate Bakers")}
    wrong = found(
        text.replace("Passionate Bakers", "Hill Dairy"), Company="Valley Dairy", Interviewer_Name="Ann Li"
    )
    assert "greeting-name" not in {one.rule for one in wrong}


@pytest.fixture
def set_up() -> Iterator[None]:
    handle(json.dumps({"type": "configure"} | site_data().setup))
    yield
    handle(json.dumps({"type": "configure"}))


@pytest.mark.usefixtures("set_up")
def test_the_browser_can_have_a_draft_read() -> None:
    text = "Subject: The nurse job\n\nDear Jordan,\n\nyou promised to call. 😊\n\nRegards,\nAmara\n> old"
    reply = json.loads(handle(json.dumps({"type": "draft", "text": text, "values": {"Company": "Contoso"}})))
    assert reply["type"] == "read"
    assert reply["subject"] == "The nurse job"
    assert reply["quoted"] == "> old"
    [pressure] = [one for one in reply["findings"] if one["rule"] == "pressure"]
    assert (
        reply["body"].encode("utf-16-le")[2 * pressure["start"] : 2 * pressure["end"]].decode("utf-16-le")
        == "you promised"
    )
    assert reply["links"]


@pytest.mark.usefixtures("set_up")
@pytest.mark.parametrize("request_", [{}, {"text": 5}, {"text": "x", "values": {"a": 1}}])
def test_a_request_without_a_text_is_an_error(request_: dict[str, Any]) -> None:
    assert json.loads(handle(json.dumps({"type": "draft"} | request_)))["type"] == "error"


def test_what_stands_below_an_email_of_ones_own_is_not_reviewed() -> None:
    own = "Dear Ana,\n\nThank you for the tour.\n\nBest,\nBo"
    for below in ("\n--\nBo [Phone]", "\n\nOn Mon, 4 May 2026, Ana wrote:\n> [Company] ASAP!!!"):
        assert written(typed("Hi", own + below)).body == own
    between = "> When can you start?\nIn June.\n> And where?\nIn Leeds."
    assert written(typed("Hi", between)).body == between
    plain = Template.parse("Subject: Hi\n\n[Note]\n--\nBo").fill({"Note": "x"})
    assert written(plain) is plain
