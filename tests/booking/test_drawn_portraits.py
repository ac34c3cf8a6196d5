"""Who is shown by a drawing: therapists of the demo without a photograph, and nobody else."""

import re

import pytest
from django.template import Context, Template

from booking.management.demo import THERAPISTS
from booking.models import Therapist
from booking.templatetags.portraits import DRAWN

PORTRAIT = Template('{% include "booking/includes/portrait.html" with size=96 %}')
PHOTO = "0123456789abcdef0123456789abcdef"


def shown(alt: str = "", **values: str) -> str:
    """The portrait of a therapist of the demo, or of another, its line breaks aside."""
    therapist = Therapist(**{"name": "Maya Lindqvist", "slug": "maya-lindqvist"} | values)
    html = PORTRAIT.render(Context({"therapist": therapist, "alt": alt}))
    return re.sub(r"\s+", " ", html.replace("\n", " ")).strip()


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def test_each_therapist_of_the_demo_has_a_drawing_and_there_are_more():
    assert (THERAPISTS.keys() - DRAWN, len(DRAWN) >= 6) == (set(), True)


@pytest.mark.parametrize(
    ("alt", "said"),
    [("", 'aria-hidden="true"'), ("Maya Lindqvist", 'role="img" aria-label="Maya Lindqvist"')],
)
def test_therapist_of_the_demo_is_drawn_and_named_where_no_text_names_them(demo, alt, said):
    assert shown(alt) == (
        f'<svg class="portrait" viewBox="0 0 120 120" width="96" height="96" {said} > '
        '<use href="/static/drawings/portraits.svg#maya-lindqvist"/> </svg>'
    )


def test_photograph_stands_before_the_drawing(demo):
    html = shown(photo=PHOTO)

    assert (f"/photos/{PHOTO}-192.webp" in html, "<use" in html) == (True, False)


@pytest.mark.parametrize("slug", ["ana-ruiz", ""])
def test_therapist_without_photograph_and_drawing_has_initials(demo, slug):
    assert shown(slug=slug) == '<span class="monogram" aria-hidden="true">ML</span>'


def test_real_therapist_of_the_same_name_is_not_drawn(settings):
    settings.DEMO = False

    assert shown() == '<span class="monogram" aria-hidden="true">ML</span>'
