"""For how long what is known of patients is kept."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from booking.admin.one_row import OneRowAdmin
from booking.admin.own_places import OfAllPlaces
from booking.models import Retention
from booking.models.retention import ONLY, PERIODS
from conditions.admin.history import AuditedAdmin


@admin.register(Retention)
class RetentionAdmin(OneRowAdmin, OfAllPlaces, AuditedAdmin):
    """Months for each kind of row; the privacy page says them from here."""

    fields = [*PERIODS]

    def save_model(self, request: HttpRequest, obj: Retention, form: Any, change: bool) -> None:
        obj.pk = ONLY
        super().save_model(request, obj, form, change)
