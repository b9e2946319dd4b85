"""The template core: golden cases and properties."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import Template, TemplateError
from generator.bridge import handle
from generator.core.fields import field_key
from generator.core.message import clean
from tests.tools.cases import load, title
from tests.tools.site import site_data


@pytest.mark.parametrize("case", load("filling"), ids=title)
def test_filling(case: dict[str, Any]) -> None:
    draft = Template.parse(case["template"]).fill(case["values"])
    assert draft.subject == case["subject"]
    assert draft.body == case["body"]
    assert list(draft.missing) == case.get("missing", [])
    assert {one.field: one.count for one in draft.removed} == case.get("removed", {})


@pytest.mark.parametrize("case", load("errors"), ids=title)
def test_errors(case: dict[str, Any]) -> None:
    with pytest.raises(TemplateError) as raised:
        Template.parse(case["template"], "page.md")
    said = [str(problem) for problem in raised.value.problems]
    assert [message.split("\n")[0] for message in said] == [f"page.md:{one}" for one in case["problems"]]
    lines = case["template"].split("\n")
    for problem, message in zip(raised.value.problems, said, strict=True):
        if lines[problem.line - 1].strip():
            source, caret = message.split("\n")[1:]
            assert source == "    " + lines[problem.line - 1]
            assert caret.index("^") == problem.column - 1 + 4


def test_an_error_names_the_line_of_the_page_not_of_the_block() -> None:
    with pytest.raises(TemplateError, match=r"^docs/a\.md:12:1: unknown header"):
        Template.parse("Subjct: s\nSubject: t\n\nb", "docs/a.md", first_line=12)


def test_a_caret_stands_under_its_character_after_a_tab() -> None:
    with pytest.raises(TemplateError) as raised:
        Template.parse("Subject: s\n\n\tab ]")
    assert str(raised.value).split("\n")[1:] == ["    \tab ]", "    \t   ^"]


def test_fields_in_order_of_appearance() -> None:
    template = Template.parse("Name: N\nSubject: [B]\n\n[A] [[c [C]]] [B] [[[D] [A]]] [D]")
    assert [(field.name, field.required) for field in template.fields] == [
        ("B", True),
        ("A", True),
        ("C", False),
        ("D", True),
    ]
    assert template.name == "N"


# Properties

names = st.text("abcXYZ éж名'", min_size=1, max_size=12).filter(lambda name: any(map(str.isalnum, name)))
words = st.text("abc ,.", min_size=1, max_size=10).map(lambda text: " ".join(text.split())).filter(bool)
anything = st.text(max_size=40)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Bodies as an author writes them: paragraphs of sentences, some of them optional."""

    def slot() -> str:
        return f"[{draw(st.sampled_from(['A', 'B', 'C', 'D', 'E']))}]"

    def sentence() -> str:
        kind = draw(st.sampled_from(["plain", "slot", "optional", "optional"]))
        if kind == "plain":
            return draw(words)
        text = f"{draw(words)} {slot()}"
        return text if kind == "slot" else f"[[{text} {draw(words)}]]"

    paragraphs = [
        draw(st.sampled_from([" ", "\n"])).join(sentence() for _ in range(draw(st.integers(1, 3))))
        for _ in range(draw(st.integers(1, 4)))
    ]
    return "\n\n".join(paragraphs)


@given(bodies(), st.sets(st.sampled_from("ABCDE")))
def test_every_subset_of_answers_leaves_no_trace(body: str, answered: set[str]) -> None:
    template = Template.parse(f"Subject: s\n\n{body}")
    draft = template.fill(dict.fromkeys(answered, "value"))
    text = draft.body
    assert "  " not in text
    assert not re.search(r"\n{3,}|[ \t]\n|\n[ \t]|^\s|\s$", text)
    left = re.sub(r"\[[A-E]\]", "", text)
    assert "[" not in left
    assert "]" not in left
    assert set(draft.missing).isdisjoint(answered)
    assert set(re.findall(r"\[([A-E])\]", text)) == set(draft.missing)


@given(bodies(), st.dictionaries(st.sampled_from("ABCDE"), anything))
def test_values_are_kept_exactly_and_never_parsed(body: str, values: dict[str, str]) -> None:
    template = Template.parse(f"Subject: s\n\n{body}")
    draft = template.fill(values)
    for segment in draft.body_segments:
        if segment.kind == "filled":
            assert segment.text == clean(values[segment.key])[0]
        elif segment.kind == "missing":
            assert not clean(values.get(segment.key, ""))[0].strip()
    # Whatever the values hold, the author's text around them is the same.
    plain = template.fill({name: "x" for name, value in values.items() if clean(value)[0].strip()})
    shape = [(one.kind, one.key) for one in draft.body_segments]
    assert shape == [(one.kind, one.key) for one in plain.body_segments]
    assert [one.text for one in draft.body_segments if one.kind == "text"] == [
        one.text for one in plain.body_segments if one.kind == "text"
    ]


@given(st.text(st.sampled_from("[]\\ab:\n '’Subject")), st.text())
def test_parse_gives_a_template_or_a_template_error(marks: str, text: str) -> None:
    for source in (marks, text, f"Subject: {marks}\n\n{text}", f"Subject: s\n\n{marks}{text}"):
        try:
            template = Template.parse(source)
        except TemplateError as error:
            places = [(problem.line, problem.column) for problem in error.problems]
            well_placed = places and all(line >= 1 and column >= 1 for line, column in places)
            if not well_placed:
                pytest.fail(f"{places} for {source!r}")
        else:
            draft = template.fill({field.name: "x" for field in template.fields})
            assert draft.missing == ()


@given(anything)
def test_clean_text_is_what_an_email_can_carry(value: str) -> None:
    text, count = clean(value)
    text.encode("utf-8")
    assert clean(text) == (text, 0)
    assert not re.search("[\x00-\x08\x0b-\x1f]", text)
    assert len(text) + count == len(value.replace("\r\n", "\n"))


@given(names)
def test_the_key_of_a_name_is_stable(name: str) -> None:
    key = field_key(name)
    assert field_key(key) == key
    assert field_key(f"  {name} ") == key
    assert field_key(name.replace("'", "’")) == key


@given(st.text())
def test_the_bridge_answers_anything(request: str) -> None:
    assert json.loads(handle(request))["type"] == "error"


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    )
)
def test_the_bridge_answers_any_json(request: Any) -> None:
    assert (
        json.loads(handle(json.dumps({"type": "fill", "template": request, "values": request})))["type"]
        == "error"
    )


def test_the_bridge_takes_lone_surrogates() -> None:
    request = '{"type": "fill", "template": "Subject: s\\n\\n[A]", "values": {"A": "a\\ud800b"}}'
    reply = json.loads(handle(request))
    assert reply["body"] == "ab"
    assert reply["removed"] == [{"field": "A", "count": 1}]


def test_a_second_setup_describes_the_fields_anew() -> None:
    request = json.dumps({"type": "fill", "template": "Subject: x\n\n[A]", "values": {"A": "of no account"}})
    rule: dict[str, Any] = {
        "level": "tells",
        "message": "kept",
        "why": "",
        "source": None,
        "always": True,
        "phrases": "",
        "terms": {},
    }
    checks = site_data().review | {"rules": {"example-kept": rule}}
    try:
        for example, kept in (("something", False), ("of no account", True)):
            fields = [{"name": "A", "example": example}]
            handle(json.dumps({"type": "configure", "checks": checks, "fields": fields, "words": {}}))
            found = json.loads(handle(request))["findings"]
            assert bool(found) is kept
    finally:
        handle(json.dumps({"type": "configure"}))
