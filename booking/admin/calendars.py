"""Who treats, where and when: therapists with hours and time off, closures, places, visit types."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from booking.admin.affecting import AffectsVisits
from booking.admin.history import AuditedAdmin
from booking.admin.portraits import HasPortrait
from booking.admin.timetables import MOMENTS, HasTimetables
from booking.models import Closure, Location, Therapist, TimeOff, VisitType, WorkingHours
from booking.visits import reminders

MANAGED = ["active", "name", "slug", "credentials", "languages", "gender", "bio", "order", "user"]


@admin.register(Therapist)
class TherapistAdmin(HasTimetables, HasPortrait, AffectsVisits, AuditedAdmin):
    """Hours and time off; the front desk changes time off and pauses, managers the rest."""

    list_display = ["name", "credentials", "active", "online_booking"]
    history_parts = [TimeOff, WorkingHours]
    fields = ["online_booking", *MANAGED]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        own = [] if self.has_add_permission(request) else MANAGED
        return ["portrait", *self.timetables, *own]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {"slug": ["name"]} if self.has_add_permission(request) else {}


@admin.register(Closure)
class ClosureAdmin(AffectsVisits, AuditedAdmin):
    """Days on which nobody treats."""

    list_display = ["name", "starts_at", "ends_at"]
    formfield_overrides = MOMENTS
    ordering = ["-starts_at"]


@admin.register(Location)
class LocationAdmin(AffectsVisits, AuditedAdmin):
    list_display = ["name", "address", "travel_minutes"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    prepopulated_fields = {"slug": ["name"]}


@admin.register(VisitType)
class VisitTypeAdmin(AffectsVisits, AuditedAdmin):
    list_display = ["name", "minutes", "active", "online", "price", "reminder_hours"]
    prepopulated_fields = {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: VisitType, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "reminder_hours" in form.changed_data:
            reminders.follow(obj, timezone.now())
