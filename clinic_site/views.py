"""Pages that belong to no app."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking.calendars import hours
from booking.calendars.soonest import Soonest, soonest_of_all
from booking.models import InsurancePlan, Location, Therapist, VisitType
from booking.views import structured
from booking.views.identity import clinic_of
from clinic_site.look import social_card
from conditions.models import Condition, HomePicture, Testimonial
from conditions.views import public

SHOWN_THERAPISTS = 4
SHOWN_TIMES = 2


@public
def home(request: HttpRequest) -> HttpResponse:
    """The first page: the same for every visitor, a fixed number of queries, no cookie."""
    now = timezone.now()
    rules = hours.weekly_rules()
    opening_hours = hours.opening_hours(hours.today(now), rules)
    pictures = list(HomePicture.objects.all())
    location = Location.objects.prefetch_related("pictures").first()
    conditions = Condition.objects.published()
    context = {
        "hero": next(iter(pictures), None),
        "pictures": pictures[1:],
        "pictured": pictures,
        "conditions": list(conditions.prefetch_related("areas")),
        "story": Testimonial.objects.published().filter(condition__in=conditions).first(),
        "plans": InsurancePlan.objects.filter(active=True),
        "location": location,
        "working_hours": rules,
        "opening_hours": hours.as_said(opening_hours),
        "structured": structured.clinic(clinic_of(request), [location] if location else []),
        **people_and_times(now),
    }
    return render(request, "home.html", context)


def people_and_times(now: datetime) -> dict[str, Any]:
    """Who treats, each with the next free time, and the next times of all."""
    visit_type = VisitType.objects.online().first()
    soonest = Soonest([], {})
    if visit_type:
        soonest = soonest_of_all(visit_type, now, SHOWN_TIMES)
    therapists = Therapist.objects.filter(active=True)[:SHOWN_THERAPISTS]
    return {
        "visit_type": visit_type,
        "slots": soonest.with_different_people(),
        "practice": Therapist.objects.practice_together(hours.today(now)),
        "people": [(row, soonest.by_therapist.get(row.pk)) for row in therapists],
    }


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
    """The picture that goes with a link to the site, the same for every page.

    Name and look are in the address that pages give: under its own, it may be kept for a day.
    """
    line = _("Plain advice. Home exercises. Book online.")
    clinic = clinic_of(request)
    picture = social_card.png(clinic.name, line, clinic.style, clinic.colour)
    asked = request.META.get("QUERY_STRING") == social_card.version(clinic)
    headers = {"Cache-Control": "public, max-age=86400" if asked else "public, no-cache"}
    return HttpResponse(picture, content_type="image/png", headers=headers)
