"""The site's addresses, and a page of staff that names a patient, about which nobody thought."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path

from booking.models import Appointment
from clinic_site import urls


def report(request: HttpRequest) -> HttpResponse:
    return HttpResponse(", ".join(Appointment.objects.values_list("name", flat=True)))


urlpatterns = [path("admin/report/", admin.site.admin_view(report), name="report")]
urlpatterns += urls.urlpatterns
