"""The manifest with which a device puts the site on its home screen, where it opens like a program."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final, NamedTuple

MANIFEST: Final = "manifest.webmanifest"


class Icon(NamedTuple):
    """A picture of the site, by its path below the content folder."""

    path: str
    size: int
    purpose: str


#: What the site is shown with once installed; ``make social`` draws them from the logo. What a site lacks
#: is left out. A maskable one fills its whole square; what has to be seen lies in a circle in its middle.
ICONS: Final = (
    Icon("assets/icon-192.png", 192, "any"),
    Icon("assets/icon-512.png", 512, "any"),
    Icon("assets/icon-maskable.png", 512, "maskable"),
)
#: The one that Apple's devices take: it has no corners that show through.
TOUCH_ICON: Final = "assets/icon-maskable.png"


def manifest(name: str, description: str, *, language: str, color: str, icons: Iterable[Icon]) -> str:
    """Return the manifest of a site. Its addresses are relative: it lies at the site's root."""
    data = {
        "name": name,
        "short_name": name,
        "description": description,
        "lang": language,
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": color,
        "theme_color": color,
        "icons": [
            {"src": one.path, "sizes": f"{one.size}x{one.size}", "type": "image/png", "purpose": one.purpose}
            for one in icons
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
