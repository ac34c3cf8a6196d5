"""Staff who are signed in, at a fixed moment: the Friday before the week of the tests."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.test import Client

from tests.builders import NOW


@pytest.fixture(autouse=True)
def now(db):
    """The clock stands at NOW; `now.move_to(instant)` turns it."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def sign_in():
    """A client on which a member of a group is signed in: `sign_in("Front desk")`."""

    def start(*groups: str, therapist=None, superuser: bool = False) -> Client:
        name = "-".join(groups).lower().replace(" ", "-") or "someone"
        user = User.objects.create_user(
            f"{name}-{User.objects.count()}", is_staff=True, is_superuser=superuser
        )
        user.groups.set(Group.objects.filter(name__in=groups))
        if therapist:
            therapist.user = user
            therapist.save()
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(user)
        session = client.session
        session.set_expiry(timedelta(days=365))  # tests turn the clock by more than a working day
        session.save()
        return client

    return start


@pytest.fixture
def desk(sign_in) -> Client:
    """Somebody of the front desk, signed in."""
    return sign_in("Front desk")
