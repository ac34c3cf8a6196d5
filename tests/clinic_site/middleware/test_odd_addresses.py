"""Every address of the admin answers odd numbers and filters with 400, 404 or a page."""

from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.staff import now, sign_in  # noqa: F401

NUMBERS = ["99999999999999999999", "abc", "-1", "0", "%00", "1_2F"]
FILTERS = [
    *("starts_at__year=99999999", "name__regex=(", "id__exact=99999999999999999999"),
    *("id=abc", "pk__in=a,99999999999999999999", "o=99999999999999999999.x", "p=99999999999", "e="),
    *("_facets=x", "all=x", "date=9999999-99-99", "date=0001-01-01", "date=9999-12-31"),
    *("therapist=x", "q=(", "therapist__id__exact=99999999999999999999", "nothing__x=1"),
    *("therapist__slug__iregex=[", "created_at__gte=x", "title__regex=(", "timestamp__year=x"),
]
DESK = ["day", "to_deal_with", "twice", "estimates"]


def addresses():
    """Of each page of the admin: its lists with each filter, its rows with each number."""
    site = reverse("admin:index")
    for model in admin.site._registry:
        folder = f"{site}{model._meta.app_label}/{model._meta.model_name}/"
        yield from (f"{folder}?{odd}" for odd in FILTERS)
        for number in NUMBERS:
            for page in ("change", "history", "delete", "auditlog", "preview"):
                yield f"{folder}{number}/{page}/"
    for name in DESK:
        page = reverse(f"admin:booking_appointment_{name}")
        yield from (f"{page}?{odd}" for odd in FILTERS)


def status_of(client, address):
    """Each in a savepoint of its own: PostgreSQL goes on after an error only behind one."""
    before = transaction.savepoint()
    try:
        return client.get(address).status_code
    finally:
        transaction.savepoint_rollback(before)


def test_no_address_of_the_admin_fails(sign_in):  # noqa: F811
    client: Client = sign_in(superuser=True)
    client.raise_request_exception = False
    answers = {address: status_of(client, address) for address in addresses()}

    assert {address: status for address, status in answers.items() if status >= 500} == {}
