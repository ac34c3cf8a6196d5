"""The style sheet's tokens: legible in both schemes, small, and nothing from elsewhere."""

import gzip
import re
from base64 import b64encode
from hashlib import sha256
from itertools import product
from pathlib import Path

import pytest

from clinic_site.look.style_sheet import minified

PLACE = Path(__file__).parents[3] / "static/css"
SITE, CLINIC = (PLACE / "site.css").read_text(), (PLACE / "clinic.css").read_text()
CSS = SITE + CLINIC
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#\w+);", block))
    for block in re.findall(r":root {\n(.*?)}", CSS, re.DOTALL)[:2]
)
SCHEMES = {"light": LIGHT, "dark": LIGHT | DARK}

GROUNDS = ["paper", "card", "tint", "stop-tint", "soon-tint", "go-tint"]
TEXT_PAIRS = [
    *product(["ink", "quiet", "link", "brand"], GROUNDS),
    *product(["stop", "soon", "go"], ["paper", "card"]),
    *[("stop", "stop-tint"), ("soon", "soon-tint"), ("go", "go-tint")],
    *[("brand-ink", "brand"), ("brand-ink", "brand-hover"), ("card", "stop")],
]
EDGE_PAIRS = [*product(["edge", "brand", "stop", "link"], ["paper", "card"])]


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


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_pair_has_aa_contrast(scheme):
    assert too_faint(SCHEMES[scheme], TEXT_PAIRS, 4.5) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_edge_that_matters_stands_out(scheme):
    assert too_faint(SCHEMES[scheme], EDGE_PAIRS, 3) == []


def test_a_faint_pair_is_reported():
    assert too_faint({"ink": "#777", "paper": "#fff"}, [("ink", "paper")], 4.5) == [
        "ink on paper: 4.48"
    ]


def test_the_pairs_cover_every_colour_that_the_rules_use():
    texts = set(re.findall(r"[{; ]color: var\(--([\w-]+)\)", CSS)) - {"mark"}
    grounds = set(re.findall(r"background(?:-color)?: var\(--([\w-]+)\)", CSS)) - {"ground"}

    assert (
        texts - {text for text, _ in TEXT_PAIRS},
        grounds - {ground for _, ground in TEXT_PAIRS},
    ) == (set(), set())


def test_the_dark_scheme_sets_every_colour_again():
    assert LIGHT.keys() == DARK.keys()


def test_the_sheets_are_small_and_ask_no_other_host():
    inside, linked = (len(gzip.compress(css.encode(), 9)) for css in (minified(SITE), CLINIC))

    assert (inside <= 3000, linked <= 2900, re.findall(r"url\(|@import|https?://", CSS)) == (
        True,
        True,
        [],
    )


def test_what_stands_in_a_page_is_the_sheet_without_comments_and_space():
    css = """
    /* Why. */
    @media print {
      a:hover, .b > i { margin: 0 1px; content: " (" attr(href) ")"; }
    }
    """

    assert minified(css) == ('@media print{a:hover,.b>i{margin:0 1px;content:" (" attr(href) ")"}}')


def test_no_string_of_the_sheet_holds_what_is_squeezed():
    bare = re.sub(r"/\*.*?\*/", "", SITE, flags=re.DOTALL)

    assert [text for text in re.findall(r'"[^"]*"', bare) if re.search(r"[{};,:>]|  ", text)] == []


def test_every_page_holds_the_sheet_and_its_policy_the_hash(db, client):
    response = client.get("/appointment/")
    [inside] = re.findall(r"<style>(.*?)</style>", response.content.decode())

    digest = b64encode(sha256(inside.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
