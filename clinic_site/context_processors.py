"""What every template may know of the clinic, without a database until `public_pages` is used."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe

from clinic_site.crawlers import NOT_FOR_CRAWLERS
from clinic_site.look import colours
from clinic_site.look.style_sheet import STYLE_SHEET
from conditions.models import Page

# Safe: a file of ours, and the content policy holds its hash.
STYLE = mark_safe(STYLE_SHEET)


def clinic(request: HttpRequest) -> dict[str, object]:
    """Name, telephone, country and look of the clinic, and whether this is the demo."""
    return {
        "clinic_name": settings.CLINIC_NAME,
        "clinic_phone": settings.CLINIC_PHONE,
        "clinic_phone_link": settings.CLINIC_PHONE_LINK,
        "clinic_country": settings.CLINIC_COUNTRY,
        "clinic_theme": theme(),
        "social_card": social_card(request),
        "demo": settings.DEMO,
        "style_sheet": STYLE,
        "public_pages": SimpleLazyObject(public_pages),
    }


def theme() -> str:
    """Address of the clinic's own colours, or "" for the usual ones: one request less."""
    colour = settings.CLINIC_COLOR
    return "" if colour == colours.DEFAULT else f"{reverse('theme')}?{colour.removeprefix('#')}"


def social_card(request: HttpRequest) -> str:
    """Full address of the picture that goes with a link to this page, if the page is public."""
    is_private = request.path.startswith(NOT_FOR_CRAWLERS)
    return "" if is_private else f"{settings.BASE_URL}{reverse('card')}"


def public_pages() -> dict[str, str]:
    """Titles of the clinic's own pages by slug: menus link to what is public, to nothing else."""
    return dict(Page.objects.published().values_list("slug", "title"))
