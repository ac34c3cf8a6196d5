"""The site's addresses, and the views that the ratios are taken against."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from booking.models import VisitType


def bare(request: HttpRequest, size: int) -> HttpResponse:
    """So many bytes, made of nothing."""
    return HttpResponse(b"x" * size)


def plain(request: HttpRequest) -> HttpResponse:
    """A page of ten kilobytes from a template, with one query."""
    return render(request, "plain.html", {"visit_types": VisitType.objects.all()})


urlpatterns = [
    path("bench/bare/<int:size>/", bare),
    path("bench/plain/", plain),
    path("", include("clinic_site.urls")),
]
