"""The site's addresses, and the views that the ratios are taken against."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path

from booking.models import VisitType
from tests.benchmarks import clinic


def bare(request: HttpRequest, size: int) -> HttpResponse:
    """So many bytes, made of nothing."""
    return HttpResponse(b"x" * size)


def plain(request: HttpRequest) -> HttpResponse:
    """A page of ten kilobytes from a template, with one query."""
    return render(request, "plain.html", {"visit_types": VisitType.objects.all()})


def free_month(request: HttpRequest) -> HttpResponse:
    """Thirty days of five therapists: when is free, and with whom."""
    slots = clinic.Month().find()
    return JsonResponse([[slot.code, slot.therapist.slug] for slot in slots], safe=False)


urlpatterns = [
    path("bench/bare/<int:size>/", bare),
    path("bench/plain/", plain),
    path("bench/month/", free_month),
    path("", include("clinic_site.urls")),
]
