"""A therapist's page opens and saves however many hours and days off there are."""

import re
from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Appointment, TimeOff, WorkingHours
from tests.builders import MONDAY, NOW, at, book, make_location, make_therapist
from tests.reading import texts
from tests.staff import save_and_list
from tests.typed import fields_of

TODAY = MONDAY - timedelta(days=3)  # as the clock of these tests says
FIELD_LIMIT = 1000  # of Django: a form with more is refused before it is read


@pytest.fixture
def manager(sign_in):
    return sign_in("Manager")


def therapist_with(rows):
    """So many rows of hours, each of one day, and of time off; half of them ended."""
    therapist = make_therapist(hours="")
    days = [TODAY + timedelta(days=n) for n in range(-rows // 2, rows // 2)]
    row = {"therapist": therapist, "location": make_location(), "closes": time(17)}
    WorkingHours.objects.bulk_create(
        WorkingHours(weekday=day.weekday(), opens=time(9), valid_from=day, valid_until=day, **row)
        for day in days
    )
    TimeOff.objects.bulk_create(
        TimeOff(therapist=therapist, starts_at=at("12:00", day), ends_at=at("13:00", day))
        for day in days
    )
    return therapist


def page(row):
    return reverse(f"admin:booking_{row._meta.model_name}_change", args=[row.pk])


def opened(client, row):
    return fields_of(client.get(page(row)), f"{row._meta.model_name}_form")


def sent(fields):
    return sum(len(values) for values in fields.values())


def test_a_therapist_with_a_thousand_rows_of_each_opens_and_saves(manager):
    therapist = therapist_with(1000)
    typed = opened(manager, therapist)
    first = TimeOff.objects.get(pk=typed["time_off-0-id"][0])
    typed |= {"name": ["Ana"], "time_off-0-reason": ["Course"]}
    typed |= {"working_hours-0-closes": ["15:00"]}
    response = manager.post(page(therapist), typed)
    therapist.refresh_from_db()
    first.refresh_from_db()

    assert (response.status_code, therapist.name, first.reason) == (302, "Ana", "Course")
    assert first.starts_at == at("12:00", TODAY)  # the next of those that are still to come
    shorter = WorkingHours.objects.filter(closes=time(15))
    assert list(shorter.values_list("valid_from", flat=True)) == [MONDAY]
    assert (TimeOff.objects.count(), WorkingHours.objects.count()) == (1000, 1000)


def test_a_form_that_holds_every_row_would_be_refused(manager):
    """Why the page does not: Django's limit is in force."""
    therapist = therapist_with(2)
    fields = {f"working_hours-{n}-weekday": "0" for n in range(FIELD_LIMIT)}

    assert manager.post(page(therapist), opened(manager, therapist) | fields).status_code == 400


def test_the_fullest_form_that_the_page_allows_stays_below_the_limit(manager):
    therapist = therapist_with(1000)
    response = manager.get(page(therapist))
    full = sent(fields_of(response, "therapist_form"))
    for each in response.context["inline_admin_formsets"]:
        empty = len(each.formset.empty_form.fields)
        full += empty * (each.formset.max_num - each.formset.total_form_count())

    assert full < FIELD_LIMIT


def queries(act):
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked)


def test_the_number_of_queries_hangs_on_no_number_of_rows(manager):
    found = []
    for rows in (100, 1000):
        therapist = therapist_with(rows)
        typed = opened(manager, therapist) | {"name": ["Ana"]}
        get = queries(lambda row=therapist: manager.get(page(row)))
        found.append((get, queries(lambda row=therapist, t=typed: manager.post(page(row), t))))
        TimeOff.objects.all().delete()
        therapist.delete()

    assert found[0] == found[1]


def test_the_page_says_what_it_leaves_out_and_leads_there(desk):
    therapist = therapist_with(1000)
    html = desk.get(page(therapist)).content.decode()
    lists = {
        model: f"/admin/booking/{model}/?therapist__id__exact={therapist.pk}&amp;ended="
        for model in ("timeoff", "workinghours")
    }
    found = {
        (model, ended): desk.get(address.replace("&amp;", "&") + ended).context["cl"].result_count
        for model, address in lists.items()
        for ended in ("yes", "no")
        if f'href="{address}{ended}"' in html
    }

    assert found == {(model, ended): 500 for model in lists for ended in ("yes", "no")}
    said = "All 500 that have not ended; the next 40 stand below. 500 ended"
    assert texts(desk.get(page(therapist)), "readonly")[-2:] == [said] * 2


def test_a_therapist_with_few_rows_has_them_all_on_the_page(desk):
    therapist = make_therapist()

    assert texts(desk.get(page(therapist)), "readonly")[-2:] == ["All stand below."] * 2


def test_what_ended_is_on_the_list_and_can_be_corrected_there(desk):
    therapist = make_therapist()
    TimeOff.objects.create(
        therapist=therapist, starts_at=NOW - timedelta(days=2), ends_at=NOW - timedelta(days=1)
    )
    row = TimeOff.objects.get()
    assert "time_off-0-id" not in {
        name for name, value in opened(desk, therapist).items() if value == [str(row.pk)]
    }
    response = desk.post(page(row), opened(desk, row) | {"reason": ["Ill"]})
    row.refresh_from_db()

    assert (response.status_code, row.reason, row.therapist) == (302, "Ill", therapist)


def test_a_row_that_ends_while_the_page_is_open_is_still_saved(desk, now):
    therapist = make_therapist()
    TimeOff.objects.create(
        therapist=therapist, starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=1)
    )
    typed = opened(desk, therapist) | {"time_off-0-reason": ["Ill"]}
    now.move_to(NOW + timedelta(hours=1))

    assert desk.post(page(therapist), typed).status_code == 302
    assert TimeOff.objects.get().reason == "Ill"


def test_hours_that_the_page_leaves_out_are_overlapped_by_none(manager):
    therapist = therapist_with(100)
    last = WorkingHours.objects.order_by("valid_from").last()
    typed = opened(manager, therapist)
    number = typed["working_hours-TOTAL_FORMS"][0]
    new = {
        "location": last.location_id,
        "weekday": last.weekday,
        "opens": "16:00",
        "closes": "18:00",
        "valid_from": last.valid_from,
    }
    typed |= {f"working_hours-{number}-{name}": [str(value)] for name, value in new.items()}
    typed["working_hours-TOTAL_FORMS"] = [str(int(number) + 1)]
    response = manager.post(page(therapist), typed)

    assert last.pk not in {int(v[0]) for k, v in typed.items() if k.endswith("-id") and v[0]}
    assert response.status_code == 200
    assert texts(response, "nonform")[0].startswith("These hours overlap")
    assert WorkingHours.objects.count() == 100


def test_hours_on_a_page_of_their_own_overlap_none_and_list_what_they_hurt(manager):
    therapist = make_therapist(hours="9:00-12:00 13:00-17:00")
    visit = book(therapist, at("9:00"))
    morning = therapist.working_hours.get(weekday=0, opens=time(9))
    long, late = ({"closes": ["14:00"]}, {"opens": ["10:00"]})
    refused = manager.post(page(morning), opened(manager, morning) | long)
    asked = manager.post(page(morning), opened(manager, morning) | late)
    response = save_and_list(manager, page(morning), asked)

    assert refused.context["adminform"].form.non_field_errors() == [
        "These hours overlap: Monday, 9 a.m. – 2 p.m., Willow Street, and Monday, 1 p.m. – 5 p.m.,"
        " Willow Street. Change the times, or end one of them on the day before the other begins."
    ]
    to_deal_with = reverse("admin:booking_appointment_to_deal_with")
    assert response.redirect_chain == [(to_deal_with, 302)]
    assert list(Appointment.objects.all()) == [visit]


def test_the_lists_stand_on_no_menu_and_take_new_time_off_alone(manager):
    menu = manager.get("/admin/").content.decode()
    added = [manager.get(f"/admin/booking/{model}/add/") for model in ("timeoff", "workinghours")]

    assert not re.search("/admin/booking/(timeoff|workinghours)/", menu)
    assert [response.status_code for response in added] == [200, 403]
