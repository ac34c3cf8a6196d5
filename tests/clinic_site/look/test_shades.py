"""The colours that e-mails are given: those of the site, or of the clinic."""

from django.template import engines

from clinic_site.look import colours
from clinic_site.look.style_sheet import tokens
from clinic_site.templatetags.look import shades
from tests.clinic_site.look.palette import DARK, LIGHT


def named(shades):
    return {name.replace("-", "_"): colours.in_full(colour) for name, colour in shades.items()}


def test_they_are_those_of_the_style_sheet():
    assert shades() == {"light": named(LIGHT), "dark": named(LIGHT | DARK)}


def test_a_clinics_own_colour_takes_the_place_of_ours(settings):
    settings.CLINIC_COLOR = "#7a1f5c"
    light, dark = colours.light("#7a1f5c"), colours.dark("#7a1f5c")

    assert shades() == {
        "light": named(LIGHT | light),
        "dark": named(LIGHT | DARK | dark),
    }


def test_a_template_can_say_them():
    template = engines["django"].from_string(
        "{% load look %}{% shades as found %}{{ found.light.brand_ink }} {{ found.dark.paper }}"
    )

    assert template.render() == "#ffffff #121a1a"


def test_the_first_of_two_counts_and_short_ones_are_written_out():
    assert tokens(":root{--a:#abc;--b:#a1b2c3;--c:var(--a)}@media print{:root{--a:#000}}") == {
        "a": "#aabbcc",
        "b": "#a1b2c3",
    }
