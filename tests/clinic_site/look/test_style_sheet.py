"""The style sheet's tokens: legible in both schemes, small, and nothing from elsewhere."""

import gzip
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from booking.brand import palettes
from booking.models import Clinic
from clinic_site.look.style_sheet import minified, sheet
from clinic_site.middleware.page_cache import SHELF
from conditions.models import ContentVersion
from tests.clinic_site.look.palette import (
    ARTICLE,
    BOOK,
    CLINIC,
    CSS,
    DARK,
    EDGE_PAIRS,
    FACE,
    LIGHT,
    PLACES,
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
    sheets = {"site": minified(SITE), "clinic": CLINIC, "proof": PROOF, "face": FACE}
    sheets |= {"places": PLACES, "book": BOOK, "article": ARTICLE}
    sizes = {name: len(gzip.compress(css.encode(), 9)) for name, css in sheets.items()}
    most = {"site": 3300, "clinic": 2550, "proof": 1400, "face": 3000, "places": 1400, "book": 1700}
    most |= {"article": 1100}

    assert [name for name, size in sizes.items() if size > most[name]] == []
    assert re.findall(r"url\([^)]*\)|@import|https?://", CSS) == ["url(../fonts/fraunces.woff2)"]


def test_what_stands_in_a_page_is_the_sheet_without_comments_and_space():
    css = """
    /* Why. */
    @media print {
      a:hover, .b > i { margin: 0 1px; content: " (" attr(href) ")"; }
    }
    """

    assert minified(css) == ('@media print{a:hover,.b>i{margin:0 1px;content:" (" attr(href) ")"}}')


@pytest.mark.parametrize("file", sorted(palettes.SHEETS.glob("*.css")), ids=lambda file: file.stem)
def test_no_string_of_a_sheet_holds_what_is_squeezed(file):
    bare = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)

    assert [text for text in re.findall(r'"[^"]*"', bare) if re.search(r"[{};,:>]|  ", text)] == []


LOOKS = [("calm", "#0d5752"), ("warm", "#9d174d")]


def held(response):
    """The sheets inside a page, and the sources of styles that its policy names."""
    inside = re.findall(r"<style>(.*?)</style>", response.content.decode())
    [sources] = re.findall("style-src ([^;]*)", response["Content-Security-Policy"])
    return inside, sources


def named(inside):
    hashes = (b64encode(sha256(text.encode()).digest()).decode() for text in inside)
    return " ".join(["'self'", *(f"'sha256-{each}'" for each in hashes)])


@pytest.mark.parametrize(("style", "colour"), LOOKS)
@pytest.mark.parametrize("path", ["/", "/appointment/", "/nowhere/"])
def test_every_page_holds_the_sheet_of_the_clinic_and_its_policy_the_hash(
    db, client, path, style, colour
):
    Clinic.objects.update(style=style, colour=colour)
    response = client.get(path)
    inside, sources = held(response)

    assert (inside[0], sources) == (sheet(style, colour), named(inside))
    assert "unsafe" not in response["Content-Security-Policy"]


def test_a_kept_page_keeps_the_policy_of_its_sheet_until_the_clinic_changes(db, client, settings):
    settings.PAGE_CACHE_SECONDS = 60
    SHELF.clear()
    found = []
    for style, colour in LOOKS:
        Clinic.objects.update(style=style, colour=colour)
        ContentVersion.objects.bump()
        SHELF.version_until = 0
        found += [held(client.get("/")) for _visit in range(2)]
    SHELF.clear()

    sheets = [[sheet(*look), minified(FACE)] for look in LOOKS for _visit in range(2)]
    assert found == [(inside, named(inside)) for inside in sheets]


def test_letters_of_large_headings_are_asked_for_first_and_small(db, client):
    fetched = {}
    for style in palettes.STYLES:
        Clinic.objects.update(style=style)
        html = client.get("/").content.decode()
        [early] = re.findall(r'<link rel="preload" as="font" href="([^"]+)" crossorigin>', html)
        [used] = re.findall(r"src:url\((.*?)\)", html)
        file = finders.find(early.removeprefix("/static/"))
        fetched[style] = early == used, Path(str(file)).stat().st_size <= 20_000

    assert fetched == dict.fromkeys(palettes.STYLES, (True, True))
    assert re.findall("font-display: (.*?);", SITE) == ["optional"]


def test_each_font_has_its_license_beside_it():
    fonts = {file.stem for file in (palettes.SHEETS.parent / "fonts").glob("*.woff2")}
    licenses = {
        file.stem.removeprefix("OFL-"): "SIL OPEN FONT LICENSE Version 1.1" in file.read_text()
        for file in (palettes.SHEETS.parent / "fonts").glob("OFL-*.txt")
    }

    assert licenses == dict.fromkeys(fonts, True)
