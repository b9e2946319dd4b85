"""Shared data of the templates (``docs/_data``): read with positions, checked, every problem at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from generator.core.checks import Checks, ChecksError
from generator.core.fields import GROUPS, KINDS, Field, bad_name_character, field_key
from generator.core.handoff import ADDRESS_PROBLEMS
from generator.core.problem import Problem, suggest
from generator.core.schedule import ENGLISH

_PART: Final = re.compile(r"\{(\w*)\}")

#: Every text of the form: its key in ``interface.yml`` and the ``{parts}`` that it must hold.
INTERFACE: Final[Mapping[str, frozenset[str]]] = {
    "your_email": frozenset(),
    "your_details": frozenset(),
    "group_talk": frozenset(),
    "group_them": frozenset(),
    "group_you": frozenset(),
    "wording": frozenset(),
    "which_email": frozenset(),
    "subject": frozenset(),
    "optional": frozenset(),
    "example": frozenset({"example"}),
    "choose": frozenset(),
    "to": frozenset(),
    "send": frozenset(),
    "length": frozenset({"least", "most"}),
    "copy_email": frozenset(),
    "copy_subject": frozenset(),
    "copied_email": frozenset(),
    "copied_subject": frozenset(),
    "copy_waits": frozenset(),
    "copy_ready": frozenset(),
    "copy_failed": frozenset(),
    "missing_title": frozenset(),
    "missing_one": frozenset({"name"}),
    "missing_again": frozenset({"button"}),
    "removed": frozenset({"field", "count"}),
    "problem_title": frozenset(),
    "problem_again": frozenset({"button"}),
    "wait": frozenset(),
    "review": frozenset(),
    "review_none": frozenset(),
    "review_some": frozenset({"count"}),
    "level_blocks": frozenset(),
    "level_warns": frozenset(),
    "level_tells": frozenset(),
    "level_good": frozenset({"count"}),
    "show_words": frozenset(),
    "mend_with": frozenset({"words"}),
    "mend_remove": frozenset(),
    "source": frozenset({"name"}),
    "proof": frozenset(),
    "proof_cost": frozenset(),
    "proof_loading": frozenset(),
    "proof_failed": frozenset(),
    "proof_none": frozenset(),
    "proof_some": frozenset({"count"}),
    "proof_finding": frozenset({"words", "message"}),
    "send_title": frozenset(),
    "address": frozenset(),
    "address_hint": frozenset(),
    "mail": frozenset(),
    "gmail": frozenset(),
    "outlook": frozenset(),
    "outlook_work": frozenset(),
    "mail_hint": frozenset(),
    "link_too_long": frozenset({"length", "limit"}),
    "link_without_to": frozenset(),
    "download_eml": frozenset(),
    "download_txt": frozenset(),
    "downloaded": frozenset({"name"}),
    "share": frozenset(),
    "print": frozenset(),
    "people": frozenset(),
    "people_hint": frozenset(),
    "person": frozenset({"number"}),
    "add_person": frozenset(),
    "remove_person": frozenset({"name"}),
    "move_earlier": frozenset({"name"}),
    "move_later": frozenset({"name"}),
    "copy_all": frozenset(),
    "copied_all": frozenset({"count"}),
    "download_all": frozenset(),
    "alike": frozenset({"name", "percent"}),
    "compare": frozenset(),
    "show_email": frozenset(),
    "private": frozenset(),
    "loading": frozenset(),
    "retry": frozenset(),
    "dead": frozenset(),
    "dead_again": frozenset(),
    "dead_file": frozenset(),
    "failed": frozenset(),
    "failed_unsupported": frozenset(),
    "failed_missing": frozenset(),
    "failed_blocked": frozenset(),
    "failed_damaged": frozenset(),
    "failed_slow": frozenset(),
    "failed_crashed": frozenset(),
    "failed_renewed": frozenset(),
    "renew": frozenset(),
    "offline_title": frozenset(),
    "offline_text": frozenset(),
    "offline_again": frozenset(),
    "offline_start": frozenset(),
    "by_hand_title": frozenset(),
    "by_hand": frozenset(),
    "example_title": frozenset(),
    "plan_title": frozenset(),
    "plan_rule": frozenset({"rule"}),
    "plan_intro": frozenset(),
    "plan_interview_date": frozenset(),
    "plan_interview_time": frozenset(),
    "plan_interview_time_hint": frozenset(),
    "plan_promised": frozenset(),
    "plan_promised_hint": frozenset(),
    "plan_ready": frozenset(),
    "plan_now": frozenset(),
    "plan_early": frozenset(),
    "plan_late": frozenset(),
    "plan_over": frozenset(),
    "plan_add": frozenset(),
    "plan_add_hint": frozenset(),
    "plan_added": frozenset(),
    "plan_failed": frozenset(),
    "remember": frozenset(),
    "remember_hint": frozenset(),
    "remember_off": frozenset(),
    "remember_full": frozenset(),
    "remember_blocked": frozenset(),
    "clear_all": frozenset(),
    "clear_question": frozenset(),
    "clear_yes": frozenset(),
    "clear_no": frozenset(),
    "cleared": frozenset(),
    "another": frozenset(),
    "another_done": frozenset(),
    "undo": frozenset(),
    "undone": frozenset(),
    "other_tab": frozenset(),
    "other_tab_waits": frozenset(),
    "other_tab_erased": frozenset(),
    "use_that": frozenset(),
    "erase_too": frozenset(),
    "keep_mine": frozenset(),
    "used_that": frozenset(),
    "kept_mine": frozenset(),
    "link_mark": frozenset(),
    "link_filled": frozenset({"count"}),
    "link_stayed": frozenset({"count"}),
    "copy_link": frozenset(),
    "copy_link_done": frozenset({"count"}),
    "copy_link_cut": frozenset({"count"}),
    "copy_link_empty": frozenset(),
    "copy_link_failed": frozenset(),
}

#: Sentences of the core, which has them in English: a file may word them anew.
CORE_WORDS: Final[Mapping[str, frozenset[str]]] = {
    key: frozenset(_PART.findall(text))
    for key, text in ({f"plan.{key}": text for key, text in ENGLISH.items()} | dict(ADDRESS_PROBLEMS)).items()
}

_WORDS: Final = re.compile(r"(\d+)-(\d+)")
# The one in C is ten times as fast, and no installation is without it but a rare one.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Report = Callable[[yaml.Node, str, str], None]


@dataclass
class Data:
    """What ``docs/_data`` holds: fields by key, texts of the form, sentences of the core, the review's data."""

    fields: dict[str, Field] = field(default_factory=dict)
    interface: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    checks: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_data(folder: Path, base: Path) -> Data:
    """Read and check the data files in ``folder``; problems name them relative to ``base``."""
    data = Data()
    readers = (("fields.yml", _read_fields), ("interface.yml", _read_interface), ("checks.yml", _read_checks))
    for name, read in readers:
        path = folder / name
        shown = path.relative_to(base).as_posix() if path.is_relative_to(base) else path.as_posix()
        if not path.is_file():
            data.problems.append(Problem(shown, 1, 1, "the file is missing", "take it from the original kit"))
            continue
        read(data, _File(shown, path.read_text(encoding="utf-8"), data.problems))
    return data


class _File:
    """One YAML file, as nodes that know their position."""

    def __init__(self, path: str, text: str, problems: list[Problem]) -> None:
        self.path = path
        self.lines = text.split("\n")
        self.problems = problems
        self.root: yaml.Node | None = None
        try:
            self.root = yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._note(
                mark.line if mark else 0,
                mark.column if mark else 0,
                f"this is not YAML ({error.problem or error.context})",
                "look for a missing colon, quote or indentation here or just above",
            )
        except yaml.YAMLError as error:
            self._note(0, 0, f"this is not YAML ({error})", "remove the character that it names")

    def _note(self, line: int, column: int, what: str, mend: str) -> None:
        line = min(line, len(self.lines) - 1)
        self.problems.append(Problem(self.path, line + 1, column + 1, what, mend, self.lines[line]))

    def report(self, node: yaml.Node, what: str, mend: str) -> None:
        """Note a problem at ``node``."""
        self._note(node.start_mark.line, node.start_mark.column, what, mend)

    def entries(self, node: yaml.Node | None, what: str) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
        """Yield key, key node and value node of a mapping; report a repeated key or another type."""
        if node is None:
            return
        if not isinstance(node, yaml.MappingNode):
            self.report(node, f"{what} is not a list of 'name: value' lines", "write one 'name: value' a line")
            return
        seen: dict[str, int] = {}
        for key_node, value in node.value:
            key = str(key_node.value)
            if key in seen:
                self.report(
                    key_node, f"'{key}' stands here twice (first on line {seen[key]})", "keep one of them"
                )
                continue
            seen[key] = key_node.start_mark.line + 1
            yield key, key_node, value

    def find(self, root: yaml.Node, names: Iterable[str]) -> yaml.Node:
        """Return the node that ``names`` lead to from ``root``, or the last one on the way that exists."""
        node = root
        for name in names:
            if not isinstance(node, yaml.MappingNode):
                break
            found = next((value for key, value in node.value if str(key.value) == name), None)
            if found is None:
                break
            node = found
        return node

    def text(self, node: yaml.Node, key: str) -> str | None:
        """Return a text; anything else is a problem."""
        if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str" and node.value.strip():
            return str(node.value)
        if isinstance(node, yaml.ScalarNode) and node.value.strip():
            self.report(node, f"'{key}' must be a text", f'put it in quotes: {key}: "{node.value}"')
        else:
            self.report(node, f"'{key}' must be a text", "write it on one line after the colon")
        return None

    def one_of(self, node: yaml.Node, key: str, choices: tuple[str, ...]) -> str | None:
        """Return a text that is one of ``choices``; anything else is a problem."""
        text = self.text(node, key)
        if text is not None and text not in choices:
            self.report(node, f"'{text}' is no {key}", suggest(text, choices))
            return None
        return text

    def flag(self, node: yaml.Node, key: str) -> bool:
        """Return true or false; anything else is a problem."""
        if not isinstance(node, yaml.ScalarNode) or node.tag != "tag:yaml.org,2002:bool":
            self.report(node, f"'{key}' must be true or false", f"write '{key}: true' or '{key}: false'")
            return True
        return node.value.lower() in ("true", "yes", "on")


def _read_fields(data: Data, file: _File) -> None:
    for name, name_node, node in file.entries(file.root, "the file"):
        if bad_name_character(name) is not None:
            file.report(name_node, f"'{name}' is no placeholder name", "write it as between the brackets")
            continue
        key = field_key(name)
        if key in data.fields:
            file.report(
                name_node, f"'{name}' is the same field as '{data.fields[key].name}'", "keep one of them"
            )
            continue
        data.fields[key] = _read_field(file, name, name_node, node)


def _read_field(file: _File, name: str, name_node: yaml.Node, node: yaml.Node) -> Field:
    values: dict[str, object] = {}
    keys = ("group", "kind", "hint", "example", "each", "required", "words", "choices")
    for key, key_node, value in file.entries(node, f"'{name}'"):
        if key not in keys:
            file.report(key_node, f"unknown key '{key}'", suggest(key, keys))
            continue
        if key == "group":
            read: object = file.one_of(value, key, GROUPS)
        elif key == "kind":
            read = file.one_of(value, key, KINDS)
        elif key == "each":
            read = file.one_of(value, key, ("interviewer",))
        elif key == "required":
            read = file.flag(value, key)
        elif key == "words":
            read = _word_range(file, value)
        elif key == "choices":
            read = _choices(file, value)
        else:
            read = file.text(value, key)
        if read is not None:
            values[key] = read
    if (values.get("kind") == "choice") != ("choices" in values):
        file.report(
            name_node, f"'{name}' needs both or neither of 'kind: choice' and 'choices'", "add the missing one"
        )
    return Field(name=name, **values)  # type: ignore[arg-type]  # each value was checked above


def _word_range(file: _File, node: yaml.Node) -> tuple[int, int] | None:
    match = _WORDS.fullmatch(str(node.value)) if isinstance(node, yaml.ScalarNode) else None
    if match is None or int(match[1]) > int(match[2]):
        file.report(node, "'words' is not a range", "write the least and the most: 'words: 4-25'")
        return None
    return int(match[1]), int(match[2])


def _choices(file: _File, node: yaml.Node) -> tuple[str, ...] | None:
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        file.report(node, "'choices' is not a list", "write 'choices: [one, another]'")
        return None
    texts = [file.text(item, "choices") for item in node.value]
    return tuple(text for text in texts if text is not None)


def _read_interface(data: Data, file: _File) -> None:
    for key, key_node, node in file.entries(file.root, "the file"):
        known = INTERFACE.get(key) or CORE_WORDS.get(key, frozenset())
        if key not in INTERFACE and key not in CORE_WORDS:
            file.report(key_node, f"unknown key '{key}'", suggest(key, [*INTERFACE, *CORE_WORDS]))
            continue
        text = file.text(node, key)
        if text is None:
            continue
        (data.interface if key in INTERFACE else data.words)[key] = text
        parts = set(_PART.findall(text))
        for wrong in sorted(parts - known):
            allowed = [f"{{{part}}}" for part in sorted(known)]
            mend = suggest(f"{{{wrong}}}", allowed) if allowed else "remove the braces"
            file.report(node, f"nothing fills in '{{{wrong}}}' here", mend)
        for part in sorted(known - parts) if key in INTERFACE else ():
            file.report(node, f"the text lacks '{{{part}}}'", f"put '{{{part}}}' where it belongs")
    lacking = [key for key in INTERFACE if key not in data.interface]
    if file.root is not None and lacking and not file.problems:
        mend = "add a line 'key: text' for each"
        file.report(file.root, f"texts are missing: {', '.join(lacking)}", mend)


def _read_checks(data: Data, file: _File) -> None:
    if file.root is None:
        return
    for _ in file.entries(file.root, "the file"):
        pass
    data.checks = yaml.SafeLoader("").construct_document(file.root)
    try:
        Checks.from_data(data.checks)
    except ChecksError as error:
        for mistake in error.mistakes:
            place = " → ".join(mistake.place)
            what = f"{place}: {mistake.what}" if place else mistake.what
            file.report(file.find(file.root, mistake.place), what, mistake.mend)
