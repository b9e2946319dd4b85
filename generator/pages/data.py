"""What a site says: the kit's English (``generator/english``), with the site's own (``docs/_data``) over it.

Both are read by the same readers, with positions, and checked to their end: every problem at once. What a
site does not say is English. What comes out is plain and sound, so nothing that runs in the browser checks
it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from generator.core.address import check_address
from generator.core.fields import GROUPS, KINDS, ROLES, Field, bad_name_character, field_key, number_range
from generator.core.problem import Problem, nearest, shorten, suggest
from generator.core.review import FACT
from generator.core.review.checks import LEVELS, SPECIAL_SAYINGS, Checks
from generator.core.review.layout import COMPARES
from generator.core.review.phrases import Node, PhraseError, add_line, lists_in
from generator.core.review.rule import DEFINITIONS, facts_of, rule_names
from generator.core.words import names_in
from generator.pages.elsewhere import KINDS as ELSEWHERE
from generator.pages.elsewhere import wrong_host
from generator.pages.look import COLORS, SCHEMES, Rgb, read_color, remedy, too_weak
from generator.pages.schema import YamlFile, read_text, text_of

ENGLISH: Final = Path(__file__).resolve().parents[1] / "english"

#: Words that are lists: a site's own has as many names, in the same order.
LISTS: Final = ("plan.units", "plan.events", "plan.weekdays", "plan.months")

#: Files of earlier versions, and where what they hold belongs now.
_MOVED: Final = {
    "interface.yml": "rename it to words.yml, and keep only the lines that differ from "
    "generator/english/words.yml",
    "checks.yml": "its 'situations' belong in situations.yml, its 'phrases' in phrases.yml, its 'rules', "
    "'limits' and 'sources' in rules.yml, its 'fields' as 'role:' in fields.yml; keep only what differs from "
    "generator/english",
}


@dataclass(frozen=True, slots=True)
class Way:
    """What may have happened, in people's words, and the page that it leads to."""

    words: str
    page: str
    anchor: str
    file: YamlFile
    node: yaml.Node
    """Where it stands, so that a page that is not there is reported."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text of a file, and where it stands, for what can be judged only when all has been read."""

    text: str
    file: YamlFile
    node: yaml.Node


@dataclass
class Data:
    """What a site says, and every problem of the files that say it.

    Attributes:
        fields: what is known about each placeholder, by its key.
        words: every word of the kit, by its key.
        limits, rules, situations, phrases: the review's data, as :meth:`Checks.from_data` takes it.
        ways: what may have happened, as the start page and the page that is not there offer it.
        problems: what is wrong with the files.
    """

    fields: dict[str, Field] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    situations: dict[str, dict[str, Any]] = field(default_factory=dict)
    phrases: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    questions: dict[str, dict[str, str]] = field(default_factory=dict)
    """What people are asked to find their email: the groups under each question, and what each is called."""
    ways: list[Way] = field(default_factory=list)
    colors: dict[str, dict[str, Rgb]] = field(default_factory=dict)
    """The colors that are said, by the name of the look."""
    leave_out: list[Said] = field(default_factory=list)
    """The pages that are not published, by the names that people give them."""
    organization: str = ""
    contact: str = ""
    privacy: str = ""
    credits: dict[str, str] = field(default_factory=dict)
    """Whom the site thanks or names, and the address of each."""
    allow: dict[str, list[str]] = field(default_factory=dict)
    """The hosts from which pages may load something, by its kind: see ``elsewhere.py``."""
    house_rules: bool | None = None
    """Whether the rules of style.yml hold; None where the site does not say."""
    asks: dict[str, Said] = field(default_factory=dict)
    """The blocks that some page should have for what is said here, by their words."""
    problems: list[Problem] = field(default_factory=list)
    roles: list[tuple[YamlFile, yaml.Node, Field]] = field(default_factory=list)
    """Where the site gives a field a role, so that a name that no email has is reported there."""
    _sources: dict[str, list[str]] = field(default_factory=dict)
    _english: dict[str, str] = field(default_factory=dict)
    _lists_used: list[tuple[YamlFile, yaml.Node, str, str]] = field(default_factory=list)

    @property
    def review(self) -> dict[str, Any]:
        """The review's data as plain JSON."""
        roles: dict[str, list[str]] = {role: [] for role in ROLES}
        for one in self.fields.values():
            if one.role:
                roles[one.role].append(one.key)
        used = {name: rule for name, rule in self.rules.items() if rule["level"] != "off"}
        return {
            "limits": self.limits,
            "roles": roles,
            "rules": {
                name: {key: said for key, said in used[name].items() if key == "why" or key not in TOLD}
                for name in sorted(used, key=_rule_order)
            },
            "situations": self.situations,
            "phrases": self.phrases,
            "sought": sorted(_sought(used)),
        }

    @cached_property
    def checks(self) -> Checks:
        """The review's data as the review takes it: made once, when everything has been read."""
        return Checks.from_data(self.review)

    @property
    def setup(self) -> dict[str, Any]:
        """What the core has to know, as the bridge takes it: plain JSON."""
        fields = []
        for one in self.fields.values():
            plain = Field(one.name)
            fields.append({k: v for k, v in asdict(one).items() if k == "name" or v != getattr(plain, k)})
        words = {key: text for key, text in self.words.items() if "." in key}
        return {"checks": self.review, "fields": fields, "words": words}


def _rule_order(name: str) -> tuple[int, str]:
    names = rule_names()
    return (names.index(name), "") if name in names else (len(names), name)


def read_data(folder: Path, base: Path) -> Data:
    """Read and check the kit's English and what ``folder`` lays over it.

    Problems name files relative to ``base``.
    """
    english = _read_english()
    data = Data(
        dict(english.fields),
        dict(english.words),
        dict(english.limits),
        dict(english.rules),
        phrases={language: dict(lists) for language, lists in english.phrases.items()},
        colors={scheme: dict(said) for scheme, said in english.colors.items()},
        problems=[*english.problems],
        _sources=dict(english._sources),
        _english=english.words,
    )
    _read_folder(data, folder, base)
    _report_unknown_lists(data)
    for name, mend in _MOVED.items():
        if (folder / name).is_file():
            what = "the kit no longer reads this file"
            data.problems.append(Problem(_shown(folder / name, base), 1, 1, what, mend))
    return data


@cache
def _read_english() -> Data:
    data = Data()
    _read_folder(data, ENGLISH, ENGLISH.parents[1])
    _report_unknown_lists(data)
    return data


def _shown(path: Path, base: Path) -> str:
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else path.as_posix()


def _read_folder(data: Data, folder: Path, base: Path) -> None:
    for name, read in _READERS.items():
        path, shown = folder / name, _shown(folder / name, base)
        text = read_text(path, shown, data.problems) if path.is_file() else None
        file = YamlFile(shown, text, data.problems) if text is not None else None
        if file is not None and file.root is not None:  # nothing but comments says nothing, which is right
            read(data, file)


# ---- fields.yml -------------------------------------------------------------------------------------------

#: What may stand at a field, and what it means; the values are read in :func:`_read_field`.
FIELD_OPTIONS: Final[Mapping[str, str]] = {
    "ask": "the question, as one would ask it; without it the placeholder's name is the question",
    "hint": "what to type; people read it under the question",
    "example": "a value as it stands inside the sentence",
    "group": f"where the form asks: {', '.join(GROUPS)}, in this order",
    "kind": f"one of {', '.join(KINDS)}",
    "choices": "the answers of a field of the kind 'choice'",
    "required": "false: the field may stay empty",
    "each": "'interviewer': asked once for each person who met you",
    "words": "advice on the length of an answer, the least and the most: 4-25",
    "role": f"what the review knows the field by: {', '.join(ROLES)}",
}


def _read_fields(data: Data, file: YamlFile) -> None:
    seen: dict[str, str] = {}
    for name, name_node, node in file.entries(file.root, "the file"):
        if bad_name_character(name) is not None:
            file.report(name_node, f"'{name}' is no placeholder name", "write it as between the brackets")
            continue
        key = field_key(name)
        if key in seen:
            file.report(name_node, f"'{name}' is the same field as '{seen[key]}'", "keep one of them")
            continue
        seen[key] = name
        before = data.fields.get(key, Field(name))
        found = data.fields[key] = replace(_read_field(file, before, name_node, node), name=name)
        if data._english and found.role:
            data.roles.append((file, name_node, found))


def _read_field(file: YamlFile, before: Field, name_node: yaml.Node, node: yaml.Node) -> Field:
    values: dict[str, Any] = {}
    for key, key_node, value in file.entries(node, f"'{before.name}'"):
        if key not in FIELD_OPTIONS:
            file.report(key_node, f"unknown key '{key}'", suggest(key, list(FIELD_OPTIONS)))
            continue
        choices = {"group": GROUPS, "kind": tuple(KINDS), "each": ("interviewer",), "role": ROLES}
        if key in choices:
            read: object = file.one_of(value, key, choices[key])
        elif key == "required":
            read = file.flag(value, key)
        elif key == "words":
            read = _range(file, value, key)
        elif key == "choices":
            read = tuple(_texts(file, value, key)) or None
        else:
            read = file.text(value, key)
        if read is not None:
            values[key] = read
    found = replace(before, **values)
    if (found.kind == "choice") != bool(found.choices):
        what = f"'{before.name}' needs both or neither of 'kind: choice' and 'choices'"
        file.report(name_node, what, "add the missing one")
    return found


# ---- words.yml --------------------------------------------------------------------------------------------


def _read_words(data: Data, file: YamlFile) -> None:
    english = data._english
    for key, key_node, node in file.entries(file.root, "the file"):
        if english and key not in english:
            file.report(key_node, f"unknown key '{key}'", suggest(key, list(english)))
            continue
        text = file.text(node, key)
        if text is None:
            continue
        data.words[key] = text
        if english:
            _check_parts(file, node, key, text, english[key])


def _check_parts(file: YamlFile, node: yaml.Node, key: str, text: str, english: str) -> None:
    """Report what the English has to be filled in and this has not, and the other way round."""
    known, parts = names_in(english), names_in(text)
    for wrong in sorted(parts - known):
        allowed = [f"{{{part}}}" for part in sorted(known)]
        mend = suggest(f"{{{wrong}}}", allowed) if allowed else "remove the braces"
        file.report(node, f"nothing fills in '{{{wrong}}}' here", mend)
    # A sentence with a date may leave out what it does not need.
    for part in sorted(known - parts) if "." not in key else ():
        file.report(node, f"the text lacks '{{{part}}}'", f"put '{{{part}}}' where it belongs")
    if key in LISTS:
        count, most = len([name for name in text.split(",") if name.strip()]), len(english.split(","))
        if count != most or text.count(",") != most - 1:
            what = f"this list has {count} names, and {most} are needed"
            file.report(node, what, f"write them in this order, with commas between: {english}")


# ---- rules.yml --------------------------------------------------------------------------------------------

#: What may stand at a rule, and what it means.
RULE_OPTIONS: Final[Mapping[str, str]] = {
    "level": "blocks = stops the email until mended or overridden; warns = should be mended; "
    "tells = worth knowing; good = praise; off = not used",
    "message": "what the reader is told; words in {braces} are filled in",
    "source": "where the advice comes from, one of 'sources'",
    "only-where-added": "true: used only in the situations that list it under 'add'",
    "phrases": "what the rule looks for, by language, or the name of a list of phrases.yml; a line may hold "
    "a choice (my|our|), any word of a list {boss}, and any one word *",
    "except": "phrases that it lets pass all the same, by language",
    "terms": "words that the message uses for what cannot be quoted",
    "what": "what it looks for, in a few words, for the guide's table of rules",
    "why": "one sentence that says why it matters, for the same table",
    "bad": "a line that it remarks on, for the same table",
    "good": "a line that says it better, and on which it is silent",
}

#: What the guide's table takes of a rule, and the review does not need.
TOLD: Final = ("what", "why", "bad", "good")


_NO_RULE: Final[dict[str, Any]] = {
    "level": "",
    "message": "",
    "source": None,
    "always": True,
    "phrases": "",
    "terms": {},
    **dict.fromkeys(TOLD, ""),
}


def _read_rules(data: Data, file: YamlFile) -> None:
    sections = {name: (node, value) for name, node, value in file.entries(file.root, "the file")}
    for name, (node, _) in sections.items():
        if name not in ("limits", "sources", "rules"):
            file.report(node, f"unknown key '{name}'", suggest(name, ("limits", "sources", "rules")))
    if "limits" in sections:
        _read_limits(data, file, sections["limits"][1])
    if "sources" in sections:
        _read_sources(data, file, sections["sources"][1])
    if "rules" in sections:
        for name, node, value in file.entries(sections["rules"][1], "'rules'"):
            _read_rule(data, file, name, node, value)


def _read_limits(data: Data, file: YamlFile, section: yaml.Node) -> None:
    known = sorted({limit for one in DEFINITIONS for limit in one.limits})
    for name, node, value in file.entries(section, "'limits'"):
        text = value.value if isinstance(value, yaml.ScalarNode) else ""
        if name not in known:
            file.report(node, f"unknown limit '{name}'", suggest(name, known))
        elif not re.fullmatch("[0-9]{1,6}", text):
            file.report(value, f"'{name}' is not a whole number", "write one such as 60")
        else:
            data.limits[name] = int(text)


def _read_sources(data: Data, file: YamlFile, section: yaml.Node) -> None:
    for key, _, value in file.entries(section, "'sources'"):
        source = {"name": "", "url": ""}
        for name, node, text in file.entries(value, f"'{key}'"):
            if name not in source:
                file.report(node, f"unknown key '{name}'", suggest(name, list(source)))
                continue
            source[name] = file.text(text, name) or ""
            if name == "url" and source[name] and not source[name].startswith("https://"):
                file.report(text, f"'{source[name]}' is not a web address", "begin it with https://")
        if not source["name"]:
            file.report(value, f"'{key}' has no name", "add 'name:', which people read")
        data._sources[key] = [source["name"], source["url"]]


def _read_rule(data: Data, file: YamlFile, name: str, name_node: yaml.Node, node: yaml.Node) -> None:
    rule = _NO_RULE | data.rules.get(name, {})
    entries = {key: (key_node, value) for key, key_node, value in file.entries(node, f"'{name}'")}
    if name not in data.rules and name not in rule_names() and "phrases" not in entries:
        known = [*rule_names(), *data.rules]
        file.report(name_node, f"unknown rule '{name}'", suggest(name, known))
        return
    for key, (key_node, value) in entries.items():
        if key not in RULE_OPTIONS:
            file.report(key_node, f"unknown key '{key}'", suggest(key, list(RULE_OPTIONS)))
        elif key == "level":
            rule["level"] = _level(file, name, value) or rule["level"]
        elif key in TOLD:
            rule[key] = file.text(value, key) or rule[key]
        elif key == "message":
            rule["message"] = _message(file, name, value) or rule["message"]
        elif key == "source":
            found = file.one_of(value, key, tuple(data._sources))
            rule["source"] = data._sources.get(found or "", rule["source"])
        elif key == "only-where-added":
            rule["always"] = not file.flag(value, key)
        elif key == "terms":
            terms = {one: file.text(text, one) for one, _, text in file.entries(value, "'terms'")}
            rule["terms"] = rule["terms"] | {one: text for one, text in terms.items() if text}
        elif key == "except" or isinstance(value, yaml.MappingNode):
            _read_languages(data, file, value, name if key == "phrases" else f"{name}-except")
            rule["phrases"] = name
        elif text := file.text(value, key):
            rule["phrases"] = text
    wanted = next((one.terms for one in DEFINITIONS if name in one.names), ())
    lacking = [key for key in ("level", "message") if not rule[key]]
    lacking += [f"terms: {one}" for one in wanted if one not in rule["terms"]]
    if lacking and not file.problems:
        file.report(name_node, f"the rule '{name}' lacks {', '.join(lacking)}", "add a line for each")
    if rule["level"] and rule["message"]:
        data.rules[name] = rule


def _level(file: YamlFile, rule: str, node: yaml.Node) -> str | None:
    if isinstance(node, yaml.ScalarNode) and node.value == "off":  # which YAML reads as a truth value
        return "off"
    level = file.one_of(node, "level", (*LEVELS, "off"))
    if level is not None and rule == "sounds-generated" and level != "tells":
        # Nobody can prove who wrote a text: this rule must never hold anyone back.
        file.report(node, f"'{level}' is more than this rule can prove", "write 'tells' or 'off'")
        return None
    return level


def _message(file: YamlFile, rule: str, node: yaml.Node) -> str | None:
    message = file.text(node, "message")
    known = sorted(facts_of(rule))
    for fact in FACT.findall(message or ""):
        if fact not in known:
            mend = suggest(fact, known) if known else "leave it out: this rule has none"
            file.report(node, f"this rule has no fact '{fact}'", mend)
    return message


# ---- phrases.yml ------------------------------------------------------------------------------------------


def _sought(rules: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Return the name of every list whose phrases are looked for in running text."""
    named = {str(rule["phrases"]) for rule in rules.values() if rule["phrases"]}
    return {name for one in DEFINITIONS for name in one.finds} | named


def known_lists(data: Data) -> list[str]:
    """Return the name of every list that phrases.yml may hold."""
    found = _sought(data.rules)
    compared = {name for one in DEFINITIONS for name in one.compares} | {*COMPARES}
    words = {name for lists in data.phrases.values() for lines in lists.values() for name in _lists_in(lines)}
    return sorted({*found, *compared, *words, *(f"{name}-except" for name in found)})


def _lists_in(lines: Iterable[str]) -> set[str]:
    return set[str]().union(*map(lists_in, lines))


def _read_phrases(data: Data, file: YamlFile) -> None:
    read = [
        (language, name, node, value, _phrase_lines(data, file, value, language, name))
        for language, _, lists in file.entries(file.root, "the file")
        for name, node, value in file.entries(lists, f"'{language}'")
    ]
    known = {*known_lists(data), *(name for *_, lines in read for name in _lists_in(lines))}
    for language, name, node, value, lines in read:
        if name not in known:
            file.report(node, f"unknown list '{name}'", suggest(name, sorted(known)))
        elif lines or not getattr(value, "value", True):
            data.phrases.setdefault(language, {})[name] = lines


def _read_languages(data: Data, file: YamlFile, node: yaml.Node, name: str) -> None:
    for language, _, value in file.entries(node, f"'{name}'"):
        data.phrases.setdefault(language, {})[name] = _phrase_lines(data, file, value, language, name)


def _phrase_lines(data: Data, file: YamlFile, node: yaml.Node, language: str, name: str) -> list[str]:
    """Read a list of phrases; report the lines that stand for none."""
    for item in node.value if isinstance(node, yaml.SequenceNode) else ():
        line = text_of(item)
        try:
            add_line(Node(), line or "", name)
        except PhraseError as error:
            file.report(item, f"'{shorten(line or '')}': {error.what}", error.mend)
        data._lists_used += [(file, item, language, one) for one in sorted(lists_in(line or ""))]
    return _texts(file, node, name)


def _report_unknown_lists(data: Data) -> None:
    """Report the lists from which a phrase takes its words and that are nowhere."""
    for file, node, language, name in data._lists_used:
        lists = data.phrases.get(language, {})
        if name not in lists:
            file.report(node, f"there is no list '{name}'", suggest(name, sorted(lists)))


# ---- situations.yml ---------------------------------------------------------------------------------------

#: What may stand at a situation, and what it means.
SITUATION_OPTIONS: Final[Mapping[str, str]] = {
    "words": "how many words the email should have; its 'Words' line wins",
    "characters": "how many characters a note may have, with a free and with a paid account",
    "add": "rules that are used only where they are added",
    "leave-out": "rules that are not used here",
    "must-say": "what the email has to say, and how the reader is told of it",
}


def _read_situations(data: Data, file: YamlFile) -> None:
    for slug, _, node in file.entries(file.root, "the file"):
        plain: dict[str, Any] = {"words": None, "characters": None, "add": [], "leave_out": [], "must_say": []}
        situation = data.situations.get(slug, plain) | {}
        for key, key_node, value in file.entries(node, f"'{slug}'"):
            if key not in SITUATION_OPTIONS:
                file.report(key_node, f"unknown key '{key}'", suggest(key, list(SITUATION_OPTIONS)))
            elif key in ("words", "characters"):
                situation[key] = _range(file, value, key) or situation[key]
            elif key == "must-say":
                situation["must_say"] = _sayings(data, file, value)
            else:
                names = tuple(dict.fromkeys((*rule_names(), *data.rules)))
                found = _texts(file, value, key, choices=names)
                situation[key.replace("-", "_")] = found
        data.situations[slug] = situation


def _sayings(data: Data, file: YamlFile, node: yaml.Node) -> list[tuple[str, str]]:
    sayings: list[tuple[str, str]] = []
    lists = {name for language in data.phrases.values() for name in language}
    for name, name_node, value in file.entries(node, "'must-say'"):
        if name not in SPECIAL_SAYINGS and name not in lists:
            file.report(name_node, f"unknown name '{name}'", suggest(name, sorted({*SPECIAL_SAYINGS, *lists})))
        elif text := file.text(value, name):
            sayings.append((name, text))
    return sorted(sayings)


# ---- site.yml ---------------------------------------------------------------------------------------------

#: What may stand in site.yml, and what it means.
SITE_OPTIONS: Final[Mapping[str, str]] = {
    "colors": "six colors for 'light' and six for 'dark'",
    "ways": "what may have happened, and the page that it leads to: 'They said no: emails/rejection-reply.md'",
    "questions": "the questions of the chooser; under each its groups, and what each of them is called",
    "leave_out": "pages that stay in the folder and are not published: the names of emails, such as "
    "[coffee-chat, grad-school], or paths, such as guide/by-country.md",
    "organization": "who publishes the site, in the American spelling of the word; for the foot of each page "
    "and for the privacy page",
    "contact": "an email address, or a web address with https://, that people can turn to",
    "privacy": "a sentence or more for the privacy page, such as where the rules of your house stand",
    "credits": "for the foot of each page: whom you name or thank, and a web address for each",
    "allow": f"hosts from which pages may load something: {', '.join(ELSEWHERE)}; the privacy page names them",
    "house_rules": "true: the check also tells what the rules of style.yml find; false: it does not",
}


def _read_site(data: Data, file: YamlFile) -> None:
    for key, key_node, node in file.entries(file.root, "the file"):
        if key not in SITE_OPTIONS:
            file.report(key_node, f"unknown key '{key}'", suggest(key, list(SITE_OPTIONS)))
        elif key in _SITE:
            _SITE[key](data, file, node)
        elif text := file.text(node, key):
            setattr(data, key, text)
            data.asks["publisher"] = Said(key, file, key_node)


def _read_ways(data: Data, file: YamlFile, node: yaml.Node) -> None:
    for words, _, value in file.entries(node, "'ways'"):
        if target := file.text(value, words):
            page, _, anchor = target.partition("#")
            data.ways.append(Way(words, page, anchor, file, value))


def _read_leave_out(data: Data, file: YamlFile, node: yaml.Node) -> None:
    for item in _items(file, node, "leave_out"):
        if name := file.text(item, "leave_out"):
            data.leave_out.append(Said(name, file, item))


def _read_contact(data: Data, file: YamlFile, node: yaml.Node) -> None:
    text = file.text(node, "contact")
    if text is None:
        return
    if not text.startswith("https://") and ("@" not in text or check_address(text)):
        what = f"'{shorten(text)}' is neither an email address nor a web address"
        file.report(node, what, "write one such as careers@college.example or https://college.example/careers")
        return
    data.contact = text
    data.asks["publisher"] = Said("contact", file, node)


def _read_credits(data: Data, file: YamlFile, node: yaml.Node) -> None:
    for words, _, value in file.entries(node, "'credits'"):
        text = file.text(value, words)
        if text and not text.startswith("https://"):
            file.report(value, f"'{shorten(text)}' is not a web address", "begin it with https://")
        elif text:
            data.credits[words] = text


def _read_allow(data: Data, file: YamlFile, node: yaml.Node) -> None:
    for kind, kind_node, value in file.entries(node, "'allow'"):
        if kind not in ELSEWHERE:
            file.report(kind_node, f"unknown key '{kind}'", suggest(kind, list(ELSEWHERE)))
            continue
        for item in _items(file, value, kind):
            host = file.text(item, kind)
            if host and (wrong := wrong_host(host.lower())):
                file.report(item, *wrong)
            elif host and host.lower() not in data.allow.get(kind, ()):
                data.allow.setdefault(kind, []).append(host.lower())
                data.asks["elsewhere"] = Said("allow", file, item)


def _read_house_rules(data: Data, file: YamlFile, node: yaml.Node) -> None:
    data.house_rules = file.flag(node, "house_rules")


def _read_colors(data: Data, file: YamlFile, node: yaml.Node) -> None:
    for scheme, scheme_node, said in file.entries(node, "'colors'"):
        if scheme not in SCHEMES:
            file.report(scheme_node, f"unknown key '{scheme}'", suggest(scheme, SCHEMES))
            continue
        colors = data.colors.setdefault(scheme, {})
        nodes: dict[str, yaml.Node] = {}
        for name, name_node, value in file.entries(said, f"'{scheme}'"):
            text = str(value.value) if isinstance(value, yaml.ScalarNode) else ""
            color = read_color(text)
            if name not in COLORS:
                file.report(name_node, f"unknown key '{name}'", suggest(name, list(COLORS)))
            elif color is None:
                # Without quotes, all after a '#' is a comment.
                what = f"'{shorten(text)}' is no color" if text else f"'{name}' has no color"
                file.report(value if text else name_node, what, f'write it in quotes: {name}: "#1b1f24"')
            else:
                colors[name], nodes[name] = color, value
        if nodes and {*colors} == {*COLORS}:
            _report_weak(file, scheme, colors, nodes)


def _report_weak(
    file: YamlFile, scheme: str, colors: Mapping[str, Rgb], nodes: Mapping[str, yaml.Node]
) -> None:
    """Report each color of the site's own with which something cannot be read, once."""
    told = set()
    for names, what in too_weak(scheme, colors):
        name = next(name for name in (*names, *nodes) if name in nodes)
        if name not in told:
            file.report(nodes[name], f"'{scheme}': {what}", remedy(scheme, colors, name))
        told.add(name)


def _read_questions(data: Data, file: YamlFile, node: yaml.Node) -> None:
    known: set[str] = set()
    for question, _, groups in file.entries(node, "'questions'"):
        for name, name_node, value in file.entries(groups, f"'{question}'"):
            if name in known:
                file.report(name_node, f"the group '{name}' stands here twice", "keep one of them")
            elif title := file.text(value, name):
                data.questions.setdefault(question, {})[name] = title
            known.add(name)


#: What reads a line of site.yml; the others are texts.
_SITE: Final[Mapping[str, Callable[[Data, YamlFile, yaml.Node], None]]] = {
    "colors": _read_colors,
    "ways": _read_ways,
    "questions": _read_questions,
    "leave_out": _read_leave_out,
    "contact": _read_contact,
    "credits": _read_credits,
    "allow": _read_allow,
    "house_rules": _read_house_rules,
}


# ---- what several files hold ------------------------------------------------------------------------------


def _range(file: YamlFile, node: yaml.Node, key: str) -> tuple[int, int] | None:
    found = number_range(str(node.value)) if isinstance(node, yaml.ScalarNode) else None
    if found is None:
        file.report(node, f"'{key}' is not a range", f"write the least and the most: '{key}: 4-25'")
    return found


def _items(file: YamlFile, node: yaml.Node, key: str) -> list[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    file.report(node, f"'{key}' is not a list", f"write '{key}: [one, another]' or '- one' lines")
    return []


def _texts(file: YamlFile, node: yaml.Node, key: str, *, choices: Iterable[str] = ()) -> list[str]:
    known = tuple(choices)
    texts: list[str] = []
    for item in _items(file, node, key):
        if known and (text := text_of(item)) is not None and text not in known:
            file.report(item, f"unknown rule '{shorten(text)}'", suggest(text, known))
        elif text := file.text(item, key):
            texts.append(text)
    return texts


_READERS: Final[Mapping[str, Callable[[Data, YamlFile], None]]] = {
    "fields.yml": _read_fields,
    "words.yml": _read_words,
    "rules.yml": _read_rules,
    "phrases.yml": _read_phrases,
    "situations.yml": _read_situations,
    "site.yml": _read_site,
}
"""Every file of a site's data, in the order in which they need each other."""


#: Without a field of these roles that somebody asks for, the rules about names look at nothing.
_NAMES: Final = ("company", "position", "own-name", "recipient")


def judge_roles(
    data: Data, used: Collection[str], unknown: Sequence[tuple[Problem, str]]
) -> tuple[list[Problem], list[Problem]]:
    """Return what was renamed in the emails only, so that the review knows it no more; and mere advice.

    Args:
        data: what the site says.
        used: the keys of all placeholders that an email has.
        unknown: the placeholders that are described nowhere: a problem at the place of each, and its name.
    """
    wrong: list[Problem] = []
    advice: list[Problem] = []
    for file, node, one in data.roles:
        if one.key in used:
            continue
        near = nearest(one.key, used)
        mend = f"did you mean '{near}'?" if near else "write its new name here too, or take it out"
        what = f"no email has [{shorten(one.name)}], whose role is '{one.role}'"
        # Whoever deletes a page does nothing wrong: only a new name somewhere else makes a lost one.
        (wrong if near or unknown else advice).append(file.problem(node, what, mend))
    asked = {one.role for one in data.fields.values() if one.key in used}
    idle = [role for role in _NAMES if role not in asked]
    for problem, name in unknown:
        if idle and name[:1].isupper():
            old = next(one.name for one in data.fields.values() if one.role in idle)
            mend = f"add '{name}:' to _data/fields.yml; if it holds what [{old}] held, with its role"
            wrong.append(replace(problem, mend=mend))
        else:
            what = f"[{name}] is described nowhere, so its question has no hint"
            mend = f"add '{name}:' to _data/fields.yml, with a hint and an example"
            advice.append(replace(problem, what=what, mend=mend))
    return wrong, advice
