"""The engine's files, as the build makes them. What they do in a browser: tests/browser/test_engine.py."""

from __future__ import annotations

import ast
import hashlib
import shutil
from pathlib import Path

import pytest

from generator.pages.image import FOLDER, Engine, EngineError, build_engine
from tests.tools.site import ROOT


@pytest.fixture(scope="module")
def engine() -> Engine:
    return build_engine(ROOT, ROOT / ".kit-cache", lambda _: None)


def test_every_file_is_what_the_manifest_says(engine: Engine) -> None:
    described = [entry for entry in engine.manifest.values() if isinstance(entry, dict) and "url" in entry]
    assert {FOLDER + entry["url"] for entry in described} == set(engine.files)
    for entry in described:
        content = engine.files[FOLDER + entry["url"]].read_bytes()
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert entry["bytes"] == len(content)


def test_names_carry_hashes(engine: Engine) -> None:
    hexadecimal = set("0123456789abcdef")
    for name in engine.files:
        pieces = name.removeprefix(FOLDER).replace("/", ".").replace("-", ".").split(".")
        assert any(len(piece) == 16 and set(piece) <= hexadecimal for piece in pieces), name


def test_the_second_time_nothing_is_built(engine: Engine) -> None:
    reports: list[str] = []
    assert build_engine(ROOT, ROOT / ".kit-cache", reports.append).files.keys() == engine.files.keys()
    assert reports == []


def test_it_stays_within_its_weight(engine: Engine) -> None:
    """A look at what a visitor downloads: packed files as they are, the glue as a host would pack it."""
    sizes = {
        name: entry["bytes"]
        for name, entry in engine.manifest.items()
        if isinstance(entry, dict) and "bytes" in entry
    }
    assert sizes["wasm"] + sizes["snapshot"] < 5_500_000


def test_what_is_there_for_extension_modules_is_taken_out(engine: Engine) -> None:
    """Should another Pyodide name its exports in another way, then nothing would be, and every start be slow."""
    whole = (ROOT / "node_modules" / "pyodide" / "pyodide.asm.mjs").read_text(encoding="utf-8")
    kept = engine.files[FOLDER + engine.manifest["glue"]["url"]].read_text(encoding="utf-8")
    assert whole.count("=wasmExports[") > 4_000
    assert kept.count("=wasmExports[") < 500


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"Pyodide is not installed .* run 'make setup'"):
        build_engine(tmp_path, tmp_path / ".kit-cache", lambda _: None)


@pytest.mark.parametrize(
    "path", [*sorted((ROOT / "generator" / "core").rglob("*.py")), ROOT / "generator" / "bridge.py"]
)
def test_nothing_is_imported_late(path: Path) -> None:
    """The snapshot holds what was imported when it was made; there is no library beside it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    ]
    late = [
        node
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not late


@pytest.mark.long
def test_two_builds_give_the_same_bytes(engine: Engine, tmp_path: Path) -> None:
    """Another folder, another cache, the same files to the last byte."""
    root = tmp_path / "elsewhere"
    root.mkdir()
    shutil.copytree(ROOT / "generator", root / "generator")
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    for name in ("requirements-pyodide.txt", "package.json"):
        shutil.copy(ROOT / name, root)
    again = build_engine(root, tmp_path / "cache", lambda _: None)
    # The configuration comes from the site's content, and this engine was built without.
    same = ("wasm", "library", "snapshot", "worker", "loader", "glue")
    assert {name: again.manifest[name] for name in same} == {name: engine.manifest[name] for name in same}
