"""Lists of the admin on a narrow screen; its fields, in words and as everywhere at the desk."""

import pytest
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AdminTimeWidget
from django.urls import reverse

from booking.models import WorkingHours
from conditions.templatetags.lists import labelled
from tests.builders import make_therapist, make_visit_type
from tests.reading import texts

HEADERS = [{"text": "tick"}, {"text": 'who "asks"'}, {"text": "note"}, {"text": "name"}]


def test_each_cell_says_what_it_is_and_whether_it_holds_anything():
    cells = [
        '<td class="action-checkbox"><input type="checkbox"></td>',
        '<td class="field-who"><a href="/x/">Ana</a></td>',
        '<td class="field-note">-</td>',
        '<th class="field-name"></th>',
    ]
    assert list(labelled(cells, HEADERS)) == [
        '<td data-label="" class="action-checkbox"><input type="checkbox"></td>',
        '<td data-label="Who &quot;asks&quot;" class="field-who"><a href="/x/">Ana</a></td>',
        '<td data-label="Note" data-none class="field-note">-</td>',
        '<th data-label="Name" data-none class="field-name"></th>',
    ]


def test_a_list_writes_them(sign_in):
    make_visit_type(price=None)
    page = sign_in("Manager").get(reverse("admin:booking_visittype_changelist")).content.decode()

    assert '<td data-label="Price" data-none class="field-price">-</td>' in page
    assert '<th data-label="Name" class="field-name">' in page


def test_hours_are_typed_by_the_clock_of_the_browser(sign_in):
    """No seconds, no second clock beside the field, no note about time zones."""
    make_therapist()
    hours = WorkingHours.objects.first()
    page = reverse("admin:booking_workinghours_change", args=[hours.pk])
    manager = sign_in("Manager")
    shown = manager.get(page).content.decode()
    assert '<input type="time" name="opens" value="09:00"' in shown
    assert "vTimeField" not in shown

    typed = {"location": hours.location_id, "weekday": 0, "opens": "09:30", "closes": "12:00"}
    manager.post(page, typed | {"valid_from": "2026-12-01", "valid_until": ""})
    hours.refresh_from_db()
    assert (f"{hours.opens:%H:%M}", str(hours.valid_from)) == ("09:30", "2026-12-01")


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_no_form_has_a_second_calendar_or_dashes_to_choose(model, rf, admin_user):
    request = rf.get("/admin/")
    request.user = admin_user
    shown = admin.site._registry[model]
    forms = [shown.get_form(request), *(each.get_formset(request).form for each in inlines(shown))]
    fields = [field for form in forms for field in form.base_fields.values()]

    stock = (AdminDateWidget, AdminTimeWidget)
    assert [field.label for field in fields if isinstance(field.widget, stock)] == []
    choices = [str(words) for field in fields for _key, words in getattr(field, "choices", [])]
    assert [words for words in choices if words.startswith("---")] == []


def inlines(shown):
    return [each(shown.model, admin.site) for each in shown.inlines]


def test_a_part_that_was_made_says_its_name_and_folds_the_rest(desk):
    ana = make_therapist(hours="9:00-12:00")
    page = desk.get(reverse("admin:booking_therapist_history", args=[ana.pk])).content.decode()

    assert page.count("<summary>What it said</summary>") == 5
    assert "Therapist: <ins>" not in page


def test_an_account_asks_for_roles_by_ticks_and_in_plain_words(sign_in, django_user_model):
    user = django_user_model.objects.create_user("li", is_staff=True)
    page = sign_in("Manager").get(reverse("admin:auth_user_change", args=[user.pk]))

    assert 'type="checkbox" name="groups"' in page.content.decode()
    assert "Designates" not in page.content.decode()
    assert texts(page, "help")[:1] == ["What they sign in with."]


def test_who_may_not_is_led_back_to_the_day(sign_in):
    page = sign_in("Therapist").get(reverse("admin:booking_closure_changelist"))

    assert page.status_code == 403
    assert texts(page, "desk-actions") == ["To the day To what your role opens"]


def test_accounts_are_narrowed_by_what_staff_call_a_group(sign_in):
    page = sign_in("Manager").get(reverse("admin:auth_user_changelist"))

    assert [str(spec.title) for spec in page.context["cl"].filter_specs] == ["active", "role"]
