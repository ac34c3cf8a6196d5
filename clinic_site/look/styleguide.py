"""`/styleguide/`: the design system as it is, for staff: tokens with their contrast, components.

Everything is read from the real style sheet and rendered by the real templates.
"""

import re
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from booking.forms.contact import ContactFields
from booking.models import Payment, Therapist
from clinic_site.look import colours
from conditions.models import Condition
from conditions.pages import parts

GROUNDS = ["paper", "card", "tint", "stop-tint", "soon-tint", "go-tint"]
TEXT_PAIRS = [
    *product(["ink", "quiet", "link", "brand"], GROUNDS),
    *[("stop", "stop-tint"), ("soon", "soon-tint"), ("go", "go-tint")],
    *[("stop", "card"), ("soon", "card"), ("go", "card"), ("brand-ink", "brand")],
]
COLOUR = re.compile(r"--([\w-]+): (#(?:\w{6}|\w{3}));")
LENGTH = re.compile(r"--(small|base|large|h2|h1|s\d|radius|measure|tap): ([^;]+);")


class Pair(NamedTuple):
    """Text on a ground, and its contrast in the light and the dark scheme."""

    text: str
    ground: str
    light: float
    dark: float


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
    light, dark = schemes(sheet("site"))
    context: dict[str, Any] = {
        "colours": [(name, light[name], dark[name]) for name in light],
        "pairs": pairs(light, dark),
        "least": colours.LEAST_CONTRAST,
        "lengths": LENGTH.findall(sheet("clinic")),
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


def sheet(name: str) -> str:
    """A style sheet as it stands in the sources: "site" has the colours, "clinic" the lengths."""
    return Path(str(finders.find(f"css/{name}.css"))).read_text()


def schemes(css: str) -> tuple[colours.Shades, colours.Shades]:
    """Colours by token in the light and in the dark scheme, the clinic's own included."""
    blocks = re.findall(r":root {(.*?)}", css, re.DOTALL)[:2]
    light, dark = ({name: whole(code) for name, code in COLOUR.findall(row)} for row in blocks)
    if settings.CLINIC_COLOR != colours.DEFAULT:
        light |= colours.light(settings.CLINIC_COLOR)
        dark |= colours.dark(settings.CLINIC_COLOR)
    return light, dark


def whole(code: str) -> str:
    """`#rgb` as `#rrggbb`."""
    return code if len(code) == 7 else "#" + "".join(digit * 2 for digit in code[1:])


def pairs(light: colours.Shades, dark: colours.Shades) -> list[Pair]:
    return [
        Pair(text, ground, *(colours.contrast(row[text], row[ground]) for row in (light, dark)))
        for text, ground in TEXT_PAIRS
    ]
