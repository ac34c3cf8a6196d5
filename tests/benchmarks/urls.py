"""The site's addresses, and the views that the ratios are taken against."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils import timezone

from booking import calendars, hours
from booking.models import VisitType

MONTH = timedelta(days=29)


def bare(request: HttpRequest, size: int) -> HttpResponse:
    """So many bytes, made of nothing."""
    return HttpResponse(b"x" * size)


def plain(request: HttpRequest) -> HttpResponse:
    """A page of ten kilobytes from a template, with one query."""
    return render(request, "plain.html", {"visit_types": VisitType.objects.all()})


def free_month(request: HttpRequest) -> HttpResponse:
    """Every free slot of thirty days, of every therapist."""
    today = hours.today(timezone.now()) + timedelta(days=1)
    window = calendars.Window(today, today + MONTH)
    slots = calendars.free_slots(VisitType.objects.get(), window)
    return JsonResponse([[slot.code, slot.therapist.slug] for slot in slots], safe=False)


urlpatterns = [
    path("bench/bare/<int:size>/", bare),
    path("bench/plain/", plain),
    path("bench/month/", free_month),
    path("", include("clinic_site.urls")),
]
