"""Shared data of the templates (``docs/_data``): read with positions, checked, every problem at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from generator.core.checks import Checks, ChecksError
from generator.core.fields import GROUPS, KINDS, Field, bad_name_character, field_key, number_range
from generator.core.handoff import ADDRESS_PROBLEMS
from generator.core.problem import Problem, nearest, shorten, suggest
from generator.core.schedule import ENGLISH, LISTS
from generator.pages.schema import YamlFile, text_of, value_of

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
    "copied_unchecked": frozenset(),
    "copied_subject_unchecked": frozenset(),
    "copy_unready": frozenset(),
    "copy_waits": frozenset(),
    "copy_ready": frozenset(),
    "copy_failed": frozenset(),
    "missing_title": frozenset(),
    "missing_one": frozenset({"name"}),
    "missing_person": frozenset({"person", "name"}),
    "missing_again": frozenset({"button"}),
    "removed": frozenset({"field", "count"}),
    "problem_title": frozenset(),
    "problem_person": frozenset({"person", "message"}),
    "problem_again": frozenset({"button"}),
    "count": frozenset({"count", "most"}),
    "count_over": frozenset({"count", "most"}),
    "cut_view": frozenset(),
    "working": frozenset(),
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
    "link_nothing": frozenset(),
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

#: Parts of ``checks.yml`` without which the review would say nothing.
_CHECKED: Final = ("fields", "rules", "phrases")


@dataclass
class Data:
    """What ``docs/_data`` holds: fields by key, texts of the form, sentences of the core, the review's data."""

    fields: dict[str, Field] = field(default_factory=dict)
    interface: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    checks: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    roles: list[tuple[YamlFile, yaml.Node]] = field(default_factory=list)
    """Where ``checks.yml`` names a placeholder, so that a name that nothing has is reported there."""


def read_data(folder: Path, base: Path) -> Data:
    """Read and check the data files in ``folder``; problems name them relative to ``base``."""
    data = Data()
    readers = (("fields.yml", _read_fields), ("interface.yml", _read_interface), ("checks.yml", _read_checks))
    for name, read in readers:
        path = folder / name
        shown = path.relative_to(base).as_posix() if path.is_relative_to(base) else path.as_posix()
        if file := YamlFile.read(path, shown, data.problems):
            read(data, file)
    return data


def _read_fields(data: Data, file: YamlFile) -> None:
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


def _read_field(file: YamlFile, name: str, name_node: yaml.Node, node: yaml.Node) -> Field:
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


def _word_range(file: YamlFile, node: yaml.Node) -> tuple[int, int] | None:
    found = number_range(str(node.value)) if isinstance(node, yaml.ScalarNode) else None
    if found is None:
        file.report(node, "'words' is not a range", "write the least and the most: 'words: 4-25'")
    return found


def _choices(file: YamlFile, node: yaml.Node) -> tuple[str, ...] | None:
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        file.report(node, "'choices' is not a list", "write 'choices: [one, another]'")
        return None
    texts = [file.text(item, "choices") for item in node.value]
    return tuple(text for text in texts if text is not None)


def _read_interface(data: Data, file: YamlFile) -> None:
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
        if key.removeprefix("plan.") in LISTS and key in CORE_WORDS:
            _check_list(file, node, text, ENGLISH[key.removeprefix("plan.")])
    lacking = [key for key in INTERFACE if key not in data.interface]
    if file.root is not None and lacking and not file.problems:
        mend = "add a line 'key: text' for each"
        file.report(file.root, f"texts are missing: {', '.join(lacking)}", mend)


def _check_list(file: YamlFile, node: yaml.Node, text: str, english: str) -> None:
    """Report a list that cannot take the place of the English one: each name stands for one of its names."""
    count, most = len([name for name in text.split(",") if name.strip()]), len(english.split(","))
    if count != most or text.count(",") != most - 1:
        what = f"this list has {count} names, and {most} are needed"
        file.report(node, what, f"write them in this order, with commas between: {english}")


def _read_checks(data: Data, file: YamlFile) -> None:
    if file.root is None or not [*file.entries(file.root, "the file")]:
        return
    data.checks = file.construct()
    try:
        Checks.from_data(data.checks)
    except ChecksError as error:
        for mistake in error.mistakes:
            place = " → ".join(mistake.place)
            what = f"{place}: {mistake.what}" if place else mistake.what
            file.report(file.find(file.root, mistake.place), what, mistake.mend)
    for name in _CHECKED:
        if value_of(file.root, name) is None:
            file.report(file.root, f"'{name}' is missing", "take it from the original kit")
    roles = value_of(file.root, "fields")
    for _, _, names in file.entries(roles, "'fields'") if isinstance(roles, yaml.MappingNode) else ():
        data.roles += [(file, item) for item in getattr(names, "value", ()) if text_of(item)]


def report_unused_roles(data: Data, used: Iterable[str]) -> None:
    """Report each placeholder that ``checks.yml`` gives a role and that is neither ``used`` nor described.

    A rule about companies looks at nothing where the placeholder it knows was given another name.
    """
    known = {*used, *data.fields}
    for file, node in data.roles:
        name = text_of(node) or ""
        if field_key(name) not in known:
            near = nearest(field_key(name), known)
            mend = f"did you mean '{near}'?" if near else "write its new name here too, or take it out"
            file.report(node, f"no email and no line of fields.yml has [{shorten(name)}]", mend)
