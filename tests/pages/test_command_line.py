"""The command line, as people call it."""

from __future__ import annotations

import email
import email.policy
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from icalendar import Calendar

from generator.__main__ import main
from tests.tools.site import ROOT

PAGE = "docs/emails/thank-you.md"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(site_config: Path) -> Run:
    """Runs a command in the folder of the test site."""

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "generator", *arguments],
            cwd=site_config.parent,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

    return command


def test_check_of_sound_content(run: Run) -> None:
    result = run("check")
    assert result.returncode == 0
    assert "no problem" in result.stdout
    assert result.stderr == ""


def test_check_names_every_problem_and_exits_1(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```email\nSubject: [\n\n[]\n```\n", encoding="utf-8")
    result = run("check", str(page))
    assert result.returncode == 1
    assert result.stdout == ""
    assert f"{page}:2:10: this bracket is not closed" in result.stderr
    assert f"{page}:4:1: an empty placeholder" in result.stderr
    assert "2 problem(s)" in result.stderr


def test_fill_prints_the_email(run: Run) -> None:
    result = run("fill", PAGE, "--set", "Position=Data Analyst", "--set", "Interviewer’s Name=Jordan")
    assert result.returncode == 0
    assert result.stdout.startswith("Subject: Thanks for the talk about the Data Analyst job\n\nDear Jordan,\n")
    assert "Still missing: a project or aspect discussed" in result.stderr


def test_fill_as_json_in_another_wording(run: Run) -> None:
    result = run("fill", PAGE, "--wording", "warm", "--set", "Position=A=B", "--json")
    reply = json.loads(result.stdout)
    assert reply["subject"] == "Our talk about the A=B job"
    assert "Position" not in reply["missing"]


def test_fill_with_the_example_leaves_nothing_open(run: Run) -> None:
    result = run("fill", PAGE, "--example", "--json")
    assert json.loads(result.stdout)["missing"] == []


def test_a_folder_stands_for_the_emails_of_its_pages(run: Run) -> None:
    result = run("review", "docs/emails", "--name", "Thanks", "--example")
    assert (result.returncode, result.stderr) == (0, "")


def test_review_says_what_is_good_and_exits_0(run: Run) -> None:
    result = run("review", PAGE, "--example", "--set", "Company=Contoso")
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert (
        "good: “the ferry that gets a new coat each spring” is yours alone. That is what they will remember."
        in lines[-1]
    )
    assert all(line.split(": ")[0] in ("warns", "tells", "good") for line in lines)


def test_review_exits_1_when_something_blocks_the_email(run: Run) -> None:
    result = run("review", PAGE, "--example", "--set", "Position=", "--wording", "warm", "--json")
    assert result.returncode == 1
    (blocking,) = [one for one in json.loads(result.stdout) if one["level"] == "blocks"]
    assert blocking["words"] == "[Position]"
    assert blocking["part"] == "subject"


DRAFT = (
    "Subject: Night nurse\n\nDear Jordan,\n\nThank you for the tour of [Company].\n\nRegards,\nAmara\n> asap\n"
)


def test_a_draft_of_ones_own_is_reviewed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "draft.txt"
    file.write_bytes(DRAFT.replace("\n", "\r\n").encode())
    result = run("review", "--draft", str(file), "--situation", "thank-you", "--json")
    assert (result.returncode, result.stderr) == (1, "")
    findings = json.loads(result.stdout)
    assert {tuple(one) for one in findings} == {("rule", "level", "message", "part", "words", "mend")}
    assert [one["words"] for one in findings if one["level"] == "blocks"] == ["[Company]"]
    assert "pressure" not in {one["rule"] for one in findings}
    result = run("review", "--draft", str(file), "--set", "Interviewer's Name=Mei Lin", "--json")
    assert "greeting-name" in {one["rule"] for one in json.loads(result.stdout)}


@pytest.mark.parametrize(
    "text", [b"", b"\xff\xfe", b"\x00\xd8[", "Subject: \U0001f600".encode(), b"a" * 200_000]
)
def test_no_draft_is_too_odd(run: Run, tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "draft.txt"
    file.write_bytes(text)
    result = run("review", "--draft", str(file), "--json")
    assert (result.stderr, result.returncode in (0, 1)) == ("", True)
    assert isinstance(json.loads(result.stdout), list)


def test_eml_is_the_email_that_fill_prints(run: Run, tmp_path: Path) -> None:
    settings = ("--example", "--set", "Company=Zażółć & Co")
    file = tmp_path / "draft.eml"
    result = run("eml", PAGE, *settings, "--to", "jordan@northwind.example", "-o", str(file))
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    filled = json.loads(run("fill", PAGE, *settings, "--json").stdout)
    assert message["To"] == "jordan@northwind.example"
    assert message["Subject"] == filled["subject"]
    assert message.get_content().replace("\r\n", "\n").rstrip("\n") == filled["body"]


def test_eml_can_be_printed_and_says_what_is_missing(run: Run) -> None:
    result = run("eml", PAGE)
    assert result.returncode == 0
    assert result.stdout.startswith("X-Unsent: 1\n")
    assert "Still missing: Position" in result.stderr


INTERVIEW = ("schedule", "--interview", "2026-05-12T10:00")


def test_schedule_tells_when_to_do_what(run: Run) -> None:
    result = run(*INTERVIEW, "--now", "2026-05-12T12:00")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "now: Now is a good time. Send it by Wednesday 13 May 2026, 10:00.",
        "early: No answer yet? Ask once, on Tuesday 19 May 2026, 09:00. Asking before looks impatient.",
        "early: Still nothing? Ask a second and last time, on Tuesday 26 May 2026, 09:00.",
        "early: Stop here, on Tuesday 9 June 2026, 09:00. A short last note is fine; do not ask a third time.",
    ]


def test_schedule_as_json_and_as_a_calendar(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "reminders.ics"
    result = run(
        *INTERVIEW, "--promised", "2026-05-20", "--now", "2026-05-12T12:00", "--json", "--ics", str(file)
    )
    reply = json.loads(result.stdout)
    assert [one["kind"] for one in reply] == ["send", "first_chase", "second_chase", "stop"]
    assert reply[1]["when"] == "2026-05-27T09:00:00"
    events = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert [str(event["DESCRIPTION"]) for event in events] == [one["sentence"] for one in reply]


def test_schedule_reads_the_clock_when_no_time_is_given(run: Run) -> None:
    (send, *_) = json.loads(run("schedule", "--interview", "2001-05-12", "--json").stdout)
    assert send["state"] == "over"
    (send, *_) = json.loads(run("schedule", "--interview", "2199-05-12", "--json").stdout)
    assert send["state"] == "early"


def test_a_usage_error_exits_2(run: Run) -> None:
    result = run("fill", "docs/nowhere.md")
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_usage_errors_say_what_to_write(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], site_config: Path
) -> None:
    monkeypatch.chdir(site_config.parent)
    for arguments, said in (
        ((), "Usage:"),
        (("fill",), "PAGE"),
        (("fill", "docs/nowhere.md"), "there is no file or folder 'docs/nowhere.md'"),
        (("check", "nowhere"), "there is no file or folder 'nowhere'"),
        (("fill", PAGE, "--set", "Position"), 'write --set "Name=value"'),
        (("fill", PAGE, "--set", "Positon=x"), "did you mean 'Position'?"),
        (("fill", PAGE, "--wording", "wrm"), "did you mean 'warm'?"),
        (("fill", PAGE, "--name", "Cheers"), "the page has no email 'Cheers'"),
        (("fill", "docs/privacy.md"), "there is no email on docs/privacy.md"),
        (("review", PAGE, "--set", "Positon=x"), "did you mean 'Position'?"),
        (("review",), "name a PAGE"),
        (("review", PAGE, "--draft", "-"), "name a PAGE"),
        (("review", "--draft", "missing.txt"), "cannot be read"),
        (("review", "--draft", "-", "--situation", "thank-yuo"), "did you mean 'thank-you'?"),
        (("review", "--draft", "-", "--set", "Compny=x"), "did you mean 'Company'?"),
        (("review", "--draft", "-", "--example"), "--example goes with a PAGE"),
        (("eml", PAGE, "--to", "jordan"), "An address has one @"),
        (("eml", PAGE, "-o", "nowhere/draft.eml"), "'nowhere/draft.eml' cannot be written"),
        (("schedule",), "--interview"),
        (("schedule", "--interview", "12 May"), "write it as 2026-05-12"),
        ((*INTERVIEW, "--promised", "2026-05-11"), "is before the interview"),
        ((*INTERVIEW, "--now", "2026-05-12T10:00Z"), "has a time zone"),
        (("schedule", "--interview", "1026-05-12"), "The year 1026 cannot be right"),
    ):
        try:
            code: object = main(arguments)
        except SystemExit as stop:  # argparse's way
            code = stop.code
        assert code == 2, arguments
        assert said in capsys.readouterr().err
