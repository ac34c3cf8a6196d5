"""Series booked and changed at the same moment, in threads, on real rows and real locks."""

import uuid
from datetime import timedelta
from functools import partial

import pytest

from booking.models import Appointment, OutgoingEmail, Series
from booking.visits import series
from booking.visits.refusals import SeriesTaken
from booking.visits.requests import Request
from tests.builders import MONDAY, NOW, at, book_series, make_therapist, make_visit_type, slot
from tests.guards import overlapping_pairs
from tests.threads import counted, together

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = [MONDAY + timedelta(days=number) for number in (0, 2, 4)]


def sizes():
    return sorted(row.visits.count() for row in Series.objects.all())


def test_of_series_that_share_a_time_one_is_booked_and_none_in_part():
    """Each names the therapists in another order, and wants times that overlap all the others'."""
    make_visit_type()
    ana, ben = make_therapist(), make_therapist("ben-cole")
    wanted = [
        [slot(ana, at("9:00", DAYS[0])), slot(ben, at("9:00", DAYS[1]))],
        [slot(ben, at("9:30", DAYS[1])), slot(ana, at("9:30", DAYS[0]))],
    ]

    results = together(*[partial(book_series, *slots) for slots in wanted * 4])

    assert counted(results) == {None: 1, SeriesTaken: 7}
    assert (sizes(), Appointment.objects.count(), overlapping_pairs()) == ([2], 2, [])
    assert OutgoingEmail.objects.count() == 1


def test_one_form_sent_many_times_books_one_series():
    make_visit_type()
    ana = make_therapist()
    slots = [slot(ana, at("9:00", day)) for day in DAYS]
    request = Request(key=uuid.uuid4(), now=NOW)

    results = together(*[partial(book_series, *slots, request=request)] * 6)

    assert {result.pk for result in results} == {Series.objects.get().pk}
    assert (sizes(), OutgoingEmail.objects.count()) == ([3], 1)


def test_two_desks_that_cancel_different_parts_owe_a_message_each():
    make_visit_type()
    therapists = [make_therapist(f"therapist-{number}") for number in range(3)]
    slots = [slot(row, at("9:00", day)) for row, day in zip(therapists, DAYS, strict=True)]
    made = book_series(*slots)
    keys = list(made.visits.values_list("pk", flat=True))

    results = together(
        *(partial(series.cancel_together, series=made, shown={key: 0}, now=NOW) for key in keys)
    )

    assert counted(results) == {None: 3}
    owed = OutgoingEmail.objects.filter(kind="series-cancelled")
    assert sorted(owed.values_list("sequence", flat=True)) == [1, 2, 3]
