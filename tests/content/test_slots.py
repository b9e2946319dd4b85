"""What people really type, in every sentence that it goes into: judged by a reader, one frame at a time.

``tests/cases/slots.yml`` has for each placeholder what three people type, and each frame: a sentence of an email with
``___`` where the answer goes. Beside a frame stand those whose words break it. Whoever changes a sentence judges it anew.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.core.template import Passage, Piece, Slot, Template, Text
from generator.pages.source import read_content
from tests.tools.prose import DOCS

FILE = Path(__file__).parents[1] / "cases" / "slots.yml"
HERE = "\0"  # a mark that no template can hold
#: Of all values in all wordings, so many in a hundred may break their sentence.
MOST = 8
pytestmark = pytest.mark.original


@cache
def table() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def flat(pieces: tuple[Piece, ...]) -> Iterator[Text | Slot]:
    for piece in pieces:
        yield from piece.pieces if isinstance(piece, Passage) else (piece,)


def frames(template: Template) -> Iterator[tuple[str, str]]:
    """Yield each placeholder of an email and its sentence, with ``___`` where the answer goes."""
    for head, pieces in (("Subject: ", template.subject), ("", template.body)):
        slots = [piece for piece in flat(pieces) if isinstance(piece, Slot)]
        left = iter(slots)
        text = head + "".join(piece.text if isinstance(piece, Text) else HERE for piece in flat(pieces))
        for sentence in re.split(r"\n+|(?<=[.?!])\s+", text):
            own = [next(left) for _ in range(sentence.count(HERE))]
            for at, slot in enumerate(own):
                shown = iter("___" if other == at else f"[{one.name}]" for other, one in enumerate(own))
                yield slot.name, re.sub(HERE, lambda _, shown=shown: next(shown), sentence)


@cache
def found() -> Counter[tuple[str, str]]:
    """Count the wordings that have each frame."""
    content = read_content(DOCS)
    return Counter(
        frame
        for page, emails in content.pages.items()
        if page != "docs/index.md"  # has the email of another page
        for email in emails
        for template in email.wordings
        for frame in frames(template)
    )


def judged() -> dict[tuple[str, str], list[str]]:
    """Return for each frame of the table whose words break it."""
    return {
        (name, frame): breaks
        for name, entry in table().items()
        for line in entry["frames"]
        for frame, breaks in (line.items() if isinstance(line, dict) else [(line, [])])
    }


def test_every_frame_is_judged() -> None:
    lacking = [f"{name}: {frame}" for name, frame in found() if (name, frame) not in judged()]
    assert lacking == [], "put these sentences into tests/cases/slots.yml, with whose words break them"


def test_every_judged_frame_is_still_there() -> None:
    gone = [f"{name}: {frame}" for name, frame in judged() if (name, frame) not in found()]
    assert gone == [], "no email has these any more: take them out of tests/cases/slots.yml"


def test_few_answers_break_their_sentence() -> None:
    people = {name: len(entry["typed"]) for name, entry in table().items()}
    values = sum(people[name] * count for (name, _), count in found().items())
    broken = sum(len(judged()[frame]) * count for frame, count in found().items())
    assert broken * 100 <= MOST * values, f"{broken} of {values} break their sentence"


@pytest.mark.parametrize("name", table())
def test_the_table_names_only_people_who_typed_something(name: str) -> None:
    entry = table()[name]
    named = {who for (of, _), breaks in judged().items() if of == name for who in breaks}
    assert named <= set(entry["typed"])
