"""A signature covers every word that a reader gets: of the page, its parts and who wrote it."""

import itertools
import re
from html import unescape

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import models

from conditions.admin import signing
from conditions.models import (
    Article,
    Author,
    Citation,
    Condition,
    Exercise,
    Page,
    Slugged,
    UrgencyLine,
)
from conditions.models import Testimonial as Story
from conditions.models.base import SIGNATURE, Content, kinds_of
from conditions.review import confirming
from tests.conditions import people
from tests.conditions.builders import (
    TODAY,
    make_area,
    make_emergency_line,
    make_picture,
)

WORD = re.compile(r"\bzq\d+q")
# Addresses and names of files are no words.
NO_WORDS = SIGNATURE | {"slug", "url", "doi", "file"}


@pytest.fixture
def renamed(content):
    """All that ships, with pictures and a story, and in each field of each row a word of its own;
    what texts cite is cited on.
    """
    for kind in (Condition, Article, Exercise):
        page, name = kind.objects.first(), kind._meta.model_name
        make_picture(kind._meta.get_field("pictures").related_model, **{name: page}, credit="X")
    Story.objects.create(
        condition=Condition.objects.first(),
        text="X",
        shown_name="X",
        consent_given_on=TODAY,
        state="example",
    )
    fresh = itertools.count()
    for kind in kinds_of(Slugged):
        for row in kind._default_manager.all():
            kind._default_manager.filter(pk=row.pk).update(**reworded(row, fresh))


def reworded(row, fresh):
    """The fields of a row that hold words, each with a new one."""
    cited = " ".join(re.findall(r"\[@[\w-]+\]", str(getattr(row, "about", ""))))
    fields = [
        field.name
        for field in row._meta.fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and field.name not in NO_WORDS
    ]
    words = {name: f"zq{next(fresh)}q" for name in fields}
    return words | ({"about": f"{words['about']} {cited}"} if cited else {})


def page_of(kind):
    """A page that has all parts that pages of its kind may have."""
    return kind.objects.first()


@pytest.mark.parametrize("kind", kinds_of(Content), ids=str)
def test_every_word_that_a_reader_gets_is_in_the_reading(renamed, client, rf, kind):
    page = page_of(kind)
    html = unescape(client.get(page.get_absolute_url()).content.decode())
    article = re.search(r"<article>.*</article>", html, re.DOTALL)[0]
    request = rf.get("/")
    request.user = AnonymousUser()
    read = set(WORD.findall(" ".join(signing.lines(request, page))))
    got = set(WORD.findall(article))

    assert got - read == set()
    author = Author.objects.get(pk=page.author_id) if page.author_id else None
    assert {page.title, page.what_changed, *([author.name, author.role] if author else [])} <= read


def test_the_words_looked_for_are_of_all_kinds(renamed, client):
    """Else the test above would look at nothing."""
    page = page_of(Condition)
    html = unescape(client.get(page.get_absolute_url()).content.decode())
    picture, story = page.pictures.get(), page.testimonials.first()
    source = Citation.objects.filter(evidence__treatment__in=page.treatments.all()).first()
    told = {picture.alt, picture.credit, story.shown_name, source.note, page.causes.first().title}
    move = page.uses.first().exercise

    assert {*told, move.steps.first().text} <= set(WORD.findall(html))
    assert page_of(Page).sections.exists()


def test_a_link_to_another_site_is_read_with_where_it_leads(content, rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    page = Condition.objects.get(slug="sciatica")
    sources = [line for line in signing.lines(request, page) if "https://doi.org/" in line]

    assert len(sources) > 3


def test_a_line_alone_is_read_with_its_card_and_its_pages(rf, db):
    neck = make_emergency_line(text="a hand is numb", areas=[make_area("neck")])
    general = make_emergency_line(text="it began after a crash", level="urgent")
    lines = [signing.lines(rf.get("/"), row) for row in (neck, general)]

    assert lines == [
        ["Emergency: call 911", "a hand is numb", "Neck"],
        ["Urgent: call a doctor today", "it began after a crash", "every page"],
    ]
    assert isinstance(neck, UrgencyLine)


def test_what_is_to_be_confirmed_stands_where_it_is_signed(content):
    client = people.reviewer()
    page = Condition.objects.get(slug="disc-problems")
    html = unescape(client.get(f"/admin/conditions/condition/{page.pk}/approve/").content.decode())
    told = confirming.to_confirm(page)

    assert f"For a clinician to confirm: {len(told)} sentences without a source" in html
    assert [line for line in told if line not in html] == []
