"""The desk's form for a caller's booking, and its sheet of a day."""

import uuid

from django.http import HttpResponse
from django.urls import reverse

from tests.builders import MONDAY

ADD = reverse("admin:booking_appointment_add")
NOTE = "Prefers mornings"


def typed(**changes):
    return {
        "visit_type": "initial-consultation",
        "therapist": "ana-ruiz",
        "day": "2026-11-30",
        "time": "09:30",
        "name": "Omar Haddad",
        "phone": "212 555 0123",
        "email": "",
        "reason": "Back pain",
        "payment": "",
        "note": NOTE,
        "key": str(uuid.uuid4()),
    } | changes


DAY = reverse("desk:day")


def sheet(client, day=MONDAY, **asked):
    return client.get(DAY, {"date": day.isoformat()} | asked)


def panel(client, visit):
    """The details of a visit, as they are put beside the grid."""
    return client.get(reverse("desk:visit", args=[visit.pk]))


def opened(client, day=MONDAY, **asked):
    """The sheet of a day, followed by the details of each of its visits; a therapist's has them."""
    page = sheet(client, day, **asked)
    rows = [row for column in page.context["sheet"].columns for row in column.rows if row.visit]
    panels = [] if page.context["is_own"] else [panel(client, row.visit).content for row in rows]
    return HttpResponse(b"".join([page.content, *panels]))
