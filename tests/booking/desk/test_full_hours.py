"""What the desk is told where as many visits were booked online in an hour as are taken."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from booking.models import Appointment, OnlineBooking, OutgoingEmail, Therapist
from booking.visits.full_hours import FullHours, since_yesterday
from booking.visits.refusals import OnlineFull
from tests.builders import NOW, at, book, book_by_desk, make_therapist, make_visit_type, sent_by
from tests.reading import texts
from tests.worker import send_due

DAY = reverse("desk:day")
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def three_an_hour(settings):
    settings.ONLINE_BOOKINGS_AN_HOUR = 3
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    make_visit_type()


@pytest.fixture
def flood(now):
    """Books so many visits, one each minute from NOW on; returns the last."""

    def run(count, begins=NOW):
        for number in range(count):
            sent_at = begins + number * MINUTE
            now.move_to(sent_at)
            person = Therapist.objects.count()
            who = make_therapist(f"therapist-{person}")
            visit = book(who, at("9:00"), **sent_by(person, now=sent_at))
        return visit

    return run


def owed():
    full = OutgoingEmail.objects.filter(kind="desk-full").order_by("pk")
    return list(full.values_list("appointment", "due_at"))


def test_the_desk_is_mailed_once_when_the_hour_is_full(flood):
    flood(2)
    assert owed() == []
    last = flood(1, NOW + 2 * MINUTE)

    for _time in range(3):
        with pytest.raises(OnlineFull):
            flood(1, NOW + 3 * MINUTE)
    assert owed() == [(last.pk, NOW + 2 * MINUTE)]
    flood(2, NOW + timedelta(hours=1))
    again = flood(1, NOW + timedelta(hours=1, minutes=2))
    assert owed() == [(last.pk, NOW + 2 * MINUTE), (again.pk, NOW + timedelta(hours=1, minutes=2))]


def test_without_an_address_of_the_desk_nothing_is_owed(flood, settings):
    settings.FRONT_DESK_EMAIL = ""
    flood(3)

    assert OutgoingEmail.objects.filter(kind__startswith="desk").count() == 0


TEXT = """\
Online booking has reached its limit

3 visits were booked online within an hour, the last of them on Friday, November 27, 12:02 p.m. \
(Eastern time).
For the rest of that hour the website asks patients to call.

If the visits look made up, you can pause online booking. Sign in to see them:
http://127.0.0.1:8000/admin/desk/
"""


def full_mails():
    return [sent for sent in mail.outbox if "limit" in sent.subject]


def test_the_mail_says_how_many_and_names_nobody(flood):
    flood(3)
    send_due(NOW + 3 * MINUTE)

    (sent,) = full_mails()
    assert (sent.subject, sent.to, sent.body) == (
        "Online booking has reached its limit",
        ["desk@clinic.example"],
        TEXT,
    )
    assert "Patient" not in str(sent.message())


@pytest.mark.parametrize(("hours", "count"), [(23, 1), (24, 0)])
def test_the_mail_is_late_for_a_day_even_if_the_visit_is_cancelled(flood, hours, count):
    flood(3)
    Appointment.objects.update(status="cancelled", sequence=1)
    send_due(NOW + 2 * MINUTE + timedelta(hours=hours))

    assert len(full_mails()) == count


NOTICE = (
    "3 visits were booked online from Fri, Nov 27, noon to Fri, Nov 27, 12:02 p.m."
    " That is as many as are taken within an hour: then patients are asked to call."
)


def test_the_front_page_tells_of_it_until_the_visits_are_dealt_with(desk, flood, now):
    flood(2)
    assert texts(desk.get(DAY), "desk-notices") == []
    flood(1, NOW + 2 * MINUTE)
    assert texts(desk.get(DAY), "desk-notices") == [
        f"{NOTICE} Pause online booking See them, or cancel them together"
    ]
    assert texts(desk.get(reverse("admin:index")), "desk-notices") == [
        f"{NOTICE} Pause online booking See them, or cancel them together"
    ]

    now.move_to(NOW + timedelta(hours=30))
    assert texts(desk.get(DAY), "desk-notices") == [
        f"{NOTICE} Pause online booking See them, or cancel them together"
    ]
    Appointment.objects.update(status="cancelled")
    assert texts(desk.get(DAY), "desk-notices") == []


def test_the_notice_stays_for_the_hour_though_all_were_cancelled(desk, flood, now):
    flood(3)
    Appointment.objects.update(status="cancelled")
    assert texts(desk.get(DAY), "desk-notices") == [
        f"{NOTICE} Pause online booking See them, or cancel them together"
    ]

    now.move_to(NOW + timedelta(hours=1, minutes=2))
    assert texts(desk.get(DAY), "desk-notices") == []


def test_who_has_paused_is_not_asked_to_pause(desk, flood):
    flood(3)
    OnlineBooking.objects.create(pk=1, paused=True)

    [told] = texts(desk.get(DAY), "desk-notices")
    assert told.endswith(f"See or change {NOTICE} See them, or cancel them together")


def test_full_hours_are_found_from_the_first_to_the_last(flood):
    flood(2)
    flood(3, NOW + timedelta(hours=2))
    flood(2, NOW + timedelta(hours=4))

    begins = NOW + timedelta(hours=2)
    now = NOW + timedelta(hours=5)
    assert since_yesterday(now) == FullHours(begins, begins + 2 * MINUTE, 3)
    Appointment.objects.filter(created_at__lt=begins).update(created_at=begins - 57 * MINUTE)
    assert since_yesterday(now) == FullHours(begins - 57 * MINUTE, begins + 2 * MINUTE, 5)
    assert since_yesterday(now + timedelta(days=2)) is None


@pytest.mark.parametrize("left", [0, 1, 2])
def test_any_visit_of_the_hour_that_is_left_is_told_of(flood, left):
    flood(3)
    of_hour = Appointment.objects.order_by("created_at").values_list("pk", flat=True)
    Appointment.objects.exclude(pk=of_hour[left]).update(status="cancelled")

    found = since_yesterday(NOW + timedelta(hours=5))
    assert found == FullHours(NOW, NOW + 2 * MINUTE, 3)


@pytest.mark.parametrize(("minutes", "full"), [(59, True), (60, False)])
def test_an_hour_is_over_when_the_next_begins(flood, minutes, full):
    last = flood(3)
    Appointment.objects.filter(pk=last.pk).update(created_at=NOW + minutes * MINUTE)

    assert (since_yesterday(NOW + timedelta(hours=2)) is not None) == full


def test_what_the_desk_books_fills_no_hour(now):
    for number in range(4):
        book_by_desk(make_therapist(f"therapist-{number}"), at("9:00"))

    assert since_yesterday(NOW) is None
