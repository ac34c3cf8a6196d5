"""The clinic's colour: whether it can be read, and the shades that follow from it.

Pure. Colours are `#rrggbb`; contrast is that of WCAG 2.2, from 1 to 21, and 4.5 is what text
needs (success criterion 1.4.3).
"""

import colorsys
import re
from collections.abc import Callable, Iterable

DEFAULT = "#0d5752"
LEAST_CONTRAST = 4.5
DARK_CONTRAST = 8  # against the page: light enough to lead the eye, not glaring
# Grounds of site.css on which the colour is written: paper, card, and the cards' tints.
LIGHT_GROUNDS = ["#fbf9f4", "#ffffff", "#fdecec", "#fdf3df", "#e8f4ea"]
DARK_GROUNDS = ["#121a1a", "#1a2424", "#331a1c", "#2e2513", "#17291c"]
DARK_CARD = "#1a2424"
WHITE, BLACK = "#ffffff", "#000000"
STEP = 0.01

Shades = dict[str, str]


class Refused(ValueError):
    """The colour cannot be used; the text says why, and which near one can."""


def luminance(colour: str) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """`share` (0 to 1) of a colour, the rest of another."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return _hex(share * one + (1 - share) * two for one, two in pairs)


def in_full(colour: str) -> str:
    """`#rgb` as `#rrggbb`, which mail programs know better."""
    digits = colour.removeprefix("#")
    return colour if len(digits) == 6 else "#" + "".join(digit * 2 for digit in digits)


def check(colour: str) -> str:
    """The colour as `#rrggbb`. Raises Refused where text in it could not be read."""
    colour = colour.strip().lower()
    if not re.fullmatch("#[0-9a-f]{6}", colour):
        raise Refused(f"CLINIC_COLOR must be written like {DEFAULT}, not {colour!r}.")
    if not _is_readable(colour):
        raise Refused(
            f"CLINIC_COLOR {colour} is too light to read: its contrast is"
            f" {faintest(colour):.2f} to 1 and must be {LEAST_CONTRAST} to 1."
            f" {nearest(colour)} is near it and dark enough."
        )
    return colour


def nearest(colour: str) -> str:
    """The lightest shade of a colour that can be read on every light ground."""
    return _shade(colour, -STEP, _is_readable)


def faintest(colour: str) -> float:
    """The least contrast that a colour has with a light ground, its own tint included."""
    return min(contrast(colour, ground) for ground in [*LIGHT_GROUNDS, light(colour)["tint"]])


def light(colour: str) -> Shades:
    """Tokens of the light scheme."""
    return {
        "brand": colour,
        "brand-hover": mix(colour, BLACK, 0.73),
        "brand-ink": WHITE,
        "tint": mix(colour, WHITE, 0.1),
    }


def dark(colour: str) -> Shades:
    """Tokens of the dark scheme: a shade of the same hue that can be read on its grounds."""
    brand = _shade(colour, STEP, lambda shade: contrast(shade, DARK_GROUNDS[0]) >= DARK_CONTRAST)
    return {
        "brand": brand,
        "brand-hover": mix(brand, WHITE, 0.7),
        "brand-ink": mix(colour, BLACK, 0.25),
        "tint": mix(brand, DARK_CARD, 0.08),
    }


def sheet(colour: str) -> str:
    """A style sheet that sets the tokens anew, on screens: paper has its own.

    `clinic` is the colour itself, on which staff pages write in white.
    """
    return (
        f"@media screen{{:root{{{_rules(light(colour) | {'clinic': colour})}}}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{_rules(dark(colour))}}}}}\n"
    )


def _rules(shades: Shades) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in shades.items())


def _is_readable(colour: str) -> bool:
    return faintest(colour) >= LEAST_CONTRAST


def _shade(colour: str, step: float, enough: Callable[[str], bool]) -> str:
    """The colour, made darker or lighter step by step until it is enough; black and white are."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    while not enough(colour):
        lightness = min(1, max(0, lightness + step))
        colour = _hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return colour


def _parts(colour: str) -> list[float]:
    """Red, green and blue, from 0 to 1."""
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def _hex(parts: Iterable[float]) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)
