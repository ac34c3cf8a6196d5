"""What the clinic is called and how it looks, for the answer to one request."""

from typing import Any

from booking.models import Clinic


def clinic_of(request: Any) -> Clinic:
    """The clinic's row, read once for each request: what a page shows of it is of one piece."""
    if not hasattr(request, "clinic"):
        request.clinic = Clinic.objects.current()
    return request.clinic
