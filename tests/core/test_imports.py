"""Imports run one way, and what runs in the browser needs nothing that is not there."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.site import ROOT

# Standard modules with which the pure core would read a clock, a file, the environment or chance.
IMPURE = {
    "io",
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "time",
    "urllib",
}


def imports(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports, in functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            yield node.module or ""


def inside(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


CORE = sorted((ROOT / "generator" / "core").rglob("*.py"))
BROWSER = [ROOT / "generator" / "__init__.py", ROOT / "generator" / "bridge.py", *CORE]


@pytest.mark.parametrize("path", BROWSER, ids=lambda path: path.name)
def test_what_runs_in_the_browser_imports_only_the_standard_library_and_the_core(path: Path) -> None:
    wrong = [
        module
        for module in imports(path)
        if module.split(".")[0] not in sys.stdlib_module_names and not inside(module, "generator.core")
    ]
    assert not wrong


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.name)
def test_the_core_is_pure(path: Path) -> None:
    assert not IMPURE.intersection(module.split(".")[0] for module in imports(path))


def test_nothing_imports_the_browser_and_the_build_goes_round_the_bridge() -> None:
    for path in (ROOT / "generator").rglob("*.py"):
        assert not [module for module in imports(path) if inside(module, "js", "pyodide", "pyodide_js")], path
    for path in (ROOT / "generator" / "pages").rglob("*.py"):
        assert not [module for module in imports(path) if inside(module, "generator.bridge")], path


FAMILIES = sorted((ROOT / "generator" / "core" / "review" / "rules").glob("[a-z]*.py"))


@pytest.mark.parametrize("path", FAMILIES, ids=lambda path: path.stem)
def test_a_family_of_rules_knows_no_other(path: Path) -> None:
    families = {f"generator.core.review.rules.{other.stem}" for other in FAMILIES}
    assert not families.intersection(imports(path))
    assert f"    {path.stem}," in (ROOT / "generator" / "core" / "review" / "rules" / "__init__.py").read_text()


def test_only_the_pages_read_what_the_kit_says_in_english() -> None:
    for path in (ROOT / "generator").rglob("*.py"):
        reads = re.search("[\"']english[\"']", path.read_text(encoding="utf-8"))
        assert not reads or path.relative_to(ROOT).as_posix() == "generator/pages/data.py", path


TEXT_OF_A_TEMPLATE = re.compile(
    r"\{#.*?#\}|\{% set \w+ %\}.*?\{% endset %\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<script.*?</script>|<[^<>]*>",
    re.DOTALL,
)
TEMPLATES = sorted(path for path in (ROOT / "generator").rglob("*.html") if "theme" not in path.parts)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_nothing_by_itself(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"\w+", TEXT_OF_A_TEMPLATE.sub("", text)), (
        "words belong in generator/english/words.yml"
    )
    said = re.findall(r"""(?:aria-label|title|alt|placeholder)="([^"{]*)\"""", text)
    assert not [one for one in said if one.strip()], path


def test_the_bridge_runs_without_any_installed_package() -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "generator" / "bridge.py", *CORE)
        if path.stem != "__init__"
    ]
    code = f"""
import importlib, json, sys
sys.path.insert(0, {str(ROOT)!r})
for module in {modules!r}:
    importlib.import_module(module)
print(json.dumps(sorted(sys.modules)))
"""
    # -S leaves site-packages out, as in the browser: what is not in the standard library is not there.
    result = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    loaded = json.loads(result.stdout)
    assert "generator.bridge" in loaded
    forbidden = ("generator.pages", "markdown", "yaml", "mkdocs", "jinja2", "markupsafe", "js", "pyodide")
    assert not [module for module in loaded if inside(module, *forbidden)]
