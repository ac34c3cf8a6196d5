"""The drawings of the lists: one for each shipped condition, and decoration alone."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template

from conditions.models import Article, Condition
from conditions.pages import drawings
from conditions.shipped import fixtures

SHIPPED = {
    record.slug
    for record in fixtures.read(Path(settings.FIXTURE_DIRS[0]) / "content")
    if record.name == "condition"
}
ARTICLES = {
    record.slug
    for record in fixtures.read(Path(settings.FIXTURE_DIRS[0]) / "content")
    if record.name == "article"
}
SHOWN = (
    '<svg class="icon" viewBox="40 0 240 240" width="64" height="64" aria-hidden="true">'
    '<use href="/static/drawings/areas.svg#%s"/></svg>'
)


def test_every_shipped_condition_has_a_drawing():
    assert (SHIPPED | {"articles", "exercises"}) - drawings.TITLES.keys() == set()


def test_every_shipped_article_has_one_of_its_own():
    assert drawings.BY_SLUG["articles"].keys() == ARTICLES


def test_what_has_no_drawing_shows_none():
    template = Template('{% load icons %}{% icon "an-editors-new-page" %}')

    assert template.render(Context()).strip() == ""


@pytest.mark.django_db
def test_lists_show_the_drawing_beside_the_name(client, settings):
    settings.DEMO = True
    for slug in ("back-pain", "new-pain"):
        Condition.objects.create(slug=slug, title=slug, summary="It passes.", state="example")

    html = re.sub(r">\s+<", "><", client.get("/conditions/").content.decode())

    assert [svg for svg in re.findall(r'<svg class="icon".*?</svg>', html) if "pain" in svg] == [
        SHOWN % "back-pain"
    ]


@pytest.mark.django_db
def test_articles_without_a_drawing_of_their_own_share_one(client, settings):
    settings.DEMO = True
    for slug in ("desk", "back-pain"):
        Article.objects.create(slug=slug, title=slug, summary="Sit.", state="example")

    html = re.sub(r">\s+<", "><", client.get("/articles/").content.decode())

    assert sorted(re.findall(r'<svg class="icon".*?</svg>', html)) == [
        SHOWN % "articles",
        SHOWN % "back-pain",
    ]


@pytest.mark.django_db
def test_a_condition_page_pays_nothing_for_it(client, settings):
    settings.DEMO = True
    Condition.objects.create(slug="back-pain", title="Back", summary="It passes.", state="example")

    assert 'class="icon"' not in client.get("/conditions/back-pain/").content.decode()
