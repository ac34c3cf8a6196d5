"""A change that was not mailed before the address went is on a list of those to call."""

import pytest
from django.urls import reverse

from booking.calendars.doubts import untrue
from booking.models import Appointment, OutgoingEmail
from booking.visits import changes, corrections, staff_changes, telling, undoing
from booking.visits.recalling import WAIT
from tests.builders import NOW, at, book, make_therapist
from tests.reading import texts
from tests.worker import send_due

pytestmark = pytest.mark.django_db
NOT_KNOWN = "It is not known what the patient was told."
TO_CALL = reverse("admin:booking_outgoingemail_changelist") + "?to=call"
TO_DEAL_WITH = reverse("admin:booking_appointment_to_deal_with")


@pytest.fixture
def visit():
    return book(make_therapist(), at("9:30"))


def move(visit):
    return staff_changes.change_by_desk(
        appointment=visit, therapist=visit.therapist, starts_at=at("14:00"), now=NOW
    )


def undo(visit):
    changes.cancel_by_desk(appointment=visit, now=NOW)
    return undoing.undo_cancel(appointment=visit, now=NOW)


def empty(visit):
    return corrections.correct(appointment=visit, changes={"email": ""}, now=NOW)


def found():
    return [doubt for doubts in untrue(Appointment.objects.all(), NOW).values() for doubt in doubts]


def said():
    return [doubt.words for doubt in found()]


def given_up():
    lost = OutgoingEmail.objects.to_telephone(NOW)
    return list(lost.values_list("kind", "sequence", "last_error"))


@pytest.mark.parametrize("change", [move, undo])
def test_a_change_that_waited_as_the_address_went_lists_the_visit(desk, visit, change):
    change(visit)
    empty(visit)

    assert texts(desk.get(TO_DEAL_WITH), "desk-warn") == [NOT_KNOWN]
    send_due(NOW + WAIT)
    assert given_up() == []  # one list is enough

    codes = [doubt.code for doubt in found()]
    telling.tell(appointment=visit, codes=codes, by_email=False, now=NOW)
    assert said() == []


def test_what_was_mailed_before_the_address_went_was_told(visit):
    move(visit)
    send_due(NOW + WAIT)
    empty(visit)

    assert (said(), given_up()) == ([], [])


def test_what_was_booked_at_first_its_patient_knows(visit):
    empty(visit)
    send_due(NOW)

    assert (said(), given_up()) == ([], [])


def test_another_address_gets_what_waits(visit):
    move(visit)
    corrections.correct(appointment=visit, changes={"email": "else@example.org"}, now=NOW)

    assert said() == []
    assert list(OutgoingEmail.objects.filter(kind="moved").values_list("state")) == [("owed",)]


def test_a_cancellation_that_waited_as_the_address_went_is_to_be_called_about(desk, visit):
    changes.cancel_by_desk(appointment=visit, now=NOW)
    empty(visit)
    send_due(NOW + WAIT)

    assert (said(), given_up()) == ([], [("cancelled", 1, "No e-mail address")])
    assert len(texts(desk.get(TO_CALL), "field-about")) == 1


def test_an_address_taken_away_past_every_service_is_to_be_called_about(visit):
    move(visit)
    Appointment.objects.update(email="", mailbox="")
    send_due(NOW + WAIT)

    assert given_up() == [("moved", 1, "No e-mail address")]
