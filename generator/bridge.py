"""The boundary with the browser: JSON text in, JSON text out.

The worker calls :func:`handle` and nothing else. It never raises: whatever goes wrong is a reply.

Every request has a ``type``, and so has every reply:

``configure`` -> ``configured``
    Comes before all others: what the site says (``Data.setup`` of generator/pages/data.py). ``checks`` (the
    review's data), ``fields`` (the shared fields, as a list) and ``words`` (what the core says, by key).

``fill`` -> ``draft``
    ``template`` and ``values`` make an email. The reply has its texts, the same as ``segments`` for the
    preview, the keys of what is ``missing``, the ``findings`` of the review and the ``links`` to mail programs.
    Optional: ``situation``, ``language``, ``to`` (an address), ``earlier`` (what the same fields held in
    earlier emails) and ``people``: the values for each other person of a panel. With these the reply has
    the ``others`` as messages (each with what is ``missing`` and its ``mail`` link, to one of the
    ``addresses``), and in ``alike`` which of them are nearly this email (place, per cent, and both bodies in
    ``parts``: words, and whether they differ).
    ``own``: for this email and each of the others what the person has made of it by hand, a ``subject`` and a
    ``body``, or null. It stands in the template's place in all that is asked.

``draft`` -> ``read``
    A draft of one's own: the ``text`` (with its subject in a line ``Subject: …``, or as ``subject`` beside it),
    and perhaps ``situation``, ``language``, ``to`` and ``values``: what is known, by a shared field's name. The
    reply has the ``subject`` and the ``body`` as read, what else stood there (``signature``, ``quoted``;
    ``text`` is all but the head), the ``findings`` in it, and the ``links``.

``stops`` -> ``stops``
    What stands in the way of each email of a panel, before all are handed over at once. Takes what ``fill``
    takes; the reply has, for the others in their order, the keys of what is ``missing`` and which remarks are
    ``blocking``.

``file`` -> ``file``
    The same email as a download: ``ending`` is ``eml`` or ``txt``. With ``people``, a ZIP archive with a file
    for each, in ``base64`` and not as ``text``; the email that is shown is at ``place`` among them.

``plan`` -> ``plan``
    From the ``interview`` (date or local date and time), ``now`` and perhaps ``promised`` (a date), all in
    ISO 8601 and without a zone, to the dates of sending and asking, and with ``stamp`` (UTC) and ``seed``
    to a calendar file. Optional: ``send``, an email's own header, where that counts from the interview;
    ``about`` and ``situation`` for the calendar's titles and the file's name. Each date has the ``links`` that
    put it into a calendar on the web.

``next`` -> ``next``
    An email has gone out: what comes after it. Takes what ``plan`` takes, and ``send``; without ``interview``
    it counts from today, and ``counted`` says so. The reply is one date as in ``plan`` (``title``,
    ``sentence``, ``links``) with its ``calendar``; the ``sentence`` is empty where nothing follows.

Anything else, and any fault -> ``error`` with ``name`` and ``message``.
"""

from __future__ import annotations

import json
import re
from binascii import b2a_base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, TypedDict, TypeGuard

from generator.core import schedule
from generator.core.address import check_address
from generator.core.archive import archive
from generator.core.fields import Field, field_key
from generator.core.handoff import LINK_LIMIT, LINKS, clipboard_html, eml, file_name, text_file
from generator.core.message import Message
from generator.core.pasted import read, typed, written
from generator.core.review import Checks, Finding, compare, differences, review
from generator.core.schedule import Moment, Reminder, Rules, ScheduleError
from generator.core.template import Draft, Template
from generator.core.words import Sentence, Words


class RequestError(ValueError):
    """A request that does not follow the protocol."""


@dataclass
class _Setup:
    """What a site's data says; it comes with the first request."""

    checks: Checks | None = None
    fields: Mapping[str, Field] = field(default_factory=dict)
    words: Words = field(default_factory=dict)


_setup = _Setup()


def handle(request: str) -> str:
    """Answer one request; see the module's docstring for the protocol."""
    try:
        return json.dumps(_answer(json.loads(request)), ensure_ascii=True)
    except Exception as error:
        # Python exceptions cannot cross into JavaScript as such; the reply carries what they say.
        return json.dumps({"type": "error", "name": type(error).__name__, "message": str(error)})


def _answer(request: Any) -> dict[str, Any]:
    kind = request.get("type") if isinstance(request, dict) else None
    answers = {
        "configure": _configure,
        "fill": _fill,
        "draft": _read,
        "stops": _stops,
        "file": _file,
        "plan": _plan,
        "next": _next,
    }
    if kind not in answers:
        raise RequestError(f"the 'type' of a request is one of: {', '.join(answers)}")
    return answers[kind](request)


def _configure(request: Mapping[str, Any]) -> dict[str, Any]:
    checks, words, fields = request.get("checks"), request.get("words", {}), request.get("fields", [])
    if not _is_text_mapping(words):
        raise RequestError("'words' maps keys to texts")
    described = [
        Field(**(one | {"words": _pair(one), "choices": tuple(one.get("choices", ()))})) for one in fields
    ]
    _setup.checks = Checks.from_data(checks) if checks else None
    _setup.fields = {one.key: one for one in described}
    _setup.words = words
    _template.cache_clear()  # templates are kept with the fields' descriptions
    return {"type": "configured"}


def _pair(data: Mapping[str, Any]) -> tuple[int, int] | None:
    words = data.get("words")
    return (words[0], words[1]) if words else None


@lru_cache(maxsize=256)
def _template(text: str) -> tuple[Template, tuple[Field, ...]]:
    template = Template.parse(text)
    return template, tuple(one.described_by(_setup.fields.get(one.key)) for one in template.fields)


def _draft(request: Mapping[str, Any]) -> tuple[Template, Draft]:
    text, values = request.get("template"), request.get("values")
    if not isinstance(text, str) or not _is_text_mapping(values):
        raise RequestError(f"'{request['type']}' needs a 'template' text and 'values' that map names to texts")
    template, _ = _template(text)
    return template, _own(request, 0) or template.fill(values)


def _own(request: Mapping[str, Any], number: int) -> Draft | None:
    """Return what a person has made of an email by hand, if they have; 0 is the email that is shown."""
    texts = request.get("own", [])
    if not isinstance(texts, list) or not all(text is None or _is_text_mapping(text) for text in texts):
        raise RequestError("'own' is a list of texts, each with 'subject' and 'body', or null")
    text = texts[number] if number < len(texts) else None
    return typed(text.get("subject", ""), text.get("body", "")) if text else None


def _others(request: Mapping[str, Any], template: Template) -> list[Draft]:
    return [
        _own(request, number) or template.fill(values)
        for number, values in enumerate(_people(request), start=1)
    ]


def _fill(request: Mapping[str, Any]) -> dict[str, Any]:
    template, draft = _draft(request)
    drafts = _others(request, template)
    others = [other.message for other in drafts]
    to = str(request.get("to", ""))
    wrong = check_address(to)
    findings = _review(request, _setup.checks, template, draft, others) if _setup.checks else []
    alike = compare([draft.message, *others], _setup.checks.alike) if _setup.checks else []
    return {
        "type": "draft",
        "subject": draft.subject,
        "body": draft.body,
        "html": clipboard_html(draft.body),
        "missing": _missing(draft),
        "segments": {"subject": draft.subject_segments, "body": draft.body_segments},
        "characters": {"count": len(draft.body), "most": template.characters} if template.characters else None,
        "removed": [{"field": removed.field, "count": removed.count} for removed in draft.removed],
        "findings": [_finding(one, draft) for one in findings],
        "links": _links(draft.message, to),
        "address": _setup.words.get(wrong, wrong) if wrong else "",
        "others": [
            {
                "subject": other.subject,
                "body": other.body,
                "missing": _missing(other),
                "mail": LINKS["mail"](other.message, address, limit=_limit()).url,
            }
            for other, address in zip(drafts, _addresses(request), strict=True)
        ],
        "alike": [
            {
                "other": pair.second - 1,
                "percent": int(pair.similarity * 100),
                "parts": differences(draft.body, others[pair.second - 1].body),
            }
            for pair in alike
            if not pair.first
        ],
    }


class _ReadRequest(TypedDict, total=False):
    """A draft of one's own; all but the ``text`` may be left out."""

    text: str
    subject: str
    values: Mapping[str, str]
    situation: str
    language: str
    to: str
    earlier: Mapping[str, list[str]]


def _read(request: _ReadRequest) -> dict[str, Any]:
    text, values = request.get("text"), request.get("values", {})
    if not isinstance(text, str) or not _is_text_mapping(values):
        raise RequestError("'draft' needs a 'text', and its 'values' map names to texts")
    pasted = read(text)
    draft = typed(str(request.get("subject") or "") or pasted.subject, pasted.body)
    to = str(request.get("to") or pasted.to)
    known = [one for key, one in _setup.fields.items() if key in {field_key(name) for name in values}]
    findings = (
        review(
            draft,
            fields=known,
            values=values,
            checks=_setup.checks,
            situation=str(request.get("situation", "")),
            earlier=request.get("earlier", {}),
            language=str(request.get("language", "en")),
        )
        if _setup.checks
        else []
    )
    return {
        "type": "read",
        "subject": draft.subject,
        "body": draft.body,
        "to": to,
        "signature": pasted.signature,
        "quoted": pasted.quoted,
        "text": pasted.text,
        "html": clipboard_html(draft.body),
        "findings": [_finding(one, draft) for one in findings],
        "links": _links(draft.message, "" if check_address(to) else to),
    }


def _missing(draft: Draft) -> list[str]:
    segments = (*draft.subject_segments, *draft.body_segments)
    return list(dict.fromkeys(segment.key for segment in segments if segment.kind == "missing"))


def _stops(request: Mapping[str, Any]) -> dict[str, Any]:
    template, draft = _draft(request)
    drafts = _others(request, template)
    stops = []
    for number, (values, other) in enumerate(zip(_people(request), drafts, strict=True)):
        rest = [draft.message, *(one.message for index, one in enumerate(drafts) if index != number)]
        asked = {**request, "values": values}
        findings = _review(asked, _setup.checks, template, other, rest) if _setup.checks else []
        blocking = [one.message for one in findings if one.level == "blocks" and one.rule != "missing"]
        stops.append({"missing": _missing(other), "blocking": blocking})
    return {"type": "stops", "others": stops}


def _people(request: Mapping[str, Any]) -> list[Mapping[str, str]]:
    people = request.get("people", [])
    if not isinstance(people, list) or not all(map(_is_text_mapping, people)):
        raise RequestError("'people' is a list of values, one for each other person")
    return people


def _addresses(request: Mapping[str, Any]) -> list[str]:
    """Return the address of each other person; empty where none was typed."""
    count, addresses = len(_people(request)), request.get("addresses", [])
    if not isinstance(addresses, list) or not all(isinstance(one, str) for one in addresses):
        raise RequestError("'addresses' is a list of texts, one for each other person")
    return [*addresses, *[""] * count][:count]


def _review(
    request: Mapping[str, Any], checks: Checks, template: Template, draft: Draft, others: list[Message]
) -> list[Finding]:
    return review(
        written(draft),
        fields=_template(request["template"])[1],
        values=request["values"],
        checks=checks,
        situation=str(request.get("situation", "")),
        words=template.words,
        characters=template.characters,
        others=others,
        earlier=request.get("earlier", {}),
        language=str(request.get("language", "en")),
    )


def _finding(finding: Finding, draft: Draft) -> dict[str, Any]:
    text = draft.subject if finding.part == "subject" else draft.body
    return {
        "rule": finding.rule,
        "level": finding.level,
        "message": finding.message,
        "part": finding.part,
        "start": _utf16(text, finding.start),
        "end": _utf16(text, finding.end),
        "mend": finding.mend,
        "why": finding.why,
        "source": finding.source and {"name": finding.source.name, "url": finding.source.url},
    }


_TWO_UNITS: Final = re.compile("[\U00010000-\U0010ffff]")


def _utf16(text: str, index: int) -> int:
    """Return where character ``index`` begins in JavaScript's count, which is of UTF-16 units."""
    return index + len(_TWO_UNITS.findall(text, 0, index))


def _limit() -> int:
    return _setup.checks.link_limit if _setup.checks else LINK_LIMIT


def _links(message: Message, to: str) -> dict[str, dict[str, Any]]:
    limit = _limit()
    links = {name: link(message, to, limit=limit) for name, link in LINKS.items()}
    return {
        name: {"url": link.url, "length": link.length, "limit": limit, "without_to": link.without_to}
        for name, link in links.items()
    }


def _file(request: Mapping[str, Any]) -> dict[str, Any]:
    template, draft = _draft(request)
    slug = str(request.get("situation", ""))
    ending = request.get("ending")
    if ending not in ("eml", "txt"):
        raise RequestError("the 'ending' of a file is 'eml' or 'txt'")
    addresses = [str(request.get("to", "")), *_addresses(request)]
    messages = [one.message for one in (draft, *_others(request, template))]
    texts = [
        eml(message, address) if ending == "eml" else text_file(message)
        for message, address in zip(messages, addresses, strict=True)
    ]
    if len(texts) == 1:
        mime = "message/rfc822" if ending == "eml" else "text/plain"
        return _download(file_name(slug, ending), mime, texts[0])
    # Numbered as the people stand on the page; their names stay in the emails.
    place = min(max(int(request.get("place", 0)), 0), len(texts) - 1)
    texts.insert(place, texts.pop(0))
    files = [
        (file_name(f"{slug[:30]} {number}", ending), text.encode())
        for number, text in enumerate(texts, start=1)
    ]
    return {
        "type": "file",
        "name": file_name(slug, "zip"),
        "mime": "application/zip",
        "base64": b2a_base64(archive(files), newline=False).decode("ascii"),
    }


def _download(name: str, mime: str, text: str) -> dict[str, Any]:
    return {"type": "file", "name": name, "mime": f"{mime};charset=utf-8", "text": text}


def _plan(request: Mapping[str, Any]) -> dict[str, Any]:
    words = _setup.words
    if not words:
        raise RequestError("'plan' needs the words that come with 'configure'")
    promised = request.get("promised")
    try:
        reminders = schedule.schedule(
            _typed_moment(request["interview"]),
            promised=_typed_moment(promised) if promised else None,
            now=datetime.fromisoformat(request["now"]),
            rules=_rules(str(request.get("send", ""))),
        )
    except ScheduleError as error:
        return {"type": "plan", "reminders": [], "problem": error.sentence.say(words), "calendar": None}
    left = any(reminder.state != "over" for reminder in reminders)
    return {
        "type": "plan",
        "reminders": [
            {
                "kind": reminder.kind,
                "when": reminder.when.isoformat(),
                "title": words[f"plan.summary.{reminder.kind}"],
                "sentence": reminder.sentence.say(words),
                "state": reminder.state,
                "links": _calendar_links(reminder, request) if reminder.state != "over" else {},
            }
            for reminder in reminders
        ],
        "problem": "",
        "calendar": _calendar(reminders, request) if left else None,
    }


def _next(request: Mapping[str, Any]) -> dict[str, Any]:
    words = _setup.words
    if not words:
        raise RequestError("'next' needs the words that come with 'configure'")
    interview, promised = request.get("interview"), request.get("promised")
    send = schedule.parse_send(request["send"])
    try:
        found = schedule.following(
            send,
            now=datetime.fromisoformat(request["now"]),
            interview=_typed_moment(interview) if interview else None,
            promised=_typed_moment(promised) if promised else None,
            rules=_rules(request["send"]),
        )
    except ScheduleError:
        found = None  # the plan says what is wrong with its dates
    if found is None:
        return {"type": "next", "title": "", "sentence": "", "counted": False, "links": {}, "calendar": None}
    return {
        "type": "next",
        "title": words[f"plan.summary.{found.kind}"],
        "sentence": found.sentence.say(words),
        "counted": found.kind == "first_chase" and not interview,
        "links": _calendar_links(found, request),
        "calendar": _calendar([found], request),
    }


def _calendar(reminders: list[Reminder], request: Mapping[str, Any]) -> dict[str, Any]:
    text = schedule.ics(
        reminders,
        uid_seed=str(request["seed"]),
        stamp=datetime.fromisoformat(request["stamp"]),
        about=str(request.get("about", "")),
        words=_setup.words,
    )
    return _download(file_name(str(request.get("situation", "")), "ics"), "text/calendar", text)


def _calendar_links(reminder: Reminder, request: Mapping[str, Any]) -> dict[str, str]:
    about = str(request.get("about", ""))
    return {name: link(reminder, about, _setup.words) for name, link in schedule.CALENDARS.items()}


def _typed_moment(text: str) -> Moment:
    try:
        moment = datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        raise ScheduleError(Sentence("plan.error.date")) from None
    return moment.replace(tzinfo=None) if isinstance(moment, datetime) else moment


def _rules(header: str) -> Rules:
    """Return when to do what, if the email that it begins with has its own ``Send:`` header."""
    usual = schedule.RULES
    send = schedule.parse_send(header) if header else usual.send
    own = send.form == "within" and send.event == usual.send.event
    return replace(usual, send=send) if own else usual


def _is_text_mapping(values: Any) -> TypeGuard[Mapping[str, str]]:
    return isinstance(values, Mapping) and all(
        isinstance(name, str) and isinstance(value, str) for name, value in values.items()
    )
