"""Every kind of part is signed with its page, or by itself, and none is forgotten."""

import pytest
from django.contrib.auth.models import AnonymousUser

from conditions.admin import signing
from conditions.models import (
    Author,
    Citation,
    Condition,
    Exercise,
    HomePicture,
    PreventionTip,
    Reviewed,
)
from conditions.models.articles import Article
from conditions.models.base import Content, Slugged, kinds_of, parts_of
from conditions.review.parts import pages_showing
from tests import shipped
from tests.conditions.builders import make_picture, sign

# Named by pages; held for reviewers, and told apart by the loader, while an approved one does.
HELD = {Author, Citation}
# Stands on the home page, whose words nobody signs.
BY_NOBODY = {HomePicture}


def signed_with_pages():
    """Kinds that stand on a page, or in what stands on one."""
    found, more = set(), set(kinds_of(Content))
    while more:
        found |= more
        more = {part.model for kind in more for part in parts_of(kind)} - found
    return found


def signed_by_nobody():
    """Kinds that no signature reaches, or that do not say whether one has."""
    with_pages = signed_with_pages()
    return {
        kind
        for kind in set(kinds_of(Slugged)) - HELD - BY_NOBODY
        if not issubclass(kind, Reviewed)
        and (kind not in with_pages or kind.is_signed_off is Slugged.is_signed_off)
    }


def test_every_kind_of_part_is_signed_with_its_page_or_by_itself():
    assert signed_by_nobody() == set()


def test_a_kind_that_no_page_signs_is_found(monkeypatch):
    for page in (Condition, Article):
        monkeypatch.setattr(page, "links", [*page.links, "tips"])

    assert signed_by_nobody() == {PreventionTip}


@pytest.mark.parametrize("kind", [Condition, Article], ids=str)
def test_whatever_an_approved_page_shows_is_signed(db, settings, kind):
    """One page alone is signed: what it shows belongs to other pages, too."""
    settings.DEMO = False
    shipped.load()
    sign(kind._default_manager.filter(causes__isnull=False).first())
    kinds = [each for each in kinds_of(Slugged) if not issubclass(each, Reviewed)]
    rows = [row for each in kinds for row in each._default_manager.all()]
    shown = [row for row in rows if pages_showing([row])]

    assert shown != []
    assert [row for row in shown if not row.is_signed_off()] == []


def test_parts_are_read_from_the_models():
    assert {part.name for part in parts_of(Condition)} >= {
        *("causes", "urgency_lines", "testimonials", "exercises", "tips")
    }
    assert {part.name for part in parts_of(Exercise)} >= {"steps", "safety_lines"}
    assert not {part.name for part in parts_of(Condition)} & set(Condition.links)


def pictured(kind):
    """A page with a picture: none ships."""
    page = kind.objects.first()
    make_picture(page._meta.get_field("pictures").related_model, **{kind._meta.model_name: page})
    return page


PARTS = [(kind, part.name) for kind in kinds_of(Content) for part in parts_of(kind)]


@pytest.mark.parametrize(("kind", "name"), PARTS, ids=str)
def test_other_words_in_a_part_are_another_reading(content, rf, kind, name):
    page = kind.objects.filter(**{f"{name}__isnull": False}).first() or pictured(kind)
    part = getattr(page, name).first()
    request = rf.get("/")
    request.user = AnonymousUser()
    before = signing.read(request, page).version
    word = next(field.name for field in part._meta.fields if field.name in ("title", *part.prose))
    type(part).objects.filter(pk=part.pk).update(**{word: "Other words"})

    assert signing.read(request, page).version != before
