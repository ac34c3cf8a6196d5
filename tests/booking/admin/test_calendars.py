"""Hours, time off and closures, and the visits that they lie over."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from booking.calendars.availability import DAY
from booking.models import Closure, TimeOff, WorkingHours
from booking.visits import changes, staff_changes
from tests.booking.admin.calendar_forms import therapist_page, time_off
from tests.builders import (
    MONDAY,
    NOW,
    at,
    book,
    make_location,
    make_therapist,
    make_visit_type,
)
from tests.reading import said, texts
from tests.staff import save_and_list

TO_DEAL_WITH = reverse("admin:booking_appointment_to_deal_with")


@pytest.fixture
def manager(sign_in):
    return sign_in("Manager")


def listed(client):
    return [visit.reference for visit in client.get(TO_DEAL_WITH).context["visits"]]


def test_the_desk_enters_time_off_and_is_led_to_the_visits_under_it(desk):
    therapist = make_therapist()
    visit = book(therapist, at("9:30"))
    book(therapist, at("10:30"))
    page = therapist_page(therapist)
    response = save_and_list(desk, page, desk.post(page, time_off()))

    assert list(TimeOff.objects.values_list("starts_at", "ends_at", "reason")) == [
        (at("9:00"), at("10:00"), "Course")
    ]
    screen = f"{reverse('desk:absence')}?time_off={TimeOff.objects.get().pk}"
    assert response.redirect_chain == [(screen, 302)]
    assert texts(desk.get(TO_DEAL_WITH), "desk-visit") == [
        "Mon, Nov 30, 9:30 a.m. Rosa Marquez (212) 555-0199"
        f" Initial consultation, Ana Ruiz {visit.reference} Ana Ruiz is away then."
        " Move or change Cancel… Stays as it is"
    ]
    assert said(response)[1] == (
        "1 booked visit is no longer true as it was told."
        f' <a href="{screen}">See them and call.</a>'
    )


def test_time_off_over_no_visit_goes_on_as_usual(desk):
    therapist = make_therapist()
    book(therapist, at("10:00"))
    response = desk.post(therapist_page(therapist), time_off())

    assert response.url == reverse("admin:booking_therapist_changelist")


def test_a_visit_stays_listed_until_it_is_dealt_with(desk):
    therapist = make_therapist()
    moved, cancelled, kept = (book(therapist, at(wall)) for wall in ("9:00", "10:00", "11:00"))
    TimeOff.objects.create(therapist=therapist, starts_at=at("9:00"), ends_at=at("12:00"))
    assert listed(desk) == [moved.reference, cancelled.reference, kept.reference]

    staff_changes.change_by_desk(
        appointment=moved, therapist=therapist, starts_at=at("14:00"), now=NOW
    )
    changes.cancel_by_desk(appointment=cancelled, now=NOW)
    assert listed(desk) == [kept.reference]


def test_times_that_touch_are_not_affected(desk):
    therapist = make_therapist()
    book(therapist, at("9:00"))
    TimeOff.objects.create(therapist=therapist, starts_at=at("9:45"), ends_at=at("12:00"))
    TimeOff.objects.create(
        therapist=make_therapist("ben-cole"), starts_at=at("9:00"), ends_at=at("12:00")
    )

    assert listed(desk) == []


def test_a_closure_leads_to_everybodys_visits(desk):
    for slug in ("ana-ruiz", "ben-cole"):
        book(make_therapist(slug), at("9:30"))
    closure = {
        "name": "Snow",
        "first_day": "2026-11-30",
    }
    page = reverse("admin:booking_closure_add")
    response = save_and_list(desk, page, desk.post(page, closure))

    closed = Closure.objects.get()
    assert (closed.starts_at, closed.ends_at) == (at("0:00"), at("0:00", MONDAY + DAY))
    screen = f"{reverse('desk:absence')}?closure={closed.pk}"
    assert response.redirect_chain == [(screen, 302)]
    assert len(listed(desk)) == 2


@pytest.mark.parametrize(
    "wrong", [("2026-11-30T10:00", "2026-11-30T09:00"), ("2027-03-14T02:30", "2027-03-15T09:00")]
)
def test_time_off_that_cannot_be_is_an_error(desk, wrong):
    response = desk.post(therapist_page(make_therapist()), time_off(*wrong))

    assert response.status_code == 200
    assert TimeOff.objects.count() == 0


FAR = ["0001-01-01", "1999-12-31", "2200-12-31", "2201-01-01", "9999-12-31"]


@pytest.mark.parametrize("far", FAR)
@pytest.mark.parametrize("field", ["first_day", "last_day"])
def test_a_year_that_is_far_away_is_an_error_on_its_field(desk, field, far):
    typed = {"first_day": "2026-11-30", "last_day": "2026-12-01"} | {field: far}
    if far == "2200-12-31":  # which ends in 2201, as UTC counts
        field, typed["first_day"] = "last_day", far
        typed["last_day"] = far
    closed = desk.post(reverse("admin:booking_closure_add"), {"name": "Snow"} | typed)
    away = desk.post(
        therapist_page(make_therapist()), time_off(*(f"{day}T" for day in typed.values()))
    )

    error = {field: ["Enter a year from 2000 to 2200."]}
    assert closed.context["adminform"].form.errors == error
    assert away.context["inline_admin_formsets"][0].formset.errors == [error]
    assert (Closure.objects.count(), TimeOff.objects.count()) == (0, 0)


def test_hours_that_no_longer_cover_a_visit_list_it(manager):
    therapist = make_therapist(hours="9:00-17:00")
    visit = book(therapist, at("16:00"))
    rows = WorkingHours.objects.order_by("weekday")
    form = {
        "name": therapist.name,
        "slug": therapist.slug,
        "active": "on",
        "online_booking": "on",
        "order": "0",
        "time_off-TOTAL_FORMS": "0",
        "time_off-INITIAL_FORMS": "0",
        "working_hours-TOTAL_FORMS": "5",
        "working_hours-INITIAL_FORMS": "5",
    }
    for number, row in enumerate(rows):
        form |= {
            f"working_hours-{number}-id": row.pk,
            f"working_hours-{number}-location": make_location().pk,
            f"working_hours-{number}-weekday": row.weekday,
            f"working_hours-{number}-opens": "09:00",
            f"working_hours-{number}-closes": "15:00",
        }
    page = therapist_page(therapist)
    response = save_and_list(manager, page, manager.post(page, form))

    assert set(WorkingHours.objects.values_list("closes", flat=True)) == {time(15)}
    assert texts(response, "desk-visit") == [
        "Mon, Nov 30, 4 p.m. Rosa Marquez (212) 555-0199"
        f" Initial consultation, Ana Ruiz {visit.reference} Outside Ana Ruiz's working hours."
        " Move or change Cancel… Stays as it is"
    ]


def test_the_desk_pauses_a_therapist_and_changes_nothing_else_about_them(desk):
    therapist = make_therapist()
    form = time_off(**{"time_off-TOTAL_FORMS": "0", "name": "X", "active": "", "slug": "x"})
    form.pop("online_booking")
    desk.post(therapist_page(therapist), form)

    therapist.refresh_from_db()
    assert (therapist.online_booking, therapist.name, therapist.active, therapist.slug) == (
        False,
        "Ana Ruiz",
        True,
        "ana-ruiz",
    )
    assert WorkingHours.objects.count() == 10


def test_an_unknown_therapist_in_the_address_is_no_error(desk):
    assert desk.get(TO_DEAL_WITH, {"therapist": "nobody"}).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(desk, django_assert_num_queries, rows):
    for number in range(rows):
        book(make_therapist(f"therapist-{number}"), at("9:30"))
    Closure.objects.create(name="Snow", starts_at=at("9:00"), ends_at=at("12:00"))

    with django_assert_num_queries(11):
        desk.get(TO_DEAL_WITH, {"therapist": "therapist-0"})


def test_lead_times_that_a_manager_changes_hold_for_coming_visits(manager):
    visit_type = make_visit_type(reminder_hours="72, 24")
    visit = book(make_therapist(), at("9:30", MONDAY + timedelta(days=7)))
    page = reverse("admin:booking_visittype_change", args=[visit_type.pk])
    form = manager.get(page).context["adminform"].form.initial
    form = {name: value for name, value in form.items() if value is not None}
    wrong = manager.post(page, form | {"reminder_hours": "two days"})
    manager.post(page, form | {"reminder_hours": "48"})

    assert "Write whole hours with commas between them" in wrong.content.decode()
    rows = visit.emails.filter(kind="reminder", state="owed")
    assert list(rows.values_list("occasion", flat=True)) == ["48h"]


def test_the_visits_page_says_when_the_next_reminder_goes_out(desk):
    visit_type = make_visit_type(reminder_hours="24")
    visit = book(make_therapist(), at("9:30"), visit_type=visit_type)
    page = desk.get(reverse("admin:booking_appointment_change", args=[visit.pk]))

    assert "Reminder: Waiting until Nov 29, 9:30 a.m." in texts(page, "desk-mail")[0]
