"""The line art of the lists: one for each shipped condition, small, and decoration alone."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template

from conditions.models import Condition
from conditions.shipped import fixtures
from conditions.templatetags.icons import ICONS
from tests.clinic_site.look.palette import SCHEMES, contrast

PLACE = Path(settings.BASE_DIR) / "static" / "icons"
SHIPPED = {
    record.slug
    for record in fixtures.read(Path(settings.FIXTURE_DIRS[0]) / "content")
    if record.name == "condition"
}
SHOWN = (
    '<img class="icon" src="/static/icons/back-pain.svg" width="48" height="48" alt=""'
    ' loading="lazy" decoding="async">'
)


def test_every_shipped_condition_has_a_drawing():
    assert SHIPPED | {"articles", "exercises"} == ICONS


@pytest.mark.parametrize("slug", sorted(ICONS))
def test_drawing_is_small_and_stands_out_in_both_schemes(slug):
    svg = (PLACE / f"{slug}.svg").read_text()
    colours = set(re.findall("#[0-9a-f]{6}", svg))
    faint = [
        colour
        for colour in colours
        for tokens in SCHEMES.values()
        if contrast(colour, tokens["card"]) < 3
    ]

    assert (len(svg) <= 1_500, faint) == (True, [])
    assert re.findall(r"style|script|href|url\(|<text", svg) == []


def test_what_has_no_drawing_shows_none():
    template = Template('{% load icons %}{% icon "an-editors-new-page" %}')

    assert template.render(Context()).strip() == ""


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/conditions/"])
def test_lists_show_the_drawing_beside_the_name(client, settings, path):
    settings.DEMO = True
    for slug in ("back-pain", "new-pain"):
        Condition.objects.create(slug=slug, title=slug, summary="It passes.", state="example")

    html = client.get(path).content.decode()

    assert re.findall(r'<img class="icon"[^>]*(?:pain)[^>]*>', html) == [SHOWN]


@pytest.mark.django_db
def test_a_condition_page_pays_nothing_for_it(client, settings):
    settings.DEMO = True
    Condition.objects.create(slug="back-pain", title="Back", summary="It passes.", state="example")

    assert 'class="icon"' not in client.get("/conditions/back-pain/").content.decode()
