"""What a page may load from other sites: nothing, unless the site's own data allows a host by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from generator.core.problem import shorten

Allowed = Mapping[str, Sequence[str]]
"""The hosts that are allowed, by the kind of what comes from them."""

NOTHING: Final[Allowed] = {}

#: Every kind of what may be allowed, and the lines of a page's policy that name its hosts.
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "frames": ("frame-src",),
    "pictures": ("img-src",),
    # A counter is a script. It asks its host for a picture or sends it a message.
    "analytics": ("script-src", "connect-src", "img-src"),
}

_LABEL: Final = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The last part of a name begins with a letter: an address of numbers is no name.
_HOST: Final = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z]){_LABEL}", re.ASCII)


def wrong_host(text: str) -> tuple[str, str] | None:
    """Return what is wrong with the name of a host, and how to mend it; None if nothing is."""
    if _HOST.fullmatch(text):
        return None
    what = f"'{shorten(text)}' is not the name of a host"
    if "*" in text:
        return what, "name each host by itself: a star would let in sites that you do not know"
    host = host_of(text if "//" in text else f"//{text}")
    if _HOST.fullmatch(host):
        return what, f"write it without the rest of the address: {host}"
    return what, "write it as www.example.org"


def host_of(address: str) -> str:
    """Return the host that a web address names, in small letters; empty where it names none."""
    try:
        return urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""


def is_allowed(address: str, kind: str, allowed: Allowed) -> bool:
    """Whether a page may load ``address``. What is not encrypted never comes in."""
    return not address.strip().lower().startswith("http:") and host_of(address) in allowed.get(kind, ())


def sources(line: str, allowed: Allowed) -> list[str]:
    """Return what a line of the policy, such as ``img-src``, has to name beside the site itself."""
    hosts = {host for kind, lines in KINDS.items() if line in lines for host in allowed.get(kind, ())}
    return [f"https://{host}" for host in sorted(hosts)]
