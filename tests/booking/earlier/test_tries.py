"""Every service of the earlier-time list begins anew where its last write finds a lock."""

from datetime import timedelta
from functools import partial

import pytest

from booking.earlier import deadlines, offers, standing, waitlist
from booking.models import Appointment, OutgoingEmail, TimeOffer, WaitlistEntry
from tests.builders import ANY_DAY, MONDAY, NOW, ask_without_visit, at, book, make_therapist, wait
from tests.locks import assert_begins_anew

pytestmark = pytest.mark.django_db(transaction=True)
NINE = at("9:00", MONDAY + timedelta(days=3))
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def visit():
    return book(make_therapist(hours="9:00-9:45"), NINE)


def asked(visit):
    wait(visit)
    offers.look(NOW)
    return TimeOffer.objects.with_details().get()


def run_out(visit):
    return partial(standing.settle, asked(visit).expires_at)


def over(visit):
    wait(visit)
    return partial(standing.settle, NINE)


def to_ask(visit):
    wait(visit)
    return partial(offers.look, NOW)


# Each prepares what it has to do about a visit that was booked, and gives the call.
SERVICES = {
    "join": lambda visit: partial(waitlist.join, appointment=visit, wish=ANY_DAY, now=NOW),
    "join without a visit": lambda visit: ask_without_visit,
    "confirm": lambda visit: partial(waitlist.confirm, wish=ask_without_visit(), now=NOW),
    "leave": lambda visit: partial(waitlist.leave, wish=wait(visit), now=NOW),
    "make": to_ask,
    "claim": lambda visit: partial(offers.claim, offer=asked(visit), now=NOW),
    "decline": lambda visit: partial(offers.decline, offer=asked(visit), now=NOW),
    "begin": lambda visit: partial(deadlines.begin, offer=asked(visit), now=LATER),
    "settle an offer": run_out,
    "settle a wish": over,
}


def rows():
    return [
        list(WaitlistEntry.objects.order_by("pk").values_list("state", "confirmed_at")),
        list(TimeOffer.objects.order_by("pk").values_list("state", "expires_at")),
        list(Appointment.objects.order_by("pk").values_list("starts_at", "sequence")),
        list(OutgoingEmail.objects.order_by("pk").values_list("kind", "state")),
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_finds_the_database_locked_begins_anew(service, visit):
    assert_begins_anew(SERVICES[service](visit), rows)
