"""Rows of a list go up and down by buttons that need no script, and keep their signatures."""

import pytest
from auditlog.models import LogEntry
from django.contrib import admin

from conditions.admin.ordering import has_order
from conditions.models import Condition, PreventionTip, UrgencyLine
from tests.conditions import people
from tests.conditions.builders import (
    make_area,
    make_condition,
    make_emergency_line,
    make_reviewer,
    sign,
)
from tests.conditions.people import editor
from tests.reading import tight

CONDITIONS = "/admin/conditions/condition/"


@pytest.fixture
def ed(db):
    return editor()


@pytest.fixture
def three(db):
    """Three conditions: two of the neck, and one of the knee between them."""
    areas = {slug: make_area(slug) for slug in ("neck", "knee")}
    return [
        make_condition(slug=slug, title=slug, order=order, areas=[areas[of]])
        for slug, order, of in [("one", 10, "neck"), ("two", 20, "knee"), ("three", 30, "neck")]
    ]


def order():
    return list(Condition.objects.values_list("slug", "order"))


def words(response):
    return [str(each) for each in response.context["messages"]]


def test_a_row_goes_down_and_the_two_change_places(ed, three):
    response = ed.post(CONDITIONS, {"move_down": three[0].pk})

    assert (response.status_code, response["Location"]) == (302, CONDITIONS)
    assert order() == [("two", 10), ("one", 20), ("three", 30)]


@pytest.mark.parametrize(("at", "button"), [(0, "move_up"), (2, "move_down")])
def test_the_first_goes_no_higher_and_the_last_no_lower(ed, three, at, button):
    ed.post(CONDITIONS, {button: three[at].pk})

    assert order() == [("one", 10), ("two", 20), ("three", 30)]


def test_in_a_narrowed_list_a_row_passes_the_one_that_is_shown(ed, three):
    path = f"{CONDITIONS}?areas__id__exact={make_area('neck').pk}"
    response = ed.post(path, {"move_up": three[2].pk})

    assert response["Location"] == path
    assert [slug for slug, _place in order()] == ["three", "one", "two"]


def test_rows_that_share_a_place_are_told_apart(ed, three):
    Condition.objects.update(order=7)  # then they stand by title: one, three, two
    ed.post(CONDITIONS, {"move_up": three[1].pk})

    assert order() == [("one", 7), ("two", 8), ("three", 9)]


def test_a_list_in_another_order_has_no_buttons(ed, three):
    path = f"{CONDITIONS}?o=1"
    response = ed.post(path, {"move_down": three[0].pk})

    assert (b"move_down" in ed.get(CONDITIONS).content, b"move_down" in response.content) == (
        True,
        False,
    )
    assert order()[0] == ("one", 10)


def test_a_signed_page_that_is_moved_stays_signed_and_the_move_is_kept(ed, three):
    make_emergency_line()
    saved = sign(three[0], make_reviewer()).updated_at
    ed.post(CONDITIONS, {"move_down": three[0].pk})
    row = Condition.objects.get(slug="one")
    last = LogEntry.objects.get_for_object(row).first()

    assert (row.state, row.order, row.updated_at) == ("approved", 20, saved)
    assert (last.actor.username, last.changes_dict) == ("ed", {"order": ["10", "20"]})


def test_what_stands_on_a_signed_page_is_moved_by_a_reviewer_alone(ed, three):
    make_emergency_line()
    shown, new = (
        PreventionTip.objects.create(slug=slug, title=slug, order=order)
        for order, slug in enumerate(["shown", "new"])
    )
    three[0].tips.add(shown)
    sign(three[0], make_reviewer())
    response = ed.post("/admin/conditions/preventiontip/", {"move_up": new.pk}, follow=True)

    assert words(response) == ["Nothing was moved: only a reviewer may give “shown” another place."]
    assert list(PreventionTip.objects.values_list("slug", "order")) == [("shown", 0), ("new", 1)]


def test_a_warning_passes_those_of_its_own_card_and_part_of_the_body(ed, three):
    neck, knee = (make_area(slug) for slug in ("neck", "knee"))
    rows = [("a", "emergency", neck), ("b", "urgent", neck), ("c", "emergency", knee)]
    rows += [("d", "emergency", neck)]
    for place, (text, level, area) in enumerate(rows):
        make_emergency_line(text=text, level=level, areas=[area], state="draft", order=place)
    last = UrgencyLine.objects.get(text="d")
    ed.post("/admin/conditions/urgencyline/", {"move_up": last.pk})

    assert list(UrgencyLine.objects.values_list("text", "order")) == [
        *(("d", 0), ("b", 1), ("c", 2), ("a", 3))
    ]


def test_who_may_only_look_moves_nothing(three):
    response = people.reviewer().post(CONDITIONS, {"move_down": three[0].pk})

    assert (response.status_code, b"move_down" in response.content) == (200, False)
    assert order()[0] == ("one", 10)


ORDERED = [kind for kind in admin.site._registry if has_order(kind)]


@pytest.mark.parametrize("kind", ORDERED, ids=str)
def test_every_list_of_what_has_a_place_has_buttons(admin_user, kind):
    client = people.signed_in(admin_user)
    path = f"/admin/{kind._meta.app_label}/{kind._meta.model_name}/"
    shown = admin.site._registry[kind].get_list_display(client.get(path).wsgi_request)

    assert (shown[1], "order" in shown) == ("place", False)


def test_every_kind_of_row_below_a_form_has_buttons(admin_user, rf):
    request = rf.get("/admin/")
    request.user = admin_user
    every = [
        (formset.form.base_fields["order"].widget.attrs.get("data-up"), type(inline))
        for its in admin.site._registry.values()
        for formset, inline in its.get_formsets_with_inlines(request)
        if has_order(formset.model)
    ]

    assert len(every) > 10
    assert {(up, issubclass(kind, admin.StackedInline)) for up, kind in every} == {("Up", True)}


def test_a_button_says_which_row_it_moves(ed, three):
    html = tight(ed.get(CONDITIONS).content.decode())

    for name, label in (("move_up", "Up"), ("move_down", "Down")):
        assert f'name="{name}" value="{three[0].pk}" aria-label="{label}: one">' in html
