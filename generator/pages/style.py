"""Reads ``docs/_data/style.yml``: the house rules of a site, with which its texts keep one quality."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import yaml

from generator.core.problem import Problem, suggest
from generator.pages.schema import YamlFile, read_text

#: What holds where a site sets no limit of its own: nothing is asked for, and spelling is not checked.
NO_LIMITS: Final[dict[str, Any]] = {
    "site": "",
    "description": {"least": 0, "most": 100_000},
    "reading_ease": 0,
    "length": {},
    "length_free": [],
    "avoid": [],
    "subject": 100_000,
    "long_title": 0,
    "long_name": 0,
    "repeated": {"words": 0, "pages": 0},
    "characters": {},
    "wordings": 1,
    "sections": [],
    "sources": "",
    "never_cite": [],
    "search": {},
    "grammar": {"dialect": "none", "rules_off": {}, "accepted": []},
}
DIALECTS: Final = ("american", "british", "canadian", "australian", "indian", "none")

#: Names that a site may choose freely, and an example of what stands at each.
_FREE: Final[dict[str, Any]] = {
    "length": 0,
    "characters": {"": 0},
    "search": [""],
    "rules_off": "",
}
_CALLED: Final = {
    int: "a whole number",
    str: "a text",
    list: "a list of texts",
    dict: "a list of 'name: value' lines",
}


def read_style(path: Path, shown: str, problems: list[Problem]) -> dict[str, Any]:
    """Return the limits and switches of a site, as far as it sets them; problems name the file ``shown``."""
    text = read_text(path, shown, problems) if path.is_file() else None
    file = YamlFile(shown, text, problems) if text is not None else None
    if file is None or file.root is None:
        return NO_LIMITS
    before = len(problems)
    _check(file, file.root, NO_LIMITS, "style.yml")
    if len(problems) > before:
        return NO_LIMITS
    own: dict[str, Any] = file.construct()
    merged = {key: NO_LIMITS[key] | own.get(key, {}) for key in ("description", "repeated", "grammar")}
    return NO_LIMITS | own | merged


def _check(file: YamlFile, node: yaml.Node, example: Any, name: str) -> None:
    """Report what in ``node`` is not of the kind that ``example`` has."""
    if isinstance(example, dict) and isinstance(node, yaml.MappingNode):
        for key, key_node, value in file.entries(node, f"'{name}'"):
            if name in _FREE or "" in example:
                _check(file, value, _FREE[name] if name in _FREE else example[""], "")
            elif key not in example:
                file.report(key_node, f"unknown key '{key}'", suggest(key, list(example)))
            elif key == "dialect":
                file.one_of(value, key, DIALECTS)
            else:
                _check(file, value, example[key], key)
    elif isinstance(example, list) and isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _check(file, item, "", "")
    elif not _is(node, example):
        what = (
            f"'{name}' must be {_CALLED[type(example)]}" if name else f"this must be {_CALLED[type(example)]}"
        )
        file.report(node, what, "see the comments in this file; a text with signs in it needs quotes")


def _is(node: yaml.Node, example: Any) -> bool:
    kind = node.tag.rpartition(":")[2]
    return isinstance(node, yaml.ScalarNode) and (type(example), kind) in ((int, "int"), (str, "str"))
