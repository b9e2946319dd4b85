"""The review: the golden cases, its data, and what the cases cannot say."""

from __future__ import annotations

import copy
import inspect
import json
import re
from time import process_time
from typing import Any
from urllib.parse import quote

import pytest

from generator.bridge import handle
from generator.core.fields import Field, field_key
from generator.core.message import Message
from generator.core.pasted import read
from generator.core.review import FACT, Checks, Finding, compare, review
from generator.core.review.checks import LEVELS
from generator.core.review.phrases import Phrases
from generator.core.review.rule import DEFINITIONS, facts_of, rule_names
from generator.core.review.rules.sending import link_length
from generator.core.template import Template
from tests.tools.cases import CASES as ALL_CASES
from tests.tools.cases import load
from tests.tools.site import site_data

CASES = ALL_CASES / "review"
DATA = site_data().review
CHECKS = Checks.from_data(DATA)
#: The name of every rule: those that are code, and those that are only phrases.
RULES = tuple(DATA["rules"])


def fields_of(template: Template, described: dict[str, dict[str, Any]]) -> list[Field]:
    """The template's fields and those that only the case has, described as the case says."""
    known = {
        field_key(name): Field(
            name,
            kind=entry.get("kind", "text"),
            hint=entry.get("hint", ""),
            example=entry.get("example", ""),
            words=tuple(entry["words"]) if "words" in entry else None,
        )
        for name, entry in described.items()
    }
    own = [field.described_by(known.get(field.key)) for field in template.fields]
    return [*own, *(field for key, field in known.items() if key not in {one.key for one in own})]


def replay(case: dict[str, Any], checks: Checks = CHECKS) -> list[Finding]:
    """Review the email of a golden case, or the text of one's own that it is."""
    if "text" in case:
        return review(
            read(case["text"]).draft,
            fields=[],
            values=case["values"],
            checks=checks,
            situation=case["situation"],
        )
    template = Template.parse(case["template"])
    return review(
        template.fill(case["values"]),
        fields=fields_of(template, case.get("fields", {})),
        values=case["values"],
        checks=checks,
        situation=case.get("situation", ""),
        words=tuple(case["words"]) if "words" in case else template.words,
        others=[Message(**other) for other in case.get("others", ())],
        earlier=case.get("earlier", {}),
        language=case.get("language", "en"),
    )


GOLDEN: dict[str, list[dict[str, Any]]] = {
    path.stem: load(f"review/{path.stem}") for path in sorted(CASES.glob("*.yml"))
}


def golden() -> list[Any]:
    return [
        pytest.param(case, id=f"{rule}: {case['name']}") for rule, cases in GOLDEN.items() for case in cases
    ]


def test_every_rule_gives_the_facts_that_its_message_may_name() -> None:
    data = copy.deepcopy(DATA)
    for rule, entry in data["rules"].items():
        entry["message"] = "; ".join(["-", *(f"⟦{{{fact}}}⟧" for fact in facts_of(rule))])
    checks = Checks.from_data(data)
    for cases in GOLDEN.values():
        for case in cases:
            assert not [found for found in replay(case, checks) if "⟦⟧" in found.message], case["name"]


@pytest.mark.parametrize("case", golden())
def test_golden_case(case: dict[str, Any]) -> None:
    unknown = set(case) - {
        "name", "situation", "words", "language", "fields", "earlier", "others", "template", "values",
        "expect", "absent", "text",
    }  # fmt: skip
    assert not unknown
    assert set(case.get("expect", ())) | set(case.get("absent", ())) <= set(RULES)
    findings = replay(case)
    fired = {finding.rule for finding in findings}
    assert set(case.get("expect", ())) <= fired, findings
    assert not set(case.get("absent", ())) & fired, findings


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_golden_cases_and_words(rule: str) -> None:
    cases = GOLDEN[rule]
    least = 5 if CHECKS.rules[rule].phrases else 3
    assert sum(rule in case.get("expect", ()) for case in cases) >= least
    assert sum(rule in case.get("absent", ()) for case in cases) >= least
    assert len({case["name"] for case in cases}) == len(cases)
    assert CHECKS.rules[rule].source is not None


def test_no_case_file_without_a_rule() -> None:
    assert set(GOLDEN) == set(RULES)


def test_a_rule_is_code_or_phrases() -> None:
    phrases = {name for name, rule in DATA["rules"].items() if rule["phrases"]}
    assert {*rule_names()} | phrases == {*RULES}
    assert not {*rule_names()} & phrases
    assert len({*rule_names()}) == len(rule_names())


def test_a_rule_declares_what_it_takes_from_the_data() -> None:
    """Limits and lists that no rule declares would be read by nobody, and those that the code asks for must be there."""
    assert {*DATA["limits"]} == {limit for one in DEFINITIONS for limit in one.limits}
    for one in DEFINITIONS:
        source = inspect.getsource(one.find)
        asked = {*re.findall(r'limits\["([\w-]+)"\]', source)}
        lists = {*re.findall(r'(?:lists\.get|has_list|said|matches\.get|\.phrases)\("([\w-]+)"', source)}
        assert asked <= {*one.limits}, one.names
        assert lists <= {*one.finds, *one.compares, *(f"{name}-except" for name in one.finds)}, one.names


def test_messages_are_plain_words() -> None:
    for rule in CHECKS.rules.values():
        assert not re.search(r"\bR\d+\b|—", rule.message), rule.name
        assert len(rule.message.split()) <= 30, rule.name
        assert rule.message[-1] in ".?", rule.name


def test_messages_are_filled() -> None:
    for cases in GOLDEN.values():
        for case in cases:
            for finding in replay(case):
                rule = CHECKS.rules[finding.rule]
                for fact in FACT.findall(rule.message):
                    assert f"{{{fact}}}" not in finding.message
                assert "“”" not in finding.message
                assert "  " not in finding.message, finding


def test_typed_braces_stay_in_the_message() -> None:
    template = Template.parse("Subject: x\n\nDear [Name], thank you.")
    [finding] = review(
        template.fill({"Name": "{count}"}), fields=template.fields, values={"Name": "{count}"}, checks=CHECKS
    )
    assert finding.rule == "leftover-placeholder"
    assert "“{count}”" in finding.message


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("hidden-characters", "North\u200bwind", "Northwind"),
        ("lower-case-i", "and i also work nights", "and I also work nights"),
        ("doubled-word", "at the the door", "at the door"),
        ("not-plain-text", "**four** years", "four years"),
        ("not-plain-text", "Kettle &amp; Spoon", "Kettle & Spoon"),
        ("not-plain-text", "one\ttwo", "one two"),
        ("emoji", "see you soon 😊", "see you soon"),
        ("double-punctuation", "the new desk.", "the new desk"),
        ("many-exclamation-marks", "good! very good! thanks", "good! very good. thanks"),
        ("many-exclamation-marks", "good!!", "good!"),
    ],
)
def test_applying_a_mend(rule: str, before: str, after: str) -> None:
    template = Template.parse("Subject: x\n\nI liked [what].")
    draft = template.fill({"what": before})
    found = review(draft, fields=template.fields, values={"what": before}, checks=CHECKS)
    [finding] = [one for one in found if one.rule == rule]
    assert finding.mend is not None
    mended = draft.body[: finding.start] + finding.mend + draft.body[finding.end :]
    assert mended == f"I liked {after}."


@pytest.mark.parametrize(
    "sign",
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff\U000e0041",
)
def test_every_hidden_character_is_named(sign: str) -> None:
    template = Template.parse("Subject: x\n\nDear [Name].")
    values = {"Name": f"Jor{sign}dan"}
    found = review(template.fill(values), fields=template.fields, values=values, checks=CHECKS)
    [finding] = [one for one in found if one.rule == "hidden-characters"]
    assert f"U+{ord(sign):04X}" in finding.message


def test_one_slip_in_a_field_used_twice_is_one_finding() -> None:
    template = Template.parse("Subject: [Job]\n\nA [Job] role. A [Job] team.")
    values = {"Job": "the the nurse"}
    found = review(template.fill(values), fields=template.fields, values=values, checks=CHECKS)
    assert [one.part for one in found if one.rule == "doubled-word"] == ["subject"]


def test_the_words_header_wins() -> None:
    text = "Subject: [Job]\n\n" + "word " * 60 + "[Job]"
    template = Template.parse(text)

    def rules(words: tuple[int, int] | None) -> set[str]:
        draft = template.fill({"Job": "Nurse"})
        found = review(
            draft, fields=template.fields, values={"Job": "Nurse"}, checks=CHECKS, situation="thank-you",
            words=words,
        )  # fmt: skip
        return {one.rule for one in found}

    assert "too-short" in rules(None)
    assert "too-short" not in rules((50, 70))


def test_a_very_long_text_is_only_measured() -> None:
    template = Template.parse("Subject: x\n\n[Email]")
    values = {"Email": "asap [x] " * 200_000}
    found = review(template.fill(values), fields=template.fields, values=values, checks=CHECKS)
    assert "far-too-long" in {one.rule for one in found}
    assert "pressure" not in {one.rule for one in found}


@pytest.mark.parametrize(
    "close", ["Best regards,\nAmara Obi", "Amara Obi", "With warm wishes,\n\nAmara", "Sincerely\nA. Obi"]
)
def test_greeting_and_close_are_no_paragraphs(close: str) -> None:
    template = Template.parse("Subject: x\n\n[Email]")

    def count(paragraphs: int) -> set[str]:
        values = {
            "Email": "\n\n".join(
                ["Dear Jordan,", *["One plain sentence of some length. " * 6] * paragraphs, close]
            )
        }
        found = review(template.fill(values), fields=template.fields, values=values, checks=CHECKS)
        return {one.rule for one in found}

    assert "too-many-paragraphs" not in count(4)
    assert "too-many-paragraphs" in count(5)


# ---- several emails ----


def test_compare_names_the_pairs() -> None:
    body = "Thank you for the talk about the new triage desk that lets parents wait with their child."
    other = "It was good to hear how the night crew loads the cold goods last and keeps all doors shut."
    pairs = compare([Message("a", body), Message("b", other), Message("c", f"{body} Amara")], CHECKS.alike)
    assert [(pair.first, pair.second) for pair in pairs] == [(0, 2)]
    assert pairs[0].similarity >= 0.8


def test_compare_is_not_fooled_by_one_template() -> None:
    different = next(one for one in GOLDEN["same-as-another"] if "absent" in one and "others" in one)
    draft = Template.parse(different["template"]).fill(different["values"])
    assert compare([draft.message, Message(**different["others"][0])], CHECKS.alike) == []


@pytest.mark.parametrize("bodies", [[], ["x"], ["", ""], ["a", "b"]])
def test_compare_without_a_pair(bodies: list[str]) -> None:
    assert compare([Message("", body) for body in bodies], CHECKS.alike) == []


def test_link_length_is_that_of_an_encoded_link() -> None:
    for subject, body in (("Thank you", "Dear X,\n\nyes & no."), ("面接", "あ\né 😊~_-.")):
        lines = quote(body.replace("\n", "\r\n"), safe="")
        link = f"mailto:?subject={quote(subject, safe='')}&body={lines}"
        assert link_length(Message(subject, body)) == len(link)


# ---- the data ----


def changed(path: str, value: Any) -> dict[str, Any]:
    data = copy.deepcopy(DATA)
    *parents, last = path.split("/")
    inner = data
    for parent in parents:
        inner = inner[parent]
    inner[last] = value
    return data


def test_data_crosses_as_json() -> None:
    assert Checks.from_data(json.loads(json.dumps(DATA))) == CHECKS


def test_levels_used() -> None:
    assert {rule.level for rule in CHECKS.rules.values()} == set(LEVELS)
    assert CHECKS.rules["sounds-generated"].level == "tells"


# ---- languages and speed ----


@pytest.mark.parametrize("language", ["en", "en-GB", "en_US", "EN"])
def test_english_in_all_its_forms(language: str) -> None:
    assert CHECKS.for_language(language).lists


@pytest.mark.parametrize("language", ["fr", "", "eng-x", "-"])
def test_other_languages_have_no_english_phrases(language: str) -> None:
    assert not CHECKS.for_language(language).lists


def test_a_language_can_be_added() -> None:
    data = changed("phrases/fr", {"pressure": ["dès que possible"]})
    template = Template.parse("Subject: x\n\nBonjour, [phrase]")
    values = {"phrase": "répondez-moi dès que possible, asap."}
    found = review(
        template.fill(values),
        fields=template.fields,
        values=values,
        checks=Checks.from_data(data),
        language="fr",
    )
    assert [one.message for one in found if one.rule == "pressure"] == [
        "“dès que possible” sounds like a reproach. Ask kindly when you may expect news."
    ]


@pytest.mark.parametrize(
    "bit",
    [
        "[",
        "{{",
        "<",
        "**a",
        "`",
        "_",
        "!",
        "a.",
        "> ",
        "On \n",
        "- ",
        "\n\n",
        "• ",
        "&amp",
        "😊",
        "\u200b",
        "\u200d",
        "🏴\U000e0067",
        "\t",
        "the ",
        "i ",
        "asap ",
        "Jordon ",
        "North Wind ",
        "northwind clinic ",
        "join Contoso ",
        "Dear X,\n",
        "Best regards,\n",
        "aа",
        "田",
        "İ",
        ":)",
        "[a](b",
        "'",
        "A b. ",
        "<b ",
        "-- ",
        "my current ",
        "i have a ",
        "not only * but ",
        "bring my client ",
        "5/6 ",
        "because of my ",
        "I AM ",
        "a an ",
        "Dear Ana and Ben,\n",
        "Subject: x\n",
    ],
)
def test_odd_texts_are_read_to_their_end(bit: str) -> None:
    """A pattern that backtracks without end would never return from these."""
    template = Template.parse("Subject: [Subject]\n\n[Email]")
    text = (bit * 10_000)[:10_000]
    values = {
        "Subject": text[:200],
        "Email": text,
        "Interviewer's Name": "Jordan Lee",
        "Company": "Northwind Clinic",
        "Your Name": "Amara Obi",
    }
    findings = review(
        template.fill(values),
        fields=template.fields,
        values=values,
        checks=CHECKS,
        situation="rejection-reply",
        earlier={"Company": ["Contoso"]},
    )
    assert isinstance(findings, list)


def hostile(case: dict[str, Any], length: int) -> str:
    """Return what a case has typed, again and again."""
    typed = case["text"] if "text" in case else " ".join(case["values"].values())
    return (f"{typed} " * (length // (len(typed) + 1) + 1))[:length]


def seconds(text: str, situation: str) -> float:
    """Return how long the review takes, at best."""
    facts = {"Interviewer's Name": "Jordan Lee", "Company": "Northwind Clinic", "Your Name": "Amara Obi"}
    best = float("inf")
    for turn in range(3):
        draft = read(f"{text}{turn}").draft  # another text each time: nothing of it is remembered
        began = process_time()
        review(
            draft, fields=[], values=facts, checks=CHECKS, situation=situation, earlier={"Company": ["Contoso"]}
        )
        best = min(best, process_time() - began)
    return best


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_takes_time_as_its_text_is_long(rule: str) -> None:
    """Eight times the text, up to the limit, takes about eight times the time, and never its square."""
    case = next(one for one in GOLDEN[rule] if rule in one.get("expect", ()))
    situation = case.get("situation", "")
    short, long = (seconds(hostile(case, length), situation) for length in (2_400, 19_200))
    assert long <= 8 * 4 * max(short, 0.0005), f"{short * 1000:.1f} ms became {long * 1000:.1f} ms"


def test_two_emails_count_as_the_same_by_one_limit() -> None:
    """The remark and the comparison beside it come from the same limit, whatever a site sets."""
    common = "Thank you for the tour of the plant, and for all that you told me about the two new lines."
    template = f"Subject: x\n\nDear [Name],\n\n{common} I keep thinking of [what]."
    typed = {"Name": "Jordan", "what": "the talk about the two new lines"}
    other = {"Name": "Mei", "what": "your word on how shifts are planned"}
    request = {"type": "fill", "template": template, "values": typed, "people": [other]}
    try:
        for alike, expected in ((40, True), (80, False)):
            checks = DATA | {"limits": DATA["limits"] | {"alike": alike}}
            handle(json.dumps({"type": "configure", "checks": checks}))
            reply = json.loads(handle(json.dumps(request)))
            told = any(finding["rule"] == "same-as-another" for finding in reply["findings"])
            assert (told, bool(reply["alike"])) == (expected, expected), reply
    finally:
        handle(json.dumps({"type": "configure"}))


def test_a_comma_before_a_choice_stands_before_each_word_of_it() -> None:
    phrases = Phrases.of({"sorry": ["so, (so|very) sorry"]}, {"sorry"})
    for text, found in (("so, so sorry", True), ("so, very sorry", True), ("so very sorry", False)):
        assert bool(phrases.read(text)[1]) is found, text
