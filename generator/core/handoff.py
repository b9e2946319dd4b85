"""What leaves the page: the forms in which an email is handed to other programs."""

from __future__ import annotations

import html
import re


def clipboard_html(body: str) -> str:
    """Return ``body`` as HTML paragraphs, so that rich editors keep the line breaks on paste.

    Every character of the text is escaped; spaces that HTML would fold are kept as no-break spaces.
    """
    paragraphs = re.split(r"\n{2,}", body.strip("\n"))
    return "".join(f"<p>{_inline(paragraph)}</p>" for paragraph in paragraphs)


def _inline(text: str) -> str:
    escaped = html.escape(text, quote=False).replace("\t", "    ")
    return re.sub(r" (?= )|^ | $", "\u00a0", escaped, flags=re.MULTILINE).replace("\n", "<br>")
