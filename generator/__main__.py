"""Command line: check the content, fill in an email.

Exit codes: 0 all is well, 1 problems were found, 2 the command was not understood.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from generator.core.fields import field_key
from generator.core.problem import suggest
from generator.core.template import Template
from generator.pages.source import Email, read_content


class UsageError(Exception):
    """The command line asks for something that is not there."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except UsageError as error:
        print(f"generator {options.command}: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m generator", description="Check and fill in the kit's emails."
    )
    commands = parser.add_subparsers(dest="command", required=True)

    check = commands.add_parser("check", help="report every problem of the content")
    check.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="pages or folders (default: all)")
    check.set_defaults(run=_check)

    fill = commands.add_parser("fill", help="print an email of a page, filled in")
    fill.add_argument("page", type=Path, metavar="PAGE", help="for example docs/emails/thank-you.md")
    fill.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="fill a placeholder")
    fill.add_argument("--example", action="store_true", help="fill what is not set with the example's values")
    fill.add_argument("--name", help="which email, when the page has several")
    fill.add_argument("--wording", help="which wording, when the email has several")
    fill.add_argument("--json", action="store_true", help="print JSON")
    fill.set_defaults(run=_fill)

    for command in (check, fill):
        command.add_argument(
            "--docs", type=Path, default=Path("docs"), help="the content folder (default: docs)"
        )
    return parser


def _check(options: argparse.Namespace) -> int:
    try:
        content = read_content(options.docs, options.paths)
    except FileNotFoundError as error:
        raise UsageError(str(error)) from None
    for problem in content.problems:
        print(problem, file=sys.stderr)
    if content.problems:
        print(f"{len(content.problems)} problem(s)", file=sys.stderr)
        return 1
    emails = sum(len(email.wordings) for page in content.pages.values() for email in page)
    print(f"{emails} emails on {len(content.pages)} pages: no problem")
    return 0


def _fill(options: argparse.Namespace) -> int:
    try:
        content = read_content(options.docs, [options.page])
    except FileNotFoundError as error:
        raise UsageError(str(error)) from None
    if content.problems:
        for problem in content.problems:
            print(problem, file=sys.stderr)
        return 1
    emails = [email for page in content.pages.values() for email in page]
    if not emails:
        raise UsageError(f"there is no email on {options.page}")
    email = _choose(emails, options.name)
    template = _wording(email, options.wording)
    values = _values(template, options.set)
    if options.example:
        examples = {field.key: field.example for field in email.fields(content.data.fields)}
        values = examples | (email.example or {}) | values
    draft = template.fill(values)
    if options.json:
        print(
            json.dumps(
                {"subject": draft.subject, "body": draft.body, "missing": draft.missing}, ensure_ascii=False
            )
        )
    else:
        print(f"Subject: {draft.subject}\n\n{draft.body}")
        if draft.missing:
            print(f"\nStill missing: {', '.join(draft.missing)}", file=sys.stderr)
    return 0


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
