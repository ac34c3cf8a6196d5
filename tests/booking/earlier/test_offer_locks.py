"""Each lock of the earlier-time list: which race it closes, and what happens without it.

Who comes second begins while the first has not committed, and goes on once it waits or is done.
"""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError

from booking.earlier import deadlines, matches, offers, standing, waitlist
from booking.models import Appointment, TimeOffer, WaitlistEntry
from booking.models.waitlist import WaitlistQuerySet
from booking.visits import corrections, staff_changes, tokens
from booking.visits.requests import Request
from tests.builders import (
    ANY_DAY,
    MONDAY,
    NOW,
    at,
    book,
    book_by_desk,
    make_therapist,
    make_visit_type,
    wait,
)
from tests.threads import after, begun

pytestmark = [
    pytest.mark.only("postgresql"),  # SQLite has one writer at a time
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("guarded", [True, False]),
]

THURSDAY = MONDAY + timedelta(days=3)


@pytest.fixture
def ana(transactional_db):
    make_visit_type()
    return make_therapist(hours="9:00-9:45")


@pytest.fixture
def found(ana):
    """A wish and the time that suits it, as a worker found them."""
    wait(book(ana, at("9:00", THURSDAY)))
    [(wish, slot)] = matches.whom_to_ask(NOW)
    return {"wish": wish, "slot": slot, "now": NOW}


@pytest.fixture
def offer(found):
    """Thursday's visit, and the offer of Monday."""
    offers.make(**found)
    return TimeOffer.objects.with_details().get()


def not_locked(_row):
    return None


def while_a_yes_is_written(offer, call, monkeypatch):
    """What the call gave, begun after a claim has asked all it asks, and before it writes."""
    write, results = offers._write_yes, []

    def write_later(*arguments):
        results.append(begun(call))
        write(*arguments)

    monkeypatch.setattr(offers, "_write_yes", write_later)
    offers.claim(offer=offer, now=NOW)
    return results[0].result()


CHANGES = {
    "leave": lambda offer: waitlist.leave(wish=offer.entry, now=NOW),
    "decline": lambda offer: offers.decline(offer=offer, now=NOW),
}


def test_a_look_does_not_overwrite_a_yes_that_is_being_written(offer, guarded, monkeypatch):
    if not guarded:
        found = TimeOffer.objects.all()
        monkeypatch.setattr(
            standing, "_unanswered", lambda ended: found.filter(pk__in=ended.values("pk"))
        )
    late = NOW + timedelta(minutes=60)
    after(partial(offers.claim, offer=offer, now=NOW), partial(standing.settle, late))

    assert TimeOffer.objects.get().state == ("claimed" if guarded else "lapsed")
    assert Appointment.objects.get().starts_at == at("9:00")


@pytest.mark.parametrize("change", CHANGES)
def test_the_wish_is_locked_for_a_yes_after_another_answer(offer, change, guarded, monkeypatch):
    if not guarded:
        monkeypatch.setattr(offers, "_lock_wish", not_locked)
    result = after(partial(CHANGES[change], offer), partial(offers.claim, offer=offer, now=NOW))

    assert isinstance(result, offers.OfferOver) == guarded
    assert Appointment.objects.get().starts_at == at("9:00", THURSDAY if guarded else MONDAY)


def test_the_visit_is_locked_for_a_yes_after_a_move_by_the_desk(offer, guarded, monkeypatch):
    if not guarded:
        monkeypatch.setattr(offers, "locked", lambda visit, *_therapists: visit)
    move = partial(
        staff_changes.change_by_desk,
        appointment=offer.entry.appointment,
        therapist=offer.therapist,
        starts_at=at("8:00"),
        now=NOW,
    )
    result = after(move, partial(offers.claim, offer=offer, now=NOW))

    # Without it both moves are the visit's first, and the second breaks on the e-mail of the first.
    assert type(result) is (offers.OfferOver if guarded else IntegrityError)
    assert Appointment.objects.get().starts_at == at("8:00")


def test_the_therapist_is_locked_for_a_question_after_a_booking(ana, found, guarded, monkeypatch):
    if not guarded:
        monkeypatch.setattr(offers, "lock_therapists", lambda _therapists: None)
    after(partial(book_by_desk, ana, at("9:00")), partial(offers.make, **found))

    assert TimeOffer.objects.count() == (0 if guarded else 1)


def test_the_therapist_is_locked_for_an_hour_that_begins_after_a_booking(
    ana, offer, guarded, monkeypatch
):
    if not guarded:
        monkeypatch.setattr(deadlines, "lock_therapists", lambda _therapists: None)
    run_out = Request(now=NOW + timedelta(minutes=60))
    booking = partial(book, ana, at("9:00"), request=run_out)
    began = after(booking, partial(deadlines.begin, offer=offer, now=NOW + timedelta(minutes=59)))

    assert began == (not guarded)
    assert Appointment.objects.filter(starts_at=at("9:00")).exists()


def test_the_wish_is_locked_for_a_question_after_its_end(found, guarded, monkeypatch):
    if not guarded:
        monkeypatch.setattr(offers, "_lock_wish", not_locked)
    after(partial(waitlist.leave, wish=found["wish"], now=NOW), partial(offers.make, **found))

    assert WaitlistEntry.objects.get().state == "left"
    assert TimeOffer.objects.count() == (0 if guarded else 1)


def test_the_wish_is_locked_for_a_question_after_another_address(found, guarded, monkeypatch):
    if not guarded:
        monkeypatch.setattr(WaitlistQuerySet, "select_for_update", lambda self, **_how: self)
    ben = make_therapist("ben-cole", hours="9:00-9:45")  # no lock of the visit's own therapist
    asked = found | {"slot": found["slot"]._replace(therapist=ben)}
    visit = found["wish"].appointment
    new = {"email": "new@example.org"}
    correct = partial(corrections.correct, appointment=visit, changes=new, now=NOW)
    offer = after(correct, partial(offers.make, **asked))

    assert tokens.find_offer(tokens.make(offer), NOW) == (offer if guarded else None)


def test_the_wish_is_locked_for_a_no_while_a_yes_is_written(offer, guarded, monkeypatch):
    def decline():
        if not guarded:
            monkeypatch.setattr(offers, "_lock_wish", not_locked)
        return offers.decline(offer=offer, now=NOW)

    declined = while_a_yes_is_written(offer, decline, monkeypatch)

    assert declined == (not guarded)
    assert Appointment.objects.get().starts_at == at("9:00")


def test_the_wish_is_locked_for_its_end_while_a_yes_is_written(offer, guarded, monkeypatch):
    def leave():
        if not guarded:
            monkeypatch.setattr(WaitlistQuerySet, "select_for_update", lambda self, **_how: self)
        return waitlist.leave(wish=offer.entry, now=NOW)

    left = while_a_yes_is_written(offer, leave, monkeypatch)

    assert left.state == ("booked" if guarded else "left")
    assert Appointment.objects.get().starts_at == at("9:00")


def test_the_visit_is_locked_for_who_joins_twice_at_once(ana, guarded, monkeypatch):
    visit = book(ana, at("9:00", THURSDAY))
    if not guarded:
        monkeypatch.setattr(waitlist, "locked", lambda row: row)
    join = partial(waitlist.join, appointment=visit, wish=ANY_DAY, now=NOW)
    result = after(join, join)

    assert isinstance(result, WaitlistEntry) == guarded
    assert WaitlistEntry.objects.count() == 1
