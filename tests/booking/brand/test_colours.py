"""The clinic's colour: read in both styles and schemes, or refused with one that can be."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from booking.brand import colours, palettes
from booking.models.clinic import of_settings
from clinic_site.look.style_sheet import sheet
from tests.clinic_site.look.palette import (
    EDGE_PAIRS,
    LIGHT,
    TEXT_PAIRS,
    contrast,
    luminance,
    schemes,
    too_faint,
)
from tests.site import manage, site_environment

COLOURS = [palettes.COLOUR, "#1d4ed8", "#9d174d", "#4a2c0a"]
ANY_COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def faint(style, colour):
    """What stands out too little on a page of such a clinic, told from the sheet in the page."""
    return [
        words
        for tokens in schemes(sheet(style, colour))
        for words in [*too_faint(tokens, TEXT_PAIRS, 4.5), *too_faint(tokens, EDGE_PAIRS, 3)]
    ]


@given(ANY_COLOUR, st.sampled_from(palettes.STYLES))
@example("#000000", "calm")
@example("#ffffff", "warm")
@example("#0000ff", "calm")
@example("#7f6600", "warm")
def test_a_colour_is_refused_or_all_that_follows_from_it_can_be_read(colour, style):
    try:
        taken = palettes.check(style, colour)
    except palettes.Refused:
        assert faint(style, colour) != []
        taken = palettes.nearest(style, colour)

    assert (palettes.check(style, taken), faint(style, taken)) == (taken, [])


@given(ANY_COLOUR, ANY_COLOUR)
def test_contrast_is_that_of_the_guidelines(one, other):
    assert colours.luminance(one) == pytest.approx(luminance(one))
    assert colours.contrast(one, other) == pytest.approx(contrast(one, other))


@pytest.mark.parametrize("style", palettes.STYLES)
@pytest.mark.parametrize("colour", COLOURS)
def test_a_dark_colour_is_taken_as_it_is(style, colour):
    assert palettes.check(style, f" {colour.upper()} ") == colour


def test_what_a_colour_is_read_on_is_what_the_tests_of_the_sheet_know():
    assert set(palettes.TEXT_PAIRS) == set(TEXT_PAIRS) - {("card", "stop")}
    assert palettes.EDGE_PAIRS == EDGE_PAIRS
    assert {text for text, _ in palettes.TEXT_PAIRS} < set(palettes.TEXTS)
    assert {ground for _, ground in palettes.TEXT_PAIRS} == set(palettes.GROUNDS)


def test_the_sheet_as_it_stands_is_that_of_the_usual_style_and_colour():
    light, dark = schemes(sheet(palettes.STYLE, palettes.COLOUR))

    assert (light["brand"], (light, dark)) == (
        palettes.COLOUR,
        schemes((palettes.SHEETS / "site.css").read_text()),
    )


def test_the_warm_style_says_every_token_of_the_calm_one_but_those_of_the_colour():
    own = {"brand", "brand-deep", "on-brand", "tint"}
    calm, warm = (palettes.palette(style, "#8f3a22") for style in palettes.STYLES)
    css = (palettes.SHEETS / "warm.css").read_text()

    assert [set(scheme) for scheme in warm] == [set(scheme) for scheme in calm]
    assert [set(scheme) & own for scheme in schemes(css)] == [set(), set()]
    assert schemes(css)[0].keys() == LIGHT.keys() - own


@pytest.mark.parametrize(
    ("style", "colour", "words"),
    [
        (
            "calm",
            "#ffcc00",
            "#ffcc00 is too light to read: the contrast of links and the words of buttons on"
            " bands across the page would be 1.28 to 1 and must be 4.5 to 1. #7f6600 is near it"
            " and dark enough.",
        ),
        (
            "warm",
            "#c2410c",
            "#c2410c is too light to read: the contrast of links and the words of buttons on"
            " bands across the page would be 4.37 to 1 and must be 4.5 to 1. #bd3f0c is near it"
            " and dark enough.",
        ),
        ("calm", "teal", "A color is written like #0d5752, not 'teal'."),
        ("calm", "#fff", "A color is written like #0d5752, not '#fff'."),
        ("calm", "", "A color is written like #0d5752, not ''."),
    ],
)
def test_a_colour_that_cannot_be_used_is_refused_in_words(style, colour, words):
    with pytest.raises(palettes.Refused) as caught:
        palettes.check(style, colour)
    row = of_settings(pk=1)
    row.style, row.colour = style, colour
    with pytest.raises(ValidationError) as said:
        row.clean()

    assert (str(caught.value), said.value.message_dict) == (words, {"colour": [words]})


def test_the_site_does_not_start_with_a_look_that_there_is_not(db):
    environment = site_environment("http://127.0.0.1:8000")
    faint = manage(environment | {"CLINIC_COLOR": "#ffcc00"}, "check")
    unknown = manage(environment | {"CLINIC_STYLE": "loud"}, "check")
    taken = manage(environment | {"CLINIC_COLOR": "#7F6600", "CLINIC_STYLE": "warm"}, "check")

    assert [run.returncode for run in (faint, unknown, taken)] == [1, 1, 0]
    assert faint.stderr.startswith("CLINIC_COLOR: #ffcc00 is too light")
    assert unknown.stderr == "CLINIC_STYLE must be one of: calm, warm.\n"
    assert faint.stderr.count("\n") == 1
