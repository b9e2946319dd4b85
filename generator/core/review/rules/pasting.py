"""What came along with a paste: markup, other emails, hidden and foreign characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from generator.core.review.case import Case
from generator.core.review.part import Part
from generator.core.review.phrases import fold, short
from generator.core.review.rule import Hit, rule

_HTML: Final = (
    r"</?(?:a|b|i|u|p|br|hr|div|span|strong|em|ul|ol|li|h[1-6]|table|t[rdh]|font|img|html|body|blockquote|pre|code|style"
    r"|script)(?:\s[^<>\n]{0,300})?/?>"
)


_NOT_PLAIN: Final = re.compile(
    r"\*\*(?P<bold>[^*\n]{1,300})\*\*"
    r"|(?<![\w*])\*(?P<star>[^\s*](?:[^*\n]{0,300}[^\s*])?)\*(?![\w*])"
    r"|`(?P<code>[^`\n]{1,300})`"
    r"|\[(?P<link>[^\[\]\n]{1,200})\]\([^()\s]{1,300}\)"
    r"|^#{1,6}[ \t](?=\S)"
    r"|^[ \t]*[•‣◦▪●*][ \t]+(?=\S)|[•‣◦▪●]"
    rf"|{_HTML}|&(?:amp|nbsp|lt|gt|quot|apos|\#\d{{1,6}});|\t",
    re.MULTILINE,
)


_ENTITIES: Final = {
    "&amp;": "&",
    "&nbsp;": " ",
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&apos;": "'",
    "\t": " ",
}


_NOT_PLAIN_SIGN: Final = re.compile(r"[*`\[#•‣◦▪●<&\t]")


@rule("not-plain-text", terms=("tab",))
def not_plain(case: Case) -> Iterator[Hit]:
    """Markup, which an email shows as it is."""
    for part in case.parts:
        if not _NOT_PLAIN_SIGN.search(part.text):
            continue
        for match, origin in part.prose_finds(_NOT_PLAIN):
            inner = next((text for text in match.groups() if text is not None), None)
            mend = _ENTITIES.get(match[0], "") if inner is None else inner
            shown = short(match[0]) or case.term("not-plain-text", "tab")
            yield Hit(
                "not-plain-text",
                part.name,
                origin + match.start(),
                origin + match.end(),
                mend,
                {"words": shown},
            )


_PASTED: Final = re.compile(
    r"On [^\n]{4,120} wrote:"
    r"|[ \t]*>+ ?[^\n]{0,200}"
    r"|-{2,}[ \t]?(?:Original Message|Forwarded message)[^\n]{0,40}"
    r"|Begin forwarded message:?"
    r"|(?:From|Sent|To|Subject|Date|Cc): [^\n]{2,200}"
    r"|Sent from my [^\n]{2,30}"
    r"|Get Outlook for [^\n]{2,20}",
    re.MULTILINE,
)


@rule("pasted-email", compares=("greeting", "sign-off"))
def pasted(case: Case) -> Iterator[Hit]:
    """Another email inside of this one."""
    body = case.body
    greets = case.has_list("greeting")
    visible_end = len(body.text.rstrip())
    for start, end, _ in body.prose:
        position = start
        while position < end:
            line_end = body.text.find("\n", position, end)
            line_end = end if line_end < 0 else line_end
            if match := _PASTED.match(body.text, position, line_end):
                yield Hit("pasted-email", "body", position, match.end())
            elif greets:
                line = body.text[position:line_end]
                if _is_salutation(case, body, position, line) or _is_early_close(
                    case, line, line_end, visible_end
                ):
                    yield Hit("pasted-email", "body", position, line_end)
            position = line_end + 1


def _is_salutation(case: Case, body: Part, position: int, line: str) -> bool:
    """Whether a typed line greets somebody although the email's greeting stands elsewhere."""
    greeting = case.layout.greeting
    # The whole line greets ('Dear Ms. Ito,'), or a line begins so and runs on ('Hi Sam, thank you …').
    head, comma, more = line.strip().partition(",")
    at_line_start = body.text[position - 1 : position] in ("", "\n")
    if not comma or len(head) > 60 or not head[:1].isupper() or not (at_line_start or not more):
        return False
    if greeting is not None and greeting[0] <= position <= greeting[1]:
        return False
    if greeting is None and not body.text[:position].strip():
        return False
    opening = fold(head).split()
    greets = case.phrases.lists["greeting"]
    return 0 < len(opening) <= 5 and (opening[0] in greets or " ".join(opening[:2]) in greets)


def _is_early_close(case: Case, line: str, line_end: int, visible_end: int) -> bool:
    """Whether a typed line closes the email although more than a signature follows."""
    if len(line) > 40 or fold(line) not in case.phrases.lists.get("sign-off", frozenset()):
        return False
    rest = case.body.text[line_end:visible_end]
    lines = [text for text in rest.split("\n") if text.strip()]
    return (
        len(lines) > 4
        or any(len(text) > 60 for text in lines)
        or any(fold(text) in case.phrases.lists["sign-off"] for text in lines)
    )


# Direction marks and overrides, zero-width space, word joiner, byte order mark, soft hyphen, invisible
# operators, blank fillers, line and paragraph separators, C1 controls and tag characters (UTS 36 and 39).
# A flag made of tags (Scotland, Wales …) is a picture, so it is stepped over first.
_HIDDEN: Final = re.compile(
    "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
    "|(?P<hidden>[\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\u206a-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]+)|(?P<joiner>[\u200c\u200d]+)"
)


_HIDDEN_SIGN: Final = re.compile("[\x7f-\x9f\u00ad\u061c-\uffff\U000e0000-\U000e007f]")


@rule(
    "hidden-characters",
)
def hidden(case: Case) -> Iterator[Hit]:
    """Characters that nobody sees."""
    for part in case.parts:
        if (part.text.isascii() and "\x7f" not in part.text) or not _HIDDEN_SIGN.search(part.text):
            continue
        for match, origin in part.typed_finds(_HIDDEN):
            start, end = origin + match.start(), origin + match.end()
            if match["joiner"] and _joins(
                part.text[start - 1 : start] if start else "", part.text[end : end + 1]
            ):
                continue
            if match["hidden"] or match["joiner"]:
                codes = ", ".join(dict.fromkeys(f"U+{ord(sign):04X}" for sign in match[0][:8]))
                # A separator stood for a break, so it leaves one space.
                mend = " " if "\u2028" in match[0] or "\u2029" in match[0] else ""
                yield Hit("hidden-characters", part.name, start, end, mend, {"words": codes})


def _joins(before: str, after: str) -> bool:
    """Whether a joiner has work to do: next to Persian, Indic … letters or in a picture."""
    return any(sign and ord(sign) >= 0x600 and not 0x2000 <= ord(sign) <= 0x206F for sign in (before, after))


_MIXED: Final = re.compile(
    "[A-Za-z][\u0400-\u04ff\u0391-\u03a9\u03bf\u03c5]|[\u0400-\u04ff\u0391-\u03a9\u03bf\u03c5][A-Za-z]"
)


_MIXED_SIGNS: Final = frozenset("ΩΔΣΦΨΠΛΘΓΞ")  # signs of science stand next to Latin letters


@rule(
    "look-alike-letters",
)
def look_alikes(case: Case) -> Iterator[Hit]:
    """Letters of another alphabet that look like ours."""
    for part in case.parts:
        if part.text.isascii():
            continue
        last = -1
        for match, origin in part.typed_finds(_MIXED):
            start, end = origin + match.start(), origin + match.end()
            if start < last or not _MIXED_SIGNS.isdisjoint(match[0]):
                continue
            while start > 0 and part.text[start - 1].isalnum():
                start -= 1
            while end < len(part.text) and part.text[end].isalnum():
                end += 1
            last = end
            yield Hit("look-alike-letters", part.name, start, end)
