"""Pages that belong to no app."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from booking import structured
from booking.models import Location, Therapist
from conditions.models import Condition

SHOWN_CONDITIONS = 6
SHOWN_THERAPISTS = 4


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page: the same for every visitor, a fixed number of queries, no cookie."""
    location = Location.objects.first()
    context = {
        "conditions": Condition.objects.published()[:SHOWN_CONDITIONS],
        "therapists": Therapist.objects.filter(active=True)[:SHOWN_THERAPISTS],
        "location": location,
        "structured": structured.clinic([location] if location else []),
    }
    return render(request, "home.html", context)
