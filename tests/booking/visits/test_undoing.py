"""The desk takes back what it did: nothing is sent of what has not left, the rest is corrected."""

from datetime import timedelta
from functools import partial

import pytest
from django.core import mail

from booking.calendars.doubts import untrue
from booking.messages import kinds, outbox
from booking.models import Appointment, OutgoingEmail
from booking.models.outgoing_email import OutgoingEmailQuerySet
from booking.visits import (
    attendance,
    changes,
    refusals,
    sending_again,
    staff_changes,
    telling,
    undoing,
)
from booking.visits.recalling import WAIT
from tests.builders import (
    MONDAY,
    NOW,
    at,
    book,
    book_by_desk,
    make_location,
    make_therapist,
    make_visit_type,
)
from tests.guards import overlapping_pairs
from tests.locks import no_deadlocks
from tests.threads import together
from tests.worker import send_due

pytestmark = pytest.mark.django_db
SOON, LATER = NOW + timedelta(minutes=1), NOW + timedelta(minutes=10)
NEXT_WEEK = MONDAY + timedelta(days=7)


@pytest.fixture
def visit():
    """Booked for next week with two reminders, and told so."""
    visit_type = make_visit_type(reminder_hours="72, 24")
    booked = book(make_therapist(), at("9:30", NEXT_WEEK), visit_type=visit_type)
    send_due(NOW)
    mail.outbox.clear()
    return booked


def move(visit, wall="14:00", **to):
    to = {"therapist": visit.therapist, "starts_at": at(wall, NEXT_WEEK), "now": NOW} | to
    return staff_changes.change_by_desk(appointment=visit, **to)


def cancel(visit, **how):
    return changes.cancel_by_desk(appointment=visit, now=NOW, reason="ill", **how)


UNDO = {move: undoing.undo_change, cancel: undoing.undo_cancel}
either = pytest.mark.parametrize("act", UNDO)


def undo(act, visit, now=SOON, seen=None):
    return UNDO[act](appointment=visit, now=now, seen=seen)


LEFT = ["created_at", "updated_at", "sequence"]


def all_of(visit):
    """Every field but those that count."""
    row = Appointment.objects.values().get(pk=visit.pk)
    return {name: value for name, value in row.items() if name not in LEFT}


def reminders(visit):
    rows = visit.emails.pending().filter(kind="reminder").order_by("due_at")
    visit.refresh_from_db()
    assert {row.sequence for row in rows} <= {visit.sequence}
    return [(row.occasion, row.due_at) for row in rows]


def sent(now):
    """The subjects of what a worker sends then."""
    mail.outbox.clear()
    send_due(now)
    return [message.subject.partition(": ")[2] for message in mail.outbox]


@either
@pytest.mark.parametrize("how", [{}, {"tells": False}])
def test_within_the_wait_it_is_as_if_nothing_had_been_done(visit, act, how):
    attendance.confirm(appointment=visit, now=NOW)
    before = all_of(visit), reminders(visit)
    act(visit, **how)
    undo(act, visit, seen=1)

    assert (all_of(visit), reminders(visit)) == before
    assert (visit.sequence, sent(LATER)) == (2, [])


def test_everything_that_was_changed_is_put_back(visit):
    before = all_of(visit)
    longer = make_visit_type("long", name="Long", minutes=60)
    oak = make_location("oak", name="Oak")
    move(visit, therapist=make_therapist("ben-cole"), visit_type=longer, location=oak)
    undo(move, Appointment.objects.get())

    assert all_of(visit) == before


@either
def test_a_reminder_that_came_due_meanwhile_still_leaves(visit, act):
    due = at("9:30", NEXT_WEEK) - timedelta(hours=24)
    send_due(due - timedelta(hours=1))  # the first one
    begun = {"now": due - timedelta(seconds=1)}
    if act is move:
        move(visit, **begun)
    else:
        changes.cancel_by_desk(appointment=visit, **begun)
    undo(act, visit, now=due + timedelta(minutes=1))

    assert sent(due + timedelta(minutes=1)) == ["your visit is coming up"]


@pytest.mark.parametrize(
    ("act", "first", "then"),
    [
        (move, "your visit has moved", "your visit has moved"),
        (cancel, "your visit is cancelled", "your visit is booked"),
    ],
)
def test_what_has_left_is_corrected_at_once(visit, act, first, then):
    act(visit)
    assert sent(NOW + WAIT) == [first]
    undo(act, visit, now=LATER)

    assert sent(LATER) == [then]
    visit.refresh_from_db()
    assert (visit.status, visit.starts_at, visit.sequence) == ("booked", at("9:30", NEXT_WEEK), 2)
    assert [name for name, _due in reminders(visit)] == ["72h", "24h"]


def test_the_correction_of_a_move_says_from_when(visit):
    move(visit)
    send_due(NOW + WAIT)
    undo(move, visit, now=LATER)
    sent(LATER)

    said = mail.outbox[0].body.splitlines()
    assert "Old time: Monday, December 7, 2 p.m." in said
    assert "New time: Monday, December 7, 9:30 a.m." in said


@either
def test_what_a_worker_has_in_hand_counts_as_told(visit, act):
    act(visit)
    notification = kinds.of(OutgoingEmail.objects.claim(now=NOW + WAIT, lease=outbox.LEASE))
    undo(act, visit, now=NOW + WAIT)
    outbox.mark_sent(notification.owed, NOW + WAIT)

    assert len(sent(LATER)) == 1


@either
def test_who_had_not_heard_of_the_booking_is_told_of_it_once(act):
    booked = book(make_therapist(), at("9:30", NEXT_WEEK))
    act(booked)
    undo(act, booked)

    assert sent(LATER) == ["your visit is booked"]


def test_the_move_before_the_one_that_is_undone_is_told(visit):
    move(visit, "14:00")
    move(visit, "15:00")
    undo(move, visit)

    assert (sent(LATER), Appointment.objects.get().starts_at) == (
        ["your visit has moved"],
        at("14:00", NEXT_WEEK),
    )
    assert "Old time: Monday, December 7, 9:30 a.m." in mail.outbox[0].body.splitlines()


@either
def test_a_confirmation_that_was_asked_for_meanwhile_is_sent(visit, act):
    if act is cancel:
        return  # nobody is sent one of a cancelled visit
    act(visit)
    sending_again.send_again(appointment=visit, now=SOON)
    undo(act, visit)

    assert sent(LATER) == ["your visit is booked"]


def test_who_saw_the_other_time_on_their_page_is_told_that_it_is_none(visit):
    move(visit)
    attendance.confirm(appointment=visit, now=SOON)
    undo(move, visit)

    assert (sent(LATER), Appointment.objects.get().confirmed_at) == (["your visit has moved"], None)


@either
def test_a_time_that_somebody_took_is_not_given_back(visit, act):
    act(visit)
    book_by_desk(visit.therapist, at("9:30", NEXT_WEEK))
    before = all_of(visit)
    with pytest.raises(refusals.SlotUnavailable):
        undo(act, visit)

    assert all_of(visit) == before
    assert visit.emails.pending().get(kind__in=["moved", "cancelled"]).sequence == 1


@either
def test_after_ten_minutes_it_stands(visit, act):
    act(visit)
    with pytest.raises(refusals.NotAllowed):
        undo(act, visit, now=LATER + timedelta(seconds=1))


def moved_again(visit):
    changes.move_by_patient(
        appointment=visit, therapist=visit.therapist, starts_at=at("10:30", NEXT_WEEK), now=NOW
    )


def moved_past_every_service_and_told(visit):
    Appointment.objects.update(starts_at=at("14:15", NEXT_WEEK))
    visit.refresh_from_db()
    [found] = untrue(Appointment.objects.all(), NOW).values()
    codes = [doubt.code for doubt in found]
    telling.tell(appointment=visit, codes=codes, by_email=True, now=NOW)


@pytest.mark.parametrize("others", [moved_again, moved_past_every_service_and_told])
@pytest.mark.parametrize("seen", [1, 2, None])
def test_what_anybody_changed_since_is_not_undone(visit, others, seen):
    move(visit)
    others(visit)
    before = all_of(visit)
    with pytest.raises(refusals.Changed):
        undo(move, visit, seen=seen)

    assert all_of(visit) == before


def test_a_patient_who_came_stays(visit):
    move(visit)
    Appointment.objects.update(status="arrived")
    with pytest.raises(refusals.NotAllowed):
        undo(move, visit)


def test_a_visit_that_nobody_changed_and_one_undone_have_nothing_to_undo(visit):
    with pytest.raises(refusals.NotAllowed):
        undo(move, visit)
    move(visit)
    undo(move, visit)
    with pytest.raises(refusals.Changed):
        undo(move, visit)


def test_what_the_patient_cancelled_is_confirmed_once_undone(visit):
    changes.cancel_by_patient(appointment=visit, now=NOW)
    undo(cancel, visit)

    assert sent(LATER) == ["your visit is booked"]


# What follows happens at one moment.


def told_in_the_end(act):
    """Undone while a worker claims and sends: what was mailed, and what the visit is."""
    booked = book(make_therapist(), at("9:30", NEXT_WEEK))
    send_due(NOW)
    act(booked)
    at_once = NOW + WAIT
    together(partial(undo, act, booked, now=at_once), *[partial(send_due, at_once)] * 2)
    send_due(LATER)
    booked.refresh_from_db()
    out = OutgoingEmail.objects.out().order_by("sequence").values_list("kind", flat=True)
    return list(out), (booked.status, booked.starts_at)


@pytest.mark.django_db(transaction=True)
@either
@pytest.mark.parametrize("_time", range(5))
def test_whoever_is_first_what_was_mailed_last_is_what_the_visit_is(act, _time):
    mailed, stands = told_in_the_end(act)

    assert stands == ("booked", at("9:30", NEXT_WEEK))
    kind = {move: ["moved", "moved"], cancel: ["cancelled", "confirmation"]}[act]
    assert mailed in (["confirmation"], ["confirmation", *kind])


@either
def test_without_the_condition_a_claimed_message_would_be_the_last_word(visit, act, monkeypatch):
    monkeypatch.setattr(OutgoingEmailQuerySet, "untouched", OutgoingEmailQuerySet.pending)
    monkeypatch.setattr(OutgoingEmailQuerySet, "may_have_left", OutgoingEmailQuerySet.out)
    with pytest.raises(AssertionError):
        test_what_a_worker_has_in_hand_counts_as_told(visit, act)


@pytest.mark.django_db(transaction=True)
def test_of_those_who_undo_and_those_who_book_the_time_one_has_it():
    booked = book(make_therapist(), at("9:30", NEXT_WEEK))
    ben = make_therapist("ben-cole")
    move(booked, therapist=ben)
    there = partial(book_by_desk, Appointment.objects.get().staff_changes.get().was_therapist)
    with no_deadlocks():
        found = together(
            *[partial(undo, move, booked, seen=1)] * 3,
            *[partial(there, at("9:30", NEXT_WEEK))] * 3,
        )

    assert overlapping_pairs() == []
    assert [isinstance(each, Exception) for each in found].count(False) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_undo_at_once_undo_once():
    booked = book(make_therapist(), at("9:30", NEXT_WEEK))
    move(booked)
    found = together(*[partial(undo, move, booked, seen=1)] * 4)

    kinds_of_no = sorted(type(each).__name__ for each in found)
    assert kinds_of_no == ["Appointment", "Changed", "Changed", "Changed"]
    assert Appointment.objects.get().sequence == 2
