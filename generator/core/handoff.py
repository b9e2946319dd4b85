"""What leaves the page: the forms in which an email is handed to other programs.

All of them hand over :func:`sendable`, the email as a header and a body can carry it, and nothing else:
what an independent parser reads back is exactly that. No file and no link holds a control character that
a person typed, and what is typed into one part of an email cannot end it and begin another.

The ``email`` package is not used here. It was seen to decode what people typed literally
(``=?utf-8?q?…?=``), to encode addresses into ones that cannot be delivered, and to take 0.8 s to import
in the browser; ``urllib.parse`` takes 0.1 s there for two lines' work. The tests read everything back
with both, and with parsers of other origin.
"""

from __future__ import annotations

import html
import re
from binascii import b2a_base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Final, Literal

from generator.core.address import ascii_address
from generator.core.message import Message, clean, one_line

Ending = Literal["eml", "ics", "txt", "zip"]

LINK_LIMIT: Final = 1600
"""The longest link that every mail program and browser asked so far opens whole, in characters."""

_UNRESERVED: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_PERCENT: Final = tuple(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in range(256))
# In front of a text it is a mark of the encoding and no part of the text (RFC 3629 section 6).
_BYTE_ORDER_MARK: Final = "\ufeff"


@lru_cache(maxsize=1)  # each hand-over asks for it
def sendable(message: Message) -> Message:
    """Return the message as it is handed over.

    What a person cannot see and a mail program does not keep is taken out, nothing else:

    - in the subject, control characters from outside ASCII and byte order marks; line separators become
      spaces, because a header is one line (RFC 5322 section 2.2);
    - in the body, byte order marks before its first character: every reader drops them.
    """
    body = clean(message.body)[0].lstrip(_BYTE_ORDER_MARK)
    return Message(one_line(clean(message.subject)[0]), body)


def _crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


# --- Clipboard -------------------------------------------------------------------------------------


def clipboard_html(body: str) -> str:
    """Return ``body`` as HTML paragraphs, so that rich editors keep the line breaks on paste.

    Every character of the text is escaped; spaces that HTML would fold are kept as no-break spaces.
    """
    paragraphs = re.split(r"\n{2,}", body.strip("\n"))
    return "".join(f"<p>{_inline(paragraph)}</p>" for paragraph in paragraphs)


def _inline(text: str) -> str:
    escaped = html.escape(text, quote=False).replace("\t", "    ")
    return re.sub(r" (?= )|^ | $", "\u00a0", escaped, flags=re.MULTILINE).replace("\n", "<br>")


# --- Links -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """A link that opens the email in a mail program.

    Attributes:
        url: the link; empty if it is not offered.
        reason: why it is not offered: ``too_long``, or empty.
        length: how many characters the link has, or would have.
        limit: how many it may have.
        without_to: whether a good address had to be left out of it.
    """

    url: str
    reason: Literal["", "too_long"]
    length: int
    limit: int
    without_to: bool = False


def mailto(message: Message, to: str = "", *, limit: int = LINK_LIMIT) -> Link:
    """Return a ``mailto:`` link (RFC 6068) with a subject, a body and at most one recipient.

    An address that :func:`~generator.core.address.check_address` complains about is left out.
    """
    sent = sendable(message)
    # Not the @: it is allowed as it is, and some programs do not decode this part (RFC 6068 section 2).
    recipient = "@".join(percent(part) for part in ascii_address(to).split("@"))
    return _link(f"mailto:{recipient}", {"subject": sent.subject, "body": _crlf(sent.body)}, limit)


def gmail(message: Message, to: str = "", *, limit: int = LINK_LIMIT) -> Link:
    """Return a link that opens the email in Gmail. For ``to`` see :func:`mailto`."""
    sent = sendable(message)
    parameters = {"view": "cm", "fs": "1", "to": ascii_address(to)}
    parameters |= {"su": sent.subject, "body": _crlf(sent.body)}
    return _link("https://mail.google.com/mail/", parameters, limit)


def outlook(message: Message, to: str = "", *, work: bool = False, limit: int = LINK_LIMIT) -> Link:
    """Return a link that opens the email in Outlook on the web. For ``to`` see :func:`mailto`.

    Args:
        message: the email.
        to: the recipient's address. One with a ``+`` is left out: Outlook was reported to read even an
            encoded one as a space, and then cannot send.
        work: whether the account is one of a workplace or a school, which has another host.
        limit: the greatest length of the link, in characters.
    """
    sent = sendable(message)
    address = ascii_address(to)
    lost = "+" in address
    parameters = {"to": "" if lost else address, "subject": sent.subject, "body": _crlf(sent.body)}
    host = "outlook.office.com/mail" if work else "outlook.live.com/mail/0"
    return _link(f"https://{host}/deeplink/compose", parameters, limit, without_to=lost)


def yahoo(message: Message, to: str = "", *, limit: int = LINK_LIMIT) -> Link:
    """Return a link that opens the email in Yahoo Mail. For ``to`` see :func:`mailto`."""
    sent = sendable(message)
    parameters = {"to": ascii_address(to), "subject": sent.subject, "body": _crlf(sent.body)}
    return _link("https://compose.mail.yahoo.com/", parameters, limit)


def _link(base: str, parameters: Mapping[str, str], limit: int, *, without_to: bool = False) -> Link:
    """Return ``base`` with the parameters that are not empty, or why it cannot be offered."""
    query = "&".join(f"{name}={percent(value)}" for name, value in parameters.items() if value)
    url = f"{base}?{query}" if query else base
    if len(url) > limit:
        return Link("", "too_long", len(url), limit, without_to)
    return Link(url, "", len(url), limit, without_to)


LINKS: Final[Mapping[str, Callable[..., Link]]] = MappingProxyType(
    {
        "mail": mailto,
        "gmail": gmail,
        "outlook": outlook,
        "outlook_work": partial(outlook, work=True),
        "yahoo": yahoo,
    }
)
"""Every link to a mail program, in the order of the page; the site's words have a label of the same name."""


@lru_cache(maxsize=4)  # each link asks for the same subject and body
def percent(text: str) -> str:
    """Return ``text`` percent-encoded as UTF-8: all but the unreserved characters (RFC 3986 section 2.3).

    A space is ``%20``: ``+`` would stay a plus in mail programs (RFC 6068 section 5).
    """
    return "".join([_PERCENT[byte] for byte in text.encode()])


# --- Files -----------------------------------------------------------------------------------------

# A line of a header has at most 76 characters where it holds encoded words, and such a word at most 75
# (RFC 2047 section 2). A word's frame takes 12 of them.
_LINE: Final = 76
_FRAME: Final = len("=?utf-8?B??=")
_PLAIN_SUBJECT: Final = re.compile(r"(?!.*=\?)[!-~]+(?: [!-~]+)*")


def eml(message: Message, to: str = "") -> str:
    """Return the email as a draft file: ASCII text with CRLF at every line's end.

    ``X-Unsent: 1`` opens it ready to edit where that is known (classic Outlook). There is no ``From``,
    ``Date`` or ``Message-ID``: the mail program adds them when it sends. The body is UTF-8 in base64, so
    no line is too long, and none begins with a dot or "From ". For ``to`` see :func:`mailto`.
    """
    sent = sendable(message)
    address = ascii_address(to)
    body = b2a_base64(_crlf(sent.body).encode(), newline=False).decode("ascii")
    lines = [
        "X-Unsent: 1",
        *([f"To: {address}"] if address else []),
        *_subject_lines(sent.subject),
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        *(body[start : start + _LINE] for start in range(0, len(body), _LINE)),
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _subject_lines(subject: str) -> Iterator[str]:
    """Yield the lines of the Subject header.

    Short plain ASCII stands as it is. Everything else is encoded: what could be taken for an encoded
    word, what would have to be folded, and spaces that a parser might trim or join.
    """
    if len("Subject: ") + len(subject) <= _LINE and (_PLAIN_SUBJECT.fullmatch(subject) or not subject):
        yield f"Subject: {subject}"
        return
    begin = "Subject: "
    word = bytearray()
    for character in subject:
        encoded = character.encode()
        # Base64 writes three bytes as four characters.
        if len(word) + len(encoded) > (_LINE - len(begin) - _FRAME) // 4 * 3:
            yield f"{begin}{_encoded_word(word)}"
            begin, word = " ", bytearray()
        word += encoded
    yield f"{begin}{_encoded_word(word)}"


def _encoded_word(content: bytes | bytearray) -> str:
    return f"=?utf-8?B?{b2a_base64(content, newline=False).decode('ascii')}?="


def text_file(message: Message) -> str:
    """Return the email as plain text: the subject, an empty line, the body; CRLF at every line's end."""
    sent = sendable(message)
    return _crlf(f"{sent.subject}\n\n{sent.body}\n")


def file_name(slug: str, ending: Ending) -> str:
    """Return the name of a download, made from a page's slug: never from what a person typed.

    It is short ASCII that every file system takes; the word in front keeps it clear of the names that
    Windows reserves (``con``, ``nul`` …) and of hidden files.
    """
    name = re.sub("[^a-z0-9]+", "-", slug.lower()).strip("-")[:40].strip("-")
    return f"follow-up-{name}.{ending}" if name else f"follow-up.{ending}"
