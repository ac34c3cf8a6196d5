"""Colours: how well one is read on another, and the shades that follow from the clinic's own.

Pure. Colours are `#rrggbb`; contrast is that of WCAG 2.2, from 1 to 21: text needs 4.5 (success
criterion 1.4.3), large text and the edges of what is used need 3 (1.4.11).
"""

import colorsys
import re
from collections.abc import Callable, Iterable
from functools import partial

LEAST_CONTRAST = 4.5
LEAST_OF_EDGES = 3
DARK_CONTRAST = 9.5  # against the page: light enough to lead the eye
CALMER = 0.7  # of a colour's saturation on a dark page, where a strong one glares
WHITE, BLACK = "#ffffff", "#000000"
STEP = 0.01

Shades = dict[str, str]


def is_colour(text: str) -> bool:
    return re.fullmatch("#[0-9a-f]{6}", text) is not None


def luminance(colour: str) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    return between(luminance(one), luminance(other))


def between(one: float, other: float) -> float:
    """The contrast of two luminances."""
    dark, light = sorted([one, other])
    return (light + 0.05) / (dark + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """`share` (0 to 1) of a colour, the rest of another."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return _hex(share * one + (1 - share) * two for one, two in pairs)


def whole(code: str) -> str:
    """`#rgb` as `#rrggbb`."""
    return code if len(code) == 7 else "#" + "".join(digit * 2 for digit in code[1:])


def light(colour: str, card: str = WHITE) -> Shades:
    """What the light scheme makes of a colour; `card` is the ground of its cards."""
    return {
        "brand": colour,
        "brand-deep": mix(colour, BLACK, 0.73),
        "on-brand": "#fff",
        "tint": mix(colour, card, 0.1),
    }


def dark(colour: str, paper: str, card: str) -> Shades:
    """What the dark scheme makes of it: a shade of the same hue that can be read on its grounds."""
    brand = shade(colour, STEP, partial(_stands_out, paper), CALMER)
    return {
        "brand": brand,
        "brand-deep": mix(brand, WHITE, 0.7),
        "on-brand": mix(colour, BLACK, 0.25),
        "tint": mix(brand, card, 0.08),
    }


def shade(colour: str, step: float, enough: Callable[[str], bool], saturated: float = 1.0) -> str:
    """The colour, made lighter or darker step by step until it is enough, or white or black.

    `saturated` (0 to 1) is how much of its saturation each step keeps.
    """
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    while not enough(colour) and colour != (WHITE if step > 0 else BLACK):
        lightness = min(1, max(0, lightness + step))
        colour = _hex(colorsys.hls_to_rgb(hue, lightness, saturation * saturated))
    return colour


def _stands_out(paper: str, colour: str) -> bool:
    return contrast(colour, paper) >= DARK_CONTRAST


def _parts(colour: str) -> list[float]:
    """Red, green and blue, from 0 to 1."""
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def _hex(parts: Iterable[float]) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)
