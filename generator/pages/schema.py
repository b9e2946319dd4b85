"""Reads text and YAML files whatever their bytes: with positions, and every problem at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from generator.core.problem import Problem, shorten, suggest

# The one in C is ten times as fast, and no installation is without it but a rare one.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Deeper than any file of a site. The parser in C ends the whole process on some ten thousand levels.
_DEEPEST: Final = 50
_LONGEST_NUMBER: Final = 40

_YAML: Final = "tag:yaml.org,2002:"
_TEXT: Final = f"{_YAML}str"
_MERGE: Final = f"{_YAML}merge"
_READ: Final = frozenset({"int", "float", "bool", "timestamp"})
_KNOWN: Final = frozenset(_YAML + kind for kind in (*_READ, "str", "null", "map", "seq", "merge"))
#: What MkDocs reads in its own file besides: the environment, paths, and names of Python.
MKDOCS_TAGS: Final = ("!ENV", "!relative", f"{_YAML}python/")

_CURLY: Final = "“”„‟«»‘’‚‛"
# Begins like a quotation and ends like one, with none between: “like this”, but not “this” or “that”.
_CURLY_QUOTED: Final = re.compile(rf"""[{_CURLY}][^{_CURLY}"']*[{_CURLY}"']""")
_NOT_YAML: Final = yaml.reader.Reader.NON_PRINTABLE
_LINE_END: Final = re.compile("\r\n?")


def read_text(path: Path, shown: str, problems: list[Problem]) -> str | None:
    """Return the text of a file, its lines ended by line feeds; None, and one problem, where it is no text.

    Args:
        path: the file.
        shown: how the problem names it.
        problems: where the problem is put.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        problems.append(Problem(shown, 1, 1, "the file cannot be read", error.strerror or str(error)))
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", errors="replace")
        what = "the file is not UTF-8 text"
    else:
        if "\0" not in text:
            return _LINE_END.sub("\n", text)
        before, what = text[: text.index("\0")], "the file holds a character that no text has (U+0000)"
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    problems.append(Problem(shown, line, column, what, "save it as UTF-8"))
    return None


class YamlFile:
    """A YAML text as nodes that know their position. ``root`` is None where it is empty or no YAML.

    What no reader of it could use is reported when it is read, and then left out or taken as text, so that
    one mistake gives one problem.
    """

    def __init__(
        self, path: str, text: str, problems: list[Problem], *, first_line: int = 1, tags: tuple[str, ...] = ()
    ) -> None:
        """Read ``text``, which begins on ``first_line`` of ``path``; ``tags``: beginnings of more tags."""
        self.path, self.problems, self.first_line = path, problems, first_line
        self.lines = text.split("\n")
        self.root: yaml.Node | None = None
        self._tags = tags
        self._unreadable: set[int] = set()
        if not self._printable(text):
            return
        try:
            if self._shallow(text):
                self.root = yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            self._not_yaml(error)
        except yaml.YAMLError as error:
            self._note(0, 0, f"this is not YAML ({error})", "remove the character that it names")
        if self.root is not None:
            self._examine(self.root)

    @classmethod
    def read(
        cls, path: Path, shown: str, problems: list[Problem], *, tags: tuple[str, ...] = ()
    ) -> YamlFile | None:
        """Return the file at ``path``; None, and one problem, where it is no text or holds nothing."""
        if not path.is_file():
            problems.append(Problem(shown, 1, 1, "the file is missing", "take it from the original kit"))
            return None
        text = read_text(path, shown, problems)
        if text is None:
            return None
        before = len(problems)
        file = cls(shown, text, problems, tags=tags)
        if file.root is None and len(problems) == before:
            problems.append(Problem(shown, 1, 1, "the file is empty", "take it from the original kit"))
        return file if file.root is not None else None

    def _note(self, line: int, column: int, what: str, mend: str) -> None:
        self.problems.append(self._at(line, column, what, mend))

    def _at(self, line: int, column: int, what: str, mend: str) -> Problem:
        line = min(line, len(self.lines) - 1)
        return Problem(self.path, self.first_line + line, column + 1, what, mend, self.lines[line])

    def _not_yaml(self, error: yaml.MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        if error.context_mark and "quoted scalar" in str(error.context):
            mark = error.context_mark  # where the quote begins: its end is looked for in the whole file
        line, column = _place(mark)
        mend = "look for a missing colon, quote or indentation here or just above"
        if re.search(rf"[:-]\s+[{_CURLY}]", self.lines[min(line, len(self.lines) - 1)]):
            mend = 'put the text in straight quotes: " instead of “ and ”'
        self._note(line, column, f"this is not YAML ({error.problem or error.context})", mend)

    def _printable(self, text: str) -> bool:
        match = _NOT_YAML.search(text)
        if match is None:
            return True
        line = text.count("\n", 0, match.start())
        column = match.start() - text.rfind("\n", 0, match.start()) - 1
        self._note(line, column, f"a character that YAML does not allow (U+{ord(match[0]):04X})", "remove it")
        return False

    def _shallow(self, text: str) -> bool:
        depth = 0
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > _DEEPEST:
                line, column = _place(event.start_mark)
                what = f"more than {_DEEPEST} lists or names inside each other"
                self._note(line, column, what, "look for a bracket or a brace too many just before")
                return False
        return True

    # ---- what no reader of the file could use ----

    def _examine(self, root: yaml.Node) -> None:
        """Report what cannot be read in ``root`` and what stands in it, and make it harmless."""
        seen: set[int] = set()
        inside: set[int] = set()

        def visit(node: yaml.Node) -> None:
            if id(node) in seen:
                return
            seen.add(id(node))
            inside.add(id(node))
            self._examine_one(node)
            if isinstance(node, yaml.MappingNode):
                node.value = [(key, value) for key, value in self._keys(node) if not cyclic(value)]
                for key, value in node.value:
                    visit(key)
                    visit(value)
            elif isinstance(node, yaml.SequenceNode):
                node.value = [item for item in node.value if not cyclic(item)]
                for item in node.value:
                    visit(item)
            inside.discard(id(node))

        def cyclic(node: yaml.Node) -> bool:
            if id(node) in inside:
                self._refuse(node, "this holds itself", "write its lines out where '*' names them")
            return id(node) in inside

        visit(root)

    def _examine_one(self, node: yaml.Node) -> None:
        if node.tag.startswith(self._tags) if self._tags else False:
            return
        if node.tag not in _KNOWN:
            tag = node.tag.replace(_YAML, "!!")
            self._refuse(
                node, f"unknown tag '{shorten(tag)}'", "remove it; a text with '!' in front needs quotes"
            )
        elif not isinstance(node, yaml.ScalarNode):
            if node.tag in (f"{_YAML}map", f"{_YAML}seq"):
                return
            self._refuse(
                node, f"a list where '{node.tag.replace(_YAML, '!!')}' says otherwise", "remove the tag"
            )
        elif node.tag == _TEXT:
            if not node.style and _CURLY_QUOTED.fullmatch(node.value):
                self._refuse(
                    node,
                    f"the quotes of {shorten(node.value)} are curly, so people would see them",
                    "use straight quotes, or put straight ones around the curly ones that you mean",
                )
            return
        elif self._readable(node):
            return
        mapping, sequence = isinstance(node, yaml.MappingNode), isinstance(node, yaml.SequenceNode)
        node.tag = f"{_YAML}map" if mapping else f"{_YAML}seq" if sequence else _TEXT

    def _readable(self, node: yaml.ScalarNode) -> bool:
        kind = node.tag.removeprefix(_YAML)
        if kind not in _READ:
            return True
        if len(node.value) > _LONGEST_NUMBER and kind != "timestamp":
            self._refuse(node, f"a number of {len(node.value)} characters", "if it is text, put it in quotes")
            return False
        try:
            yaml.SafeLoader("").construct_object(node)
        except (ValueError, LookupError, AttributeError, ArithmeticError):
            what = "date" if kind == "timestamp" else "number" if kind != "bool" else "truth value"
            mend = "mend it, or put it in quotes if it is text"
            self._refuse(node, f"'{shorten(node.value)}' is no {what} that exists", mend)
            return False
        return True

    def _keys(self, node: yaml.MappingNode) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        """Yield the pairs of a mapping whose names are texts or the like, each name once."""
        first: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(key, "a list stands where a name belongs", "put the name in quotes")
            elif key.tag == _MERGE and not self._tags:
                self._refuse(key, "'<<' does not work here", "write the lines out")
            elif key.tag == _MERGE and not _mergeable(value):
                self._refuse(value, "'<<' takes the name of a mapping", "write '<<: *name', or the lines")
            elif key.value in first:
                what = f"'{shorten(key.value)}' stands here twice (first on line {first[key.value]})"
                self._refuse(key, what, "keep one of them")
            else:
                first[key.value] = self.first_line + key.start_mark.line
                yield key, value

    def _refuse(self, node: yaml.Node, what: str, mend: str) -> None:
        self.report(node, what, mend)
        self._unreadable.add(id(node))

    # ---- for the readers ----

    def report(self, node: yaml.Node, what: str, mend: str) -> None:
        """Note a problem at ``node``, unless it could not even be read: that is said already."""
        if id(node) not in self._unreadable:
            self._note(node.start_mark.line, node.start_mark.column, what, mend)

    def problem(self, node: yaml.Node, what: str, mend: str) -> Problem:
        """Return a problem at ``node`` without noting it: what may be wrong, or only worth knowing."""
        return self._at(node.start_mark.line, node.start_mark.column, what, mend)

    def construct(self) -> Any:
        """Return the whole file as Python has it."""
        return yaml.SafeLoader("").construct_document(self.root)

    def entries(self, node: yaml.Node | None, what: str) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
        """Yield key, key node and value node of a mapping; report another type."""
        if node is None:
            return
        if not isinstance(node, yaml.MappingNode):
            self.report(node, f"{what} is not a list of 'name: value' lines", "write one 'name: value' a line")
            return
        for key, value in node.value:
            yield str(key.value), key, value

    def find(self, root: yaml.Node, names: Iterable[str]) -> yaml.Node:
        """Return the node that ``names`` lead to from ``root``, or the last one on the way that exists."""
        node = root
        for name in names:
            found = value_of(node, name)
            if found is None:
                break
            node = found
        return node

    def text(self, node: yaml.Node, key: str) -> str | None:
        """Return a text; anything else is a problem."""
        if isinstance(node, yaml.ScalarNode) and node.tag == _TEXT and node.value.strip():
            return str(node.value)
        if isinstance(node, yaml.ScalarNode) and node.value.strip():
            mend = f'put it in quotes: {key}: "{shorten(node.value)}"'
            self.report(node, f"'{key}' must be a text", mend)
        else:
            self.report(node, f"'{key}' must be a text", "write it on one line after the colon")
        return None

    def one_of(self, node: yaml.Node, key: str, choices: tuple[str, ...]) -> str | None:
        """Return a text that is one of ``choices``; anything else is a problem."""
        text = self.text(node, key)
        if text is not None and text not in choices:
            self.report(node, f"'{shorten(text)}' is no {key}", suggest(text, choices))
            return None
        return text

    def flag(self, node: yaml.Node, key: str) -> bool:
        """Return true or false; anything else is a problem."""
        if not isinstance(node, yaml.ScalarNode) or node.tag != f"{_YAML}bool":
            self.report(node, f"'{key}' must be true or false", f"write '{key}: true' or '{key}: false'")
            return True
        return node.value.lower() in ("true", "yes", "on")


def value_of(node: yaml.Node | None, name: str) -> yaml.Node | None:
    """Return the value that a mapping has under ``name``; None where it has none or is no mapping."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if str(key.value) == name), None)


def text_of(node: yaml.Node | None) -> str | None:
    """Return the value of a text, or None."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) and node.tag == _TEXT else None


def _place(mark: Any) -> tuple[int, int]:
    """Return line and column, from 0; the parsers in C and in Python have marks of their own types."""
    return (mark.line, mark.column) if mark else (0, 0)


def _mergeable(node: yaml.Node) -> bool:
    if isinstance(node, yaml.SequenceNode):
        return all(isinstance(item, yaml.MappingNode) for item in node.value)
    return isinstance(node, yaml.MappingNode)
