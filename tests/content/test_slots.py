"""What people really type, in every sentence that it goes into: judged by a reader, one frame at a time.

The table is ``tests/cases/slots.yml``; how it is read, and the numbers: ``python -m tests.tools.slots``. Whoever changes
a sentence judges it anew.
"""

from __future__ import annotations

import pytest

from tests.tools import slots

#: Of all values in all wordings, so many in a hundred may break their sentence.
MOST = 7
#: Of those that break it, so many in a hundred may get no remark of the review.
UNNOTICED = 8
pytestmark = pytest.mark.original


def test_every_frame_is_judged() -> None:
    lacking = [f"{name}: {frame}" for name, frame in slots.found() if (name, frame) not in slots.judged()]
    assert lacking == [], "put these sentences into tests/cases/slots.yml, with whose words break them"


def test_every_judged_frame_is_still_there() -> None:
    gone = [f"{name}: {frame}" for name, frame in slots.judged() if (name, frame) not in slots.found()]
    assert gone == [], "no email has these any more: take them out of tests/cases/slots.yml"


def test_few_answers_break_their_sentence() -> None:
    values, broken = slots.totals()
    assert broken * 100 <= MOST * values, f"{broken} of {values} break their sentence"


def test_the_review_names_most_of_what_breaks() -> None:
    silent = [f"{one.name}: {one.typed!r} in {one.frame}" for one in slots.unnoticed()]
    assert len(silent) * 100 <= UNNOTICED * len(slots.broken()), silent


@pytest.mark.parametrize("name", slots.table())
def test_the_table_names_only_people_who_typed_something(name: str) -> None:
    entry = slots.table()[name]
    named = {who for (of, _), breaks in slots.judged().items() if of == name for who in breaks}
    assert named <= set(entry["typed"])
