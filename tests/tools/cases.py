"""Golden cases: data in ``tests/cases``, replayed in CPython and through the real worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

# The C loader where it is there: the cases are many.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: What is known about the texts that a case only lists, and about the lines of the guide's table of rules.
FACTS = {
    "Interviewer's Name": "Ms. Haddad",
    "Company": "Valley Dairy",
    "Position": "Cheese Maker",
    "Your Name": "Ana Ruiz",
}

CASES = Path(__file__).parents[1] / "cases"


def load(name: str) -> list[dict[str, Any]]:
    """Return the cases of one file; values become texts, as a form would give them."""
    read = yaml.load((CASES / f"{name}.yml").read_text(encoding="utf-8"), LOADER)
    cases = [case for one in read for case in _sentences(one, name.rpartition("/")[2])]
    for case in cases:
        case["values"] = {key: str(value) for key, value in case.get("values", {}).items()}
    return cases


def _sentences(case: dict[str, Any], rule: str) -> list[dict[str, Any]]:
    """Return the cases that one entry stands for: itself, or one for each text on which a rule speaks or is silent."""
    if "says" not in case and "silent" not in case:
        return [case]
    return [
        {
            "name": " ".join(text.split()),
            "text": text,
            "situation": case.get("situation", ""),
            "values": FACTS | case.get("values", {}),
            wanted: [rule],
        }
        for key, wanted in (("says", "expect"), ("silent", "absent"))
        for text in case.get(key, ())
    ]


def title(case: dict[str, Any]) -> str:
    """Return the name under which pytest shows a case."""
    return str(case["name"])
