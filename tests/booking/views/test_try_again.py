"""The database away or locked: the patient keeps the typing and sends it again."""

import re
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from django.db import OperationalError, connection
from django.test import Client

from booking.earlier import offers
from booking.models import Appointment, TimeOffer
from booking.visits import tokens
from tests.booking.views.details_form import TYPED, address, rows, sent
from tests.builders import MONDAY, NOW, at, book, wait_without_visit
from tests.locks import hold_the_lock, impatient
from tests.patients import opened
from tests.threads import meanwhile

pytestmark = pytest.mark.django_db(transaction=True)
THURSDAY = MONDAY + timedelta(days=3)


def away(execute, *rest):
    raise OperationalError("the connection is lost: Rosa Marquez")


def again(page) -> dict[str, str]:
    """What the page's one form posts."""
    html = page.content.decode().split('<form method="post"')[1]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))


def check(page, form, retry_after="30"):
    assert (page.status_code, page["Retry-After"]) == (503, retry_after)
    assert page["Cache-Control"] == "no-store"
    assert "Call (212) 555-0143" in page.content.decode()
    assert form.items() <= again(page).items()


def test_a_locked_database_costs_no_typing(client, ana):
    form = sent(reason="My back")
    with meanwhile(partial(hold_the_lock, ana)), impatient():
        page = client.post(address(), form)

    check(page, form)
    assert rows() == []
    assert [client.post(address(), again(page)).status_code for _time in range(2)] == [303, 303]
    assert len(rows()) == 1


@pytest.mark.parametrize("csrf", [False, True])
def test_a_database_that_is_away_costs_no_typing(ana, csrf, caplog):
    client = Client(enforce_csrf_checks=csrf, headers={"host": "127.0.0.1"})
    form = sent(reason="My back")
    with connection.execute_wrapper(away):
        page = client.post(address(), form)
        red_flag = client.post(address(), form | {"red_flags": "yes"})

    check(page, form)
    assert (red_flag.status_code, "Call 911" in red_flag.content.decode()) == (200, True)
    assert not any(typed in caplog.text for typed in (TYPED["name"], TYPED["phone"], "My back"))
    assert client.post(address(), again(page)).status_code == 303


def test_an_offer_of_a_first_visit_costs_no_typing(client, ana):
    wait_without_visit()
    offers.look(NOW)
    link = opened(client, TimeOffer.objects.get())
    form = {"answer": "yes", "red_flags": "no", "reason": "My back", "payment": "self-pay"}
    with connection.execute_wrapper(away):
        page = client.post(link, form)

    check(page, form)
    assert rows() == []
    assert client.post(link, again(page))["Location"] == "/appointment/"
    assert len(rows()) == 1


@contextmanager
def only_readable():
    """This connection refuses to write, as a standby does or a full disk."""
    postgres = connection.vendor == "postgresql"
    setting = "SET default_transaction_read_only =" if postgres else "PRAGMA query_only ="
    with connection.cursor() as cursor:
        cursor.execute(f"{setting} on")
        yield
        cursor.execute(f"{setting} off")


def test_a_database_that_only_reads_costs_no_typing(client, ana):
    form = sent(reason="My back", name="Luis Marquez")
    appointment = book(ana, at("14:00"))
    client.cookies["appointment"] = tokens.make(appointment)
    with only_readable():
        page = client.post(address(), form)
        cancelled = client.post("/appointment/cancel/")

    check(page, form, retry_after="300")
    check(cancelled, {}, retry_after="300")
    assert client.post(address(), again(page)).status_code == 303


VISIT_FORMS = {
    "/appointment/come/": {},
    "/appointment/cancel/": {},
    "/appointment/move/": {"to": "ana-ruiz/20261201T1400Z"},
    "/appointment/earlier/": {"weekdays": "0", "parts": "morning"},
}


@pytest.mark.parametrize("csrf", [False, True])
@pytest.mark.parametrize("path", VISIT_FORMS)
def test_what_is_done_with_a_visit_is_sent_again_by_one_button(ana, path, csrf):
    client = Client(enforce_csrf_checks=csrf, headers={"host": "127.0.0.1"})
    visit = book(ana, at("9:30", THURSDAY))
    client.cookies["appointment"] = tokens.make(visit)
    form = {"reference": visit.reference, "sequence": "0"} | VISIT_FORMS[path]
    with connection.execute_wrapper(away):
        page = client.post(path, form)

    check(page, form)
    assert again(page).keys() - form.keys() == {"csrfmiddlewaretoken"}
    before = done()
    assert client.post(path, again(page)).status_code == 303
    assert done() != before


@pytest.mark.parametrize("csrf", [False, True])
def test_leaving_the_list_is_sent_again_by_one_button(ana, csrf):
    client = Client(enforce_csrf_checks=csrf, headers={"host": "127.0.0.1"})
    wish = wait_without_visit()
    link, form = opened(client, wish), {"answer": "leave", "about": wish.uuid.hex}
    with connection.execute_wrapper(away):
        page = client.post(link, form)

    check(page, form)
    assert again(page).keys() - form.keys() == {"csrfmiddlewaretoken"}
    assert client.post(link, again(page)).status_code == 303
    wish.refresh_from_db()
    assert wish.state == "left"


def done():
    """What can be done with a visit by its link."""
    fields = ["starts_at", "status", "confirmed_at", "wishes__weekdays"]
    return Appointment.objects.values_list(*fields).get()
