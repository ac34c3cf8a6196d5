"""The clinic's colour: read in both schemes, or refused with one that can be."""

import re

import pytest

from clinic_site.look import colours
from tests.clinic_site.look.palette import (
    DARK,
    EDGE_PAIRS,
    GROUNDS,
    SCHEMES,
    TEXT_PAIRS,
    luminance,
    too_faint,
)
from tests.site import manage, site_environment

COLOURS = [colours.DEFAULT, "#1d4ed8", "#9d174d", "#4a2c0a"]
OWN = {"brand", "brand-hover", "brand-ink", "tint"}
SHADES = {"light": colours.light, "dark": colours.dark}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("colour", COLOURS)
def test_every_text_can_be_read_in_the_shades_of_a_colour(scheme, colour):
    tokens = SCHEMES[scheme] | SHADES[scheme](colours.check(colour))

    assert too_faint(tokens, TEXT_PAIRS, 4.5) == []
    assert too_faint(tokens, EDGE_PAIRS, 3) == []


def test_the_default_and_the_grounds_are_those_of_the_style_sheet():
    def grounds(scheme):
        found = [SCHEMES[scheme][name] for name in GROUNDS if name != "tint"]
        return ["#ffffff" if colour == "#fff" else colour for colour in found]

    assert (SCHEMES["light"]["brand"], grounds("light")) == (colours.DEFAULT, colours.LIGHT_GROUNDS)
    assert (grounds("dark"), DARK["card"]) == (colours.DARK_GROUNDS, colours.DARK_CARD)


@pytest.mark.parametrize("colour", COLOURS)
def test_luminance_is_that_of_the_guidelines(colour):
    assert colours.luminance(colour) == pytest.approx(luminance(colour))


@pytest.mark.parametrize(
    ("colour", "words"),
    [
        (
            "#ffcc00",
            "CLINIC_COLOR #ffcc00 is too light to read: its contrast is 1.32 to 1 and must be"
            " 4.5 to 1. #856a00 is near it and dark enough.",
        ),
        (
            "#c2410c",
            "CLINIC_COLOR #c2410c is too light to read: its contrast is 4.48 to 1 and must be"
            " 4.5 to 1. #bd3f0c is near it and dark enough.",
        ),
        ("teal", "CLINIC_COLOR must be written like #0d5752, not 'teal'."),
    ],
)
def test_a_colour_that_cannot_be_used_is_refused_in_words(colour, words):
    with pytest.raises(colours.Refused) as caught:
        colours.check(colour)

    assert str(caught.value) == words


@pytest.mark.parametrize("colour", ["#ffcc00", "#c2410c", "#ffffff", "#0ea5e9"])
def test_the_colour_that_is_named_instead_is_taken(colour):
    assert colours.check(colours.nearest(colour)) == colours.nearest(colour)


def test_the_site_does_not_start_with_a_colour_that_cannot_be_read(db):
    environment = site_environment("http://127.0.0.1:8000") | {"CLINIC_COLOR": "#ffcc00"}
    refused = manage(environment, "check")
    taken = manage(environment | {"CLINIC_COLOR": "#856A00"}, "check")

    assert (refused.returncode, refused.stderr.startswith("CLINIC_COLOR #ffcc00 is too")) == (
        1,
        True,
    )
    assert (refused.stderr.count("\n"), taken.returncode) == (1, 0)


def test_the_usual_colour_costs_no_request(client, db):
    assert "theme.css" not in client.get("/").content.decode()


def test_another_colour_is_a_small_style_sheet_kept_for_ever(client, db, settings):
    settings.CLINIC_COLOR = "#9d174d"
    html = client.get("/").content.decode()
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
    response = client.get("/theme.css?9d174d")
    tokens = re.findall(r"--([\w-]+):(#\w{6})", response.content.decode())

    assert sheets == ["/static/css/clinic.css", "/theme.css?9d174d"]
    assert (response["Content-Type"], response["Cache-Control"]) == (
        "text/css; charset=utf-8",
        "public, max-age=31536000, immutable",
    )
    assert tokens == [
        *colours.light("#9d174d").items(),
        ("clinic", "#9d174d"),
        *colours.dark("#9d174d").items(),
    ]
    assert {name for name, _ in tokens} == OWN | {"clinic"}
    assert len(response.content) < 400
    assert client.get("/theme.css?0d5752")["Cache-Control"] == "public, no-cache"


# One browser is enough: nothing here depends on the database.
@pytest.mark.only("postgresql")
def test_a_browser_takes_the_colour_in_both_schemes_and_not_on_paper(serve, new_page):
    site = serve(environment={"CLINIC_COLOR": "#9d174d"})
    page = new_page()
    page.goto(f"{site.url}/")
    seen = {}
    for name, media in {
        "light": {"color_scheme": "light"},
        "dark": {"color_scheme": "dark"},
        "paper": {"media": "print", "color_scheme": "light"},
    }.items():
        page.emulate_media(**media)
        seen[name] = page.evaluate(
            "getComputedStyle(document.documentElement).getPropertyValue('--brand').trim()"
        )

    assert seen == {"light": "#9d174d", "dark": colours.dark("#9d174d")["brand"], "paper": "#000"}
