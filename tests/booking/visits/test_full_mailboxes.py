"""What is mailed of a visit that its own device changes, where the mailbox is full."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from booking.models import Appointment, OutgoingEmail, Tally
from booking.visits import changes, tallies
from booking.visits.refusals import MailboxFull, OverLimit
from tests.builders import MONDAY, NOW, PATIENT, at, book, make_therapist, make_visit_type

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROSA = PATIENT.email


@pytest.fixture
def ana(db):
    make_visit_type()
    return make_therapist()


def moments():
    return sorted(len(moments) for moments in Tally.objects.values_list("moments", flat=True))


def owed(kind):
    return list(OutgoingEmail.objects.filter(kind=kind).values_list("state", "due_at"))


def fill_the_day(now=NOW):
    """As many as a day takes, the last just now."""
    for number in range(20):
        tallies.count_mail(ROSA, now - (3 - number // 5) * HOUR)


def test_in_a_mailbox_full_for_the_day_her_mail_waits_for_room_and_counts(ana):
    visit = book(ana, at("9:00", MONDAY + 7 * DAY))
    fill_the_day()
    changes.cancel_by_patient(appointment=visit, now=NOW)

    assert (owed("cancelled"), moments()) == ([("owed", NOW + 21 * HOUR)], [21])


def changed(therapist, number, change):
    """When the mail of a made-up visit's change will leave."""
    visit = book(therapist, at("9:00", MONDAY + 7 * DAY), patient=replace(PATIENT, name="Bot"))
    change(visit)
    rows = OutgoingEmail.objects.filter(appointment=visit, kind__in=["moved", "cancelled"])
    return rows.values_list("due_at", flat=True).first()


def cancel(visit):
    changes.cancel_by_patient(appointment=visit, now=NOW)


def move_on(visit):
    to = at("14:30", MONDAY + 8 * DAY)
    with suppress(OverLimit):
        changes.move_by_patient(appointment=visit, therapist=visit.therapist, starts_at=to, now=NOW)


@pytest.mark.parametrize("change", [cancel, move_on])
def test_many_made_up_visits_bring_a_mailbox_no_more_than_its_twenty_a_day(ana, change):
    left = [NOW - (3 - number // 5) * HOUR for number in range(20)]
    fill_the_day()
    due = [changed(make_therapist(f"of-bot-{n}"), n, change) for n in range(25)]
    told = [moment for moment in due if moment]

    assert (len(told), due[20:]) == (20, [None] * 5)
    assert most_within(left + told, DAY) == 20
    assert most_within(left + told, HOUR) == 5
    assert moments()[-1] == 40


def most_within(instants, span):
    """The most of them in any such span of time, wherever it begins."""
    return max(sum(begin <= instant < begin + span for instant in instants) for begin in instants)


def fill_today_and_tomorrow():
    fill_the_day()
    for _mail in range(20):
        tallies.count_mail_soon(ROSA, NOW, within=DAY)


def test_with_no_room_within_a_day_she_still_cancels_and_the_desk_is_told(ana, settings):
    settings.FRONT_DESK_EMAIL = "desk@clinic.example"
    visit = book(ana, at("9:00", MONDAY + 7 * DAY))
    fill_today_and_tomorrow()
    cancel(visit)

    assert Appointment.objects.get().status == "cancelled"
    assert (owed("cancelled"), owed("desk-cancelled")) == ([], [("owed", NOW)])


def test_with_no_room_within_a_day_a_move_takes_our_mails_link_or_a_call(ana):
    visit = book(ana, at("9:00", MONDAY + 7 * DAY))
    fill_today_and_tomorrow()
    asked = {"therapist": ana, "starts_at": at("14:30", MONDAY + 8 * DAY), "now": NOW}

    with pytest.raises(MailboxFull), transaction.atomic():
        changes.move_by_patient(appointment=visit, **asked)
    assert Appointment.objects.get().starts_at == at("9:00", MONDAY + 7 * DAY)
    changes.move_by_patient(appointment=visit, **asked, by_mail=True)
    assert owed("moved") == [("owed", NOW)]


@pytest.mark.parametrize("moves", [1, 2, 3])
def test_a_change_that_waits_gives_its_place_to_the_next_of_the_same_visit(ana, moves):
    visit = book(ana, at("9:00", MONDAY + 7 * DAY))
    fill_the_day()
    for wall in ["14:30", "9:45", "13:45"][:moves]:
        to = at(wall, MONDAY + 8 * DAY)
        changes.move_by_patient(appointment=visit, therapist=ana, starts_at=to, now=NOW)
        if wall == "14:30":
            for _mail in range(19):
                tallies.count_mail_soon(ROSA, NOW, within=DAY)
    visit.refresh_from_db()
    cancel(visit)

    assert (visit.sequence, owed("cancelled")) == (moves, [("owed", NOW + 21 * HOUR)])
    assert moments()[-1] == 40
