"""The colours that e-mails are given: those of the clinic's pages."""

import pytest
from django.template import engines

from booking.brand import colours, palettes
from booking.models import Clinic
from clinic_site.look.style_sheet import sheet
from clinic_site.templatetags.look import shades
from tests.clinic_site.look.palette import schemes


def named(shades):
    return {name.replace("-", "_"): colours.whole(colour) for name, colour in shades.items()}


@pytest.mark.parametrize("style", palettes.STYLES)
def test_they_are_those_of_the_sheet_that_a_page_of_the_clinic_holds(style):
    light, dark = schemes(sheet(style, "#7a1f5c"))

    assert shades(Clinic(style=style, colour="#7a1f5c")) == {
        "light": named(light),
        "dark": named(dark),
    }


def test_a_template_can_say_them_and_short_ones_are_written_out():
    template = engines["django"].from_string(
        "{% load look %}{% shades clinic as found %}{{ found.light.on_brand }}"
        " {{ found.light.brand }} {{ found.dark.paper }}"
    )
    clinic = Clinic(style=palettes.STYLE, colour=palettes.COLOUR)

    assert template.render({"clinic": clinic}) == "#ffffff #0d5752 #101a19"
