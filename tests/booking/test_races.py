"""A hundred patients at once, over HTTP, against gunicorn with four workers."""

from datetime import UTC, timedelta
from itertools import cycle, islice

import pytest
from django.urls import reverse
from django.utils import timezone

from booking import calendars
from booking.models import Appointment, OutgoingEmail
from tests.builders import make_therapist, make_visit_type
from tests.guards import constraint_dropped, overlapping_pairs
from tests.patients import all_send, patients
from tests.site import Site

CLIENTS, WORKERS = 100, 4
TOKEN = "csrfmiddlewaretoken"


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
    window = calendars.online_window(make_visit_type(), now + timedelta(days=7))
    slots = list(islice(calendars.free_slots(make_visit_type(), window, therapist=therapist), 60))
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


def test_with_all_guards_off_the_same_race_makes_overlaps(day, serve):
    with constraint_dropped():
        people = patients(serve(workers=WORKERS, wsgi="tests.unguarded_wsgi").url, 20)

        answers = all_send(people, [address(day[5])] * 20)

        assert [answer.status for answer in answers] == [303] * 20
        assert len(overlapping_pairs()) == 20 * 19 / 2
