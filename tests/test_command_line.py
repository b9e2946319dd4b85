"""The command line, as people call it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

PAGE = "docs/emails/thank-you.md"


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "generator", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_check_of_sound_content() -> None:
    result = run("check")
    assert result.returncode == 0
    assert "no problem" in result.stdout
    assert result.stderr == ""


def test_check_names_every_problem_and_exits_1(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```email\nSubject: [\n\n[]\n```\n", encoding="utf-8")
    result = run("check", str(page))
    assert result.returncode == 1
    assert result.stdout == ""
    assert f"{page}:2:10: this bracket is not closed" in result.stderr
    assert f"{page}:4:1: an empty placeholder" in result.stderr
    assert "2 problem(s)" in result.stderr


def test_fill_prints_the_email() -> None:
    result = run("fill", PAGE, "--set", "Position=Data Analyst", "--set", "Interviewer’s Name=Jordan")
    assert result.returncode == 0
    assert result.stdout.startswith("Subject: Thank you for the Data Analyst interview\n\nDear Jordan,\n")
    assert "Still missing: a project or aspect discussed" in result.stderr


def test_fill_as_json_in_another_wording() -> None:
    result = run("fill", PAGE, "--wording", "warm", "--set", "Position=A=B", "--json")
    reply = json.loads(result.stdout)
    assert reply["subject"] == "Thank you for our talk about the A=B role"
    assert "Position" not in reply["missing"]


def test_fill_with_the_example_leaves_nothing_open() -> None:
    result = run("fill", PAGE, "--example", "--json")
    assert json.loads(result.stdout)["missing"] == []


def test_usage_errors_exit_2_and_say_what_to_write() -> None:
    for arguments, said in (
        ((), "usage:"),
        (("fill",), "PAGE"),
        (("fill", "docs/nowhere.md"), "there is no file or folder 'docs/nowhere.md'"),
        (("check", "nowhere"), "there is no file or folder 'nowhere'"),
        (("fill", PAGE, "--set", "Position"), 'write --set "Name=value"'),
        (("fill", PAGE, "--set", "Positon=x"), "did you mean 'Position'?"),
        (("fill", PAGE, "--wording", "wrm"), "did you mean 'warm'?"),
        (("fill", PAGE, "--name", "Thanks"), "the page has no email 'Thanks'"),
        (("fill", "docs/privacy.md"), "there is no email on docs/privacy.md"),
    ):
        result = run(*arguments)
        assert result.returncode == 2, arguments
        assert said in result.stderr
        assert "Traceback" not in result.stderr
