"""Command line: check the content; fill in an email, review it, write it as a file; plan the dates.

Exit codes: 0 all is well, 1 problems were found, 2 the command was not understood.
"""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from generator.core import schedule
from generator.core.address import check_address
from generator.core.fields import field_key
from generator.core.handoff import eml
from generator.core.pasted import read
from generator.core.problem import Problem, first_of, listing, suggest
from generator.core.review import Finding, review
from generator.core.schedule import Moment, ScheduleError
from generator.core.template import Draft, Template
from generator.pages.builds import EARLIER, keep_builds
from generator.pages.data import Data, read_data
from generator.pages.finish import finish
from generator.pages.house import check_house
from generator.pages.prepare import BuildError, prepare, prepared_file, read_prepared
from generator.pages.source import Email, read_content

_Command = TypeVar("_Command", bound=Callable[..., Any])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # not every terminal can show every character
    try:
        result = commands.main(arguments, prog_name="python -m generator", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return 1
    return int(result or 0)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Check and fill in the kit's emails."""


class _Day(click.ParamType[Any]):
    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no day: write it as 2026-05-12", param, ctx)


class _Time(click.ParamType[Any]):
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            time = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no time: write it as 2026-05-12T10:00", param, ctx)
        if time.tzinfo is not None:
            self.fail(f"'{value}' has a time zone: write the time of the clock on the wall", param, ctx)
        return time


class _Moment(click.ParamType[Any]):
    name = "when"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return (_Time() if "T" in value else _Day()).convert(value, param, ctx)


_PATH = click.Path(path_type=Path)
_docs = click.option("--docs", type=_PATH, default="docs", show_default=True, help="the content folder")
_json = click.option("--json", "as_json", is_flag=True, help="print JSON")


def _email(command: _Command, *, page: bool = True) -> _Command:
    """Add what says which email of which page, and what is typed into it."""
    for add in (
        click.option("--wording", help="which wording, when the email has several"),
        click.option("--name", help="which email, when the page has several"),
        click.option("--example", is_flag=True, help="fill what is not set with the example's values"),
        click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="fill a placeholder"),
        _docs,
        click.argument("page", type=_PATH, required=page),
    ):
        command = add(command)
    return command


def _email_or_draft(command: _Command) -> _Command:
    return _email(command, page=False)


@commands.command()
@click.argument("paths", nargs=-1, type=_PATH)
@click.option("--strict", is_flag=True, help="what the house rules find is a problem, too")
@_docs
def check(paths: tuple[Path, ...], docs: Path, strict: bool) -> int:
    """Report every problem of the content: of PATHS (pages, folders or mkdocs.yml), or of all.

    A problem is wrong and stops the publishing. A warning should be mended, and stops nobody; those of the
    house rules (docs/_data/style.yml) are given where these hold.
    """
    settings = docs.parent / "mkdocs.yml"
    try:
        content = read_content(docs, paths, settings if settings.is_file() else None)
    except FileNotFoundError as error:
        raise click.UsageError(str(error)) from None
    broken, found = check_house(content, docs, settings)
    wrong, advice = content.problems + broken, content.advice + found
    if strict:
        wrong, advice = wrong + found, content.advice
    _report("error", wrong)
    _report("warning", advice)
    warnings = f", {len(advice)} warning(s)" if advice else ""
    if wrong:
        click.echo(f"{len(wrong)} problem(s){warnings}", err=True)
        return 1
    emails = sum(len(email.wordings) for page in content.pages.values() for email in page)
    counted = f"{emails} emails on {len(content.pages)} pages: " if emails else ""
    click.echo(f"{counted}no problem{warnings}")
    return 0


def _report(kind: str, problems: Sequence[Problem]) -> None:
    """Say what is wrong, or should be better; within GitHub's workflows so that it stands at its line there."""
    shown, others = first_of(problems)
    mark = "" if kind == "error" else f"{kind}: "
    for problem in shown:
        said = str(problem)
        if os.environ.get("GITHUB_ACTIONS") == "true":
            place = f"file={_in_command(problem.path)},line={problem.line},col={problem.column}"
            said = f"::{kind} {place}::{_in_command(said, message=True)}"
        else:
            said = mark + said
        click.echo(said, err=True)
    for said in others:
        click.echo(mark + said, err=True)


def _in_command(text: str, *, message: bool = False) -> str:
    """Return ``text`` as GitHub's workflow commands take it: what would end it is written in another way."""
    signs = "%\r\n" if message else "%\r\n:,"
    return "".join(f"%{ord(sign):02X}" if sign in signs else sign for sign in text)


_config = click.option(
    "-f", "--config-file", type=_PATH, default="mkdocs.yml", show_default=True, help="the site's own file"
)


@commands.command("prepare")
@_config
def prepare_(config_file: Path) -> int:
    """Check the content and make the engine: all that is needed before a builder runs.

    MkDocs and ProperDocs do this by themselves, through the kit's hook.
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        path = prepare(config_file).write(config_file)
    except BuildError as error:
        click.echo(error, err=True)
        return 1
    click.echo(f"Now let the builder read '{path}', and then run: python -m generator finish SITE")
    return 0


@commands.command("finish")
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_config
def finish_(site: Path, config_file: Path) -> int:
    """Add to the folder SITE, which a builder has written, what its pages need: scripts, policy, engine."""
    try:
        finish(site, read_prepared(prepared_file(config_file)))
    except BuildError as error:
        click.echo(error, err=True)
        return 1
    return 0


@commands.command()
@_email
@_json
def fill(as_json: bool, **options: Any) -> None:
    """Print an email of PAGE, such as docs/emails/thank-you.md, filled in."""
    draft = _filled(**options).draft
    if as_json:
        _print_json({"subject": draft.subject, "body": draft.body, "missing": draft.missing})
    else:
        click.echo(f"Subject: {draft.subject}\n\n{draft.body}")
        _say_missing(draft)


@commands.command("review")
@_email_or_draft
@click.option(
    "--draft", type=click.Path(path_type=Path, allow_dash=True), help="a text of your own; -: what comes in"
)
@click.option("--situation", help="what the draft is for: the name of an email's page")
@click.option("--language", default="en", show_default=True, help="of the email: its lists in phrases.yml")
@_json
def review_(as_json: bool, language: str, draft: Path | None, situation: str | None, **options: Any) -> int:
    """Say what is good in an email of PAGE, or in a --draft, and what to mend; exit 1 if a remark blocks it."""
    if (draft is None) == (options["page"] is None):
        raise click.UsageError("name a PAGE, such as docs/emails/thank-you.md, or a --draft")
    if draft is None:
        if situation is not None:
            raise click.UsageError("--situation goes with --draft: a PAGE is its own situation")
        read, findings = _review_page(language, **options)
    else:
        read, findings = _review_draft(draft, situation, language, **options)
    meant = [_words_meant(read, finding) for finding in findings]
    if as_json:
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
            click.echo(f"{finding.level}: {finding.message}{place}")
    return int(any(finding.level == "blocks" for finding in findings))


def _review_page(language: str, example: bool, **options: Any) -> tuple[Draft, list[Finding]]:
    filled = _filled(example=example, **options)
    fields = [one.described_by(filled.data.fields.get(one.key)) for one in filled.template.fields]
    if example:  # asked for, so that they are examples need not be said
        fields = [replace(one, example="") for one in fields]
    return filled.draft, review(
        filled.draft,
        fields=fields,
        values=filled.values,
        checks=filled.data.checks,
        situation=filled.situation,
        words=filled.template.words,
        characters=filled.template.characters,
        language=language,
    )


def _review_draft(
    path: Path, situation: str | None, language: str, docs: Path, settings: Sequence[str], **options: Any
) -> tuple[Draft, list[Finding]]:
    """Review a text of one's own. The facts that --set names are those that an email could ask for."""
    for name in ("wording", "name", "example"):
        if options[name]:
            raise click.UsageError(f"--{name} goes with a PAGE: a --draft is one text")
    data = _data(docs)
    if situation and situation not in data.situations:
        raise click.UsageError(
            f"there is no situation '{situation}': {suggest(situation, list(data.situations))}"
        )
    names = {key: one.name for key, one in data.fields.items()}
    values = {names[key]: value for key, value in _settings(names, settings).items()}
    pasted = read(_read_text(path))
    return pasted.draft, review(
        pasted.draft,
        fields=[one for key, one in data.fields.items() if one.name in values],
        values=values,
        checks=data.checks,
        situation=situation or "",
        language=language,
    )


def _read_text(path: Path) -> str:
    """Return what stands in a file, or with - what comes in; what is no UTF-8 is read as far as it goes."""
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise click.UsageError(f"'{path}' cannot be read: {error.strerror}") from None
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return raw.decode(encoding, errors="replace")


@commands.command("eml")
@_email
@click.option("--to", default="", metavar="ADDRESS", help="who gets it")
@click.option("-o", "--output", type=_PATH, metavar="FILE", help="where to (default: print it)")
def eml_(to: str, output: Path | None, docs: Path, **options: Any) -> None:
    """Write an email of PAGE as a draft file for a mail program."""
    if wrong := check_address(to):
        raise click.BadParameter(_words(docs)[wrong], param_hint="--to")
    draft = _filled(docs=docs, **options).draft
    text = eml(draft.message, to)
    if output is None:
        # Its lines end in CRLF on every system.
        sys.stdout.buffer.write(text.encode("ascii"))
    else:
        _write(output, text)
    _say_missing(draft)


@commands.command("schedule")
@click.option(
    "--interview",
    required=True,
    type=_Moment(),
    help="its day, or when it ended: 2026-05-12 or 2026-05-12T10:00",
)
@click.option("--promised", type=_Day(), help="the day by which an answer was promised")
@click.option("--now", type=_Time(), help="the present time (default: the clock's)")
@click.option("--ics", type=_PATH, metavar="FILE", help="write the reminders as a calendar file")
@_docs
@_json
def schedule_(
    interview: Moment, promised: date | None, now: datetime | None, ics: Path | None, docs: Path, as_json: bool
) -> None:
    """Say when to send, to ask again and to stop."""
    words = _words(docs)
    clock = datetime.now(UTC)
    try:
        reminders = schedule.schedule(
            interview,
            promised=promised,
            # The plan is made in the time of the clock on the wall.
            now=now or clock.astimezone().replace(tzinfo=None),
        )
    except ScheduleError as error:
        raise click.UsageError(error.sentence.say(words)) from None
    if ics is not None:
        if all(reminder.state == "over" for reminder in reminders):
            raise click.UsageError("all these dates are over: there is nothing to put into a calendar")
        _write(ics, schedule.ics(reminders, uid_seed=str(uuid.uuid4()), stamp=clock, words=words))
    if as_json:
        _print_json(
            [
                {
                    "kind": reminder.kind,
                    "when": reminder.when.isoformat(),
                    "sentence": reminder.sentence.say(words),
                    "state": reminder.state,
                }
                for reminder in reminders
            ]
        )
    else:
        for reminder in reminders:
            click.echo(f"{reminder.state}: {reminder.sentence.say(words)}")


@commands.command()
@click.argument("site", type=_PATH)
@click.option(
    "--from",
    "source",
    required=True,
    metavar="WHERE",
    help="the site that is published now: its address, or a folder",
)
@click.option(
    "--builds", type=int, default=EARLIER, show_default=True, metavar="N", help="how many builds to keep"
)
def keep(site: Path, source: str, builds: int) -> None:
    """Publish with SITE, a new build, what pages of its earlier builds may ask for."""
    try:
        keep_builds(site, source, click.echo, earlier=builds)
    except (FileNotFoundError, NotADirectoryError):
        raise click.UsageError(f"'{site}' is no built site — run 'make build' first") from None
    except ValueError as error:
        raise click.UsageError(str(error)) from None


@dataclass(frozen=True)
class _Filled:
    """The email that a command asked for, with its values."""

    data: Data
    situation: str
    email: Email
    template: Template
    values: dict[str, str]
    draft: Draft


def _filled(
    page: Path, docs: Path, settings: Sequence[str], example: bool, name: str | None, wording: str | None
) -> _Filled:
    try:
        content = read_content(docs, [page])
    except FileNotFoundError as error:
        raise click.UsageError(str(error)) from None
    if content.problems:
        raise _problems(content.problems)
    emails = [email for found in content.pages.values() for email in found]
    if not emails:
        raise click.UsageError(f"there is no email on {page}")
    email = _choose(emails, name)
    template = _wording(email, wording)
    values = _values(template, settings)
    if example:
        examples = {field.key: field.example for field in email.fields(content.data.fields)}
        values = examples | (email.example or {}) | values
    situation = next(content.situations[path] for path, found in content.pages.items() if email in found)
    return _Filled(content.data, situation, email, template, values, template.fill(values))


def _problems(problems: Sequence[Problem]) -> click.ClickException:
    error = click.ClickException("\n".join(listing(problems)))
    error.show = lambda file=None: click.echo(error.message, file=file, err=True)  # type: ignore[method-assign]
    return error


def _data(docs: Path) -> Data:
    data = read_data(docs / "_data", docs.parent)
    if data.problems:
        raise _problems(data.problems)
    return data


def _words(docs: Path) -> dict[str, str]:
    return _data(docs).words


def _words_meant(draft: Draft, finding: Finding) -> str:
    text = draft.subject if finding.part == "subject" else draft.body
    return text[finding.start : finding.end]


def _write(path: Path, text: str) -> None:
    try:
        path.write_bytes(text.encode())
    except OSError as error:
        raise click.UsageError(f"'{path}' cannot be written: {error.strerror}") from None


def _print_json(data: object) -> None:
    # What the terminal's encoding lacks is escaped as JSON has it.
    click.echo(json.dumps(data, ensure_ascii=not (sys.stdout.encoding or "").lower().startswith("utf")))


def _say_missing(draft: Draft) -> None:
    if draft.missing:
        click.echo(f"\nStill missing: {', '.join(draft.missing)}", err=True)


def _choose(emails: Sequence[Email], name: str | None) -> Email:
    if name is None:
        return emails[0]
    for email in emails:
        if email.name == name:
            return email
    raise click.UsageError(f"the page has no email '{name}': {suggest(name, [email.name for email in emails])}")


def _wording(email: Email, wording: str | None) -> Template:
    if wording is None:
        return email.wordings[0]
    for template in email.wordings:
        if template.wording == wording:
            return template
    known = [template.wording for template in email.wordings]
    raise click.UsageError(f"the email has no wording '{wording}': {suggest(wording, known)}")


def _values(template: Template, settings: Sequence[str]) -> dict[str, str]:
    return _settings({field.key: field.name for field in template.fields}, settings)


def _settings(names: Mapping[str, str], settings: Sequence[str]) -> dict[str, str]:
    """Return the value that each --set gives, by the key of one of the fields ``names``."""
    values: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise click.UsageError(f"--set '{setting}': write --set \"Name=value\"")
        if field_key(name) not in names:
            raise click.UsageError(f"--set '{setting}': {suggest(name.strip(), names.values())}")
        values[field_key(name)] = value
    return values


if __name__ == "__main__":
    sys.exit(main())
