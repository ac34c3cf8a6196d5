"""The day by therapist."""

from datetime import timedelta
from itertools import product

import pytest
from django.urls import reverse

from booking.models import (
    Appointment,
    AppointmentStatus,
    Closure,
    OnlineBooking,
    OutgoingEmail,
    Source,
    TimeOff,
)
from booking.visits import attendance, changes
from tests.booking.desk.pages import DAY, opened, sheet
from tests.builders import (
    MONDAY,
    NOW,
    at,
    book,
    book_by_desk,
    make_therapist,
    make_visit_type,
    visit,
)
from tests.reading import said, texts


def columns(response):
    """Therapist: what the column lists, visits by name and free times by start."""
    return {
        column.therapist.slug: [
            row.visit.name if row.visit else [f"{at_clinic(slot):%H:%M}" for slot in row.free]
            for row in column.rows
        ]
        for column in response.context["sheet"].columns
    }


def at_clinic(slot):
    return slot.starts_at.astimezone(at.__defaults__[1])


def test_day_lists_visits_with_the_free_times_between_them(desk):
    therapist = make_therapist(hours="9:00-12:00")
    book(therapist, at("9:30"))
    make_therapist("ben-cole", hours="9:00-10:00")

    assert columns(sheet(desk)) == {
        "ana-ruiz": ["Rosa Marquez", ["10:15", "10:30", "10:45", "11:00", "11:15"]],
        "ben-cole": [["09:00", "09:15"]],
    }


def test_a_visit_shows_time_name_number_type_status_and_reference(desk):
    visit = book(make_therapist(), at("9:30"))
    response = opened(desk)

    assert texts(response, "desk-visit") == [
        f"9:30 a.m.–10:15 a.m. Booked Rosa Marquez (212) 555-0199 Initial consultation"
        f" {visit.reference} Mon, Nov 30 with Ana Ruiz, Willow Street Booked online"
        " Move or change Cancel… Move on the board Book again Next visit All visits Close"
    ]
    assert 'href="tel:+12125550199"' in response.content.decode()


def test_a_visit_shows_reason_and_note_in_full(desk):
    visit = book(make_therapist(), at("9:30"))
    Appointment.objects.filter(pk=visit.pk).update(reason="Back pain", note="Stairs <hard>\nDog")

    response = opened(desk)
    assert texts(response, "desk-words") == ["In their words Back pain", "Note Stairs <hard>Dog"]
    assert "Stairs &lt;hard&gt;<br>Dog" in response.content.decode()


def test_a_visit_shows_that_the_patient_said_they_will_come(desk):
    visit = book(make_therapist(), at("9:30"))
    assert texts(opened(desk), "desk-flags") == ["Booked online"]

    attendance.confirm(appointment=visit, now=NOW)
    assert texts(opened(desk), "desk-flags") == ["Booked online Said they will come"]


def test_free_times_do_not_know_of_notice_horizon_or_pauses(desk):
    make_therapist(hours="9:00-9:45", online_booking=False)
    make_visit_type()
    OnlineBooking.objects.create(pk=1, paused=True)
    far = MONDAY + timedelta(days=7 * 30)

    assert columns(sheet(desk)) == {"ana-ruiz": [["09:00"]]}
    assert columns(sheet(desk, far)) == {"ana-ruiz": [["09:00"]]}


def test_free_times_follow_the_chosen_visit_type(desk):
    make_therapist(hours="9:00-9:45")
    make_visit_type()
    make_visit_type("follow-up", name="Follow-up", minutes=30, online=False, order=1)

    assert columns(sheet(desk, visit="follow-up")) == {"ana-ruiz": [["09:00", "09:15"]]}
    assert columns(sheet(desk, visit="unknown")) == {"ana-ruiz": [["09:00"]]}


def test_a_free_time_leads_to_the_form_for_that_time(desk):
    make_therapist(hours="9:00-9:45")
    make_visit_type()

    address = f"{reverse('admin:booking_appointment_add')}?therapist=ana-ruiz"
    address += "&amp;start=20261130T1400Z&amp;visit=initial-consultation"
    assert f'href="{address}"' in sheet(desk).content.decode()


def test_today_offers_what_is_left_and_yesterday_nothing(desk, now):
    make_therapist(hours="9:00-11:00")
    make_visit_type()
    now.move_to(at("9:50"))

    assert columns(desk.get(DAY)) == {"ana-ruiz": [["09:45", "10:00", "10:15"]]}
    assert columns(sheet(desk, MONDAY - timedelta(days=3))) == {"ana-ruiz": []}


def test_today_is_first_and_leads_to_the_days_around_it(desk):
    response = desk.get(DAY)

    assert response.context["title"] == "Today, Friday, November 27"
    page = response.content.decode()
    assert [f"?date={day}" in page for day in ("2026-11-26", "2026-11-27", "2026-11-28")] == [
        True,
        True,
        True,
    ]


@pytest.mark.parametrize(
    "typed", ["tomorrow", "2026-02-30", "9999-12-31", "0001-01-01", "2026-13-01", "-1"]
)
def test_what_is_no_day_shows_today_and_says_so(desk, typed):
    response = desk.get(DAY, {"date": typed})

    assert response.context["title"] == "Today, Friday, November 27"
    assert said(response) == ["That was not a day. This is another one."]


def test_someone_who_left_is_shown_only_with_a_visit(desk):
    therapist = make_therapist()
    book(therapist, at("9:30"))
    therapist.active = False
    therapist.save()

    assert columns(sheet(desk)) == {"ana-ruiz": ["Rosa Marquez"]}
    assert columns(sheet(desk, MONDAY + timedelta(days=1))) == {}


def test_a_cancelled_visit_stays_in_sight_and_its_time_is_free(desk):
    visit = book(make_therapist(hours="9:00-9:45"), at("9:00"))
    changes.cancel_by_patient(appointment=visit, now=NOW)

    assert columns(sheet(desk)) == {"ana-ruiz": ["Rosa Marquez", ["09:00"]]}


def test_time_off_and_closures_are_named(desk):
    therapist = make_therapist()
    Closure.objects.create(name="Snow", starts_at=at("8:00"), ends_at=at("12:00"))
    TimeOff.objects.create(
        therapist=therapist, starts_at=at("13:00"), ends_at=at("17:00"), reason="Course"
    )

    assert texts(sheet(desk), "desk-closed") == [
        "Closed: Snow, 8 a.m. until November 30, noon",
    ]
    assert "Course" in texts(sheet(desk), "board-shut")


def test_notices_tell_of_a_pause_lost_mail_and_visits_to_deal_with(desk):
    therapist = make_therapist()
    book(therapist, at("9:30"))
    assert texts(sheet(desk), "desk-notices") == []

    OnlineBooking.objects.create(pk=1, paused=True)
    OutgoingEmail.objects.update(state="given-up")
    Closure.objects.create(name="Snow", starts_at=at("8:00"), ends_at=at("12:00"))
    response = sheet(desk)

    expected = (
        "Online booking is paused: patients see no times. See or change"
        " 1 e-mail about a coming visit or a sooner time could not be sent. See them and call"
    )
    of_day = f"{expected} 1 visit of this day is no longer true as it was told. See them and call"
    of_all = f"{expected} 1 booked visit is no longer true as it was told. See them and call"
    assert texts(response, "desk-notices") == [of_day]
    assert texts(sheet(desk, MONDAY + timedelta(days=1)), "desk-notices") == [expected]
    assert texts(desk.get(reverse("admin:index")), "desk-notices") == [of_all]
    assert "E-mail not delivered" in texts(opened(desk), "desk-visit")[0]
    assert "Not delivered" in texts(response, "board-status")[0]


def test_new_since_yesterday_is_counted_by_source(desk):
    therapist = make_therapist()
    book(therapist, at("9:30"))
    book(therapist, at("10:30"))
    book_by_desk(therapist, at("14:00"))
    old = book(therapist, at("16:00"))
    Appointment.objects.filter(pk=old.pk).update(created_at=NOW - timedelta(days=2))

    assert texts(sheet(desk), "desk-new") == ["New since yesterday: 2 online, 1 by the front desk"]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_day_takes_a_fixed_number_of_queries(desk, django_assert_num_queries, rows):
    for number in range(rows):
        therapist = make_therapist(f"therapist-{number}")
        for wall in ["9:00", "10:00", "11:00"][:rows]:
            book(therapist, at(wall))
        TimeOff.objects.create(therapist=therapist, starts_at=at("15:00"), ends_at=at("16:00"))
        TimeOff.objects.create(therapist=therapist, starts_at=at("9:00"), ends_at=at("9:30"))
    OutgoingEmail.objects.update(state="given-up")

    with django_assert_num_queries(32):
        sheet(desk)
    OutgoingEmail.objects.update(state="sent")
    with django_assert_num_queries(31):  # whom to telephone is asked where an e-mail was lost
        sheet(desk)


@pytest.mark.parametrize("each", [1, 3])
def test_whatever_stands_on_a_grid_is_read_with_it(desk, now, django_assert_num_queries, each):
    """Of a grid's visits no more is read than it shows: none of them may ask for the rest."""
    ana = make_therapist(hours="9:00-10:00")
    for status, source in [*product(AppointmentStatus.values, Source.values)] * each:
        ends = {"confirmed_at": NOW, "cancel_reason": "ill", "interpreter": "Spanish"}
        row = visit(ana, at("9:00"), status=status, source=source, overrides=True, **ends)
        row.override_reason, row.cancelled_at = "Both at once", NOW
        row.save()
    now.move_to(at("9:10"))

    with django_assert_num_queries(29):
        sheet(desk)
