"""Whoever saves second never wipes the first: walked over every model of the admin."""

import json

import pytest
from auditlog.models import LogEntry
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from booking.models import (
    DataRequest,
    Enquiry,
    Look,
    OnlineBooking,
    OutgoingEmail,
    ReferralRule,
    Retention,
    SignIn,
    TimeOff,
    TimeOffer,
    WaitlistEntry,
    WorkingHours,
)
from tests.builders import at, make_therapist
from tests.every_row import make_every_row
from tests.staff import now, save_and_list, sign_in  # noqa: F401
from tests.typed import fields_of

# Looked at only: nobody types into these.
READ_ONLY = {
    DataRequest,
    Enquiry,
    LogEntry,
    Look,
    OnlineBooking,  # one button that says which way
    OutgoingEmail,
    SignIn,
    TimeOffer,
    WaitlistEntry,
}
TEXT = (forms.TextInput, forms.Textarea)
# What two people type, where no name goes.
WORDS = {Retention: ("24", "36"), WorkingHours: ("07:00:00", "08:00:00")}


@pytest.fixture
def rows(settings, sign_in):  # noqa: F811
    """At least one row of every model that has a change form, and somebody who may change all."""
    settings.DEMO = True
    client = sign_in(superuser=True)
    make_every_row(User.objects.get(is_superuser=True))
    return client


def page(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def opened(client, row):
    """A form as it is sent back when nothing was typed into it."""
    return fields_of(client.get(page(row)), f"{row._meta.model_name}_form")


def typed_into(client, row):
    """The first field of plain text on the form of a row."""
    form = client.get(page(row)).context["adminform"].form
    fields = form.fields.items()
    plain = [name for name, field in fields if type(field.widget).__mro__[1] in TEXT]
    plain += [
        name for name, field in fields if isinstance(field.widget, (*TEXT, forms.NumberInput))
    ]
    return next(name for name in plain if name not in ("slug", "password"))


def save(client, path, typed):
    """Send a form, with a yes where it is asked about the visits that it hurts."""
    response = client.post(path, typed)
    asked = "affected" in (response.context or {})
    return save_and_list(client, path, response, follow=False) if asked else response


def second_saving(client, model):
    """What becomes of a form that was open while a colleague saved the same row."""
    row = model._default_manager.order_by("pk").first()
    name = typed_into(client, row)
    ours, theirs = opened(client, row), opened(client, row)
    typed = WORDS.get(model, ("Anne", "Ben"))
    first = save(client, page(row), ours | {name: [typed[0]]})
    second = save(client, page(row), theirs | {name: [typed[1]]})
    stored = str(getattr(model._default_manager.get(pk=row.pk), name))
    told = [(change.now, change.typed) for change in second.context["meanwhile"]]
    kept = second.context["adminform"].form[name].value()
    again = fields_of(second, f"{model._meta.model_name}_form")
    third = save(client, page(row), again)
    stored_then = str(getattr(model._default_manager.get(pk=row.pk), name))
    statuses = first.status_code, second.status_code, third.status_code
    return statuses, stored, told, kept, stored_then


def right(one, other):
    return (302, 409, 302), one, [(one, other)], other, other


@pytest.mark.parametrize(
    "model", [model for model in admin.site._registry if model not in READ_ONLY], ids=str
)
def test_a_stale_form_of_every_model_loses_nothing(rows, model):
    assert second_saving(rows, model) == right(*WORDS.get(model, ("Anne", "Ben")))


def test_what_counts_as_read_only_takes_no_saving(rows, rf):
    request = rf.get("/")
    request.user = rows.get("/admin/").wsgi_request.user
    changeable = {
        model
        for model in READ_ONLY - {OnlineBooking}
        for its in [admin.site._registry[model]]
        if its.has_change_permission(request)
        and set(its.get_form(request).base_fields) - set(its.get_readonly_fields(request))
    }

    assert changeable == set()


@pytest.mark.parametrize("seen", ["", "x", "[]", "{", "1", '{"name": 1}'])
def test_a_form_that_does_not_say_what_it_showed_is_stale(rows, seen):
    row = ReferralRule.objects.get()
    response = rows.post(page(row), {"state": "Ohio", "text": "Come.", "seen": seen})

    assert (response.status_code, ReferralRule.objects.get().text) == (409, "Call us.")


def test_a_double_click_on_save_passes(rows):
    row = ReferralRule.objects.get()
    typed = opened(rows, row) | {"text": ["Come."]}

    assert [rows.post(page(row), typed).status_code for _click in range(2)] == [302, 302]


def therapist_with_time_off():
    therapist = make_therapist("ben-okafor")
    TimeOff.objects.create(therapist=therapist, starts_at=at("9:00"), ends_at=at("10:00"))
    return therapist


def test_a_row_below_the_form_is_named_field_by_field(rows):
    therapist = therapist_with_time_off()
    stale = opened(rows, therapist)
    TimeOff.objects.update(reason="Course")
    response = rows.post(page(therapist), stale | {"time_off-0-reason": ["Ill"]})
    told = [(change.now, change.typed) for change in response.context["meanwhile"]]

    assert (response.status_code, told) == (409, [("Course", "Ill")])
    assert therapist.time_off.get().reason == "Course"
    assert "Ill" in response.content.decode()


@pytest.mark.parametrize("model", [TimeOff, WorkingHours], ids=str)
def test_a_row_that_a_colleague_removed_comes_back_by_no_saving(rows, model):
    therapist = therapist_with_time_off()
    stale = opened(rows, therapist)
    model.objects.filter(therapist=therapist).delete()
    response = rows.post(page(therapist), stale | {"name": ["Ben"]})
    again = rows.post(page(therapist), fields_of(response, "therapist_form"))
    therapist.refresh_from_db()

    assert (response.status_code, again.status_code, therapist.name) == (409, 302, "Ben")
    assert {change.now for change in response.context["meanwhile"]} == {"removed"}
    assert not model.objects.filter(therapist=therapist).exists()


LONGER = {  # typed into the first row of each kind
    TimeOff: ("time_off-0-last_day", "2026-12-04"),
    WorkingHours: ("working_hours-0-closes", "11:00"),
}


def prefix(field):
    return field.split("-")[0]


@pytest.mark.parametrize("model", LONGER, ids=str)
def test_what_is_typed_into_a_row_that_a_colleague_removes_is_kept(rows, model):
    therapist = therapist_with_time_off()
    field, word = LONGER[model]
    kind = model.objects.filter(therapist=therapist)
    stale = opened(rows, therapist)
    kind.filter(pk=stale[f"{prefix(field)}-0-id"][0]).delete()
    left = kind.count()
    response = rows.post(page(therapist), stale | {field: [word]})
    kept = fields_of(response, "therapist_form")
    told = [(change.now, word in change.typed) for change in response.context["meanwhile"]]

    assert (response.status_code, kind.count(), told) == (409, left, [("removed", True)])
    assert [word] in kept.values()
    assert rows.post(page(therapist), kept).status_code == 302
    assert kind.count() == left + 1


def test_who_may_add_no_row_is_told_what_they_typed_into_one_that_is_gone(sign_in):  # noqa: F811
    therapist, client = therapist_with_time_off(), sign_in()
    may = ["view_therapist", "change_therapist", "view_timeoff", "change_timeoff"]
    user = client.get("/admin/").wsgi_request.user
    user.user_permissions.set(Permission.objects.filter(codename__in=may))
    field, word = LONGER[TimeOff]
    stale = opened(client, therapist)
    TimeOff.objects.all().delete()
    response = client.post(page(therapist), stale | {field: [word]})

    assert [word in change.typed for change in response.context["meanwhile"]] == [True]


@pytest.mark.parametrize("model", LONGER, ids=str)
def test_a_row_that_two_people_remove_is_removed(rows, model):
    therapist = therapist_with_time_off()
    field, word = LONGER[model]
    stale = opened(rows, therapist)
    model.objects.get(pk=stale[f"{prefix(field)}-0-id"][0]).delete()
    left = model.objects.count()
    typed = {field: [word], f"{prefix(field)}-0-DELETE": ["on"]}

    assert rows.post(page(therapist), stale | typed).status_code == 302
    assert model.objects.count() == left


@pytest.mark.parametrize(
    "model", [model for model in admin.site._registry if model not in READ_ONLY], ids=str
)
def test_of_a_row_that_a_colleague_removed_the_typing_is_shown(rows, model):
    row = model._default_manager.order_by("pk").first()
    name, word = typed_into(rows, row), WORDS.get(model, ("Anne",))[0]
    gone = page(row).replace(f"/{row.pk}/", "/98765/")
    response = rows.post(gone, opened(rows, row) | {name: [word]})

    assert (response.status_code, word in dict(response.context["typed"]).values()) == (409, True)
    assert word in response.content.decode()


def test_of_a_therapist_who_was_removed_the_rows_that_were_typed_in_are_shown(rows):
    therapist = therapist_with_time_off()
    field, word = LONGER[TimeOff]
    typed = opened(rows, therapist) | {field: [word]}
    therapist.delete()
    told = rows.post(page(therapist), typed).context["typed"]

    assert [word in words for title, words in told if title == "time off"] == [True]
    assert "working hours" not in dict(told)


def test_a_form_carries_digests_and_no_values(rows):
    seen = json.loads(opened(rows, ReferralRule.objects.get())["seen"][0])

    assert {name: len(digest) for name, digest in seen.items()} == {"state": 12, "text": 12}
