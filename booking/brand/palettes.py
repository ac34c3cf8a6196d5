"""The two styles and their colours by role, which a clinic's own colour fills in.

Read from the style sheets: `site.css` is the calm one, `warm.css` says the same tokens anew. What
hangs on the clinic's colour is worked out (`colours`), and held against all that it stands on.
"""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

from booking.brand import colours
from booking.brand.colours import Shades

SHEETS = Path(__file__).resolve().parents[2] / "static" / "css"
FILES = {"calm": "site.css", "warm": "warm.css"}
STYLES = tuple(FILES)
STYLE, COLOUR = "calm", "#0d5752"  # of a clinic that says nothing

# Text by the role of its colour, and grounds, in the words of who chooses the colour.
TEXTS = {
    "ink": "text",
    "quiet": "small print",
    "brand": "links and the words of buttons",
    "accent": "marks",
    "stop": "words of emergencies",
    "soon": "words of warnings",
    "go": "words of good news",
    "edge": "the edges of fields",
    "on-brand": "the words on filled buttons",
}
GROUNDS = {
    "paper": "the page",
    "card": "cards",
    "tint": "tinted boxes",
    "sand": "bands across the page",
    "stop-tint": "the boxes of emergencies",
    "soon-tint": "the boxes of warnings",
    "go-tint": "the boxes of good news",
    "brand": "filled buttons",
    "brand-deep": "filled buttons under the pointer",
}
TEXT_PAIRS: list[tuple[str, str]] = [
    *product(["ink", "quiet", "brand"], list(GROUNDS)[:7]),
    *product(["accent"], ["paper", "card", "tint", "sand"]),
    *product(["stop", "soon", "go"], ["paper", "card"]),
    *[("stop", "stop-tint"), ("soon", "soon-tint"), ("go", "go-tint")],
    *[("on-brand", "brand"), ("on-brand", "brand-deep")],
]
EDGE_PAIRS: list[tuple[str, str]] = [
    *product(["edge", "brand", "stop", "accent"], ["paper", "card"])
]

BLOCK = re.compile(r":root {(.*?)}", re.DOTALL)
TOKEN = re.compile(r"--([\w-]+): ([^;]+);")
FONT = re.compile(r"url\(\.\./(fonts/[\w-]+\.woff2)\)")


class Refused(ValueError):
    """The colour cannot be used; the text says why, and which near one can."""


class Palette(NamedTuple):
    """Values by token. `dark` has colours alone: lengths and letters are those of `light`."""

    light: Shades
    dark: Shades


class Pair(NamedTuple):
    """Text or an edge on a ground, its contrast, and the least that is enough."""

    text: str
    ground: str
    contrast: float
    least: float


class _Sheet(NamedTuple):
    palette: Palette
    font: str  # of large headings, below static/


def _read(file: str) -> _Sheet:
    css = (SHEETS / file).read_text()
    light, dark = (dict(TOKEN.findall(block)) for block in BLOCK.findall(css)[:2])
    fonts = FONT.findall(css)
    return _Sheet(Palette(light, dark), fonts[0] if fonts else "")


_SHEETS = {style: _read(file) for style, file in FILES.items()}


def font(style: str) -> str:
    """The file of a style's large headings, below static/."""
    return _SHEETS[style].font


def palette(style: str, colour: str) -> Palette:
    """Every token of a style in a clinic's colour, in the light and in the dark scheme."""
    light, dark = _SHEETS[style].palette
    return Palette(
        light | colours.light(colour, colours.whole(light["card"])),
        dark | colours.dark(colour, dark["paper"], dark["card"]),
    )


def check(style: str, colour: str) -> str:
    """The colour as `#rrggbb`. Raises Refused where something could not be read with it."""
    colour = colour.strip().lower()
    if not colours.is_colour(colour):
        raise Refused(f"A color is written like {COLOUR}, not {colour!r}.")
    if faint := list(unreadable(palette(style, colour))):
        worst = min(faint, key=lambda pair: pair.contrast)
        raise Refused(
            f"{colour} is too light to read: the contrast of {TEXTS[worst.text]} on"
            f" {GROUNDS[worst.ground]} would be {worst.contrast:.2f} to 1 and must be"
            f" {worst.least} to 1. {nearest(style, colour)} is near it and dark enough."
        )
    return colour


def is_readable(style: str, colour: str) -> bool:
    """Whether that look can be shown: both are known, and everything can be read with them."""
    if style not in STYLES or not colours.is_colour(colour):
        return False
    return not any(True for _pair in unreadable(palette(style, colour)))


def nearest(style: str, colour: str) -> str:
    """The lightest darker shade of a colour with which everything can be read."""
    return colours.shade(
        colour, -colours.STEP, lambda darker: not list(unreadable(palette(style, darker)))
    )


def unreadable(of: Palette) -> Iterator[Pair]:
    """What stands out too little from its ground, in either scheme."""
    for scheme in of:
        yield from (pair for pair in pairs(scheme) if pair.contrast < pair.least)


def pairs(scheme: Shades) -> Iterator[Pair]:
    """Everything that stands on something, with its contrast in a scheme."""
    lit = {name: colours.luminance(colours.whole(scheme[name])) for name in {*TEXTS, *GROUNDS}}
    of_text = [(*pair, colours.LEAST_CONTRAST) for pair in TEXT_PAIRS]
    of_edges = [(*pair, colours.LEAST_OF_EDGES) for pair in EDGE_PAIRS]
    for text, ground, least in [*of_text, *of_edges]:
        yield Pair(text, ground, colours.between(lit[text], lit[ground]), least)
