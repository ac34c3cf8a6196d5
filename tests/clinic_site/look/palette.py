"""The colours of the style sheet, which stand on which, and how well they can be told apart."""

import re
from itertools import product
from pathlib import Path

PLACE = Path(__file__).parents[3] / "static/css"
SITE, CLINIC = (PLACE / "site.css").read_text(), (PLACE / "clinic.css").read_text()
PROOF, FACE = (PLACE / "proof.css").read_text(), (PLACE / "face.css").read_text()
PLACES = (PLACE / "places.css").read_text()
BOOK, ARTICLE = (PLACE / "book.css").read_text(), (PLACE / "article.css").read_text()
CSS = SITE + CLINIC + PROOF + FACE + PLACES + BOOK + ARTICLE
GROUNDS = ["paper", "card", "tint", "sand", "stop-tint", "soon-tint", "go-tint"]
TEXT_PAIRS = [
    *product(["ink", "quiet", "brand"], GROUNDS),
    *product(["accent"], ["paper", "card", "tint", "sand"]),
    *product(["stop", "soon", "go"], ["paper", "card"]),
    *[("stop", "stop-tint"), ("soon", "soon-tint"), ("go", "go-tint")],
    *[("on-brand", "brand"), ("on-brand", "brand-deep"), ("card", "stop")],
]
EDGE_PAIRS = [*product(["edge", "brand", "stop", "accent"], ["paper", "card"])]


def schemes(css: str) -> tuple[dict[str, str], dict[str, str]]:
    """Colours by token in the light and in the dark scheme, as a style sheet says them."""
    blocks = re.findall(r":root ?{(.*?)}", css, re.DOTALL)[:2]
    light, dark = (dict(re.findall(r"--([\w-]+): ?(#\w+)", block)) for block in blocks)
    return light, light | dark


LIGHT, DARK = schemes(SITE)
SCHEMES = {"light": LIGHT, "dark": DARK}


def luminance(colour: str) -> float:
    """Relative luminance of `#rgb` or `#rrggbb`, as WCAG 2 defines it."""
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def too_faint(scheme: dict[str, str], pairs: list[tuple[str, str]], least: float) -> list[str]:
    return [
        f"{text} on {ground}: {contrast(scheme[text], scheme[ground]):.2f}"
        for text, ground in pairs
        if contrast(scheme[text], scheme[ground]) < least
    ]
