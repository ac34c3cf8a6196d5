"""The database away or locked: the patient keeps the typing and sends it again."""

import re
from functools import partial

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tests.booking.test_concurrency import hold_the_lock, impatient
from tests.booking.views.test_details import TYPED, address, rows, sent
from tests.threads import meanwhile

pytestmark = pytest.mark.django_db(transaction=True)


def away(execute, *rest):
    raise OperationalError("the connection is lost: Rosa Marquez")


def again(page) -> dict[str, str]:
    """What the page's one form posts."""
    html = page.content.decode().split('<form method="post"')[1]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))


def check(page, form):
    assert (page.status_code, page["Retry-After"]) == (503, "30")
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
