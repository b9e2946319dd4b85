"""Renders an email as a readable sample and a form, once, at build time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import jinja2
from markupsafe import Markup

from generator.core.fields import GROUPS, KINDS, Field
from generator.core.handoff import LINKS
from generator.core.problem import Problem, listing
from generator.core.template import Piece, Slot, Template, Text
from generator.core.words import put
from generator.pages.assets import WEB
from generator.pages.data import Data
from generator.pages.plan import plan, rule
from generator.pages.source import Email

#: What the kit changes of the theme.
THEME: Final = Path(__file__).with_name("theme")

#: What a draft of one's own may be for, by groups: each with its name in the data, and what people call it.
Situations = Sequence[tuple[str, Sequence[tuple[str, str]]]]

#: The ``To`` header of an email that each person of a panel gets in a form of its own.
EACH: Final = "each interviewer"


def _named(pattern: str, ending: str) -> set[str]:
    """Return what ``pattern`` finds in the files of ``web`` and of the theme."""
    files = [path for folder in (WEB, THEME) for path in folder.rglob(f"*.{ending}")]
    return {name for path in files for name in re.findall(pattern, path.read_text(encoding="utf-8"))}


#: Texts that only the rendered page needs; the script gets the others.
_PAGE_ONLY: Final = frozenset(_named(r"words\.(\w+)", "html") - _named(r'"(\w+)"', "mjs"))
#: How the names of those begin that stand elsewhere: under the form, or on other pages.
_NOT_OF_THE_FORM: Final = ("plan_", "gets_", "site_", "allowed_")


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader((WEB, Path(__file__).parent / "templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["put"] = _put
    environment.filters["groupby_name"] = lambda wordings: groupby(wordings, attrgetter("name"))
    return environment


def render_form(
    email: Email,
    data: Data,
    *,
    number: int = 1,
    engine: Mapping[str, Any] | None = None,
    early: bool = False,
    situation: str = "",
    language: str = "en",
    situations: Situations = (),
) -> str:
    """Return the HTML of one email: sample, form and everything the script needs.

    Args:
        email: the email with its wordings.
        data: the shared data.
        number: which email of the page this is, from 1; makes ids and the region's name unique.
        engine: the manifest of the engine image, None where the site was built without it.
        early: start the engine when the page is idle, not only on approach.
        situation: what is special about the email (``situations.yml``), by the name of a page.
        language: the language of the site.
        situations: what it may be for, where people bring a draft of their own.
    """
    fields = email.fields(data.fields)
    pages = email.situations or (situation,) * len(email.wordings)
    notes = _notes(data)
    companies = _companies(data)
    ids = {field.key: f"email-{number}-{index}" for index, field in enumerate(fields, 1)}
    script = {
        "wordings": [
            {
                "name": template.wording,
                "template": template_text(template),
                "fields": [field.key for field in template.fields],
                "each": template.headers.get("To", "").lower() == EACH,
                "situation": page,
                "note": page in notes,
            }
            for template, page in zip(email.wordings, pages, strict=True)
        ],
        "fields": [
            {
                "key": field.key,
                "name": field.name,
                "label": field.question,
                "id": ids[field.key],
                "group": field.group,
                "each": bool(field.each),
                "person": bool(field.each) and field.kind == "name",
                "kind": field.kind,
            }
            for field in fields
        ],
        "words": {
            key: text
            for key, text in data.words.items()
            if key not in _PAGE_ONLY and not key.startswith(_NOT_OF_THE_FORM) and "." not in key
        },
        "engine": engine,
        "language": language,
        "draft": email.draft,
    }
    return (
        _environment()
        .get_template("email-form/email-form.html")
        .render(
            email=email,
            template=email.wordings[0],
            number=number,
            early=early,
            note=pages[0] in notes,
            situations=situations,
            words=data.words,
            groups=[(group, members) for group in GROUPS if (members := _members(fields, group))],
            shown={field.key for field in email.wordings[0].fields},
            ids=ids,
            proofread="proofread" in (engine or {}),
            kinds=KINDS,
            typing=_typing,
            links=LINKS,
            goes=_goes(email, fields, data),
            companies=json.dumps(companies),
            sample=lambda pieces: _sample(pieces, ids),
            plan=plan(email, data, next((ids[key] for key in companies if key in ids), "")),
            rule=lambda template: rule(template, data),
            script=json.dumps(script, ensure_ascii=False, separators=(",", ":")),
        )
    )


def render_example(email: Email, data: Data, situation: str = "") -> str:
    """Return the HTML of the email filled with its example values; ``situation`` as in :func:`render_form`."""
    values = {field.key: field.example for field in email.fields(data.fields)} | (email.example or {})
    draft = email.wordings[0].fill(values)
    return (
        _environment()
        .get_template("email-form/example.html")
        .render(draft=draft, words=data.words, note=situation in _notes(data))
    )


def render_problems(problems: tuple[Problem, ...], data: Data) -> str:
    """Return the HTML that takes an email's place while its author must mend it."""
    return _environment().get_template("problems.html").render(problems=listing(problems), words=data.words)


def _put(text: str, **values: object) -> str:
    """Return ``text`` with its ``{names}`` filled in."""
    return put(text, {name: str(value) for name, value in values.items()})


def template_text(template: Template) -> str:
    """Return the template as text again, with only what filling it needs."""
    kept = ("Words", "Characters")
    limits = "".join(f"{name}: {template.headers[name]}\n" for name in kept if name in template.headers)
    return f"{limits}Subject: {_source(template.subject)}\n\n{_source(template.body)}"


def _companies(data: Data) -> list[str]:
    """Return the keys of the fields that hold a company's name."""
    return [field.key for field in data.fields.values() if field.role == "company"]


def _notes(data: Data) -> set[str]:
    """Return the situations whose text a site counts in characters.

    It goes into that site's own box, and has no subject there.
    """
    return {page for page, one in data.situations.items() if one["characters"]}


def _typing(field: Field) -> dict[str, str]:
    """Return what a control tells keyboards, checkers and autofill."""
    kind = KINDS[field.kind]
    attributes = {} if kind.control == "select" else {"autocapitalize": kind.autocapitalize}
    if not kind.spellcheck:
        attributes["spellcheck"] = "false"
    if field.group == "you" and kind.autocomplete:
        attributes["autocomplete"] = kind.autocomplete
    return attributes


_SENTENCE: Final = re.compile(r"(?:.*[.!?]\s|.*\n)?(.*)", re.DOTALL)
#: So many words of the sentence tell where an answer goes.
_SHOWN_WORDS: Final = 5


def _goes(email: Email, fields: tuple[Field, ...], data: Data) -> dict[str, str]:
    """Return for each field, by its key, into which sentence its answer goes: the first in which it stands.

    Names, dates and addresses need no such help.
    """
    found: dict[str, str] = {}
    for template in email.wordings:
        for key, before, after in _places(template.body):
            found.setdefault(key, _place(before, after, data))
    prose = {field.key for field in fields if field.kind in ("text", "paragraph") and field.group == "talk"}
    return {key: said for key, said in found.items() if key in prose and said}


def _places(pieces: tuple[Piece, ...], before: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield for each slot its key, the text before it, and the text right behind it."""
    for number, piece in enumerate(pieces):
        if isinstance(piece, Text):
            before += piece.text
        elif isinstance(piece, Slot):
            following = pieces[number + 1] if number + 1 < len(pieces) else None
            yield piece.key, before, following.text if isinstance(following, Text) else ""
            before += "…"
        else:
            yield from _places(piece.pieces, before)


def _place(before: str, after: str, data: Data) -> str:
    match = _SENTENCE.fullmatch(before)
    words = match[1].split() if match else []
    if words:
        return put(data.words["goes_after"], {"words": " ".join(words[-_SHOWN_WORDS:])})
    if after[:1] in ("", ".", "!", "?", "\n"):
        return data.words["goes_alone"]
    words = re.split(r"[.!?\n]", after)[0].split()
    return put(data.words["goes_before"], {"words": " ".join(words[:_SHOWN_WORDS])}) if words else ""


def _members(fields: tuple[Field, ...], group: str) -> list[Field]:
    return [field for field in fields if field.group == group]


def _source(pieces: tuple[Piece, ...]) -> str:
    out = []
    for piece in pieces:
        if isinstance(piece, Text):
            out.append(piece.text.replace("[", "\\[").replace("]", "\\]"))
        elif isinstance(piece, Slot):
            out.append(f"[{piece.name}]")
        else:
            out.append(f"[[{_source(piece.pieces)}]]")
    return "".join(out)


def _sample(pieces: tuple[Piece, ...], ids: Mapping[str, str]) -> Markup:
    """Return the pieces as HTML: plain text, and an element for each slot and optional passage."""
    out = []
    for piece in pieces:
        if isinstance(piece, Text):
            out.append(Markup.escape(piece.text))
        elif isinstance(piece, Slot):
            out.append(
                Markup(
                    '<a class="ef-missing" href="#{id}" data-key="{key}" data-name="{name}">[{name}]</a>'
                ).format(id=ids[piece.key], key=piece.key, name=piece.name)
            )
        else:
            out.append(Markup('<span class="ef-passage">{}</span>').format(_sample(piece.pieces, ids)))
    return Markup("").join(out)
