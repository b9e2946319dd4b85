"""The families of rules. Importing one defines its rules, in the order of the findings at one place."""

from generator.core.review.rules import (  # isort: skip
    gaps,
    companies,
    names,
    shape,
    contents,
    likeness,
    sending,
    wording,
    tone,
    slips,
    grammar,
    pasting,
)

__all__ = [
    "companies",
    "contents",
    "gaps",
    "grammar",
    "likeness",
    "names",
    "pasting",
    "sending",
    "shape",
    "slips",
    "tone",
    "wording",
]
