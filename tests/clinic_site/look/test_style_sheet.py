"""The style sheet's tokens: legible in both schemes, small, and nothing from elsewhere."""

import gzip
import re
from base64 import b64encode
from hashlib import sha256

import pytest

from clinic_site.look.style_sheet import minified
from tests.clinic_site.look.palette import (
    CLINIC,
    CSS,
    DARK,
    EDGE_PAIRS,
    LIGHT,
    PROOF,
    SCHEMES,
    SITE,
    TEXT_PAIRS,
    too_faint,
)


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
    sheets = {"site": minified(SITE), "clinic": CLINIC, "proof": PROOF}
    sizes = {name: len(gzip.compress(css.encode(), 9)) for name, css in sheets.items()}
    most = {"site": 3000, "clinic": 2900, "proof": 1400}

    assert [name for name, size in sizes.items() if size > most[name]] == []
    assert re.findall(r"url\(|@import|https?://", CSS) == []


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
