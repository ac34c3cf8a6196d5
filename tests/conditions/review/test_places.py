"""What an editor adds comes last, on the page and in the lists."""

import pytest
from django.contrib import admin
from django.db.models import Max
from django.urls import reverse

from conditions.admin.ordering import has_order
from conditions.models import Cause, Condition
from conditions.models.base import Slugged, kinds_of
from tests.conditions import people
from tests.conditions.builders import make_area, make_condition
from tests.typed import fields_of


@pytest.fixture
def editor(db):
    return people.editor()


def place(response):
    return response.context["adminform"].form["order"].value()


ORDERED = [kind for kind in kinds_of(Slugged) if has_order(kind) and kind in admin.site._registry]


@pytest.mark.parametrize("kind", ORDERED, ids=str)
def test_a_new_row_of_every_kind_is_offered_the_last_place(content, editor, kind):
    last = kind._default_manager.aggregate(last=Max("order"))["last"] or 0

    assert place(editor.get(reverse(f"admin:conditions_{kind._meta.model_name}_add"))) == last + 1


def test_of_an_empty_list_the_first_place_is_offered(editor):
    assert place(editor.get(reverse("admin:conditions_condition_add"))) == 1


def test_a_new_page_comes_last_in_the_list_of_readers(editor, settings, client):
    settings.DEMO = True
    for order, title in enumerate(["Back", "Hip"]):
        make_condition(slug=title.lower(), title=title, order=order, state="example")
    add = reverse("admin:conditions_condition_add")
    typed = {"title": "Ankle", "slug": "ankle", "name_in_text": "a", "summary": "S.", "about": "A."}
    offered = fields_of(editor.get(add), "condition_form") | {"areas": [str(make_area().pk)]}
    editor.post(add, offered | {name: [text] for name, text in typed.items()})

    assert [row.title for row in Condition.objects.all()] == ["Back", "Hip", "Ankle"]


def test_a_row_below_a_form_is_offered_the_place_after_its_siblings(editor):
    pain, other = make_condition(), make_condition(slug="other")
    for condition, order in [(pain, 3), (other, 9)]:
        Cause.objects.create(condition=condition, group="common", title="C", order=order)
    change = editor.get(reverse("admin:conditions_condition_change", args=[pain.pk]))
    add = editor.get(reverse("admin:conditions_condition_add"))

    assert [blank(each) for each in (change, add)] == [4, 1]


def blank(response):
    """The place that a cause added below the form begins with."""
    below = {
        each.formset.prefix: each.formset for each in response.context["inline_admin_formsets"]
    }
    return below["causes"].empty_form["order"].value()


def test_rows_that_are_added_at_once_stay_in_the_order_of_typing(editor):
    pain = make_condition()
    change = reverse("admin:conditions_condition_change", args=[pain.pk])
    typed = {"causes-TOTAL_FORMS": ["2"]}
    for number, title in enumerate(["Work", "Age"]):
        row = {"group": "common", "title": title, "text": "", "order": "1"}
        typed |= {f"causes-{number}-{name}": [value] for name, value in row.items()}
    response = editor.post(change, fields_of(editor.get(change), "condition_form") | typed)

    assert response.status_code == 302
    assert [cause.title for cause in pain.causes.all()] == ["Work", "Age"]
