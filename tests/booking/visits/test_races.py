"""A hundred patients at once, over HTTP, against gunicorn with four workers."""

from dataclasses import replace
from datetime import UTC, timedelta
from functools import partial
from itertools import cycle, islice

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from booking.calendars import free_times
from booking.earlier import offers
from booking.models import Appointment, OutgoingEmail, TimeOffer
from booking.visits import refusals, tokens
from booking.visits.requests import Request
from tests.builders import PATIENT, book_by_desk, make_therapist, make_visit_type, visit, wait
from tests.guards import constraint_dropped, overlapping_pairs
from tests.locks import no_deadlocks
from tests.patients import Patient, all_open, all_send, at_once, patients
from tests.site import Site

CLIENTS, WORKERS = 100, 4
TOKEN = "csrfmiddlewaretoken"
MOVE = "/appointment/move/"
OFFER = "/offer/"


@pytest.fixture(scope="module")
def four_workers(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        site = Site(workers=WORKERS)
    yield site
    site.stop()


@pytest.fixture
def day(transactional_db):
    """The free slots of one whole day of one therapist, a week or more from now."""
    therapist = make_therapist()
    make_therapist("ben-cole")
    now = timezone.now()
    window = free_times.online_window(make_visit_type(), now + timedelta(days=7))
    calendars = free_times.online_calendars(window, now, therapist=therapist)
    slots = list(islice(calendars.slots(make_visit_type()), 60))
    whole = [slot for slot in slots if slot.starts_at.date() > slots[0].starts_at.date()]
    return [slot for slot in whole if slot.starts_at.date() == whole[0].starts_at.date()]


def address(slot):
    return reverse("booking:book_slot", args=[slot.therapist.slug, slot.starts_at.astimezone(UTC)])


def assert_kept(person, answer):
    """409 with everything typed, and three other times, each a button that posts the same form."""
    assert answer.status == 409
    form = answer.form
    sent = {name: value.replace("\r\n", "\n") for name, value in person.form.items()}
    # Every answer masks the token afresh.
    assert form.values | {TOKEN: ""} == sent | {TOKEN: ""}
    times = [action for action in form.actions if action]
    assert len(set(times)) == 3
    assert all(action.startswith("/book/") for action in times)


def test_one_of_a_hundred_who_want_the_same_time_gets_it(day, four_workers):
    people = patients(four_workers.url, CLIENTS)

    answers = all_send(people, [address(day[5])] * CLIENTS)

    [winner] = [
        person for person, answer in zip(people, answers, strict=True) if answer.status == 303
    ]
    [row] = Appointment.objects.all()
    assert (row.name, row.starts_at) == (winner.typed["name"], day[5].starts_at)
    for person, answer in zip(people, answers, strict=True):
        if person is not winner:
            assert_kept(person, answer)
    assert OutgoingEmail.objects.count() == 1

    # A time that was offered instead is one press away.
    [loser] = [person for person in people if person is not winner][:1]
    refusal = answers[people.index(loser)].form
    loser.form = refusal.values
    again = loser.send(next(filter(None, refusal.actions)))
    assert (again.status, Appointment.objects.count()) == (303, 2)
    assert Appointment.objects.filter(name=loser.typed["name"]).count() == 1


def test_a_hundred_who_want_times_that_overlap_get_no_overlap(day, four_workers):
    people = patients(four_workers.url, CLIENTS)
    paths = list(islice(cycle(map(address, day)), CLIENTS))

    answers = all_send(people, paths)

    booked = [
        person for person, answer in zip(people, answers, strict=True) if answer.status == 303
    ]
    names = list(Appointment.objects.values_list("name", flat=True))
    assert sorted(names) == sorted(person.typed["name"] for person in booked)
    assert len(booked) >= 5
    assert overlapping_pairs() == []
    for person, answer in zip(people, answers, strict=True):
        if person not in booked:
            assert_kept(person, answer)


def visits_elsewhere(slot, count):
    """So many people's visits: weeks later, by turns with the slot's therapist and another."""
    other = make_therapist("dora-ek")
    rows = [
        visit(
            (slot.therapist, other)[number % 2],
            slot.starts_at + timedelta(days=7 + number),
            name=f"Mover {number}",
            email=f"mover-{number}@example.org",
        )
        for number in range(count)
    ]
    for row in rows:
        row.token_hash = tokens.hashed(tokens.make(row))
    return Appointment.objects.bulk_create(rows)


def at_the_last_question(site, rows, slot):
    """The patients of these visits, asked whether they want to move to the slot."""
    people = [Patient(site, {}, {"appointment": tokens.make(row)}) for row in rows]
    all_open(people, [f"{MOVE}?to={slot.therapist.slug}/{slot.code}"] * len(people))
    return people


def offered_to(row, slot):
    """The patient of that visit is asked about the slot; gives the link."""
    now = timezone.now()
    offer = offers.make(wish=wait(row, now=now), slot=slot, now=now)
    return f"/offer/{tokens.make(offer)}/"


def desk_books(slot):
    """The desk gives the slot to a caller; says whether it could."""
    caller = replace(PATIENT, name="A Caller", email="")
    request = Request()
    try:
        book_by_desk(slot.therapist, slot.starts_at, patient=caller, request=request)
    except refusals.SlotUnavailable:
        return False
    finally:
        connection.close()
    return True


def places():
    """Where each person's visit is."""
    return {row.name: (row.therapist_id, row.starts_at) for row in Appointment.objects.active()}


@pytest.fixture(params=["kept", "run out"])
def crowd(request, day, four_workers):
    """Movers, claimers and bookers, each with the page before them whose button takes the time.

    Gives the slot, the movers, the claimers by their one link, and the bookers.
    """
    slot, url = day[5], four_workers.url
    rows = visits_elsewhere(slot, 35)
    movers = at_the_last_question(url, rows[1:], slot)
    bookers = patients(url, 32)
    all_open(bookers, [address(slot)] * 32)
    link = offered_to(rows[0], slot)
    claimers = [Patient(url, {"answer": "yes"}) for _number in range(33)]
    for claimer in claimers:
        assert claimer.ask("GET", link).status == 303
    all_open(claimers, [OFFER] * 33)
    if request.param == "run out":
        TimeOffer.objects.update(expires_at=timezone.now())
    return slot, movers, claimers, bookers


def test_of_those_who_move_claim_and_book_one_time_together_one_gets_it(crowd):
    slot, movers, claimers, bookers = crowd
    offered = TimeOffer.objects.open(timezone.now()).exists()
    before = places()
    people = [*movers, *claimers, *bookers]
    paths = [MOVE] * 34 + [OFFER] * 33 + [address(slot)] * 32
    sent = [partial(Patient.send, *pair) for pair in zip(people, paths, strict=True)]

    with no_deadlocks():
        *answers, given = at_once([*sent, partial(desk_books, slot)])

    there = Appointment.objects.active().get(therapist=slot.therapist, starts_at=slot.starts_at)
    # Nobody lost a visit: all but the one who got the time have theirs where it was.
    assert places() == before | {there.name: (slot.therapist.pk, slot.starts_at)}
    assert Appointment.objects.count() == len(places())
    assert overlapping_pairs() == []
    # While it is offered, it goes to whom it was offered, or the desk gives it away.
    assert there.name != "Mover 0" if not offered else there.name in ("Mover 0", "A Caller")
    assert given == (there.name == "A Caller")
    for person, answer in zip(movers, answers[:34], strict=True):
        assert_moved_or_kept(answer, person.cookies["appointment"] == tokens.make(there))
    claimed = 303 if there.name == "Mover 0" else 409
    assert [answer.status for answer in answers[34:67]] == [claimed] * 33
    for person, answer in zip(bookers, answers[67:], strict=True):
        if person.typed["name"] != there.name:
            assert_kept(person, answer)
    assert_mailed_once(there)


def assert_mailed_once(there):
    """To whoever has the time now, and nobody else; the desk's caller has no address."""
    kinds = [] if not there.email else ["moved" if there.sequence else "confirmation"]
    mailed = OutgoingEmail.objects.exclude(kind="offer").values_list("appointment", "kind")
    assert list(mailed) == [(there.pk, kind) for kind in kinds]


def assert_moved_or_kept(answer, moved):
    """Moved, or told kindly that the visit stays where it was."""
    assert answer.status == (303 if moved else 409)
    assert moved or "You keep this time until you have chosen another." in answer.page


def test_with_all_guards_off_the_same_race_makes_overlaps(day, serve):
    with constraint_dropped():
        url = serve(workers=WORKERS, wsgi="tests.unguarded_wsgi").url
        bookers = patients(url, 10)
        movers = at_the_last_question(url, visits_elsewhere(day[5], 10), day[5])
        all_open(bookers, [address(day[5])] * 10)

        answers = at_once(
            [partial(Patient.send, person, MOVE) for person in movers]
            + [partial(Patient.send, person, address(day[5])) for person in bookers]
        )

        assert [answer.status for answer in answers] == [303] * 20
        assert len(overlapping_pairs()) == 20 * 19 / 2
