"""Pages that belong to no app."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking.models import Location, Therapist
from booking.views import structured
from clinic_site.look import colours, social_card
from conditions.models import Condition, HomePicture
from conditions.views import public

SHOWN_CONDITIONS = 6
SHOWN_THERAPISTS = 4


@public
def home(request: HttpRequest) -> HttpResponse:
    """The first page: the same for every visitor, a fixed number of queries, no cookie."""
    location = Location.objects.first()
    context = {
        "pictured": HomePicture.objects.all(),
        "conditions": Condition.objects.published().prefetch_related("pictures")[:SHOWN_CONDITIONS],
        "therapists": Therapist.objects.filter(active=True)[:SHOWN_THERAPISTS],
        "location": location,
        "structured": structured.clinic([location] if location else []),
    }
    return render(request, "home.html", context)


@require_safe
def theme(request: HttpRequest) -> HttpResponse:
    """The style sheet of a clinic with a colour of its own; pages in the usual one ask for none.

    The colour is part of the address that pages link to: under its own, it may be kept for ever.
    """
    sheet = colours.sheet(settings.CLINIC_COLOR)
    # While the colour changes, a page may ask a process that still has the old one.
    asked = f"#{request.META.get('QUERY_STRING')}" == settings.CLINIC_COLOR
    kept = "public, max-age=31536000, immutable" if asked else "public, no-cache"
    headers = {"Cache-Control": kept}
    return HttpResponse(sheet, content_type="text/css; charset=utf-8", headers=headers)


@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """The picture that goes with a link to the site, the same for every page."""
    line = _("Plain advice. Home exercises. Book online.")
    picture = social_card.png(settings.CLINIC_NAME, line, settings.CLINIC_COLOR)
    headers = {"Cache-Control": "public, max-age=86400"}
    return HttpResponse(picture, content_type="image/png", headers=headers)
