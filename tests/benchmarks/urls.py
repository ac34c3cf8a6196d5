"""The site's addresses, and the views that the ratios are taken against."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from booking.desk import frame
from booking.models import VisitType


def bare(request: HttpRequest, size: int) -> HttpResponse:
    """So many bytes, made of nothing."""
    return HttpResponse(b"x" * size)


def plain(request: HttpRequest) -> HttpResponse:
    """A page of ten kilobytes from a template, with one query."""
    return render(request, "plain.html", {"visit_types": VisitType.objects.all()})


def plain_of(request: HttpRequest, size: int) -> HttpResponse:
    """The same with about so many bytes: as many rows of it as that takes."""
    context = {"visit_types": VisitType.objects.all()[:1], "rows": range(size // BYTES_OF_A_ROW)}
    return render(request, "plain_rows.html", context)


@frame.requires("view_appointment")
def of_staff(request: HttpRequest) -> HttpResponse:
    """Nothing at all, for whoever may see the board."""
    return HttpResponse()


BYTES_OF_A_ROW = 160
urlpatterns = [
    path("bench/plain/<int:size>/", plain_of),
    path("bench/staff/", admin.site.admin_view(of_staff)),
    path("bench/bare/<int:size>/", bare),
    path("bench/plain/", plain),
    path("", include("clinic_site.urls")),
]
