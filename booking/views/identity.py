"""What the clinic is called and how it looks, for the answer to one request."""

from typing import Any

from booking.models import Clinic
from booking.models.clinic import of_settings


def clinic_of(request: Any) -> Clinic:
    """The clinic's row, read once for each request: what a page shows of it is of one piece."""
    if not hasattr(request, "clinic"):
        request.clinic = Clinic.objects.current()
    return request.clinic


def ask_no_database(request: Any) -> Clinic:
    """From here on the clinic of this request is as it was read before, else as the settings say:
    asking a database that is away would fail, or keep the visitor waiting.
    """
    request.clinic = getattr(request, "clinic", None) or of_settings()
    return request.clinic
