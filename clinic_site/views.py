"""Pages that belong to no app."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking.models import Location, Therapist
from booking.views import structured
from booking.views.identity import clinic_of
from clinic_site.look import social_card
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
        "structured": structured.clinic(clinic_of(request), [location] if location else []),
    }
    return render(request, "home.html", context)


@require_safe
def theme(request: HttpRequest) -> HttpResponse:
    """The clinic's colour for staff pages; readers' pages hold theirs inside.

    The colour is part of the address that pages link to: under its own, it may be kept for ever.
    """
    colour = clinic_of(request).colour
    sheet = f":root{{--clinic:{colour}}}\n"
    # A page that stayed open while the colour was changed asks for the old one.
    asked = f"#{request.META.get('QUERY_STRING')}" == colour
    kept = "public, max-age=31536000, immutable" if asked else "public, no-cache"
    headers = {"Cache-Control": kept}
    return HttpResponse(sheet, content_type="text/css; charset=utf-8", headers=headers)


@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """The picture that goes with a link to the site, the same for every page."""
    line = _("Plain advice. Home exercises. Book online.")
    clinic = clinic_of(request)
    picture = social_card.png(clinic.name, line, clinic.colour)
    headers = {"Cache-Control": "public, max-age=86400"}
    return HttpResponse(picture, content_type="image/png", headers=headers)
