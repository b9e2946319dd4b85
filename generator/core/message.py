"""The finished text of an email, and what typed text loses on its way there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# C0 controls except tab and line feed, and lone surrogates: no email can carry them (RFC 5322
# section 2.2 and 3.5; UTF-8 has no form for a surrogate, RFC 3629 section 3).
_IMPOSSIBLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")
_LINE_END: Final = re.compile("\r\n?")
# In a header a line ends also at these, for some programs; and what nobody sees is not kept by all.
_HEADER_BREAK: Final = re.compile("[\t\n\x85\u2028\u2029]+")
_HEADER_UNSEEN: Final = re.compile("[\x7f-\x9f\ufeff]")


@dataclass(frozen=True, slots=True)
class Message:
    """An email's subject (one line) and body (lines that end in a line feed), as plain text."""

    subject: str
    body: str


def clean(value: str) -> tuple[str, int]:
    """Return ``value`` as an email can carry it, and how many characters had to go.

    Line endings become line feeds. Everything else stays exactly as typed: nothing is normalised,
    trimmed or re-parsed. This is the only place where typed text loses anything.
    """
    return _IMPOSSIBLE.subn("", _LINE_END.sub("\n", value))


def one_line(value: str) -> str:
    """Return ``value`` as a subject can carry it: a header is one line (RFC 5322 section 2.2).

    Line breaks and tabs become a space; control characters from outside ASCII and byte order marks go.
    """
    return _HEADER_UNSEEN.sub("", _HEADER_BREAK.sub(" ", value))
