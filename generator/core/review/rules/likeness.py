"""Notes to several people that are the same."""

from __future__ import annotations

from collections.abc import Iterator

from generator.core.review.case import Case
from generator.core.review.likeness import overlap, shingles
from generator.core.review.rule import Hit, rule


@rule("same-as-another", facts=("count",), limits=("alike",))
def alike(case: Case) -> Iterator[Hit]:
    """An email of a panel that is nearly another one."""
    if not case.others or not case.ready:
        return
    own = shingles(case.body.text)
    best = max((overlap(own, shingles(other.body)) for other in case.others), default=0.0)
    if best >= case.alike:
        yield Hit("same-as-another", facts={"count": int(best * 100)})
