"""What people really type, in every sentence that it goes into: ``python -m tests.tools.slots`` counts what breaks.

``tests/cases/slots.yml`` has for each placeholder what three people type, and each frame: a sentence of an email with
``___`` where the answer goes. Beside a frame stand those whose words break it, as a reader judged them. The command
counts them, and how many of them the review says nothing about: a remark counts when it points at the typed words or
at something in their sentence. ``--unnoticed`` lists those, ``--frames`` all frames as the emails have them today.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import yaml

from generator.core.review import review
from generator.core.template import Draft, Passage, Piece, Slot, Template, Text
from generator.pages.source import Email
from tests.tools import prose
from tests.tools.cases import CASES, LOADER

FILE = CASES / "slots.yml"
_HERE = "\0"  # a mark that no template can hold
_BETWEEN = re.compile(r"\n+|(?<=[.?!])\s+")


@cache
def table() -> dict[str, dict[str, Any]]:
    return dict(yaml.load(FILE.read_text(encoding="utf-8"), LOADER))


def _flat(pieces: tuple[Piece, ...]) -> Iterator[Text | Slot]:
    for piece in pieces:
        yield from piece.pieces if isinstance(piece, Passage) else (piece,)


def frames(template: Template) -> Iterator[tuple[str, str]]:
    """Yield each placeholder of an email and its sentence, with ``___`` where the answer goes."""
    for head, pieces in (("Subject: ", template.subject), ("", template.body)):
        slots = [piece for piece in _flat(pieces) if isinstance(piece, Slot)]
        left = iter(slots)
        text = head + "".join(piece.text if isinstance(piece, Text) else _HERE for piece in _flat(pieces))
        for sentence in _BETWEEN.split(text):
            own = [next(left) for _ in range(sentence.count(_HERE))]
            for at, slot in enumerate(own):
                shown = iter("___" if other == at else f"[{one.name}]" for other, one in enumerate(own))
                yield slot.name, re.sub(_HERE, lambda _, shown=shown: next(shown), sentence)


def _emails() -> Iterator[tuple[str, Email, Template]]:
    for page, emails in prose.content().pages.items():
        if page != "docs/index.md":  # has the email of another page
            for email in emails:
                for template in email.wordings:
                    yield page, email, template


@cache
def found() -> Counter[tuple[str, str]]:
    """Count the wordings that have each frame."""
    return Counter(frame for _, _, template in _emails() for frame in frames(template))


@cache
def judged() -> dict[tuple[str, str], list[str]]:
    """Return for each frame of the table whose words break it."""
    return {
        (name, frame): breaks
        for name, entry in table().items()
        for line in entry["frames"]
        for frame, breaks in (line.items() if isinstance(line, dict) else [(line, [])])
    }


@dataclass(frozen=True, slots=True)
class Broken:
    """Words that break their sentence, in one wording of one email, and what the review says of it."""

    where: str
    name: str
    frame: str
    typed: str
    remarks: tuple[str, ...]  # the rules that point at the words or their sentence


@cache
def broken() -> tuple[Broken, ...]:
    """Return every answer that breaks its sentence, in every wording that has it."""
    result = []
    for page, email, template in _emails():
        for name, frame in dict.fromkeys(frames(template)):
            for who in judged().get((name, frame), ()):
                typed = str(table()[name]["typed"][who])
                remarks = tuple(_remarks(page, email, template, name, frame, typed))
                result.append(Broken(f"{page}:{template.wording}", name, frame, typed, remarks))
    return tuple(result)


def _remarks(page: str, email: Email, template: Template, name: str, frame: str, typed: str) -> Iterator[str]:
    """Yield the rules that speak of what was typed: all else in the email is its example."""
    data = prose.content().data
    key = next(slot.key for slot in template.fields if slot.name == name)
    values = {one.key: one.example for one in email.fields(data.fields)} | (email.example or {}) | {key: typed}
    draft = template.fill(values)
    findings = review(
        draft,
        fields=[replace(one.described_by(data.fields.get(one.key)), example="") for one in template.fields],
        values=values,
        checks=data.checks,
        situation=page.removeprefix("docs/emails/").removesuffix(".md"),
        words=template.words,
        characters=template.characters,
    )
    part = "subject" if frame.startswith("Subject: ") else "body"
    for start, end in _sentences(draft, key, part):
        for one in findings:
            if one.level != "good" and one.part == part and one.start < end and start < one.end:
                yield one.rule


def _sentences(draft: Draft, key: str, part: str) -> Iterator[tuple[int, int]]:
    """Yield where a typed answer stands, with all of its sentence."""
    text, position = (draft.subject if part == "subject" else draft.body), 0
    breaks = [match.span() for match in _BETWEEN.finditer(text)]
    for segment in draft.subject_segments if part == "subject" else draft.body_segments:
        start, position = position, position + len(segment.text)
        if segment.kind == "filled" and segment.key == key:
            yield (
                max((after for _, after in breaks if after <= start), default=0),
                min((before for before, _ in breaks if before >= position), default=len(text)),
            )


def totals() -> tuple[int, int]:
    """Return how many answers stand in all wordings, and how many of them break their sentence."""
    people = {name: len(entry["typed"]) for name, entry in table().items()}
    values = sum(people[name] * count for (name, _), count in found().items())
    return values, sum(len(judged()[frame]) * count for frame, count in found().items())


def unnoticed() -> list[Broken]:
    """Return the answers that break their sentence while the review says nothing."""
    return [one for one in broken() if not one.remarks]


def main(arguments: list[str]) -> None:
    """Print what breaks, and how much of it goes unnoticed."""
    if "--frames" in arguments:
        print("\n".join(f"{name}: {frame}" for name, frame in sorted(found())))
        return
    values, breaks = totals()
    silent = unnoticed()
    print(f"{breaks} of {values} answers break their sentence ({breaks / values:.1%})")
    print(f"{len(silent)} of {len(broken())} of these get no remark ({len(silent) / len(broken()):.1%})")
    if "--unnoticed" in arguments:
        for one in silent:
            print(f"  {one.name}: {one.typed!r}\n    {one.frame}  ({one.where})")


if __name__ == "__main__":
    main(sys.argv[1:])
