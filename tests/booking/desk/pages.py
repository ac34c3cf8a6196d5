"""The desk's form for a caller's booking, and its sheet of a day."""

import uuid

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
