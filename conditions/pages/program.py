"""A printable program: which exercises are ticked, its address, and the code that leads back."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any
from urllib.parse import urlencode

import segno
from django import forms
from django.core.validators import MaxLengthValidator
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from conditions.models import Exercise

# Measured: so many of the longest exercises that ship fit on two letter pages.
MOST_EXERCISES = 8
MOST_ASKED = 100  # of what an address names, so many are looked at


class ProgramForm(forms.Form):
    """Ticks for one to MOST_EXERCISES exercises; what is not public is no choice."""

    exercise = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one exercise.")},
        validators=[
            MaxLengthValidator(
                MOST_EXERCISES,
                _(
                    "Tick %(limit_value)d exercises at most: more do not fit on two pages. "
                    "You ticked %(show_value)d."
                ),
            )
        ],
    )

    def __init__(self, exercises: Iterable[Exercise], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["exercise"].choices = [(row.slug, row.title) for row in exercises]  # type: ignore[attr-defined]


def chosen(exercises: Sequence[Exercise], slugs: Iterable[str]) -> tuple[list[Exercise], int]:
    """The exercises with these slugs, each once, in the order asked for; and how many are unknown.

    Empty slugs count for nothing: the form sends one, to say that it was sent.
    """
    known = {row.slug: row for row in exercises}
    asked = [slug for slug in dict.fromkeys(islice(slugs, MOST_ASKED)) if slug]
    return [known[slug] for slug in asked if slug in known], len(set(asked) - known.keys())


def path(exercises: Iterable[Exercise], condition: str = "") -> str:
    """The address of a program on this site: it can be kept, shared, and says nothing of anyone."""
    return f"{reverse('conditions:program')}?{query(exercises, condition)}"


def query(exercises: Iterable[Exercise], condition: str = "") -> str:
    """The same exercises in the same order, for the same condition, are always the same address.

    `condition` is the slug of the one whose doses and cautions the sheet shows, if any.
    """
    asked = [("exercise", row.slug) for row in exercises]
    return urlencode([*asked, ("for", condition)] if condition else asked)


def code(address: str) -> SafeString:
    """QR code of an address as SVG, black on white in every scheme, without a style of its own."""
    drawn = segno.make(address, error="l", boost_error=False, micro=False)
    # Safe: segno writes numbers and the class named here, nothing of the address.
    return mark_safe(drawn.svg_inline(omitsize=True, light="#fff", svgclass="qr", lineclass=None))
