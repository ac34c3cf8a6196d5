"""Going on the earlier-time list without a visit: how often, how many at once, what is kept."""

import uuid
from dataclasses import replace

import pytest

from booking import limits, waitlist
from booking.models import WaitlistEntry
from booking.requests import Request
from tests.builders import ANY_DAY, NOW, PATIENT, make_visit_type

pytestmark = pytest.mark.django_db
OTHER = {"email": "other@example.org", "phone_e164": "+12125550177"}


def client(number):
    return limits.client_key(f"192.0.2.{number}", waitlist.FORM)


def join(name="Rosa Marquez", number=1, key=None, **changes):
    """From an address of that number, by a form of that key."""
    return waitlist.join_without_visit(
        visit_type=make_visit_type(),
        patient=replace(PATIENT, name=name, **changes),
        wish=ANY_DAY,
        request=Request(key or uuid.uuid4(), client=client(number), now=NOW),
    )


@pytest.mark.parametrize("what", ["client", "email", "phone_e164"])
def test_the_list_is_limited_by_client_e_mail_and_telephone(settings, what):
    settings.BOOKING_LIMIT = 2
    senders = [
        {"number": number, "email": f"{number}@example.org", "phone_e164": f"+1212555010{number}"}
        for number in range(3)
    ]
    for sender in senders:
        sender.pop({"client": "number"}.get(what, what))
    for number in range(2):
        join(f"Name {number}", **senders[number])

    with pytest.raises(limits.OverLimit):
        join("Name 2", **senders[2])
    join("Somebody Else", 9, **OTHER)
    assert WaitlistEntry.objects.count() == 3
