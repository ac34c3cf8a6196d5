"""What the home and contact pages say of the clinic to machines (https://schema.org/MedicalClinic).

Pure: rows that the page has loaded anyway go in, a dictionary for JSON-LD comes out.
"""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django.conf import settings

from booking.calendars.hours import WeekdayHours
from booking.models import Clinic, Location

Node = dict[str, Any]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def clinic(
    row: Clinic, locations: Iterable[Location], opening_hours: Iterable[WeekdayHours] = ()
) -> Node:
    """MedicalClinic: name, logo, telephone, addresses, and hours on pages that show them.

    `opening_hours` is a whole week, Monday first, in clinic time; a closed day is left out.
    """
    found: Node = {
        "@context": "https://schema.org",
        "@type": "MedicalClinic",
        "@id": f"{settings.BASE_URL}/#clinic",
        "url": f"{settings.BASE_URL}/",
        "name": row.name,
        "medicalSpecialty": "Physiotherapy",
    }
    if row.logo:
        found["logo"] = f"{settings.BASE_URL}{row.logo_address}"
    if settings.CLINIC_PHONE:
        found["telephone"] = settings.CLINIC_PHONE
    if addresses := [postal_address(row) for row in locations]:
        found["address"] = addresses
    if openings := opening_specifications(opening_hours):
        found["openingHoursSpecification"] = openings
    return found


def postal_address(location: Location) -> Node:
    """PostalAddress of a location, without the parts it does not have."""
    parts = {
        "name": location.name,
        "streetAddress": location.street,
        "addressLocality": location.city,
        "addressRegion": location.region,
        "postalCode": location.postal_code,
    }
    return {"@type": "PostalAddress", **{name: text for name, text in parts.items() if text}}


def _closing(opens: time, closes: time) -> time:
    """As readers of hours want it: a whole day's ends a minute early, or it reads as closed."""
    return time(23, 59) if opens == closes == time.min else closes


def opening_specifications(week: Iterable[WeekdayHours]) -> list[Node]:
    """OpeningHoursSpecification of each span of a week, Monday first, in clinic time."""
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": day,
            "opens": opens.isoformat("minutes"),
            "closes": _closing(opens, closes).isoformat("minutes"),
        }
        for day, row in zip(DAYS, week, strict=False)
        for opens, closes in row.spans
    ]
