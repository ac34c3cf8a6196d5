"""Every service is one transaction that begins anew: where the last of its writes finds the
database locked, nothing of the first try stays, and the second does it all.
"""

from dataclasses import replace
from functools import partial

import pytest
from django.contrib.auth.models import User

from booking.messages import kinds, outbox
from booking.models import Appointment, Estimate, OutgoingEmail, PatientChange, StaffChange, TimeOff
from booking.visits import (
    attendance,
    changes,
    corrections,
    estimates,
    keeping,
    seeing,
    sending_again,
    staff_changes,
    undoing,
)
from tests.builders import NOW, PATIENT, at, book, book_by_desk, make_therapist
from tests.locks import assert_begins_anew

pytestmark = pytest.mark.django_db(transaction=True)
RICH = replace(PATIENT, payment="self-pay")
CLIENT = "0" * 64
CONFIRMED = {"email": "rosa@example.com", "client": CLIENT}


def given_up(visit):
    OutgoingEmail.objects.update(state="given-up")
    return OutgoingEmail.objects.get()


def claimed(visit):
    return OutgoingEmail.objects.claim(now=NOW, lease=outbox.LEASE)


def lost(visit):
    return kinds.of(claimed(visit))


def estimate_given(visit):
    by = User.objects.create_user("mia")
    return partial(estimates.say_given, appointment=visit, given=True, by=by, now=NOW)


def away(visit):
    row = TimeOff.objects.create(
        therapist=visit.therapist, starts_at=visit.starts_at, ends_at=visit.ends_at
    )
    return partial(keeping.keep, appointment=visit, codes=[f"away:{row.pk}"], now=NOW)


def changed(visit):
    changes.cancel_by_patient(appointment=visit, now=NOW)
    by = User.objects.create_superuser("mia")
    return partial(seeing.mark, user=by, changes=[PatientChange.objects.get().pk])


def cancelled(visit):
    changes.cancel_by_desk(appointment=visit, now=NOW)
    return partial(undoing.undo_cancel, appointment=visit, now=NOW)


def moved(visit):
    elsewhere(staff_changes.change_by_desk)(visit)()
    return partial(undoing.undo_change, appointment=visit, now=NOW)


def there(service, **fields):
    return lambda visit: partial(service, appointment=visit, now=NOW, **fields)


def elsewhere(service):
    return lambda visit: partial(
        service, appointment=visit, therapist=visit.therapist, starts_at=at("14:00"), now=NOW
    )


# Each prepares what it has to do with a visit that was booked, and gives the call.
SERVICES = {
    "book_by_patient": lambda visit: partial(book, visit.therapist, at("14:00"), patient=RICH),
    "book_by_desk": lambda visit: partial(book_by_desk, visit.therapist, at("14:00")),
    "cancel_by_patient": there(changes.cancel_by_patient),
    "cancel_by_desk": there(changes.cancel_by_desk),
    "undo_cancel": cancelled,
    "undo_change": moved,
    "move_by_patient": elsewhere(changes.move_by_patient),
    "change_by_desk": elsewhere(staff_changes.change_by_desk),
    "confirm": there(attendance.confirm),
    "set_status": there(attendance.set_status, status="arrived"),
    "correct": there(corrections.correct, changes={"email": "", "payment": ""}),
    "correct_address": there(corrections.correct_address, **CONFIRMED),
    "keep": away,
    "say_given": estimate_given,
    "mark_seen": changed,
    "send": lambda visit: partial(sending_again.send, email=visit.email, client=CLIENT, now=NOW),
    "send_again": there(sending_again.send_again),
    "try_email_again": lambda visit: partial(
        sending_again.try_email_again, message=given_up(visit), now=NOW
    ),
    "mark_sent": lambda visit: partial(outbox.mark_sent, claimed(visit), NOW),
    "hold_back": lambda visit: partial(outbox.hold_back, claimed(visit), NOW),
    "supersede": lambda visit: partial(outbox.supersede, claimed(visit)),
    "put_off": lambda visit: partial(outbox.put_off, claimed(visit), "why", NOW),
    "give_up": lambda visit: partial(outbox.give_up, lost(visit), "why", NOW),
}


def rows():
    """What a patient or the desk would see of everything."""
    fields = ["starts_at", "status", "sequence", "confirmed_at", "kept_at", "email", "payment"]
    emails = ["kind", "sequence", "state", "leased_until", "last_error"]
    return [
        sorted(Appointment.objects.values_list(*fields), key=str),
        sorted(OutgoingEmail.objects.values_list(*emails), key=str),
        sorted(Estimate.objects.values_list("due_on", "given_at"), key=str),
        sorted(StaffChange.objects.values_list("sequence", "made_at"), key=str),
        sorted(PatientChange.objects.values_list("made_at", "seen_by"), key=str),
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_finds_the_database_locked_begins_anew(service):
    assert_begins_anew(SERVICES[service](book(make_therapist(), at("9:30"), patient=RICH)), rows)
