"""Reminders: owed with the booking, due by the clinic's clock, sent once and in time or never."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from booking.models import Appointment, OutgoingEmail, VisitType
from booking.models.visit_type import lead_hours, validate_lead_hours
from booking.visits import changes, corrections, reminders, undoing
from booking.visits.requests import Request
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    at,
    book,
    book_by_desk,
    make_therapist,
    make_visit_type,
)
from tests.threads import together
from tests.worker import send_due

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEXT_MONDAY = MONDAY + 7 * DAY
THREE_DAYS_BEFORE, DAY_BEFORE = NEXT_MONDAY - 3 * DAY, NEXT_MONDAY - DAY


@pytest.fixture
def reminding():
    """The visit type as it ships: three days and one day before."""
    return make_visit_type(reminder_hours="72, 24")


@pytest.fixture
def ana(reminding):
    return make_therapist()


def owed():
    """Every reminder: of which sequence, lead time, when it is due, how it stands."""
    rows = OutgoingEmail.objects.filter(kind="reminder").order_by("sequence", "due_at")
    return list(rows.values_list("sequence", "occasion", "due_at", "state"))


def of(sequence, wall, *states, day=NEXT_MONDAY):
    """The two reminders of a visit at that wall time, in these states."""
    days = [(3, "72h"), (1, "24h")]
    return [
        (sequence, name, at(wall, day - count * DAY), state)
        for (count, name), state in zip(days, states, strict=True)
    ]


def move(appointment, wall, now=NOW, **others):
    to = {"therapist": appointment.therapist, "starts_at": at(wall, NEXT_MONDAY)} | others
    return changes.move_by_patient(appointment=appointment, now=now, **to)


def test_a_visit_type_reminds_three_days_and_a_day_before_unless_told_otherwise():
    call_command("loaddata", "visit_types", verbosity=0)

    assert [row.reminder_leads for row in VisitType.objects.all()] == [[72, 24], [72, 24]]
    assert VisitType(name="New").reminder_leads == [72, 24]


@pytest.mark.parametrize(
    ("text", "hours"), [("72, 24", [72, 24]), ("", []), (" 2 ,48", [48, 2]), ("24,24", [24])]
)
def test_lead_times_are_whole_hours_with_commas(text, hours):
    validate_lead_hours(text)
    assert lead_hours(text) == hours


@pytest.mark.parametrize("text", ["a day", "1.5", "-3", "0", "721", "1,2,3,4,5,6", "24h"])
def test_what_is_no_list_of_lead_times_is_refused(text):
    with pytest.raises(ValidationError):
        validate_lead_hours(text)


@pytest.mark.parametrize("by", [book, book_by_desk])
def test_booking_owes_a_reminder_for_each_lead_time(ana, by):
    by(ana, at("9:30", NEXT_MONDAY))

    assert owed() == of(0, "9:30", "owed", "owed")


def test_a_visit_without_email_owes_none(ana):
    book(ana, at("9:30", NEXT_MONDAY), patient=replace(PATIENT, email=""))

    assert owed() == []


@pytest.mark.parametrize(
    ("booked_at", "names"),
    [
        (at("21:30", THREE_DAYS_BEFORE - DAY), ["72h", "24h"]),  # twelve hours before the first
        (at("21:31", THREE_DAYS_BEFORE - DAY), ["24h"]),
        (at("21:30", DAY_BEFORE - DAY), ["24h"]),
        (at("21:31", DAY_BEFORE - DAY), []),
        (at("9:29", DAY_BEFORE), []),
        (at("9:31", DAY_BEFORE), []),  # its moment is past
    ],
)
def test_no_reminder_follows_soon_after_the_confirmation(ana, booked_at, names):
    book(ana, at("9:30", NEXT_MONDAY), request=Request(now=booked_at))

    assert [row[1] for row in owed()] == names


NEW_YORK, LORD_HOWE = ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")


@pytest.mark.parametrize(
    ("zone", "visit", "hours", "due"),
    [
        # The clocks go back on November 1, 2026, and forward on March 14, 2027.
        (NEW_YORK, (date(2026, 11, 2), "9:00"), 72, (date(2026, 10, 30), "9:00")),
        (NEW_YORK, (date(2026, 11, 2), "9:00"), 24, (date(2026, 11, 1), "9:00")),
        (NEW_YORK, (date(2026, 11, 1), "9:00"), 24, (date(2026, 10, 31), "9:00")),
        (NEW_YORK, (date(2027, 3, 15), "9:00"), 72, (date(2027, 3, 12), "9:00")),
        (NEW_YORK, (date(2027, 3, 14), "9:00"), 24, (date(2027, 3, 13), "9:00")),
        (NEW_YORK, (date(2027, 3, 15), "9:00"), 26, (date(2027, 3, 14), "7:00")),
        (NEW_YORK, (date(2027, 3, 14), "9:00"), 8, (date(2027, 3, 14), "0:00")),  # that pass
        (NEW_YORK, (date(2027, 3, 15), "2:30"), 24, (date(2027, 3, 14), "3:30")),  # skipped
        (LORD_HOWE, (date(2026, 10, 5), "9:00"), 48, (date(2026, 10, 3), "9:00")),
    ],
)
def test_days_count_by_the_clinics_clock_and_hours_as_they_pass(settings, zone, visit, hours, due):
    settings.TIME_ZONE = zone.key

    assert reminders.due_at(at(visit[1], visit[0], zone), hours) == at(due[1], due[0], zone)


def test_a_moved_visit_owes_the_new_reminders_only(ana):
    appointment = book(ana, at("9:30", NEXT_MONDAY))
    move(appointment, "14:00")

    assert owed() == [
        *of(0, "9:30", "superseded", "superseded"),
        *of(1, "14:00", "owed", "owed"),
    ]


def test_a_cancelled_visit_owes_none_until_that_is_undone(ana):
    appointment = book(ana, at("9:30", NEXT_MONDAY))
    changes.cancel_by_patient(appointment=appointment, now=NOW)
    gone = of(0, "9:30", "superseded", "superseded")
    assert owed() == gone

    undoing.undo_cancel(appointment=appointment, now=NOW)
    assert owed() == gone + of(2, "9:30", "owed", "owed")


def subjects():
    return [message.subject.partition(": ")[2] for message in mail.outbox]


def run_at(*moments):
    """Let a worker look at each of these moments; what it sent, by subject."""
    mail.outbox.clear()
    for moment in moments:
        send_due(moment)
    return subjects()


COMING_UP = "your visit is coming up"


def test_each_reminder_goes_out_once_at_its_time(ana):
    book(ana, at("9:30", NEXT_MONDAY))
    send_due(NOW)

    first, second = (row[2] for row in owed())
    assert run_at(first - HOUR / 60) == []
    assert run_at(first, first) == [COMING_UP]
    assert run_at(second, second) == [COMING_UP]
    assert owed() == of(0, "9:30", "sent", "sent")


@pytest.mark.parametrize(
    ("looked_at", "states", "count"),
    [
        (at("10:00", THREE_DAYS_BEFORE), ("sent", "owed"), 1),
        (at("9:29", DAY_BEFORE - DAY), ("sent", "owed"), 1),  # a day late, a day to the next
        (at("9:31", DAY_BEFORE - DAY), ("superseded", "owed"), 0),  # nearer to the next
        (at("9:30", DAY_BEFORE), ("superseded", "sent"), 1),  # of two late ones, the newest
        (at("7:30", NEXT_MONDAY), ("superseded", "sent"), 1),
        (at("7:31", NEXT_MONDAY), ("superseded", "superseded"), 0),  # on their way
        (at("9:31", NEXT_MONDAY), ("superseded", "superseded"), 0),
        (at("12:00", NEXT_MONDAY), ("superseded", "superseded"), 0),
    ],
)
def test_a_worker_that_was_down_sends_what_still_helps(ana, looked_at, states, count):
    book(ana, at("9:30", NEXT_MONDAY))
    send_due(NOW)

    assert run_at(looked_at) == [COMING_UP] * count
    assert owed() == of(0, "9:30", *states)


def test_a_short_lead_time_is_late_when_half_of_it_is_gone(ana, reminding):
    reminding.reminder_hours = "2"
    for wall in ("9:30", "14:00"):
        book(ana, at(wall, NEXT_MONDAY), visit_type=reminding)
    send_due(NOW)

    assert run_at(at("8:30", NEXT_MONDAY)) == [COMING_UP]
    assert run_at(at("13:01", NEXT_MONDAY)) == []


@pytest.mark.parametrize("status", ["arrived", "fulfilled", "noshow", "cancelled"])
def test_nobody_is_reminded_of_a_visit_that_is_not_ahead(ana, status):
    book(ana, at("9:30", NEXT_MONDAY))
    send_due(NOW)
    Appointment.objects.update(status=status)

    assert run_at(at("9:30", THREE_DAYS_BEFORE)) == []


def test_an_address_that_comes_later_is_reminded_and_one_that_goes_is_not(ana):
    appointment = book(ana, at("9:30", NEXT_MONDAY), patient=replace(PATIENT, email=""))

    def correct(email):
        corrections.correct(appointment=appointment, changes={"email": email}, now=NOW)

    correct("new@example.org")
    correct("newer@example.org")
    assert owed() == of(0, "9:30", "owed", "owed")
    assert run_at(at("9:30", THREE_DAYS_BEFORE)) == [COMING_UP]
    assert mail.outbox[0].to == ["newer@example.org"]
    correct("")
    assert run_at(at("9:30", DAY_BEFORE)) == []


def test_new_lead_times_hold_for_visits_already_booked(ana, reminding):
    book(ana, at("9:30", NEXT_MONDAY))
    cancelled = book(ana, at("11:00", NEXT_MONDAY))
    changes.cancel_by_patient(appointment=cancelled, now=NOW)
    cancelled.emails.all().delete()
    send_due(NOW)
    now = at("10:00", THREE_DAYS_BEFORE)
    send_due(now)

    for hours in ("120, 48, 24", "48", "", "48, 24"):
        reminding.reminder_hours = hours
        reminding.save()
        reminders.follow(reminding, now)

    assert owed() == [
        (0, "72h", at("9:30", THREE_DAYS_BEFORE), "sent"),  # what was sent stays sent
        (0, "48h", at("9:30", DAY_BEFORE - DAY), "owed"),  # and 120 hours before was past
        (0, "24h", at("9:30", DAY_BEFORE), "owed"),
    ]
    assert run_at(*(now + count * HOUR for count in range(96))) == [COMING_UP] * 2


def follow(visit_type, hours, now=NOW):
    visit_type.reminder_hours = hours
    visit_type.save()
    reminders.follow(visit_type, now)


def test_a_reminder_that_comes_back_has_all_its_tries(ana, reminding):
    book(ana, at("9:30", NEXT_MONDAY))
    OutgoingEmail.objects.update(attempts=7)
    follow(reminding, "24")
    follow(reminding, "72, 24")

    rows = OutgoingEmail.objects.filter(kind="reminder").order_by("due_at")
    assert list(rows.values_list("state", "attempts")) == [("owed", 0), ("owed", 7)]


def test_a_new_lead_time_whose_moment_is_now_is_not_made_up_for(ana, reminding):
    book(ana, at("9:30", NEXT_MONDAY))
    follow(reminding, "48, 24", at("9:30", DAY_BEFORE - DAY))

    assert [row[1] for row in owed() if row[3] == "owed"] == ["72h", "24h"]


@pytest.mark.parametrize("count", [1, 3])
def test_new_lead_times_take_a_fixed_number_of_queries(
    ana, reminding, django_assert_num_queries, count
):
    for wall in ["9:00", "10:00", "11:00"][:count]:
        book(ana, at(wall, NEXT_MONDAY))
    reminding.reminder_hours = "48"
    reminding.save()

    # Savepoint, lock, visits, rows, update, insert, release.
    with django_assert_num_queries(7):
        reminders.follow(reminding, NOW)


def test_who_was_never_mailed_is_not_reminded_after_a_change(ana, reminding):
    book(ana, at("9:30", NEXT_MONDAY))
    OutgoingEmail.objects.all().delete()  # as the demo's visits

    reminders.follow(reminding, NOW)

    assert owed() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_a_clock_that_jumps_send_each_reminder_once(settings, mailserver):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailserver.port
    make_visit_type(reminder_hours="72, 24")
    therapist = make_therapist()
    for wall in ("9:00", "10:00", "11:00", "13:00", "14:00"):
        book(therapist, at(wall, NEXT_MONDAY))
    OutgoingEmail.objects.exclude(kind="reminder").delete()
    three, one = at("15:00", THREE_DAYS_BEFORE), at("15:00", DAY_BEFORE)

    # There and back, twice: each look is two workers at the same moment.
    for moment in (NOW, three, NOW, three, one, three, one, one + 2 * DAY, NOW, one):
        with time_machine.travel(moment):
            looks = [lambda: send_due(timezone.now())] * 2
            assert [type(result) for result in together(*looks)] == [int, int]

    ids = Counter(message["Message-ID"] for message in mailserver.messages)
    assert (len(ids), set(ids.values())) == (10, {1})
    assert {row[3] for row in owed()} == {"sent"}
