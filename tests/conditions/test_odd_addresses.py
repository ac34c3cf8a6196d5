"""Every address of the admin answers odd numbers and filters with 400, 404 or a page: never 5xx."""

import re
from urllib.parse import unquote

import pytest
from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import transaction
from django.http import QueryDict
from django.urls import URLResolver, get_resolver, reverse

from booking.admin import AppointmentAdmin
from conditions.admin.addresses import KnownFilters, KnownRange
from conditions.models import Condition
from tests.conditions.builders import make_condition
from tests.staff import now, sign_in  # noqa: F401

PART = re.compile(r"<[^>]+>")
BIG = "99999999999999999999"
NUMBERS = ["0", "-1", BIG, "%00", "%20", "9" * 5000, "%D9%A1", "1_"]
VALUES = ["x", BIG, "%00", "-1", "2026-99-99", "99999999", ""]
FILTERS = [
    *("starts_at__year=99999999", "name__regex=(", f"id__exact={BIG}", f"id=abc&id={BIG}"),
    *(f"pk__in=a,{BIG}", f"o={BIG}.x", "p=99999999999", "p=-1", "e=", "_facets=x", "all=x"),
    *("date=9999999-99-99", "date=0001-01-01", "date=9999-12-31", "therapist=x", "q=("),
    *(f"therapist__id__exact={BIG}", "nothing__x=1", "therapist__slug__iregex=[", "q=%00"),
    *("created_at__gte=x", f"timestamp__year={BIG}", "timestamp__year=x", "_to_field=nothing"),
    *("name__search=x", "name__unaccent=x", "starts_at__range=x", f"starts_at__range={BIG}"),
    *(f"status__in={BIG},%00", "visit=%22", "when=x&new=x&mail=x&to=x", "_popup=9", "ended=x"),
]
PAGES = ["day", "to_deal_with", "estimates", "changelist", "add"]


@pytest.fixture
def client(sign_in):  # noqa: F811
    client = sign_in(superuser=True)
    client.raise_request_exception = False
    return client


def behind_a_savepoint(act):
    """PostgreSQL goes on after an error only behind one."""
    before = transaction.savepoint()
    try:
        return act()
    finally:
        transaction.savepoint_rollback(before)


def status_of(client, address):
    return behind_a_savepoint(lambda: client.get(address).status_code)


def routes(patterns, before="/"):
    """Every route below these patterns, as its text."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def failing(client, addresses):
    answers = {address: status_of(client, address) for address in addresses}
    return {address: status for address, status in answers.items() if status >= 500}


def test_no_page_of_the_admin_fails_for_an_odd_number(client):
    with_argument = [
        route
        for route in routes(get_resolver().url_patterns)
        if route.startswith(reverse("admin:index")) and PART.search(route)
    ]
    odd = [PART.sub(number, route) for route in with_argument for number in NUMBERS]

    assert len(with_argument) > len(admin.site._registry)
    assert failing(client, odd) == {}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_of_the_desk_fails_for_an_odd_filter(client, name):
    page = reverse(f"admin:booking_appointment_{name}")

    assert failing(client, [f"{page}?{odd}" for odd in FILTERS]) == {}


def asked(seen, model):
    """Filters of each field of a model: of each kind of field once every lookup that it knows."""
    for field in model._meta.get_fields():
        kind = type(field), bool(getattr(field, "choices", None))
        lookups, values = ["", "__in"], ["x", BIG]
        if kind not in seen:
            known = field.get_lookups() if hasattr(field, "get_lookups") else ["exact", "id__in"]
            lookups, values = [*lookups, *(f"__{name}" for name in known)], VALUES
            seen.add(kind)
        yield from (f"{field.name}{lookup}={value}" for lookup in lookups for value in values)


def asked_by_name(its, request):
    """What filters that are no field ask: each by the name that it has in addresses."""
    filters = [found for found in its.get_list_filter(request) if isinstance(found, type)]
    names = {found.parameter_name for found in filters if issubclass(found, SimpleListFilter)}
    yield from (f"{name}={value}" for name in names for value in VALUES)


def answer(its, request, query):
    """What a list says to a filter: nothing, or why not."""
    request.GET = QueryDict(query)
    try:
        list(its.get_changelist_instance(request).result_list)
    except (BadRequest, SuspiciousOperation, IncorrectLookupParameters):
        return ""
    except Exception as error:  # any other is answered with 500
        return repr(error)
    return ""


def test_no_list_of_the_admin_fails_for_an_odd_filter(client):
    request, seen = client.get(reverse("admin:index")).wsgi_request, set()
    make_condition(title="Back")  # leaves an entry in the history, whose filters ask for rows
    wrong = {}
    for model, its in admin.site._registry.items():
        for query in [*asked(seen, model), *asked_by_name(its, request)]:
            ask = its, request, query
            if said := behind_a_savepoint(lambda ask=ask: answer(*ask)):
                wrong[model.__name__, unquote(query)] = said

    assert wrong == {}


def test_what_the_admin_itself_links_to_is_answered(client):
    make_condition(title="Back")
    page = reverse("admin:conditions_condition_changelist")
    links = re.findall(r'href="(\?[^"#]+)"', client.get(page).content.decode())
    answers = {link: status_of(client, page + link.replace("&amp;", "&")) for link in links}

    assert {status for link, status in answers.items() if "state" in link} == {200}
    assert status_of(client, reverse("admin:auditlog_logentry_changelist") + DAY) == 200


DAY = "?timestamp__year=2026&timestamp__month=11&timestamp__day=27"


def test_a_fault_of_ours_stays_one(client, monkeypatch):
    """Only what the database says of a number's range is the address's fault."""

    def fails(*_args, **_more):
        raise ValueError("ours")

    monkeypatch.setattr(AppointmentAdmin, "get_queryset", fails)

    page = reverse("admin:booking_appointment_changelist")
    assert status_of(client, page) == 500
    assert status_of(client, page + "?status__exact=booked") == 500


def test_every_list_has_the_guard():
    without = [its for its in admin.site._registry.values() if not isinstance(its, KnownFilters)]

    assert without == []
    assert admin.site.get_model_admin(Condition).get_changelist(None) is KnownRange
