"""Golden cases: data in ``tests/cases``, replayed in CPython and through the real worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

CASES = Path(__file__).parents[1] / "cases"


def load(name: str) -> list[dict[str, Any]]:
    """Return the cases of one file; values become texts, as a form would give them."""
    cases: list[dict[str, Any]] = yaml.safe_load((CASES / f"{name}.yml").read_text(encoding="utf-8"))
    for case in cases:
        case["values"] = {key: str(value) for key, value in case.get("values", {}).items()}
    return cases


def title(case: dict[str, Any]) -> str:
    """Return the name under which pytest shows a case."""
    return str(case["name"])
