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
    pasting,
)

__all__ = [
    "companies",
    "contents",
    "gaps",
    "likeness",
    "names",
    "pasting",
    "sending",
    "shape",
    "slips",
    "tone",
    "wording",
]
