"""What a mailbox gets that strangers can cause, and how often a patient moves one visit."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from booking.earlier import waitlist
from booking.models import Appointment, OutgoingEmail, Tally
from booking.visits import changes, corrections, sending_again, staff_changes, tallies
from booking.visits.limits import client_key
from booking.visits.recalling import WAIT
from booking.visits.refusals import OverLimit
from booking.visits.requests import Request
from tests.builders import ANY_DAY, MONDAY, NOW, PATIENT, at, book, make_therapist, make_visit_type
from tests.threads import begun

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ROSA = PATIENT.email


@pytest.fixture
def ana(db):
    make_visit_type()
    return make_therapist()


def client(number):
    return client_key(f"192.0.2.{number}")


def book_typed(ana, number, email=ROSA, **others):
    """Somebody's booking, from a network, under a name and a telephone number of its own."""
    patient = replace(
        PATIENT, name=f"Name {number}", phone_e164=f"+1212555{number:04}", email=email
    )
    request = Request(client=client(number), now=NOW)
    day = MONDAY + (number + number // 5 * 2) * DAY  # a working one
    return book(ana, at("9:00", day), patient=patient, request=request, **others)


def wish_typed(number, email=ROSA):
    return waitlist.join_without_visit(
        visit_type=make_visit_type(),
        patient=replace(PATIENT, name=f"Name {number}", email=email),
        wish=ANY_DAY,
        request=Request(client=client(number), now=NOW),
    )


def ask_for_link(number, email=ROSA):
    sending_again.send(email=email, client=client(number), now=NOW)


def correct_to(visit, number, email=ROSA):
    corrections.correct_address(appointment=visit, email=email, client=client(number), now=NOW)


def moments():
    return sorted(len(moments) for moments in Tally.objects.values_list("moments", flat=True))


def test_all_forms_count_together_and_each_refuses_the_sixth(ana):
    """But who corrects an address may have mistyped their own: that mail waits."""
    other = book_typed(ana, 3, email="other@example.org")
    another = book_typed(ana, 4, email="another@example.org")
    book_typed(ana, 0)
    wish_typed(1)
    ask_for_link(2)
    correct_to(other, 3)
    book_typed(ana, 1)
    owed = OutgoingEmail.objects.count()

    for form in (
        partial(book_typed, ana, 2, email="ROSA@example.org"),
        partial(wish_typed, 6),
        partial(ask_for_link, 7),
    ):
        with pytest.raises(OverLimit):
            form()
    assert (OutgoingEmail.objects.count(), moments()) == (owed, [1, 1, 5])
    ask_for_link(9, "nobody@example.org")
    correct_to(another, 8)
    assert confirmations(another) == [("superseded", NOW), ("owed", NOW + HOUR)]
    assert moments() == [1, 1, 1, 6]


def confirmations(visit):
    rows = visit.emails.filter(kind="confirmation").order_by("pk")
    return list(rows.values_list("state", "due_at"))


def test_a_correction_to_a_mailbox_that_is_full_for_the_day_is_refused(ana):
    """Else who has many visits made up could mail on as they are corrected."""
    visit = book_typed(ana, 0, email="other@example.org")
    for number in range(20):
        tallies.count_mail(ROSA, NOW - number // 5 * HOUR)

    with pytest.raises(OverLimit):
        correct_to(visit, 0)
    assert (confirmations(visit), moments()) == ([("owed", NOW)], [1, 20])


def test_a_corrected_address_gets_one_mail_of_all_that_waits(ana, settings):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    visit = book_typed(ana, 0, email="other@example.org", visit_type=reminding())
    for wall in ("10:30", "14:30"):
        assert move(visit, ana, wall)
        visit.refresh_from_db()
    ask_for_link(1, "other@example.org")
    correct_to(visit, 2)

    waiting = OutgoingEmail.objects.pending().order_by("kind").values_list("kind", flat=True)
    to_desk = ["desk-moved", "desk-moved", "desk-new"]
    assert list(waiting) == ["confirmation", *to_desk, "reminder"]
    assert moments()[0] == 2  # the confirmation and the reminder


def count(minutes):
    """Whether a message so many minutes after NOW is let through."""
    try:
        tallies.count_mail(ROSA, NOW + minutes * MINUTE)
    except OverLimit:
        return False
    return True


def test_no_hour_has_more_than_five_wherever_it_begins(db):
    assert [count(minute) for minute in (0, 59, 59, 59, 59, 59)] == [True] * 5 + [False]
    assert [count(minute) for minute in (60, 61, 118, 119, 119)] == [True, False, False, True, True]


def test_no_day_has_more_than_twenty(db):
    passed = [count(minute) for minute in range(0, 24 * 60, 12)]

    assert (passed.count(True), passed[:20]) == (20, [True] * 20)
    assert [count(minute) for minute in (24 * 60, 24 * 60, 24 * 60 + 12)] == [True, False, True]


def reminding():
    return make_visit_type(slug="reminds", reminder_hours="24")


def test_who_gives_no_address_is_not_counted(ana):
    for number in range(6):
        book_typed(ana, number, email="")
    assert moments() == []


def fill():
    """A stranger's mails to Rosa, as many as an hour takes."""
    for _mail in range(5):
        tallies.count_mail(ROSA, NOW)


def owed(kind):
    return list(OutgoingEmail.objects.filter(kind=kind).values_list("state", "due_at"))


def test_what_her_device_asks_for_is_done_at_once_and_mailed_when_there_is_room(ana):
    first, second = book(ana, at("9:00")), book(ana, at("10:30"))
    fill()
    changes.move_by_patient(appointment=first, therapist=ana, starts_at=at("14:30"), now=NOW)
    changes.cancel_by_patient(appointment=second, now=NOW)

    assert [row.status for row in Appointment.objects.order_by("pk")] == ["booked", "cancelled"]
    assert (owed("moved"), owed("cancelled")) == ([("owed", NOW + HOUR)], [("owed", NOW + HOUR)])


def test_without_a_flood_her_mail_leaves_at_once(ana):
    visit = book(ana, at("9:00"))
    changes.cancel_by_patient(appointment=visit, now=NOW)

    assert (owed("cancelled"), moments()) == ([("owed", NOW)], [1])


def test_the_desk_is_neither_counted_nor_kept_waiting(ana):
    visit = book(ana, at("9:00"))
    fill()
    for wall in ("9:45", "10:30", "9:45", "10:30"):
        staff_changes.change_by_desk(appointment=visit, therapist=ana, starts_at=at(wall), now=NOW)
    changes.cancel_by_desk(appointment=visit, now=NOW)

    assert {due_at for _state, due_at in owed("moved") + owed("cancelled")} == {NOW + WAIT}
    assert moments() == [5]


def move(visit, ana, wall, now=NOW):
    try:
        changes.move_by_patient(appointment=visit, therapist=ana, starts_at=at(wall), now=now)
    except OverLimit:
        return False
    return True


def test_a_patient_moves_a_visit_three_times_in_any_day(ana):
    visit = book(ana, at("9:00", MONDAY))
    walls = ["10:30", "14:30", "9:45", "13:45"]

    assert [move(visit, ana, wall) for wall in walls] == [True, True, True, False]
    visit.refresh_from_db()
    assert (visit.starts_at, visit.sequence) == (at("9:45"), 3)
    assert move(visit, ana, "9:45")  # where it is: nothing to do
    assert not move(visit, ana, "13:45", NOW + DAY - MINUTE)
    assert move(visit, ana, "13:45", NOW + DAY)


def test_another_visit_has_moves_of_its_own(ana):
    first, second = book(ana, at("9:00")), book(ana, at("10:30"))
    for wall in ("14:30", "13:45", "14:30"):
        assert move(first, ana, wall)

    assert move(second, ana, "9:45")


def test_what_is_over_is_forgotten(db):
    tallies.count_mail(ROSA, NOW)
    tallies.count_mail("ben@example.org", NOW, [NOW + DAY])
    tallies.forget(NOW + DAY - MINUTE)
    assert Tally.objects.count() == 2
    tallies.forget(NOW + DAY)

    assert moments() == [2]


def test_a_tally_says_nothing_of_whose_it_is(db):
    tallies.count_mail(ROSA, NOW)
    [row] = Tally.objects.values()

    assert ("rosa" in str(row), len(row["key"])) == (False, 64)


@pytest.mark.only("postgresql")  # SQLite has one write lock for all
@pytest.mark.django_db(transaction=True)
def test_of_two_forms_at_once_one_takes_the_last_place():
    make_visit_type()
    with transaction.atomic():
        for _mail in range(4):
            tallies.count_mail(ROSA, NOW)
    with transaction.atomic():
        Tally.objects.select_for_update().get()  # as the first form has it before it writes
        second = begun(partial(wish_typed, 2))
        tallies.count_mail(ROSA, NOW)

    assert (type(second.exception()), moments()) == (OverLimit, [5])
