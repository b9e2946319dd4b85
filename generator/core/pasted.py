"""A text that somebody pasted or wrote by hand, read as an email draft.

    read(text) -> the email in it: subject, address, body; apart from it what the writer did not write just now
    typed(subject, body) -> a draft in which every character counts as typed
    written(draft) -> such a draft without what stands below it

One box is enough: lines such as ``Subject: …`` or ``To: …`` at the top are understood. Replies that are quoted
and a signature are left alone: they belong to the email, but nobody typed them for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from generator.core.message import clean, one_line
from generator.core.template import Draft, Segment

OWN: Final = ""
"""The key of a segment that is a writer's own text, and the answer to no question."""

_HEADER: Final = re.compile(
    r"(?P<name>subject|to|from|cc|bcc|date|sent|reply-to):[ \t]*(?P<text>[^\n]*)", re.IGNORECASE
)
_BOLD: Final = re.compile(r"\A\*{1,2}(?P<name>[A-Za-z-]{2,8}):?\*{1,2}:?(?P<text>[^\n]*)\Z")
_QUOTED: Final = re.compile(r"[ \t]{0,8}>")
#: What stands over all that an email answers, down to the end.
_ANSWERED: Final = re.compile(
    r"-{2,}[ \t]?(?:original message|forwarded message)[^\n]{0,60}"
    r"|begin forwarded message:?[ \t]*"
    r"|_{10,}[ \t]*",
    re.IGNORECASE,
)
_WROTE: Final = re.compile(
    r"(?:On|Am|Le|El|Il)\b[^\n]{4,200}\b(?:wrote|schrieb[^\n]{0,80}|a écrit|escribió|ha scritto)[ \t]?:[ \t]*"
)
_WROTE_BEGINS: Final = re.compile(r"On\b[^\n]{4,160}")
_DELIMITER: Final = re.compile(r"--[ \t]*")
_SENT_FROM: Final = re.compile(r"(?:Sent from my|Get Outlook for|Sent from Outlook|Von meinem)\b[^\n]{0,60}")


@dataclass(frozen=True, slots=True)
class Pasted:
    """A text, read as an email.

    ``body`` is what the writer wrote, with its greeting and close; ``signature`` what stood under a signature's
    mark, and ``quoted`` the older emails that it answers. ``text`` is all of it but the head.
    """

    subject: str
    body: str
    to: str = ""
    signature: str = ""
    quoted: str = ""
    text: str = ""

    @property
    def draft(self) -> Draft:
        """The email as the review reads it."""
        return typed(self.subject, self.body)

    @property
    def answers(self) -> bool:
        """Whether the email stands in a thread: it quotes another one."""
        return bool(self.quoted)


def typed(subject: str, body: str) -> Draft:
    """Return a draft of a writer's own words: every character of it counts as typed."""
    subject, body = one_line(clean(subject)[0]), clean(body)[0]
    return Draft(
        (Segment("filled", subject, OWN),) if subject else (), (Segment("filled", body, OWN),) if body else ()
    )


def read(text: str) -> Pasted:
    """Return the email that ``text`` holds. No text is too odd: what is not understood is the body."""
    lines = clean(text)[0].lstrip("\ufeff").split("\n")
    headers, first = _headers(lines)
    own, signature, quoted = _parts(lines[first:])
    body = "\n".join(own).strip("\n").rstrip()
    return Pasted(
        one_line(headers.get("subject", "").strip()),
        body if body.strip() else "",
        headers.get("to", "").strip(),
        "\n".join(signature).strip("\n"),
        "\n".join(quoted).strip("\n"),
        "\n".join(lines[first:]).strip("\n"),
    )


def written(draft: Draft) -> Draft:
    """Return a draft of one's own without the signature, or the email that it answers, below it.

    Every place in it stays what it was. A draft of another kind comes back as it is.
    """
    if not any(segment.kind == "filled" and segment.key == OWN for segment in draft.body_segments):
        return draft
    lines = draft.body.split("\n")
    own, _, _ = _parts(lines)
    while own and not own[-1].strip():
        own.pop()
    # Who answers between the lines of an older email has written all over it.
    if own == lines[: len(own)] and len(own) < len(lines):
        return typed(draft.subject, "\n".join(own))
    return draft


def _headers(lines: list[str]) -> tuple[dict[str, str], int]:
    """Return the header lines at the top, and where the body begins."""
    number = 0
    while number < len(lines) and not lines[number].strip():
        number += 1
    headers: dict[str, str] = {}
    first = number
    while number < len(lines):
        line = lines[number].strip()
        if bold := _BOLD.fullmatch(line):  # **Subject:** …, as chat programs write it
            line = f"{bold['name']}: {bold['text'].strip()}"
        match = _HEADER.fullmatch(line)
        if match is None or match["name"].lower() in headers:
            break
        headers[match["name"].lower()] = match["text"]
        number += 1
        # 'To: …', an empty line, 'Subject: …' is one head, too.
        after = number
        while after < len(lines) and not lines[after].strip():
            after += 1
        if after < len(lines) and _HEADER.fullmatch(lines[after].strip()):
            number = after
    return (headers, number) if "subject" in headers or "to" in headers else ({}, first)


def _parts(lines: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the lines that were written now, those of the signature, and those that are quoted."""
    own: list[str] = []
    signature: list[str] = []
    quoted: list[str] = []
    kept = own
    number = 0
    while number < len(lines):
        line = lines[number]
        stripped = line.strip()
        if _ANSWERED.fullmatch(stripped) or (number and _is_head(lines, number)):
            quoted.extend(lines[number:])
            break
        wrote = _wrote(lines, number)
        if wrote:
            quoted.extend(lines[number : number + wrote])
            number += wrote
            # Without signs before its lines, all that follows is the older email.
            rest = [one for one in lines[number:] if one.strip()]
            if not rest or not _QUOTED.match(rest[0]):
                quoted.extend(lines[number:])
                break
            continue
        if _QUOTED.match(line):
            quoted.append(line)
        elif _DELIMITER.fullmatch(line) and any(one.strip() for one in own):
            kept = signature
        elif _SENT_FROM.fullmatch(stripped):
            signature.append(line)
        else:
            kept.append(line)
        number += 1
    return own, signature, quoted


def _wrote(lines: list[str], number: int) -> int:
    """Return how many lines 'On …, … wrote:' takes here: programs break it in two or three; 0 if none."""
    if lines[number][:1] not in ("O", "A", "L", "E", "I"):
        return 0
    for count in (1, 2, 3):
        whole = " ".join(one.strip() for one in lines[number : number + count])
        if len(whole) > 300:
            return 0
        if _WROTE.fullmatch(whole):
            return count
        if not _WROTE_BEGINS.match(whole):
            return 0
    return 0


def _is_head(lines: list[str], number: int) -> bool:
    """Whether the head of an older email begins here, as Outlook writes it: 'From: …', 'Sent: …'."""
    names = []
    for line in lines[number : number + 3]:
        match = _HEADER.fullmatch(line.strip().strip("*"))
        if match is None:
            break
        names.append(match["name"].lower())
    return len(names) >= 2 and names[0] == "from"
