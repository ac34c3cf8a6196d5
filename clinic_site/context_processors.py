"""What every template may know of the clinic, without a database."""

from django.conf import settings
from django.http import HttpRequest


def clinic(request: HttpRequest) -> dict[str, object]:
    """Name, telephone and country of the clinic, and whether this is the demo."""
    return {
        "clinic_name": settings.CLINIC_NAME,
        "clinic_phone": settings.CLINIC_PHONE,
        "clinic_phone_link": settings.CLINIC_PHONE_LINK,
        "clinic_country": settings.CLINIC_COUNTRY,
        "demo": settings.DEMO,
    }
