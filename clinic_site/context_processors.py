"""What every template may know of the clinic: what a page does not use asks no database."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from booking.views.identity import clinic_of
from clinic_site.crawlers import NOT_FOR_CRAWLERS
from clinic_site.look import social_card, style_sheet
from conditions.models import Page


def clinic(request: HttpRequest) -> dict[str, object]:
    """Name, telephone, country and look of the clinic, and whether this is the demo."""
    return {
        "clinic": SimpleLazyObject(partial(clinic_of, request)),
        "clinic_name": SimpleLazyObject(lambda: clinic_of(request).name),
        "clinic_phone": settings.CLINIC_PHONE,
        "clinic_phone_link": settings.CLINIC_PHONE_LINK,
        "clinic_country": settings.CLINIC_COUNTRY,
        "clinic_theme": SimpleLazyObject(partial(theme, request)),
        "display_font": SimpleLazyObject(partial(display_font, request)),
        "style_sheet": SimpleLazyObject(partial(style_sheet.in_page, request)),
        "social_card": SimpleLazyObject(partial(card, request)),
        "demo": settings.DEMO,
        "public_pages": SimpleLazyObject(public_pages),
    }


def theme(request: HttpRequest) -> str:
    """Address of the clinic's colour for staff pages."""
    return f"{reverse('theme')}?{clinic_of(request).colour.removeprefix('#')}"


def display_font(request: HttpRequest) -> str:
    """Address of the letters of large headings, which a browser fetches before it reads on."""
    return style_sheet.display_font(clinic_of(request).style)


def card(request: HttpRequest) -> str:
    """Full address of the picture that goes with a link to this page, if the page is public.

    Messengers keep what they have fetched: another name or look has another address.
    """
    if request.path.startswith(NOT_FOR_CRAWLERS):
        return ""
    return f"{settings.BASE_URL}{reverse('card')}?{social_card.version(clinic_of(request))}"


def public_pages() -> dict[str, str]:
    """Titles of the clinic's own pages by slug: menus link to what is public, to nothing else."""
    return dict(Page.objects.published().values_list("slug", "title"))
