"""`/styleguide/`: the design system as it is, for staff: tokens with their contrast, components.

Everything is read from the real style sheet and rendered by the real templates.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from booking.brand import palettes
from booking.forms.contact import ContactFields
from booking.models import Payment, Style, Therapist
from booking.views.identity import clinic_of
from clinic_site.look import style_sheet
from conditions.models import Condition
from conditions.pages import parts

LENGTH = re.compile(r"--(t-\w+|s\d|r-\w|shadow-\w|measure|tap): ([^;]+);")

LETTERS = "Title"  # the family that the headings of either style name first


class Contrast(NamedTuple):
    """Text or an edge on a ground, and its contrast in the light and the dark scheme."""

    text: str
    ground: str
    light: float
    dark: float
    least: float


class Shown(NamedTuple):
    """One of the styles in the clinic's colour: its colours by token, and how they are read."""

    style: Style
    colours: list[tuple[str, str, str]]
    contrasts: list[Contrast]


class SampleForm(ContactFields):
    """Fields of every kind, as patients meet them."""

    payment = forms.ChoiceField(
        label=_("How will you pay?"),
        required=False,
        choices=Payment.choices,
        widget=forms.RadioSelect,
        help_text=_("You can also tell us later."),
    )


@require_safe
@staff_member_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Tokens and components; others than staff are asked to sign in."""
    clinic = clinic_of(request)
    context: dict[str, Any] = {
        "styles": [shown(style, clinic.colour) for style in Style],
        "own": Style(clinic.style),
        "schemes": ["light", "dark"],
        "lengths": LENGTH.findall(sheet("site") + sheet("clinic")),
        "form": SampleForm({"name": "Rosa Marquez"}),
        "therapist": Therapist.objects.filter(active=True).first(),
        "social_card": "",
    }
    condition = Condition.objects.published().with_parts().first()
    if condition:
        context |= parts.of_condition(condition)
    response = render(request, "styleguide.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@staff_member_required
def both_styles(request: HttpRequest) -> HttpResponse:
    """The tokens of both styles by class, in the clinic's colour, for the samples side by side."""
    colour = clinic_of(request).colour
    rules = [rule for style in palettes.STYLES for rule in samples(style, colour)]
    return HttpResponse("\n".join(rules), content_type="text/css; charset=utf-8")


def samples(style: str, colour: str) -> Iterator[str]:
    """The rules of one style's samples, a class for each scheme."""
    letters = f"Letters-{style}"
    light, dark = palettes.palette(style, colour)
    file = style_sheet.display_font(style)
    yield f"@font-face{{font-family:{letters};src:url({file});font-display:swap}}"
    own = {"display": light["display"].replace(LETTERS, letters)}
    for scheme, tokens in {"light": light, "dark": light | dark}.items():
        values = ";".join(f"--{name}:{value}" for name, value in (tokens | own).items())
        yield f".{style}.{scheme}{{color-scheme:{scheme};{values}}}"


def sheet(name: str) -> str:
    """A style sheet as it stands in the sources."""
    return (palettes.SHEETS / f"{name}.css").read_text()


def shown(style: Style, colour: str) -> Shown:
    """A style as the guide shows it."""
    light, dark = palettes.palette(style, colour)
    named = [(name, light[name], dark[name]) for name in light if light[name].startswith("#")]
    both = zip(palettes.pairs(light), palettes.pairs(dark), strict=True)
    contrasts = [
        Contrast(one.text, one.ground, one.contrast, two.contrast, one.least) for one, two in both
    ]
    return Shown(style, named, contrasts)
