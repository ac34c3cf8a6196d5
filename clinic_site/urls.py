"""The site's addresses."""

from django.contrib import admin
from django.urls import include, path

from clinic_site import views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("conditions.urls")),
    path("", include("booking.urls")),
    path("admin/", admin.site.urls),
]
