"""The site's addresses."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("conditions.urls")),
    path("", include("booking.urls")),
    path("admin/", admin.site.urls),
]
