"""What the hand-off tests share: awkward messages, and parsers in another language to read them back."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.core.message import Message, clean

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"

# Each tries to end one part of an email, a link or a calendar and to begin another.
INJECTIONS = (
    "x\r\nBcc: victim@example.org",
    "x\nBcc: victim@example.org",
    "x\rBcc: victim@example.org",
    "x\n\nBody from nowhere",
    "x\r\n\r\n<script>alert(1)</script>",
    "x\x00\nBcc: victim@example.org",
    "x\x85Bcc: victim@example.org",
    "x\u2028Bcc: victim@example.org",
    "x\u2029Bcc: victim@example.org",
    "x\x0bBcc: victim@example.org\x0c",
    "x\x1c\x1d\x1eBcc: victim@example.org",
    "x%0D%0ABcc:%20victim@example.org",
    "x%0aBcc: victim@example.org",
    "x&bcc=victim@example.org&body=other",
    "x?to=victim@example.org",
    "x#fragment&cc=victim@example.org",
    "x;bcc=victim@example.org",
    "=?utf-8?q?x=0D=0ABcc:_victim@example.org?=",
    "=?utf-8?B?eA0KQmNjOiB2aWN0aW1AZXhhbXBsZS5vcmc=?=",
    "?= =?utf-8?q?open",
    "x\r\n Bcc: folded@example.org",
    "--boundary\r\nContent-Type: text/html\r\n\r\n<b>",
    "\r\n.\r\nMAIL FROM:<victim@example.org>",
    "From victim@example.org Thu Jan  1 00:00:00 1970",
    "x\r\nATTACH:https://example.org/x",
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:y",
    "x\\nATTENDEE:mailto:victim@example.org",
    "x\\,\\;\\\\\\n\\N",
    ";VALUE=URI:https://example.org/",
    '"quoted";x=1:y',
    "javascript:alert(1)",
    "\ud800\r\nBcc: victim@example.org\udfff",
    "a@example.org, victim@example.org",
    "a@example.org\r\nBcc: victim@example.org",
    "a@example.org?bcc=victim@example.org",
    "a@example.org%0D%0ABcc:victim@example.org",
    '"victim@example.org" <a@example.org>',
)

_ALPHABETS = (
    "".join(map(chr, range(32, 127))),
    "abc DEF ghi. ",
    " \t\n",
    "\n",
    "éüñßøåœŁžÿ’‘“”–—…€",
    "Жизнь и интервью, спасибо!",
    "साक्षात्कार के लिए धन्यवाद",
    "مقابلة شكراً לראיון תודה\u200e\u200f\u202e\u2066\u2069",
    "面接ありがとうございました、株式会社。",
    "👩‍👩‍👧🇩🇪👍🏽💡❤️",
    "e\u0301\u0327\u0323o\u0308",
    "\u200b\u200c\u200d\u2060\ufeff\u00ad",
    "\x00\x01\x07\x08\x0b\x0c\x0e\x1b\x1f\x7f\x80\x85\x92\x9f\u2028\u2029\r",
    "\ud800\udbff\udc00\udfff",
    "\ufffd\ufffe\uffff\U0010ffff",
    "=?utf-8?q?_?= =?iso-8859-1?B?4Q==?= =20 %0D%0A &amp; +",
)


def awkward(source: random.Random, longest: int) -> str:
    """Return a text of at most about ``longest`` characters, out of one or several alphabets."""
    parts = []
    for _ in range(source.randint(0, 6)):
        if source.random() < 0.15:
            parts.append(source.choice(INJECTIONS))
        alphabet = source.choice(_ALPHABETS)
        parts.append("".join(source.choices(alphabet, k=source.randint(0, longest // 6))))
    return "".join(parts)


def awkward_messages(count: int, seed: int) -> list[Message]:
    source = random.Random(seed)
    return [Message(awkward(source, source.choice((20, 80, 400))), awkward(source, 1500)) for _ in range(count)]


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def body_of(message: Message) -> str:
    """Return what must arrive: all but what no email can carry and what every reader drops."""
    return clean(message.body)[0].lstrip("\ufeff")


def cases(name: str) -> Any:
    """Return the golden cases of a file under tests/cases."""
    return yaml.safe_load((CASES / name).read_text(encoding="utf-8"))


def read_back(
    *, eml: Sequence[str] = (), ics: Sequence[str] = (), urls: Sequence[str] = (), addresses: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what the JavaScript parsers read in the texts; one process for all of them."""
    beside = Path(sys.executable).parent / "node"
    node = str(beside) if beside.exists() else shutil.which("node")
    if node is None or not (ROOT / "node_modules" / "postal-mime").exists():
        pytest.fail("the parsers from npm are not installed: run 'npm ci' in the project's folder")
    done = subprocess.run(
        [node, str(ROOT / "tests" / "tools" / "readers" / "read_back.mjs")],
        input=json.dumps({"eml": eml, "ics": ics, "urls": urls, "addresses": addresses}),
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "TZ": "UTC"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result
