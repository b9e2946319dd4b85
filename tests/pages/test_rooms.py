"""What a site says is its authors' own business: only the tests in ``tests/content`` read ``docs/``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.site import ROOT

#: Tests of the machinery, which hold whatever stands in ``docs/``.
ROOMS = ("core", "pages", "browser")
FILES = [
    ROOT / "tests" / "conftest.py",
    *sorted(path for room in ROOMS for path in (ROOT / "tests" / room).glob("*.py")),
]

#: These are about ``docs/``, or begin there.
ABOUT_CONTENT = ("tests.content", "tests.tools.prose")


def reads_of_content(source: str) -> Iterator[str]:
    """Yield each place of a test's source that reads the pages, words or settings of the site itself."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            for name in node.names:
                whole = f"{module}.{name.name}".strip(".")
                if whole.startswith(ABOUT_CONTENT):
                    yield f"line {node.lineno}: imports {whole}"
        elif (isinstance(node, ast.Name) and node.id == "DOCS") or (
            isinstance(node, ast.Attribute) and node.attr == "DOCS"
        ):
            yield f"line {node.lineno}: names DOCS"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            of_the_project = (isinstance(node.left, ast.Name) and node.left.id == "ROOT") or (
                isinstance(node.left, ast.Attribute) and node.left.attr == "ROOT"
            )
            right = node.right
            if of_the_project and isinstance(right, ast.Constant) and isinstance(right.value, str):
                folder = right.value.split("/")[0]
                if folder == "docs" or (folder == "mkdocs.yml" and "site_name" not in source):
                    yield f"line {node.lineno}: reads {right.value}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "read_content":
            given = ast.unparse(node.args[0]) if node.args else ""
            if given in ('Path("docs")', "Path('docs')", "'docs'"):
                yield f"line {node.lineno}: reads docs"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT / "tests").as_posix())
def test_no_test_of_the_machinery_reads_the_content_of_the_site(path: Path) -> None:
    assert [*reads_of_content(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "source",
    [
        "from tests.tools.prose import style",
        "from tests.tools import prose",
        "import tests.content.test_content",
        'page = DOCS / "index.md"',
        "pages = read_content(prose.DOCS)",
        'words = (ROOT / "docs" / "_data" / "interface.yml").read_text()',
        'config = site.ROOT / "mkdocs.yml"',
        'read_content(Path("docs"))',
    ],
)
def test_who_reads_it_would_be_found(source: str) -> None:
    assert [*reads_of_content(source)]


def test_every_test_has_a_room() -> None:
    there = {path.parent.name for path in (ROOT / "tests").rglob("test_*.py")}
    assert there == {*ROOMS, "content", "tools"}
