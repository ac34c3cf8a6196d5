"""Verbs that no page of ours is for: refused, or answered as a GET, and nothing is written."""

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from booking.models import Appointment
from tests.booking.admin.addresses import addresses, filled
from tests.booking.admin.blank_templates import say_nothing
from tests.every_address import addresses as every_address
from tests.every_row import make_every_row

# Who may do what does not depend on the database.
pytestmark = pytest.mark.only("sqlite")

VERBS = ["head", "options", "put", "patch", "delete", "trace"]
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
# Who looked at whom is written on a page that is read, and when a session was last used.
MAY_BE_WRITTEN = ("booking_look", "booking_staffsession")


@pytest.fixture
def client(sign_in, settings):
    """Somebody with every right, over a row of every model."""
    settings.DEMO = True
    signed_in = sign_in(superuser=True)
    make_every_row(User.objects.get())
    say_nothing(settings)
    found = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
    found.cookies = signed_in.cookies
    return found


def asked(client, verb, address):
    """The status, and what was written; nothing of it stays."""
    kept = client.cookies.copy()
    with transaction.atomic(), CaptureQueriesContext(connection) as context:
        status = getattr(client, verb)(address).status_code
        transaction.set_rollback(True)
    client.cookies = kept
    said = [query["sql"] for query in context.captured_queries]
    return status, [sql for sql in said if is_write(sql)]


def is_write(sql):
    return sql.startswith(WRITES) and not any(table in sql for table in MAY_BE_WRITTEN)


def places():
    """Every address there is, of a row where it is about one."""
    of_staff = [filled(*each) for each in addresses(get_resolver().url_patterns)]
    return sorted({*of_staff, *every_address()})


def faults(client, address):
    like_a_get = asked(client, "get", address)[0]
    for verb in VERBS:
        status, written = asked(client, verb, address)
        # Django's views name their verbs by OPTIONS, and its sign-in leads on by GET alone: by all
        # others it shows its form, and takes what is posted and nothing else.
        shows = verb == "options" or address == reverse("admin:login")
        allowed = (405, like_a_get, 200) if shows else (405, like_a_get)
        if status not in allowed or status >= 500 or written:
            yield f"{verb} {address}: {status} for {like_a_get}, wrote {written}"


def test_no_other_verb_does_anything(client):
    found = [fault for address in places() for fault in faults(client, address)]

    assert found == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "is_found"), [(201, True), (500, True), (405, False), ("write", True)]
)
def test_a_view_that_takes_one_is_found(answer, is_found):
    class Planted:
        cookies: dict = {}

        def __getattr__(self, verb):
            def answered(address):
                if verb == "delete" and answer == "write":
                    Appointment.objects.filter(pk=0).update(name="x")
                is_other = verb == "delete" and answer != "write"
                return HttpResponse(status=answer if is_other else 302)

            return answered

    assert any(faults(Planted(), "/")) is is_found
