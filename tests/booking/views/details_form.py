"""The form for details: its address, what is sent, what it holds, and what is booked."""

import re
import uuid

from django.urls import reverse

from booking.models import Appointment
from tests.builders import at

TYPED = {
    "name": "Rosa Marquez",
    "phone": "(212) 555-0199",
    "email": "rosa@example.org",
    "red_flags": "no",
    "reason": "My back <b>hurts</b>",
    "payment": "self-pay",
    "visit": "initial-consultation",
    "for": "",
}


def address(wall="9:30", therapist="ana-ruiz", day=None):
    instant = at(wall, day) if day else at(wall)
    return reverse("booking:book_slot", args=[therapist, instant])


def sent(**changes):
    return {**TYPED, "key": str(uuid.uuid4())} | changes


def rows():
    return list(Appointment.objects.values_list("name", "starts_at", "status"))


def values(page) -> dict[str, str]:
    """What the form's fields hold."""
    html = page.content.decode()
    found = dict(re.findall(r'<input type="(?:text|tel|email)" name="(\w+)" value="([^"]*)"', html))
    found["reason"] = re.search(r"<textarea[^>]*>\s*([^<]*)</textarea>", html)[1]
    found["red_flags"] = "".join(re.findall(r'name="red_flags" value="(\w+)"[^>]*checked', html))
    return found


KEPT = {
    "name": "Rosa Marquez",
    "phone": "(212) 555-0199",
    "email": "rosa@example.org",
    "reason": "My back &lt;b&gt;hurts&lt;/b&gt;",
    "red_flags": "no",
}
