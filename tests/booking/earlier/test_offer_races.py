"""Offers under real threads, locks and kills: one time, one visit, whoever comes at once."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from booking.calendars import free_times
from booking.earlier import matches, offers, standing, waitlist
from booking.earlier.waitlist import Wish
from booking.models import Appointment, OutgoingEmail, TimeOffer
from booking.visits import changes, refusals, staff_changes
from tests.builders import (
    MONDAY,
    NOW,
    PATIENT,
    at,
    book,
    book_by_desk,
    make_therapist,
    make_visit_type,
    wait,
    wait_without_visit,
)
from tests.guards import overlapping_pairs
from tests.locks import no_deadlocks
from tests.threads import together
from tests.worker import send_due

pytestmark = pytest.mark.django_db(transaction=True)

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
THURSDAY = MONDAY + 3 * DAY
LATER = NOW + 61 * MINUTE
MONDAYS = Wish("0", morning=True, afternoon=False)
TUESDAYS = Wish("1", morning=True, afternoon=False)


@pytest.fixture
def ana(transactional_db):
    """One visit a day at nine, in one week; somebody else has Tuesday and Wednesday."""
    make_visit_type()
    therapist = make_therapist(hours="9:00-9:45")
    therapist.working_hours.update(valid_until=MONDAY + 4 * DAY)
    for day in (MONDAY + DAY, MONDAY + 2 * DAY):
        book_by_desk(therapist, at("9:00", day))
    return therapist


@pytest.fixture
def offer(ana):
    """Thursday's visit, and the offer of Monday."""
    wait(book(ana, at("9:00", THURSDAY)))
    offers.look(NOW)
    return TimeOffer.objects.with_details().get()


def on_monday():
    return list(Appointment.objects.active().filter(starts_at=at("9:00")))


@pytest.mark.parametrize("claims", [2, 20])
def test_however_many_claim_an_offer_it_is_one_visit_and_the_public_is_refused(ana, offer, claims):
    public = partial(book, ana, at("9:00"), patient=replace(PATIENT, name="Ben Hill"))

    with no_deadlocks():
        results = together(*[partial(offers.claim, offer=offer, now=NOW)] * claims, public)

    visit = offer.entry.appointment
    assert {result.pk for result in results[:-1]} == {visit.pk}
    assert isinstance(results[-1], refusals.SlotUnavailable)
    assert on_monday() == [visit]
    visit.refresh_from_db()
    assert visit.sequence == 1
    assert visit.emails.filter(kind="moved").count() == 1
    assert overlapping_pairs() == []


def test_a_first_visit_is_booked_once_however_many_claim(ana):
    wait_without_visit()
    offers.look(NOW)
    offer = TimeOffer.objects.with_details().get()

    results = together(*[partial(offers.claim, offer=offer, now=NOW)] * 8)

    assert {result.pk for result in results} == {row.pk for row in on_monday()}
    assert len(on_monday()) == 1


def test_one_person_who_claims_two_offers_at_once_keeps_to_the_open_bookings(ana, settings):
    settings.OPEN_BOOKINGS_LIMIT = 1
    make_therapist("ben-cole", hours="9:00-9:45")
    for email, days in (("rosa@example.org", MONDAYS), ("marquez@example.org", TUESDAYS)):
        wait_without_visit(replace(PATIENT, email=email), days)
    assert offers.look(NOW) == 2

    results = together(
        *[partial(offers.claim, offer=offer, now=NOW) for offer in TimeOffer.objects.with_details()]
    )

    assert {type(result) for result in results} == {refusals.OverLimit, Appointment}
    made = [result for result in results if isinstance(result, Appointment)]
    assert list(Appointment.objects.filter(source="online")) == made


def test_a_claim_and_the_desk_at_once_leave_one_of_them(ana, offer):
    desk = partial(book_by_desk, ana, at("9:00"))

    claimed, given = together(partial(offers.claim, offer=offer, now=NOW), desk)

    won = isinstance(claimed, Appointment)
    assert isinstance(given, refusals.SlotUnavailable if won else Appointment)
    assert won or isinstance(claimed, offers.OfferOver)
    assert len(on_monday()) == 1
    standing.settle(NOW)
    assert TimeOffer.objects.get().state == ("claimed" if won else "given")
    assert Appointment.objects.active().count() == (3 if won else 4)


def test_a_late_claim_and_the_next_in_line_at_once_leave_one_of_them(ana, offer):
    ben = replace(PATIENT, name="Ben Hill", email="ben@example.org")
    next_one = wait_without_visit(ben, MONDAYS)
    send_due(NOW)

    def next_is_asked_and_says_yes():
        offers.look(LATER)
        asked = TimeOffer.objects.with_details().get(entry=next_one)
        return offers.claim(offer=asked, now=LATER)

    first, second = together(
        partial(offers.claim, offer=offer, now=LATER - 2 * MINUTE), next_is_asked_and_says_yes
    )

    assert isinstance(first, Appointment) != isinstance(second, Appointment)
    assert len(on_monday()) == 1
    assert overlapping_pairs() == []


@pytest.mark.parametrize(
    ("when", "ends"),
    [(at("9:00", THURSDAY + DAY), at("9:00", THURSDAY + DAY)), (at("8:00"), at("8:00"))],
)
def test_a_claim_and_a_move_by_the_desk_at_once_leave_one_visit(ana, offer, when, ends):
    """Whoever comes second sees the first: no time is kept that the visit has left."""
    visit = offer.entry.appointment
    carl = make_therapist("carl-oh", hours="8:00-8:45")
    move = partial(
        staff_changes.change_by_desk,
        appointment=visit,
        therapist=carl,
        starts_at=when,
        now=NOW,
    )

    with no_deadlocks():
        claimed, moved = together(partial(offers.claim, offer=offer, now=NOW), move)

    assert isinstance(moved, Appointment)
    assert isinstance(claimed, Appointment | offers.OfferOver)
    visit.refresh_from_db()
    desk_was_last = (visit.therapist, visit.starts_at) == (carl, ends)
    assert desk_was_last or (visit.therapist, visit.starts_at) == (ana, at("9:00"))
    assert visit.sequence == (2 if isinstance(claimed, Appointment) else 1)
    assert isinstance(claimed, Appointment) or (when == at("8:00") and desk_was_last)
    assert Appointment.objects.active().count() == 3
    standing.settle(NOW)
    state = "claimed" if isinstance(claimed, Appointment) else "overtaken"
    assert TimeOffer.objects.get().state == state


@pytest.mark.parametrize("rival", ["cancel", "leave", "decline"])
def test_a_claim_and_a_change_of_mind_at_once_leave_one_truth(ana, offer, rival):
    visit = offer.entry.appointment
    change = {
        "cancel": partial(changes.cancel_by_patient, appointment=visit, now=NOW),
        "leave": partial(waitlist.leave, wish=offer.entry, now=NOW),
        "decline": partial(offers.decline, offer=offer, now=NOW),
    }[rival]

    claimed, changed = together(partial(offers.claim, offer=offer, now=NOW), change)

    assert not isinstance(changed, Exception)
    assert isinstance(claimed, Appointment | offers.OfferOver)
    visit.refresh_from_db()
    moved = isinstance(claimed, Appointment)
    assert visit.starts_at == (at("9:00") if moved else at("9:00", THURSDAY))
    assert visit.status == ("cancelled" if rival == "cancel" else "booked")
    assert (TimeOffer.objects.get().state == "claimed") == moved


def test_workers_that_look_at_once_ask_each_person_and_offer_each_time_once(ana):
    for number in range(3):
        make_therapist(f"therapist-{number}", hours="9:00-9:45")
        wait_without_visit(replace(PATIENT, email=f"p{number}@example.org"))

    with no_deadlocks():
        results = together(*[partial(offers.look, NOW)] * 4)

    assert sum(results) == 3
    rows = list(TimeOffer.objects.values_list("entry", "therapist", "starts_at"))
    assert (len({row[0] for row in rows}), len({row[1:] for row in rows})) == (3, 3)
    assert OutgoingEmail.objects.filter(kind="offer").count() == 3


def test_a_time_that_was_booked_since_it_was_found_is_not_offered(ana):
    wait(book(ana, at("9:00", THURSDAY)))
    [(wish, slot)] = matches.whom_to_ask(NOW)
    book(ana, at("9:00"))

    assert offers.make(wish=wish, slot=slot, now=NOW) is None


def test_without_asking_again_a_booked_time_is_offered(ana, monkeypatch):
    wait(book(ana, at("9:00", THURSDAY)))
    [(wish, slot)] = matches.whom_to_ask(NOW)
    book(ana, at("9:00"))
    monkeypatch.setattr(free_times, "slot_at", lambda *arguments, **options: slot)

    assert offers.make(wish=wish, slot=slot, now=NOW).starts_at == at("9:00")
