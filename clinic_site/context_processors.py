"""What every template may know of the clinic, without a database until `public_pages` is used."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from conditions.models import Page


def clinic(request: HttpRequest) -> dict[str, object]:
    """Name, telephone and country of the clinic, and whether this is the demo."""
    return {
        "clinic_name": settings.CLINIC_NAME,
        "clinic_phone": settings.CLINIC_PHONE,
        "clinic_phone_link": settings.CLINIC_PHONE_LINK,
        "clinic_country": settings.CLINIC_COUNTRY,
        "demo": settings.DEMO,
        "public_pages": SimpleLazyObject(public_pages),
    }


def public_pages() -> dict[str, str]:
    """Titles of the clinic's own pages by slug: menus link to what is public, to nothing else."""
    return dict(Page.objects.published().values_list("slug", "title"))
