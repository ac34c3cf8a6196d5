"""A kind of content says once, in its model, what checks, review, search and addresses need."""

from django.apps import apps
from django.db import models

from conditions.models import Condition, Page, Slugged
from conditions.models.base import Content, Reviewed, kinds_of
from conditions.shipped.fixtures import model_order
from conditions.sitemaps import SITEMAPS


def text_fields(kind):
    return {field.name for field in kind._meta.fields if isinstance(field, models.TextField)}


def test_every_kind_is_found_from_its_model():
    everything = set(apps.get_app_config("conditions").get_models())

    assert set(kinds_of(Slugged)) <= everything
    assert {kind for kind in everything if issubclass(kind, Content)} == set(kinds_of(Content))
    names = sorted(kind.__name__ for kind in kinds_of(Content))
    assert names == ["Article", "Condition", "Exercise", "Page"]


def test_every_text_that_readers_see_is_prose():
    missing = {kind.__name__: text_fields(kind) - set(kind.prose) for kind in kinds_of(Slugged)}

    # A source's own words are not ours to put plainly.
    assert {name: fields for name, fields in missing.items() if fields} == {"Citation": {"note"}}


def test_what_a_kind_names_is_there():
    for kind in kinds_of(Slugged):
        names = {field.name for field in kind._meta.get_fields()}
        wanted = {*kind.prose, *kind.edited_parts, *filter(None, [kind.part_of])}
        if issubclass(kind, Reviewed):
            wanted.add(kind.known_by)
        assert wanted - names == set()


def test_a_row_is_loaded_after_what_it_refers_to():
    order = model_order()

    assert sorted(order) == sorted(kind._meta.model_name for kind in kinds_of(Slugged))
    for kind in kinds_of(Slugged):
        for field in kind._meta.concrete_fields:
            target = getattr(field.related_model, "_meta", None)
            if target and target.model_name in order and field.related_model is not kind:
                assert order.index(target.model_name) < order.index(kind._meta.model_name)


def test_every_kind_of_page_has_an_address_and_a_sitemap():
    assert Condition(slug="back-pain").get_absolute_url() == "/conditions/back-pain/"
    assert Page(slug="privacy").get_absolute_url() == "/privacy/"
    assert {kind.folder or "pages" for kind in kinds_of(Content)} == set(SITEMAPS) - {"lists"}
    assert sorted(kind.search_rank for kind in kinds_of(Content)) == [1, 2, 3, 4]
