"""A site's colors: six that it says, all others made from them, and whether everybody can read the result."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterator, Mapping
from typing import Final

Rgb = tuple[int, int, int]

#: The colors that a site says, and what each is for.
COLORS: Final[Mapping[str, str]] = {
    "paper": "behind everything",
    "sheet": "behind the email, fields and cards",
    "ink": "text",
    "action": "links and the button that is pressed next",
    "marker": "behind what is still missing",
    "focus": "around what the keyboard is at",
}
SCHEMES: Final = ("light", "dark")

_BLACK: Final = (0, 0, 0)
_WHITE: Final = (255, 255, 255)
_HEX: Final = re.compile("#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")

#: Red is an error and green is done, whatever else a site looks like.
_ERROR: Final = {"light": (0xB3, 0x26, 0x1E), "dark": (0xFF, 0xB4, 0xAB)}
_DONE: Final = {"light": (0x14, 0x6C, 0x2E), "dark": (0x7F, 0xD9, 0x9A)}

#: What stands on what, the contrast that it needs (WCAG 2.2, 1.4.3 and 1.4.11), and which of the six to change.
CONTRASTS: Final = (
    ("ink", "paper", 4.5, "ink"),
    ("ink", "sheet", 4.5, "sheet"),
    ("muted", "paper", 4.5, "ink"),
    ("muted", "sheet", 4.5, "sheet"),
    ("action", "paper", 4.5, "action"),
    ("action", "sheet", 4.5, "action"),
    ("on-action", "action", 4.5, "action"),
    ("border", "paper", 3, "ink"),
    ("border", "sheet", 3, "sheet"),
    ("focus", "paper", 3, "focus"),
    ("focus", "sheet", 3, "focus"),
    ("gap", "marker", 4.5, "marker"),
    ("gap-line", "sheet", 3, "marker"),
    ("ink", "filled", 4.5, "action"),
    ("error", "paper", 4.5, "paper"),
    ("error", "sheet", 4.5, "sheet"),
    ("done", "paper", 4.5, "paper"),
    ("done", "sheet", 4.5, "sheet"),
)


def read_color(text: str) -> Rgb | None:
    """Return the color that a text such as ``#1b1f24`` names, or None."""
    match = _HEX.fullmatch(text)
    if match is None:
        return None
    digits = match[1] if len(match[1]) == 6 else "".join(sign * 2 for sign in match[1])
    red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
    return red, green, blue


def written(color: Rgb) -> str:
    """Return a color as style sheets have it."""
    return "#{:02x}{:02x}{:02x}".format(*color)


def contrast(one: Rgb, other: Rgb) -> float:
    """Return how strongly two colors differ, from 1 to 21 (WCAG 2.2, relative luminance)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Rgb) -> float:
    parts = [part / 255 for part in color]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def palette(scheme: str, said: Mapping[str, Rgb]) -> dict[str, Rgb]:
    """Return every color of a look, made from the six that are said."""
    light = scheme == "light"
    paper, sheet, ink, action = (said[name] for name in ("paper", "sheet", "ink", "action"))
    hue, _, _ = colorsys.rgb_to_hls(*(part / 255 for part in said["marker"]))
    return {
        **said,
        "muted": _between(ink, paper, 0.27 if light else 0.3),
        "border": _between(ink, paper, 0.41 if light else 0.5),
        "line": _between(ink, paper, 0.88),
        "on-action": max(_WHITE, _between(action, _BLACK, 0.75), key=lambda one: contrast(one, action)),
        "gap": _toned(said["marker"], 0.18 if light else 0.74),
        "gap-line": _of_hue(hue, 0.3 if light else 0.44, said["marker"]),
        "filled": _between(action, sheet, 0.88 if light else 0.85),
        "error": _ERROR[scheme],
        "done": _DONE[scheme],
    }


def _between(one: Rgb, other: Rgb, share: float) -> Rgb:
    """Return the color that is ``share`` of the way from one to the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _toned(color: Rgb, lightness: float) -> Rgb:
    hue, _, _ = colorsys.rgb_to_hls(*(part / 255 for part in color))
    return _of_hue(hue, lightness, color)


def _of_hue(hue: float, lightness: float, like: Rgb) -> Rgb:
    # A gray marker has gray words.
    strong = 1.0 if max(like) - min(like) > 12 else 0.0
    red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, lightness, strong))
    return red, green, blue


def too_weak(scheme: str, said: Mapping[str, Rgb]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield what cannot be read: the colors of which one has to change, and what is wrong with them."""
    colors = palette(scheme, said)
    for front, back, needed, name in CONTRASTS:
        found = contrast(colors[front], colors[back])
        if found < needed:
            pair = f"{front} {written(colors[front])} on {back} {written(colors[back])}"
            # Rounded down: a ratio that is nearly enough is not enough.
            what = f"{pair} has a contrast of {int(found * 100) / 100:.2f}, and {needed} is needed"
            yield (name, back if back != name and back in COLORS else front), what


def remedy(scheme: str, said: Mapping[str, Rgb], name: str) -> str:
    """Return the nearest tone of a color with which the most can be read, as advice."""

    def weak(color: Rgb) -> int:
        return len([*too_weak(scheme, {**said, name: color})])

    steps = [step / 40 for step in sorted(range(-40, 41), key=abs)]
    tones = [_between(said[name], _WHITE if step > 0 else _BLACK, abs(step)) for step in steps]
    best = min(tones, key=weak)
    if weak(best) == weak(said[name]):
        return "make it and what it stands on more different: one light, one dark"
    way = "lighter" if sum(best) > sum(said[name]) else "darker"
    return f'make it {way}, such as "{written(best)}"'


def style_sheet(colors: Mapping[str, Mapping[str, Rgb]], dark: str) -> str:
    """Return the colors of both looks as variables of a style sheet.

    Args:
        colors: the colors that are said, by the name of the look.
        dark: where the dark ones hold: a rule in which ``%`` stands for the variables.
    """
    light, night = (
        " ".join(f"--kit-{name}: {written(color)};" for name, color in palette(scheme, colors[scheme]).items())
        for scheme in SCHEMES
    )
    return f":root {{ {light} }}\n{dark.replace('%', night)}\n"
