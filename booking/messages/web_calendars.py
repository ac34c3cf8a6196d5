"""Addresses that put a visit into a calendar on the web, followed only when a patient taps one.

Who runs such a calendar reads the whole address. So it says "Appointment", when, and at which
street: no name of anybody, nor of the clinic or the kind of visit, which may tell what hurts; no
reference, and no link of ours.
"""

from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _

from booking.models import Appointment


def google(appointment: Appointment) -> str:
    """The page on which Google asks whether to put the visit in."""
    instants = [f"{_utc(at):%Y%m%dT%H%M%SZ}" for at in (appointment.starts_at, appointment.ends_at)]
    said = {
        "action": "TEMPLATE",
        "text": _("Appointment"),
        "dates": "/".join(instants),
        "location": appointment.location.address,
    }
    return f"https://calendar.google.com/calendar/render?{_query(said)}"


def outlook(appointment: Appointment) -> str:
    """The page on which Microsoft asks whether to put the visit in."""
    said = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": _("Appointment"),
        "startdt": f"{_utc(appointment.starts_at):%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{_utc(appointment.ends_at):%Y-%m-%dT%H:%M:%SZ}",
        "location": appointment.location.address,
    }
    return f"https://outlook.live.com/calendar/0/deeplink/compose?{_query(said)}"


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _query(said: dict[str, str]) -> str:
    # Outlook shows a plus sign where other forms mean a space.
    return urlencode(said, quote_via=quote)
