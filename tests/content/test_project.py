"""What holds for the project as a whole: pins, commands, workflows, what may stand in a file."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
NPM_LOCKS = ("package-lock.json", "tests/tools/bench/package-lock.json")
LOCKS = (*NPM_LOCKS, "requirements.txt", "requirements-pyodide.txt")
#: Only the original has these files in these words.
pytestmark = pytest.mark.original

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/fork/index.md", "docs/fork/emails.md")


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tracked_texts() -> dict[str, str]:
    """Every text file of the repository by its path."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git repository")
    texts = {}
    for path in filter(None, listed.split("\0")):
        if not (ROOT / path).is_file():  # deleted, not yet committed
            continue
        content = (ROOT / path).read_bytes()
        if b"\0" not in content:
            texts[path] = content.decode("utf-8")
    return texts


# ---- commands ----


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", read("Makefile"), re.MULTILINE))


def test_readme_names_the_two_commands() -> None:
    for command in ("make serve", "make test"):
        assert command in read("README.md")
        assert command.removeprefix("make ") in targets()


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_command_that_a_document_names_exists(path: str) -> None:
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", read(path), re.MULTILINE))
    assert named <= targets()


def test_contributing_explains_every_command() -> None:
    listed = set(re.findall(r"^([a-z-]+):.*## ", read("Makefile"), re.MULTILINE))
    explained = set(re.findall(r"^\| `make ([a-z-]+)`", read("CONTRIBUTING.md"), re.MULTILINE))
    assert explained == listed, "the table in CONTRIBUTING.md and `make help` differ"


def test_ci_runs_the_test_command() -> None:
    assert re.search(r"^make test$", read(".ci/run"), re.MULTILINE)
    assert "run: make test" in read(".github/workflows/ci.yml")


def test_readme_names_the_python_that_the_project_needs() -> None:
    needed = re.search(r'requires-python = ">=([\d.]+)"', read("pyproject.toml"))
    assert needed
    for path in ("README.md", "docs/fork/index.md"):
        assert f"Python {needed[1]} or newer" in read(path)
    assert f"({needed[1].replace('.', ', ')})" in read("Makefile")


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.md")), ids=lambda path: path.name)
def test_links_between_the_files_lead_somewhere(path: Path) -> None:
    links = re.findall(r"(?<!!)\[[^\]]+\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
    assert not [link for link in links if not (ROOT / link).exists()]


# ---- workflows ----


def workflow(path: Path) -> dict[Any, Any]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit_with_their_version(path: Path) -> None:
    uses = re.findall(r"^[\s-]*uses:\s*(.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert uses
    for one in uses:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one), one


def test_one_action_has_one_pin() -> None:
    pins: dict[str, set[str]] = {}
    for path in WORKFLOWS:
        for action, pin in re.findall(
            r"uses:\s*([\w/-]+)@(.+)$", path.read_text(encoding="utf-8"), re.MULTILINE
        ):
            pins.setdefault(action, set()).add(pin)
    assert not {action: found for action, found in pins.items() if len(found) > 1}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_may_read_and_only_the_deployment_may_write(path: Path) -> None:
    data = workflow(path)
    assert data["permissions"] == {"contents": "read"}
    for name, job in data["jobs"].items():
        writes = {scope for scope, access in job.get("permissions", {}).items() if access != "read"}
        assert writes == ({"pages", "id-token"} if name == "deploy" else set())
        if writes:
            assert not [step for step in job["steps"] if "run" in step], "the job that may write runs no script"
        assert job["timeout-minutes"] <= 30
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_publish_builds_for_the_address_that_github_gives() -> None:
    """A fork publishes under its own path without an edit."""
    data = workflow(ROOT / ".github" / "workflows" / "pages.yml")
    assert data["name"] == "Publish"
    build = next(step for step in data["jobs"]["build"]["steps"] if step.get("run") == "make build")
    assert build["env"] == {"SITE_URL": "${{ steps.pages.outputs.base_url }}/"}
    assert 'site_url: !ENV [SITE_URL, ""]' in read("mkdocs.yml")


def test_publish_takes_over_the_files_of_earlier_builds_before_it_hands_over() -> None:
    steps = workflow(ROOT / ".github" / "workflows" / "pages.yml")["jobs"]["build"]["steps"]
    runs = [step.get("run", step.get("uses", "")).partition("@")[0] for step in steps]
    keep = '.venv/bin/python -m generator keep site --from "$SITE_URL"'
    assert runs[-3:] == ["make build", keep, "actions/upload-pages-artifact"]
    assert steps[-2]["env"] == steps[-3]["env"]


# ---- pins ----


@pytest.mark.parametrize("path", LOCKS)
def test_lock_files_name_no_address(path: str) -> None:
    # npm notes down where a package may be supported with money; nothing is loaded from there.
    text = re.sub(r'"funding": (\{[^}]*\}|\[[^\]]*\]|"[^"]*")', "", read(path))
    assert not re.search(r"https?:|\"resolved\"|--(?:extra-)?index-url|--find-links", text)


@pytest.mark.parametrize("path", [path for path in LOCKS if path.endswith(".txt")])
def test_python_packages_are_locked_by_hash(path: str) -> None:
    packages = re.split(r"\n(?=\S)", read(path).strip())
    assert packages
    for package in packages:
        assert re.match(r"[\w.-]+==\S+", package)
        assert "--hash=sha256:" in package


@pytest.mark.parametrize("path", NPM_LOCKS)
def test_npm_packages_are_locked_by_hash(path: str) -> None:
    packages = json.loads(read(path))["packages"]
    assert not [name for name, package in packages.items() if name and "integrity" not in package]


def test_pyodide_has_one_version_everywhere() -> None:
    pinned = json.loads(read("package.json"))["dependencies"]["pyodide"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", pinned), "pin one exact version"
    assert json.loads(read("package-lock.json"))["packages"]["node_modules/pyodide"]["version"] == pinned
    # Pyodide's version begins with its Python's: three digits, as no other version here has.
    named = re.compile(r"pyodide\W{0,3}(?:version )?v?(\d{3}\.\d+\.\d+)", re.IGNORECASE)
    for path, text in tracked_texts().items():
        assert set(named.findall(text)) <= {pinned}, path
    installed = ROOT / "node_modules" / "pyodide" / "package.json"
    if installed.is_file():
        assert json.loads(installed.read_text(encoding="utf-8"))["version"] == pinned, "run `make setup`"


# ---- what may stand in a file ----


def test_no_file_names_a_folder_of_somebody_s_computer() -> None:
    patterns = [
        r"(?<![\w.])[/](?:home|root|Users)[/]\w",
        r"\b[A-Z]:[\\]+Users\b",
        "[/]work[/](?:main|wt|shared)",
    ]
    if len(ROOT.parts) > 2:
        patterns.append(re.escape(str(ROOT)) + r"\b")
    local = re.compile("|".join(patterns))
    found = [f"{path}: {match[0]}" for path, text in tracked_texts().items() for match in local.finditer(text)]
    assert not found


def test_no_file_names_the_host_of_a_package_registry() -> None:
    """Where packages come from is the business of each computer's own settings."""
    hosts = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("jsdelivr", "net"))
    names = re.compile("|".join(re.escape(".".join(host)) for host in hosts))
    found = [f"{path}: {match[0]}" for path, text in tracked_texts().items() for match in names.finditer(text)]
    assert not found


def test_the_packages_are_locked_with_one_version_of_the_locker() -> None:
    assert re.findall(r"pip install[^\n]* uv\S*", read("Makefile"))
    assert not re.findall(r"pip install[^\n]* uv(?!==\d+\.\d+\.\d+$)\S*", read("Makefile"), re.MULTILINE)


def test_the_privacy_page_names_every_button_that_hands_words_on() -> None:
    assert "```reference\nhand-offs:" in read("docs/privacy.md")


def test_no_page_says_how_many_emails_there_are() -> None:
    """A situation that is added is one file."""
    said = re.compile(r"\d+ (?:moments|situations)|\ball \d+\b")
    pages = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md")}
    assert [name for name, text in pages.items() if said.search(text)] == []
