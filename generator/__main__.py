"""Command line: check the content; fill in an email, review it, write it as a file; plan the dates.

Exit codes: 0 all is well, 1 problems were found, 2 the command was not understood.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from generator.core.checks import Checks
from generator.core.fields import field_key
from generator.core.handoff import ADDRESS_PROBLEMS, check_address, eml
from generator.core.problem import Problem, listing, suggest
from generator.core.review import Finding, review
from generator.core.schedule import Moment, ScheduleError, ics, schedule
from generator.core.template import Draft, Template
from generator.pages.builds import EARLIER, keep_builds
from generator.pages.data import Data
from generator.pages.source import Email, read_content


class UsageError(Exception):
    """The command line asks for something that is not there."""


class ContentError(Exception):
    """The content has problems, so nothing was made from it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(listing(problems)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # not every terminal can show every character
    try:
        return int(options.run(options))
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    except UsageError as error:
        print(f"generator {options.command}: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m generator", description="Check and fill in the kit's emails."
    )
    commands = parser.add_subparsers(dest="command", required=True)

    check = commands.add_parser("check", help="report every problem of the content")
    check.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="pages, folders, or mkdocs.yml (default: all)"
    )
    check.set_defaults(run=_check)

    fill = commands.add_parser("fill", help="print an email of a page, filled in")
    fill.set_defaults(run=_fill)

    reviewing = commands.add_parser("review", help="say what is good in an email and what to mend")
    reviewing.add_argument(
        "--language", default="en", help="of the email: its word lists in checks.yml (default: en)"
    )
    reviewing.set_defaults(run=_review)

    file = commands.add_parser("eml", help="write an email as a draft file for a mail program")
    file.add_argument("--to", default="", metavar="ADDRESS", help="who gets it")
    file.add_argument("-o", "--output", type=Path, metavar="FILE", help="where to (default: print it)")
    file.set_defaults(run=_eml)

    plan = commands.add_parser("schedule", help="say when to send, to ask again and to stop")
    plan.add_argument(
        "--interview",
        required=True,
        type=_moment,
        metavar="WHEN",
        help="its day, or when it ended: 2026-05-12 or 2026-05-12T10:00",
    )
    plan.add_argument("--promised", type=_day, metavar="DAY", help="the day by which an answer was promised")
    plan.add_argument("--now", type=_time, metavar="TIME", help="the present time (default: the clock's)")
    plan.add_argument("--ics", type=Path, metavar="FILE", help="write the reminders as a calendar file")
    plan.set_defaults(run=_schedule)

    keep = commands.add_parser("keep", help="publish with a site what pages of its earlier builds may ask for")
    keep.add_argument("site", type=Path, metavar="SITE", help="the folder of the new build, such as site")
    keep.add_argument(
        "--from",
        required=True,
        dest="source",
        metavar="WHERE",
        help="the site that is published now: its address, or a folder",
    )
    keep.add_argument(
        "--builds", type=int, default=EARLIER, metavar="N", help=f"how many to keep (default: {EARLIER})"
    )
    keep.set_defaults(run=_keep)

    for command in (fill, reviewing, file):
        command.add_argument("page", type=Path, metavar="PAGE", help="for example docs/emails/thank-you.md")
        command.add_argument(
            "--set", action="append", default=[], metavar="NAME=VALUE", help="fill a placeholder"
        )
        command.add_argument(
            "--example", action="store_true", help="fill what is not set with the example's values"
        )
        command.add_argument("--name", help="which email, when the page has several")
        command.add_argument("--wording", help="which wording, when the email has several")
    for command in (fill, reviewing, plan):
        command.add_argument("--json", action="store_true", help="print JSON")
    for command in (check, fill, reviewing, file):
        command.add_argument(
            "--docs", type=Path, default=Path("docs"), help="the content folder (default: docs)"
        )
    return parser


def _keep(options: argparse.Namespace) -> int:
    try:
        keep_builds(options.site, options.source, print, earlier=options.builds)
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"'{options.site}' is no built site — run 'make build' first") from None
    except ValueError as error:
        raise UsageError(str(error)) from None
    return 0


def _check(options: argparse.Namespace) -> int:
    settings = options.docs.parent / "mkdocs.yml"
    try:
        content = read_content(options.docs, options.paths, settings if settings.is_file() else None)
    except FileNotFoundError as error:
        raise UsageError(str(error)) from None
    for said in listing(content.problems):
        print(said, file=sys.stderr)
    if content.problems:
        print(f"{len(content.problems)} problem(s)", file=sys.stderr)
        return 1
    emails = sum(len(email.wordings) for page in content.pages.values() for email in page)
    print(f"{emails} emails on {len(content.pages)} pages: no problem" if emails else "no problem")
    return 0


@dataclass(frozen=True)
class _Filled:
    """The email that a command asked for, with its values."""

    data: Data
    situation: str
    email: Email
    template: Template
    values: dict[str, str]
    draft: Draft


def _filled(options: argparse.Namespace) -> _Filled:
    try:
        content = read_content(options.docs, [options.page])
    except FileNotFoundError as error:
        raise UsageError(str(error)) from None
    if content.problems:
        raise ContentError(content.problems)
    emails = [email for page in content.pages.values() for email in page]
    if not emails:
        raise UsageError(f"there is no email on {options.page}")
    email = _choose(emails, options.name)
    template = _wording(email, options.wording)
    values = _values(template, options.set)
    if options.example:
        examples = {field.key: field.example for field in email.fields(content.data.fields)}
        values = examples | (email.example or {}) | values
    situation = next(content.situations[page] for page, found in content.pages.items() if email in found)
    return _Filled(content.data, situation, email, template, values, template.fill(values))


def _fill(options: argparse.Namespace) -> int:
    draft = _filled(options).draft
    if options.json:
        _print_json({"subject": draft.subject, "body": draft.body, "missing": draft.missing})
    else:
        print(f"Subject: {draft.subject}\n\n{draft.body}")
        _say_missing(draft)
    return 0


def _review(options: argparse.Namespace) -> int:
    filled = _filled(options)
    fields = [one.described_by(filled.data.fields.get(one.key)) for one in filled.template.fields]
    if options.example:  # asked for, so that they are examples need not be said
        fields = [replace(one, example="") for one in fields]
    findings = review(
        filled.draft,
        fields=fields,
        values=filled.values,
        checks=Checks.from_data(filled.data.checks),
        situation=filled.situation,
        words=filled.template.words,
        characters=filled.template.characters,
        language=options.language,
    )
    meant = [_words_meant(filled.draft, finding) for finding in findings]
    if options.json:
        _print_json(
            [
                {
                    "rule": finding.rule,
                    "level": finding.level,
                    "message": finding.message,
                    "part": finding.part,
                    "words": words,
                    "mend": finding.mend,
                }
                for finding, words in zip(findings, meant, strict=True)
            ]
        )
    else:
        for finding, words in zip(findings, meant, strict=True):
            place = f" ({finding.part}: {json.dumps(words, ensure_ascii=False)})" if words else ""
            print(f"{finding.level}: {finding.message}{place}")
    return int(any(finding.level == "blocks" for finding in findings))


def _words_meant(draft: Draft, finding: Finding) -> str:
    text = draft.subject if finding.part == "subject" else draft.body
    return text[finding.start : finding.end]


def _eml(options: argparse.Namespace) -> int:
    if wrong := check_address(options.to):
        raise UsageError(f"--to '{options.to}': {ADDRESS_PROBLEMS[wrong]}")
    draft = _filled(options).draft
    text = eml(draft.message, options.to)
    if options.output is None:
        # Its lines end in CRLF on every system.
        sys.stdout.buffer.write(text.encode("ascii"))
    else:
        _write(options.output, text)
    _say_missing(draft)
    return 0


def _schedule(options: argparse.Namespace) -> int:
    clock = datetime.now(UTC)
    try:
        reminders = schedule(
            options.interview,
            promised=options.promised,
            # The plan is made in the time of the clock on the wall.
            now=options.now or clock.astimezone().replace(tzinfo=None),
        )
    except ScheduleError as error:
        raise UsageError(str(error)) from None
    if options.ics is not None:
        if all(reminder.state == "over" for reminder in reminders):
            raise UsageError("all these dates are over: there is nothing to put into a calendar")
        _write(options.ics, ics(reminders, uid_seed=str(uuid.uuid4()), stamp=clock))
    if options.json:
        _print_json(
            [
                {
                    "kind": reminder.kind,
                    "when": reminder.when.isoformat(),
                    "sentence": str(reminder.sentence),
                    "state": reminder.state,
                }
                for reminder in reminders
            ]
        )
    else:
        for reminder in reminders:
            print(f"{reminder.state}: {reminder.sentence}")
    return 0


def _moment(text: str) -> Moment:
    return _time(text) if "T" in text else _day(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day: write it as 2026-05-12") from None


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no time: write it as 2026-05-12T10:00") from None
    if time.tzinfo is not None:
        raise argparse.ArgumentTypeError(f"'{text}' has a time zone: write the time of the clock on the wall")
    return time


def _write(path: Path, text: str) -> None:
    try:
        path.write_bytes(text.encode())
    except OSError as error:
        raise UsageError(f"'{path}' cannot be written: {error.strerror}") from None


def _print_json(data: object) -> None:
    # What the terminal's encoding lacks is escaped as JSON has it.
    print(json.dumps(data, ensure_ascii=not (sys.stdout.encoding or "").lower().startswith("utf")))


def _say_missing(draft: Draft) -> None:
    if draft.missing:
        print(f"\nStill missing: {', '.join(draft.missing)}", file=sys.stderr)


def _choose(emails: Sequence[Email], name: str | None) -> Email:
    if name is None:
        return emails[0]
    for email in emails:
        if email.name == name:
            return email
    raise UsageError(f"the page has no email '{name}': {suggest(name, [email.name for email in emails])}")


def _wording(email: Email, wording: str | None) -> Template:
    if wording is None:
        return email.wordings[0]
    for template in email.wordings:
        if template.wording == wording:
            return template
    known = [template.wording for template in email.wordings]
    raise UsageError(f"the email has no wording '{wording}': {suggest(wording, known)}")


def _values(template: Template, settings: Sequence[str]) -> dict[str, str]:
    names = {field.key: field.name for field in template.fields}
    values: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise UsageError(f"--set '{setting}': write --set \"Name=value\"")
        if field_key(name) not in names:
            raise UsageError(f"--set '{setting}': {suggest(name.strip(), names.values())}")
        values[field_key(name)] = value
    return values


if __name__ == "__main__":
    sys.exit(main())
