"""Email addresses: what is wrong with one, and its form that every mail program understands."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# RFC 5322 section 3.2.3. Quoted local parts and comments are legal and in no one's use.
_DOT_ATOM: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LDH: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
# Letters and marks that RFC 5892 (sections 2.6, 2.7 and 2.9) keeps out of domains all the same: what fills
# or joins, what cannot be seen, marks for musical and mathematical signs, and parts of Hangul syllables.
_NOT_IN_DOMAINS: Final = re.compile(
    "[\u034f\u0640\u07fa\u1100-\u11ff\u17b4\u17b5\u180b-\u180f\u20d0-\u20ff\u302e\u302f\u3031-\u3035\u303b"
    "\ua960-\ua97f\ud7b0-\ud7ff\ufe00-\ufe0f\U0001d165-\U0001d244\U000e0000-\U000e0fff]"
)
_MAX_ADDRESS: Final = 254  # RFC 5321 section 4.5.3.1.3, less the angle brackets
_MAX_LOCAL: Final = 64  # RFC 5321 section 4.5.3.1.1
_MAX_LABEL: Final = 63  # RFC 1035 section 2.3.4


# Address books copy marks of direction and zero-width characters along, and the mark between two addresses.
_UNSEEN: Final = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_AROUND: Final = re.compile(rf"\A[\s{_UNSEEN}]+|[\s{_UNSEEN},;]+\Z")


def check_address(text: str) -> str | None:
    """Return what is wrong with an address, or None: the key of the words that say so.

    Empty is right: an address may be added in the mail program. What a paste brings along does not count:
    white space and invisible characters around it, and the mark that parts it from the next one.
    """
    return _read_address(text)[1]


def ascii_address(text: str) -> str:
    """Return the address as every mail program understands it, or nothing if it is not a good one.

    A domain in other letters becomes its ASCII form (RFC 5891), as in ``xn--bcher-kva.example``.
    """
    return _read_address(text)[0]


def _read_address(text: str) -> tuple[str, str | None]:
    address = _AROUND.sub("", text)
    if not address:
        return "", None
    if len(address) > _MAX_ADDRESS:
        return "", "address.several" if address.count("@") > 1 else "address.long"
    if re.search(r"[,;\s]", address) and address.count("@") > 1:
        return "", "address.several"
    if re.search(r'[<>"():\s]', address):
        return "", "address.name"
    local, _, domain = address.rpartition("@")
    if not local or not domain or "@" in local:
        return "", "address.at"
    if not _DOT_ATOM.fullmatch(local):
        return "", "address.local"
    labels = [_ascii_label(label) for label in domain.split(".")]
    if len(labels) < 2 or not all(labels) or (labels[-1] or "").isdigit():
        return "", "address.domain"
    read = f"{local}@{'.'.join(label or '' for label in labels)}"
    if len(local) > _MAX_LOCAL or len(read) > _MAX_ADDRESS:
        return "", "address.long"
    return read, None


def _ascii_label(label: str) -> str | None:
    """Return one part of a domain in ASCII, or None if it cannot stand in a domain.

    Stricter than RFC 5892: characters that are letters, digits or marks only, none that needs its
    neighbours to be judged. Python's own ``idna`` codec follows the standard of 2003, under which
    ``straße`` is ``strasse``: another person's domain.
    """
    lowered = label.lower()
    if lowered.startswith("xn--"):
        try:
            plain = lowered[4:].encode("ascii").decode("punycode")
        except UnicodeError:
            return None
        return lowered if not plain.isascii() and _ascii_label(plain) == lowered else None
    if lowered.isascii():
        return lowered if _LDH.fullmatch(lowered) and len(lowered) <= _MAX_LABEL else None
    lowered = unicodedata.normalize("NFC", lowered)
    if not _is_unicode_label(lowered):
        return None
    encoded = f"xn--{lowered.encode('punycode').decode('ascii')}"
    return encoded if len(encoded) <= _MAX_LABEL else None


def _is_unicode_label(label: str) -> bool:
    """Return whether the label is one of RFC 5891 section 4.2, as far as it can be told without tables."""
    if label[0] == "-" or label[-1] == "-" or label[2:4] == "--":
        return False
    if unicodedata.category(label[0])[0] == "M" or _NOT_IN_DOMAINS.search(label):
        return False
    if unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", label).casefold()) != label:
        # The two letters that fold and yet are letters of their own since 2010: ß and ς.
        folded = label.replace("ß", "").replace("ς", "")
        if unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", folded).casefold()) != folded:
            return False
    if any(c != "-" and unicodedata.category(c) not in ("Ll", "Lo", "Lm", "Mn", "Mc", "Nd") for c in label):
        return False
    directions = {unicodedata.bidirectional(character) for character in label}
    # From right to left (RFC 5893 section 2): only letters of that direction, and their marks.
    return not directions & {"R", "AL", "AN"} or directions <= {"R", "AL", "NSM"}
