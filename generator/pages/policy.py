"""What a page of the site may do, as a Content Security Policy that every page carries.

GitHub Pages sends no headers of ours, so the policy stands in a meta element. That one does not reach a
worker which is loaded from a URL: see ``#guarded`` in ``web/python/supervisor.mjs`` and ``web/offline.mjs``.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from generator.core.problem import shorten
from generator.pages.elsewhere import NOTHING, Allowed, sources

_SCRIPT: Final = re.compile(r"<script\b(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL | re.IGNORECASE)
_ATTRIBUTE_CODE: Final = re.compile(r"<[a-z][^<>]*\s(on[a-z]+|style)\s*=", re.IGNORECASE)
_DATA: Final = re.compile("[/+]json")
_CHARSET: Final = '<meta charset="utf-8">'
# One of Material's scripts names the site's root, which differs with the depth of the page.
_ROOT: Final = re.compile(r'new URL\("[^"]*",location\)')

#: SHA-256 values of the inline scripts that Material for MkDocs 9.8.1 writes, without the site's root; and
#: Zensical 0.0.73, where its own differ.
#: After an update of the theme: read its new scripts, then put the values here that the build names.
KNOWN_SCRIPTS: Final = frozenset(
    {
        "7eb3684fdacd2881f67b9428983273a29d8774d8bc82622af9b65a8ec1032a90",  # where the site begins
        "213d571a86bd568ccb65bf92ca3cf95284d8c140997189b0272a503b72fa3988",  # the same, and the platform
        "0eb10c249dbdb0beef225a10ce5cbe55418cc4a7014cc208f8e7d6ed8f00906e",  # light or dark
        "ffcc0f7735fdab434d257c80e65cec2e88d716991e69757185b7e450e41a5b2f",  # the tab that a link means
    }
)

#: The style sheet that Zensical 0.0.73 puts into its search dialog, as the policy names it.
ZENSICAL_STYLE: Final = "sha256-NwSx/R2V/U4jnW0Tq5pQ53Y/rzPVJ4dqE7D6UTA/J1k="

_OWN_SCRIPTS: Final = tuple(
    Path(__file__).with_name("theme") / "partials" / name for name in ("search.js", "watch.js", "moved.js")
)

_REMEDY: Final = (
    "No page of this site runs such code. If an option or a plugin in mkdocs.yml writes it, take that out. "
    "Put scripts and styles of your own into files in docs/, and list them under extra_javascript or extra_css."
)


class PolicyError(Exception):
    """Pages hold code that their policy cannot allow; the message says which and how to mend it."""


def content_policy(
    inline_scripts: Iterable[str], styles: Iterable[str] = (), allowed: Allowed = NOTHING
) -> str:
    """Return the policy of a page.

    Args:
        inline_scripts: the code of each script that stands in it.
        styles: the hashes of style sheets that the theme's script puts in.
        allowed: the hosts from which the site's own data lets something in.
    """
    hashes = sorted(f"'{integrity(script.encode())}'" for script in set(inline_scripts))
    # A frame is in nobody's own site: what is not allowed there is nothing at all.
    frames = sources("frame-src", allowed) or ["'none'"]
    lines = (
        # What no other line names. In Firefox that is also what Material fetches ahead.
        ("default-src", "'self'"),
        # 'wasm-unsafe-eval' lets Python start; no text is ever run as JavaScript.
        ("script-src", "'self'", "'wasm-unsafe-eval'", *hashes, *sources("script-src", allowed)),
        ("style-src", "'self'", *(f"'{style}'" for style in styles)),
        ("img-src", "'self'", "data:", *sources("img-src", allowed)),
        ("font-src", "'self'"),
        ("connect-src", "'self'", *sources("connect-src", allowed)),
        ("manifest-src", "'self'"),
        ("worker-src", "'self'", "blob:"),
        ("object-src", "'none'"),
        ("frame-src", *frames),
        ("base-uri", "'none'"),
        ("form-action", "'none'"),
    )
    return "; ".join(map(" ".join, lines))


def protect(site: Path, styles: Iterable[str] = (), allowed: Allowed = NOTHING) -> None:
    """Write the policy into every page of a built site.

    All pages get the same one: instant navigation keeps the policy of the page that was opened first.

    Args:
        site: the folder of the built site.
        styles: the hashes of style sheets that the theme's script puts in.
        allowed: the hosts from which the site's own data lets something in.

    Raises:
        PolicyError: when a page holds an inline script that is not known. Nothing is written then.
    """
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    own = {path.read_text(encoding="utf-8").strip() for path in _OWN_SCRIPTS}
    scripts: set[str] = set()
    problems: dict[str, list[str]] = defaultdict(list)  # what is wrong -> the pages on which
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        for script in _inline_scripts(page):
            scripts.add(script)
            digest = hashlib.sha256(_ROOT.sub('new URL("",location)', script).encode()).hexdigest()
            known = script.strip() in own or digest in KNOWN_SCRIPTS or _is_seal(script)
            if not known:
                code = shorten(" ".join(script.split()))
                problems[f"unknown inline script '{code}', SHA-256 {digest}"].append(name)
        if match := _ATTRIBUTE_CODE.search(page):
            problems[f"the policy would ignore the attribute '{match[1]}' in '{match[0][:80]}'"].append(name)
        if _CHARSET not in page:
            problems[f"no {_CHARSET}, after which the policy belongs"].append(name)
    if problems:
        raise PolicyError("\n".join((*map(_once, problems, problems.values()), _REMEDY)))
    policy = html.escape(content_policy(scripts, styles, allowed), quote=True).replace("&#x27;", "'")
    meta = f'{_CHARSET}<meta http-equiv="Content-Security-Policy" content="{policy}">'
    for path, page in pages.items():
        path.write_text(page.replace(_CHARSET, meta, 1), encoding="utf-8")


def _once(what: str, pages: list[str]) -> str:
    """Return one line for what is wrong on several pages: most often an option puts it on all of them."""
    others = f" (and on {len(pages) - 1} more pages)" if len(pages) > 1 else ""
    return f"{pages[0]}: {what}{others}"


def _inline_scripts(page: str) -> Iterator[str]:
    """Yield the code of the scripts of a page that stand in it and are run."""
    for match in _SCRIPT.finditer(page):
        attributes = match["attributes"].lower()
        if "src=" not in attributes and not _DATA.search(attributes):
            yield match["code"]


def _is_seal(script: str) -> bool:
    """Whether a script is an import map that says which scripts may run, and nothing else."""
    try:
        data = json.loads(script)
    except ValueError:
        return False
    return isinstance(data, dict) and set(data) == {"integrity"}


def integrity(content: bytes) -> str:
    """Return the hash of ``content`` as browsers take it (Subresource Integrity, Content Security Policy)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"
