"""Staff of a place, and what they see and could change: of whom they may not, a canary shows."""

import re
from itertools import product

from django.contrib.auth.models import User
from django.forms.models import model_to_dict
from django.urls import URLPattern, get_resolver

from booking.models import (
    Appointment,
    Estimate,
    OutgoingEmail,
    StaffPlace,
    Therapist,
    TimeOff,
    TimeOffer,
    WaitlistEntry,
)
from booking.visits.requests import Patient

APPS = ("appointment", "booking", "auth", "auditlog", "desk")
MARK = re.compile("canary", re.IGNORECASE)
CANARY = Patient(
    name="Cora Canary",
    phone="(212) 555-0177",
    phone_e164="+12125550177",
    email="canary@example.org",
    reason="canary reason",
    payment="self-pay",
)
KEYS = re.compile(r"<(?:\w+:)?(\w+)>")


def member(sign_in, group, *places):
    """Somebody of a group, who works at these places."""
    client = sign_in(group)
    user = User.objects.latest("pk")
    StaffPlace.objects.bulk_create(StaffPlace(user=user, location=place) for place in places)
    return client


def patterns(found=None, before=""):
    """Every address of staff, as its pattern."""
    for each in get_resolver().url_patterns if found is None else found:
        whole = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield whole
        else:
            yield from patterns(each.url_patterns, whole)


def addresses():
    """Those that have to do with patients and staff, at every number and word that there may be."""
    rows = [Appointment, WaitlistEntry, TimeOffer, OutgoingEmail, TimeOff, Therapist, User]
    numbers = {str(pk) for model in rows for pk in model.objects.values_list("pk", flat=True)}
    words = {"slug": ["arrived"], "status": ["arrived"], "answer": ["given"]}
    for pattern in patterns():
        if not pattern.startswith("admin/") or "(?P" in pattern:
            continue
        if pattern.split("/")[1] not in {"", *APPS}:
            continue
        names = KEYS.findall(pattern)
        for values in product(*(words.get(name, sorted(numbers)) for name in names)):
            filled = iter(values)
            yield "/" + KEYS.sub(lambda _found, given=filled: next(given), pattern)


def seen(client, queries=("",)):
    """The addresses at which a canary shows."""
    found = []
    for address, query in product(addresses(), queries):
        response = client.get(address + query)
        assert response.status_code < 500, address
        if response.status_code == 200 and MARK.search(response.content.decode()):
            found.append(address + query)
    return found


def rows():
    """Everything that somebody could change."""
    models = [Appointment, WaitlistEntry, TimeOffer, OutgoingEmail, TimeOff, Therapist, Estimate]
    return [
        (model.__name__, model_to_dict(row, exclude=["treats"]))
        for model in models
        for row in model.objects.order_by("pk")
        if MARK.search(str(model_to_dict(row))) or model is not Appointment
    ]
